/** What a guest link says about itself, in a reader's words. */

import { exactTime, relativeTime } from "./time.js";

const RIGHTS = { view: "read", download: "download", write: "write", sign: "sign" };

/** Words stand in English sentences, so lists are English too. */
const lists = new Intl.ListFormat("en", { type: "conjunction" });

/** "read, download and sign". @param {string[]} rights */
export function rightsInWords(rights) {
  const words = Object.keys(RIGHTS).filter((right) => rights.includes(right));
  return lists.format(words.map((right) => RIGHTS[right])).replace(", and ", " and ");
}

/** The same as a sentence begins. @param {string[]} rights */
export function rightsAsBeginning(rights) {
  const words = rightsInWords(rights);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What asks for a proved address: whatever is not allowed yet. @param {any} view of the guest */
export function rightsToProve({ rights, once_proved: all }) {
  return all.filter((right) => !rights.includes(right));
}

/**
 * Until when a link opens, in the zone where that day was meant.
 *
 * @param {{expires_at: string | null, zone?: string}} link
 * @returns {Node[]}
 */
export function untilWords({ expires_at: at, zone }) {
  if (!at) return [document.createTextNode("No end date")];
  const left = document.createElement("small");
  left.append(relativeTime(at));
  return [exactTime(lastMinuteOf(at, zone), "show", zone), left];
}

/**
 * A day ends where the next one begins, but is said to end at 23:59: midnight is read as belonging to either day.
 *
 * @param {string} end RFC 3339 @param {string} [zone]
 */
export function lastMinuteOf(end, zone) {
  const at = new Date(end);
  const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: zone }).format(at);
  return clock === "00:00:00" ? new Date(at.getTime() - 60_000).toISOString() : end;
}

/** Whether who opens the link must say who they are, and not merely at which address. @param {any} cover */
export function asksForDetails(cover) {
  return Boolean(cover) && cover.audience !== "contact" && !cover.knows_address;
}
