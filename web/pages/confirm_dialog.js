/** The dialog before something that cannot be undone. */

import { copyOf } from "./dom.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/**
 * Asks, and runs `act` from the red button. Stays open, with the reason, if the act fails.
 *
 * @param {string} id of the dialog's template
 * @param {Record<string, string | Node | Node[] | null>} values
 * @param {string} busyWords
 * @param {() => Promise<void>} act
 * @returns {Promise<"done" | "kept">}
 */
export function confirmAct(id, values, busyWords, act) {
  const before = document.activeElement;
  document.body.append(copyOf(id, values));
  const dialog = document.body.querySelector("dialog.dialog");
  const problem = dialog.querySelector("[role=alert]");
  let outcome = "kept";
  return new Promise((resolve) => {
    dialog.querySelector("[data-keep]").addEventListener("click", () => dialog.close());
    dialog.querySelector("[data-act]").addEventListener("click", async (event) => {
      clearProblem(problem);
      try {
        await whileBusy(event.currentTarget, busyWords, act);
        outcome = "done";
        dialog.close();
      } catch (error) {
        sayProblem(problem, error);
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (outcome === "kept") before?.focus();
      resolve(outcome);
    });
    dialog.showModal();
  });
}
