/** Dialogs before an act: one only asks whether, the other asks for words too. */

import { copyOf } from "./dom.js";
import { onSend } from "./form.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/**
 * Asks, and runs `act` from the button that says it. Stays open, with the reason, if the act fails.
 *
 * @param {string} id of the dialog's template
 * @param {Record<string, string | Node | Node[] | null>} values
 * @param {string} busyWords
 * @param {() => Promise<void>} act
 * @returns {Promise<"done" | "kept">}
 */
export function confirmAct(id, values, busyWords, act) {
  return inDialog(id, values, (dialog, run) => {
    const problem = dialog.querySelector("[role=alert]");
    const button = dialog.querySelector("[data-act]");
    button.addEventListener("click", async () => {
      clearProblem(problem);
      try {
        await whileBusy(button, busyWords, () => run(act));
      } catch (error) {
        sayProblem(problem, error);
      }
    });
  });
}

/**
 * The same where the act needs words: the dialog holds a form.
 *
 * @param {string} id @param {Record<string, string | Node | Node[] | null>} values @param {string} busyWords
 * @param {(form: HTMLFormElement) => Promise<void>} act
 * @param {(form: HTMLFormElement) => void} prepare called before it is shown
 * @returns {Promise<"done" | "kept">}
 */
export function askAct(id, values, busyWords, act, prepare) {
  return inDialog(id, values, (dialog, run) => {
    const form = dialog.querySelector("form");
    prepare(form);
    onSend(form, dialog.querySelector("[role=alert]"), busyWords, () => run(() => act(form)));
  });
}

function inDialog(id, values, arrange) {
  const before = document.activeElement;
  document.body.append(copyOf(id, values));
  const dialog = document.body.querySelector("dialog.dialog");
  let outcome = "kept";
  let running = null;
  const run = (act) => {
    running = act().then(() => {
      outcome = "done";
      dialog.close();
    });
    return running;
  };
  return new Promise((resolve) => {
    dialog.querySelector("[data-keep]").addEventListener("click", () => dialog.close());
    arrange(dialog, run);
    dialog.addEventListener("close", async () => {
      dialog.remove();
      // Shut while its act was under way: what becomes of that is the outcome all the same.
      await running?.catch(() => undefined);
      if (outcome === "kept") before?.focus();
      resolve(outcome);
    });
    dialog.showModal();
  });
}
