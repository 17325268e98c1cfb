/** The page behind a mailed question: answer it, or withdraw the request. */

import { get, post, Problem } from "./api.js";
import { tenantName, wear } from "./brand.js";
import { confirmAct } from "./confirm_dialog.js";
import { copyOf, showFromTop, showQuietly, slot } from "./dom.js";
import { onSend } from "./form.js";
import { dropToken, slugOf, takeToken } from "./page_address.js";
import { watchConnection } from "./press.js";

const slug = encodeURIComponent(slugOf(location.pathname));
const main = document.getElementById("main");

let token = takeToken();

watchConnection();
addEventListener("hashchange", () => {
  token = takeToken();
  begin(showFromTop);
});
await dress();
begin(showQuietly);

/** The name and the colour are manners, not needs: the form works without. */
async function dress() {
  try {
    wear(await get(`/v1/trust/${slug}`));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** @param {typeof showQuietly} show */
function begin(show) {
  if (!token) {
    end("broken", "This link does not work", show);
    return;
  }
  const page = copyOf("answer");
  const form = page.querySelector("form");
  const problem = slot(page, "problem");
  onSend(
    form,
    problem,
    "Sending…",
    () => send(form),
    (error) => {
      if (isOver(error)) end("over", "This question is closed");
      return isOver(error);
    },
  );
  slot(page, "withdraw").addEventListener("click", withdraw);
  show(main, page, `Answer ${tenantName()}`);
}

async function send(form) {
  const answer = form.elements.namedItem("answer").value.trim();
  await post(`/v1/trust/${slug}/requests/answer`, { token, answer });
  end("answered", "Answer sent");
}

async function withdraw() {
  let over = false;
  const outcome = await confirmAct("withdraw-dialog", {}, "Withdrawing…", async () => {
    try {
      await post(`/v1/trust/${slug}/requests/withdraw`, { token });
    } catch (error) {
      if (!isOver(error)) throw error;
      over = true;
    }
  });
  if (outcome === "kept") return;
  if (over) end("over", "This question is closed");
  else end("withdrawn", "Request withdrawn");
}

function isOver(error) {
  return error instanceof Problem && (error.kind === "link-over" || error.status === 404 || error.status === 410);
}

/** Shows how it ended. @param {string} id @param {string} title @param {typeof showQuietly} [show] */
function end(id, title, show = showFromTop) {
  dropToken();
  token = null;
  const page = copyOf(id);
  const trust = slot(page, "trust");
  const portal = slot(page, "portal");
  if (trust) trust.href = `/t/${slug}`;
  if (portal) portal.href = `/p/${slug}`;
  show(main, page, title);
}
