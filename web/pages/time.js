/** Times in words: relative first, then exact. Functions take `now`; only the clock at the end reads it. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A thing that ends within this span is said to end soon. */
export const SOON_MILLISECONDS = 14 * DAY;

/** How often relative times on the page are said anew. */
const REFRESH_MILLISECONDS = 30 * SECOND;

/** Relative words stand in English sentences, so they are English; exact dates follow the reader. */
const relativeWords = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/**
 * "in 3 days", "2 hours ago", "just now".
 *
 * @param {Date} at @param {Date} now
 */
export function relative(at, now) {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < MINUTE) return distance <= 0 ? "just now" : "in less than a minute";
  if (size < HOUR) return relativeWords.format(Math.trunc(distance / MINUTE), "minute");
  if (size < DAY) return relativeWords.format(Math.trunc(distance / HOUR), "hour");
  if (size < 60 * DAY) return relativeWords.format(Math.trunc(distance / DAY), "day");
  if (size < 2 * YEAR) return relativeWords.format(Math.trunc(distance / (30 * DAY)), "month");
  return relativeWords.format(Math.trunc(distance / YEAR), "year");
}

/**
 * "22 Nov, 09:14" within a year, with the year beyond it.
 *
 * @param {Date} at @param {Date} now
 * @param {{locale?: string, zone?: string, showZone?: "show" | "omit"}} [reader] the zone is shown where it decides something
 */
export function exact(at, now, { locale, zone, showZone = "omit" } = {}) {
  const format = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone };
  if (YEAR <= Math.abs(at - now)) format.year = "numeric";
  if (showZone === "show") format.timeZoneName = "short";
  return new Intl.DateTimeFormat(locale, format).format(at);
}

/**
 * "22 Nov" within a year, with the year beyond it.
 *
 * @param {Date} at @param {Date} now @param {{locale?: string, zone?: string}} [reader]
 */
export function day(at, now, { locale, zone } = {}) {
  const format = { day: "numeric", month: "short", timeZone: zone };
  if (YEAR <= Math.abs(at - now)) format.year = "numeric";
  return new Intl.DateTimeFormat(locale, format).format(at);
}

/** "0:42", "12:05". @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** "42 seconds", "3 minutes", "2 hours", never too few. @param {number} seconds */
export function span(seconds) {
  const [count, unit] =
    seconds < 60
      ? [Math.ceil(seconds), "second"]
      : seconds < 5400
        ? [Math.ceil(seconds / 60), "minute"]
        : [Math.ceil(seconds / 3600), "hour"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/**
 * A `<time>` that says how far away it is and stays true while the page is open.
 *
 * @param {string} timestamp RFC 3339
 */
export function relativeTime(timestamp) {
  const element = timeElement(timestamp);
  element.dataset.relative = "";
  element.textContent = relative(new Date(timestamp), new Date());
  element.title = exact(new Date(timestamp), new Date(), { showZone: "show" });
  return element;
}

/**
 * A `<time>` with the exact moment and its zone.
 *
 * @param {string} timestamp RFC 3339 @param {"show" | "omit"} showZone
 * @param {string} [zone] where the moment was meant; the reader's own unless given
 */
export function exactTime(timestamp, showZone, zone) {
  const element = timeElement(timestamp);
  element.textContent = exact(new Date(timestamp), new Date(), { showZone, zone });
  return element;
}

/** A `<time>` with the day. @param {string} timestamp RFC 3339 */
export function dayTime(timestamp) {
  const element = timeElement(timestamp);
  element.textContent = day(new Date(timestamp), new Date());
  return element;
}

function timeElement(timestamp) {
  const element = document.createElement("time");
  element.dateTime = timestamp;
  return element;
}

/** Keeps every relative time on the page true. */
export function keepTimesTrue() {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) {
      element.textContent = relative(new Date(element.dateTime), new Date());
    }
  }, REFRESH_MILLISECONDS);
}
