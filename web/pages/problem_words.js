/** What the reader is told when something goes wrong: what is the matter, then what to do. */

import { NO_ANSWER } from "./api.js";
import { span } from "./time.js";

/** @param {{kind: string, status: number, title: string, detail: string, retryAfterSeconds: number | null}} problem */
export function sentenceFor(problem) {
  if (problem.kind === NO_ANSWER) {
    return "No answer came. Check your connection and press again; nothing happens twice.";
  }
  if (problem.status === 429) {
    const wait = problem.retryAfterSeconds;
    const when = wait === null ? "later" : `in ${span(wait)}`;
    return `Too many tries from your network or for your address. Try again ${when}.`;
  }
  if (500 <= problem.status) return "Something failed on our side. Press again in a moment; nothing happens twice.";
  return problem.detail || problem.title || "That did not work. Reload the page and try again.";
}

/** The title of a page that could not be loaded. @param {{kind: string, status: number}} problem */
export function titleFor(problem) {
  if (problem.kind === NO_ANSWER) return "The page could not be loaded";
  return problem.status === 429 ? "Too many visits from your network" : "Something failed on our side";
}
