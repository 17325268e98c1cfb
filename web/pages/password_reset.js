/** The page for forgotten passwords: asks for the address, or with a mailed link for the new password. */

import { post, Problem } from "./api.js";
import { copyOf, showFromTop, showQuietly, slot } from "./dom.js";
import { onSend } from "./form.js";
import { dropToken, takeToken } from "./page_address.js";
import { watchConnection } from "./press.js";
import { revealOnPress } from "./reveal.js";

const main = document.getElementById("main");

let token = takeToken();

watchConnection();
addEventListener("hashchange", () => {
  token = takeToken();
  begin(showFromTop);
});
begin(showQuietly);

/** @param {typeof showQuietly} show */
function begin(show) {
  if (token) showSet(show);
  else showAsk(show);
}

/** @param {typeof showQuietly} show */
function showAsk(show) {
  const page = formOf("ask", "Sending…", async (form) => {
    const email = form.elements.namedItem("email").value.trim();
    await post("/v1/password-resets", { email });
    const asked = copyOf("asked", { email });
    slot(asked, "again").addEventListener("click", () => showAsk(showFromTop));
    showFromTop(main, asked, "Look in your mailbox");
  });
  show(main, page, "Forgot your password?");
}

/** @param {typeof showQuietly} show */
function showSet(show) {
  const page = formOf("set", "Setting…", async (form) => {
    const password = form.elements.namedItem("password").value;
    try {
      await post("/v1/password-resets/complete", { token, password });
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== "link-over") throw error;
      showOver();
      return;
    }
    leave();
    showFromTop(main, copyOf("done"), "Your password is set");
  });
  revealOnPress(page);
  show(main, page, "Set a new password");
}

function showOver() {
  leave();
  const page = copyOf("over");
  slot(page, "again").addEventListener("click", () => showAsk(showFromTop));
  showFromTop(main, page, "This link is over");
}

/** The token has done its work. */
function leave() {
  dropToken();
  token = null;
}

/**
 * A copy of the template `id`, whose form runs `act` once nothing is missing and shows what went wrong.
 *
 * @param {string} id @param {string} busyWords @param {(form: HTMLFormElement) => Promise<void>} act
 */
function formOf(id, busyWords, act) {
  const page = copyOf(id);
  const form = page.querySelector("form");
  onSend(form, slot(page, "problem"), busyWords, () => act(form));
  return page;
}
