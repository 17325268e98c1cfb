/** The problems that end a guest's way through a link, and the views that say so. */

import { Problem } from "./api.js";

/** Ends by the kind of their problem; the names are those of the views. */
const ENDS = { "link-inactive": "inactive", "not-found": "broken", "nda-required": "nda" };

/** @param {unknown} error @returns {string | undefined} the view that says it, if it is an end */
export function endOf(error) {
  return error instanceof Problem ? ENDS[error.kind] : undefined;
}

/** @param {unknown} error */
export function isEnd(error) {
  return endOf(error) !== undefined;
}
