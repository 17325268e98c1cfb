/** Forms that send: nothing missing, one press at a time, each error beside its field. */

import { Problem } from "./api.js";
import { clearFieldErrors, forgetErrorsOnInput, gapsIn, placeErrors } from "./form_problems.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/**
 * Runs `act` when the form is sent and nothing is missing, and shows what went wrong: beside the fields it speaks of,
 * else at `problem`.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} problem
 * @param {string} busyWords
 * @param {() => Promise<unknown>} act
 * @param {(error: unknown) => boolean} dealtWith takes an error that it shows itself, and says so
 */
export function onSend(form, problem, busyWords, act, dealtWith = () => false) {
  forgetErrorsOnInput(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblem(problem);
    clearFieldErrors(form);
    const gaps = gapsIn(form);
    placeErrors(form, gaps);
    if (gaps.length) return;
    try {
      await whileBusy(form.querySelector("[type=submit]"), busyWords, act);
    } catch (error) {
      if (dealtWith(error)) return;
      const errors = error instanceof Problem ? error.errors : [];
      if (errors.length === 0 || placeErrors(form, errors).length) sayProblem(problem, error);
    }
  });
}
