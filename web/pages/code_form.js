/** What a form for a mailed code does, whoever mailed it: takes the code, keeps its clocks, sends a new one. */

import { Problem } from "./api.js";
import { codeCells, CODE_DIGITS, digitsOf } from "./code_input.js";
import { announce, slot } from "./dom.js";
import { clearProblem, sayProblem, sayWords, whileBusy } from "./press.js";
import { clock, span } from "./time.js";

/** One sentence for wrong, late, spent and unknown codes: a guess teaches nothing. */
export const CODE_WRONG = "That code does not work. Check the digits, or send a new one.";

/**
 * @typedef {{resend_after_seconds: number, expires_at: string}} Sent a code that is on its way
 */

/**
 * Runs the code form in `view`.
 *
 * @param {HTMLElement} view
 * @param {{sent: Sent, check: (code: string) => Promise<any>, sendAgain: () => Promise<Sent>,
 *   onIn: (answer: any) => Promise<void> | void, dealtWith?: (error: unknown, code: string) => boolean}} options
 *   `dealtWith` takes an error that it shows itself, and says so
 */
export function runCodeForm(view, { sent, check, sendAgain, onIn, dealtWith = () => false }) {
  const input = view.querySelector(".code");
  const problem = slot(view, "problem");
  const form = view.querySelector("form");
  const fine = () => {
    clearProblem(problem);
    input.removeAttribute("aria-invalid");
  };
  keepClocks(view, sent);
  codeCells(input, () => form.requestSubmit());
  input.addEventListener("input", fine);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await verify({ form, input, problem }, { check, onIn, dealtWith });
  });
  slot(view, "resend").addEventListener("click", async (event) => {
    fine();
    try {
      const again = await whileBusy(event.currentTarget, "sending…", sendAgain);
      if (!again) return;
      input.value = "";
      keepClocks(view, again);
      announce("A new code is on its way. The old one may no longer work.");
      input.focus();
    } catch (error) {
      if (!dealtWith(error, "")) sayProblem(problem, error);
    }
  });
  input.focus();
}

async function verify({ form, input, problem }, { check, onIn, dealtWith }) {
  const code = digitsOf(input.value);
  clearProblem(problem);
  if (code.length < CODE_DIGITS) {
    refuse(input, problem, "Enter all six digits of the code.");
    return;
  }
  let answer;
  try {
    answer = await whileBusy(form.querySelector("[type=submit]"), "Checking…", () => check(code));
  } catch (error) {
    if (dealtWith(error, code)) return;
    if (error instanceof Problem && error.kind === "code-wrong") refuse(input, problem, CODE_WRONG);
    else sayProblem(problem, error);
    return;
  }
  if (answer) await onIn(answer);
}

/** The digits stay, so that one wrong among them can be mended. */
function refuse(input, problem, words) {
  input.setAttribute("aria-invalid", "true");
  sayWords(problem, words);
  input.focus();
}

/** Says how long the code lives and when a new one may be asked for. */
function keepClocks(view, { resend_after_seconds: resendAfterSeconds, expires_at: expiresAt }) {
  const life = slot(view, "life");
  const resend = slot(view, "resend");
  const resendAt = Date.now() + resendAfterSeconds * 1000;
  clearInterval(Number(resend.dataset.timer));
  const update = () => {
    if (!resend.isConnected) {
      clearInterval(Number(resend.dataset.timer));
      return;
    }
    life.textContent = lifeWords((Date.parse(expiresAt) - Date.now()) / 1000);
    if ("busy" in resend.dataset) return;
    const wait = (resendAt - Date.now()) / 1000;
    resend.disabled = 0 < wait;
    resend.textContent = 0 < wait ? `send a new code in ${clock(wait)}` : "send a new code";
  };
  resend.dataset.timer = String(setInterval(update, 1000));
  update();
}

function lifeWords(seconds) {
  if (Number.isNaN(seconds)) return "";
  return 0 < seconds
    ? `Valid for ${span(seconds).replace(" ", " more ")}.`
    : "The code is over by now. Send a new one.";
}
