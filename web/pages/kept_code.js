/** A code that this tab asked for: whoever fetches it from another app may come back to a page that was loaded anew. */

import { tabStore } from "./storage.js";

const placeOf = (name) => `vestibule.code:${name}`;

/** @param {string} name of what the code is for @param {import("./code_form.js").Sent} sent @param {string} [email] */
export function keepCode(name, sent, email = "") {
  const resendAt = Date.now() + sent.resend_after_seconds * 1000;
  tabStore.set(placeOf(name), JSON.stringify({ email, resendAt, expiresAt: sent.expires_at }));
}

/**
 * @param {string} name
 * @returns {{email: string, sent: import("./code_form.js").Sent} | null} null if none was asked for, or it is over
 */
export function keptCode(name) {
  const kept = JSON.parse(tabStore.get(placeOf(name)) ?? "null");
  if (!kept || Date.parse(kept.expiresAt) <= Date.now()) return null;
  const waitSeconds = Math.max(0, (kept.resendAt - Date.now()) / 1000);
  return { email: kept.email, sent: { expires_at: kept.expiresAt, resend_after_seconds: waitSeconds } };
}

/** Forgets the code, once it has done its work. @param {string} name */
export function dropCode(name) {
  tabStore.remove(placeOf(name));
}
