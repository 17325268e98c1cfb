/** The second proof beside a password: asked for once the password was right, by whoever has turned it on. */

import { Problem } from "./api.js";
import { slot } from "./dom.js";
import { placeErrors } from "./form_problems.js";

/** An app's code is six digits, with or without gaps; a recovery code is longer. @param {string} typed */
export function proofOf(typed) {
  if (!typed) return {};
  return /^[\s\u2010-\u2014-]*(\d[\s\u2010-\u2014-]*){6}$/.test(typed) ? { totp: typed } : { recovery_code: typed };
}

/** What was typed into the field of the form, if it is there. @param {HTMLFormElement} form */
export function secondProof(form) {
  return proofOf(form.elements.namedItem("totp")?.value.trim());
}

/**
 * Shows the field when it is asked for, and beside it what is wrong with what was typed.
 *
 * @param {HTMLFormElement} form @param {unknown} error
 * @returns {boolean} whether the error was about it
 */
export function isAboutSecondFactor(form, error) {
  if (!(error instanceof Problem)) return false;
  if (error.kind === "second-factor-required") {
    const control = form.elements.namedItem("totp");
    control.dataset.missing = "Enter the code of your authenticator app, or a recovery code.";
    slot(form, "second-factor").hidden = false;
    control.focus();
    return true;
  }
  const isMistyped = error.errors.some(({ pointer }) => pointer === "/recovery_code" || pointer === "/totp");
  if (error.kind !== "code-wrong" && !isMistyped) return false;
  const detail = "This code is not good now. Type the one that your app shows, or another recovery code.";
  placeErrors(form, [{ pointer: "/totp", detail }]);
  return true;
}
