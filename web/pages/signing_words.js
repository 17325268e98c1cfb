/** What is asked of a guest beside reading, and how far it is, in a reader's words. */

import { counted } from "./counting.js";

/** The two things that somebody is asked to do, by the API's names. */
const DEEDS = {
  sign: { verb: "sign", beginning: "Sign", done: "signed", busy: "Signing…", doing: "Signing" },
  approve: { verb: "approve", beginning: "Approve", done: "approved", busy: "Approving…", doing: "Approving" },
};

/** @param {"sign" | "approve"} act */
export function deedOf(act) {
  return DEEDS[act];
}

/**
 * How it stands with a guest: `none` if nobody is asked, `others` if only others are; `ask`, `declined` or `done`;
 * `newer` if what they are asked about is not what they see, `nothing` if there is nothing to see.
 *
 * @param {any} view of the guest @param {any} signing the answer of `signatures`
 * @returns {"none" | "others" | "ask" | "declined" | "done" | "newer" | "nothing"}
 */
export function stageOf({ file }, { asked, newest, signers }) {
  if (!asked) return signers ? "others" : "none";
  if (["signed", "approved"].includes(asked.progress)) return "done";
  if (!newest || !file) return "nothing";
  if (newest.id !== file.id) return "newer";
  return asked.progress === "declined" ? "declined" : "ask";
}

/** "Version 3, 8 pages". @param {{id: string, version: number}} exact @param {any} shown the file that is being read */
export function versionWords({ id, version }, shown) {
  const isShown = shown?.id === id && shown.pages.state === "ready";
  return isShown ? `Version ${version}, ${counted(shown.pages.total, "page")}` : `Version ${version}`;
}

/** "9f2c 41d8 e07a 5b93 … 2ee1": enough to compare by eye. @param {string} digest in hexadecimal */
export function shortDigest(digest) {
  const groups = digest.match(/.{1,4}/g) ?? [];
  return groups.length <= 5 ? groups.join(" ") : [...groups.slice(0, 4), "…", groups.at(-1)].join(" ");
}

/**
 * How far everybody is: "2 of 3 have signed."
 *
 * @param {any} signing @returns {string} empty if there is nothing to tell
 */
export function othersWords({ asked, signers, finished, completed_at: completedAt }) {
  // Some may be asked to sign and others to approve; nobody is told which.
  if (completedAt) return "Everybody who was asked is done.";
  // Where whoever comes may sign, the list has only who came.
  if (finished === signers) return asked ? "" : `${finished} ${finished === 1 ? "has" : "have"} signed so far.`;
  if (signers === 1) return asked ? "" : "One person is asked.";
  return finished === 0 ? `${signers} people are asked.` : `${finished} of ${signers} ${finished === 1 ? "is" : "are"} done.`;
}

/** What comes of the certificate. @param {any} signing @returns {string} empty once it is there */
export function certificateWords({ asked, signers, finished, completed_at: completedAt, certificate_id: certificate }) {
  if (certificate) return "";
  if (completedAt) return "The certificate is being made; a mail tells you once it is there.";
  if (!asked || finished === signers) return "";
  return "Once everybody is done, a mail tells you, and a certificate lies here.";
}
