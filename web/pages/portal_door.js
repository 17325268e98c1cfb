/** What stands before the portal: the cover of a magic link, the way in by code, links that no longer work. */

import { post, Problem } from "./api.js";
import { slot } from "./dom.js";
import { deviceNonce } from "./device_nonce.js";
import { forgetErrorsOnInput, gapsIn, placeErrors } from "./form_problems.js";
import { showCode } from "./portal_code.js";
import { inDoorway } from "./frames.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { sentenceFor, titleFor } from "./problem_words.js";

/** The cover of a magic link: nothing is claimed until the button is pressed. */
export function showCover(portal, moves) {
  const view = inDoorway("cover", {}, "Your documents");
  const problem = slot(view, "problem");
  slot(view, "code").addEventListener("click", () =>
    showAddress(portal, moves, { back: () => showCover(portal, moves) }),
  );
  slot(view, "open").addEventListener("click", async (event) => {
    clearProblem(problem);
    let answer;
    try {
      answer = await whileBusy(event.currentTarget, "Opening…", () =>
        post("/v1/portal/open", { token: portal.token, device_nonce: deviceNonce(portal.slug, Date.now()) }),
      );
    } catch (error) {
      refused(error, problem, portal, moves);
      return;
    }
    if (answer) await moves.entered(answer);
  });
}

function refused(error, problem, portal, moves) {
  const kind = error instanceof Problem ? error.kind : "";
  if (kind === "link-over") showLinkOver(portal, moves);
  else if (kind === "code-required") showOpenedElsewhere(portal, moves);
  else if (kind === "not-found") showBroken(portal, moves);
  else sayProblem(problem, error);
}

function showOpenedElsewhere(portal, moves) {
  showCodeNeeded({
    title: "This link was opened before",
    words:
      "Perhaps by you in another browser, perhaps by a program that checks your mail. A code lets you in here too.",
    request: { token: portal.token },
    onBack: () => showCover(portal, moves),
    onIn: moves.entered,
  });
}

/**
 * Offers a code to someone whose address the server knows.
 *
 * @param {{title: string, words: string, request: {token: string} | {slug: string, email: string},
 *   onBack: () => void, onIn: (answer: any) => Promise<void>}} options
 */
export function showCodeNeeded({ title, words, request, onBack, onIn }) {
  const view = inDoorway("code-needed", { title, words }, title);
  const problem = slot(view, "problem");
  slot(view, "back").addEventListener("click", onBack);
  slot(view, "send").addEventListener("click", async (event) => {
    clearProblem(problem);
    try {
      const sent = await whileBusy(event.currentTarget, "Sending…", () => post("/v1/portal/code", request));
      if (sent)
        showCode({ request, sent, onBack: () => showCodeNeeded({ title, words, request, onBack, onIn }), onIn });
    } catch (error) {
      sayProblem(problem, error);
    }
  });
}

/**
 * Asks for the address a code shall go to.
 *
 * @param {{email?: string, note?: string}} options what is known already, and why we ask again
 */
export function showAddress(portal, moves, { email = "", note = "" }) {
  const hidden = portal.trustPage === "hidden";
  const view = inDoorway("address", hidden ? { "no-access": null } : {}, "Come in with a code");
  const problem = slot(view, "problem");
  const form = view.querySelector("form");
  form.elements.namedItem("email").value = email;
  slot(view, "note").hidden = !note;
  slot(view, "note").textContent = note;
  if (!hidden) slot(view, "trust").href = `/t/${encodeURIComponent(portal.slug)}`;
  forgetErrorsOnInput(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblem(problem);
    const gaps = gapsIn(form);
    placeErrors(form, gaps);
    if (gaps.length) return;
    const request = { slug: portal.slug, email: form.elements.namedItem("email").value.trim() };
    const onBack = () => showAddress(portal, moves, { email: request.email });
    try {
      const sent = await whileBusy(form.querySelector("[type=submit]"), "Sending…", () =>
        post("/v1/portal/code", request),
      );
      if (sent) showCode({ request, sent, onBack, onIn: moves.entered });
    } catch (error) {
      const errors = error instanceof Problem ? error.errors : [];
      if (errors.length === 0 || placeErrors(form, errors).length) sayProblem(problem, error);
    }
  });
}

function showLinkOver(portal, moves) {
  const view = inDoorway("link-over", {}, "This link has run out");
  const problem = slot(view, "problem");
  slot(view, "code").addEventListener("click", () => showAddress(portal, moves, {}));
  slot(view, "renew").addEventListener("click", async (event) => {
    clearProblem(problem);
    try {
      const done = await whileBusy(event.currentTarget, "Sending…", async () => {
        await post("/v1/portal/renew", { token: portal.token });
        return "sent";
      });
      if (done) showLinkMailed(portal, moves);
    } catch (error) {
      sayProblem(problem, error);
    }
  });
}

function showLinkMailed(portal, moves) {
  const view = inDoorway("link-mailed", {}, "Look in your mailbox");
  slot(view, "code").addEventListener("click", () => showAddress(portal, moves, {}));
}

function showBroken(portal, moves) {
  const view = inDoorway("link-broken", {}, "This link does not work");
  slot(view, "code").addEventListener("click", () => showAddress(portal, moves, {}));
}

export function showSignedOut(portal, moves) {
  const view = inDoorway("signed-out", {}, "You are signed out");
  slot(view, "code").addEventListener("click", () => showAddress(portal, moves, {}));
}

export function showNotFound() {
  inDoorway("not-found", {}, "There is no page here");
}

/** @param {Problem} problem @param {() => Promise<void>} again */
export function showNotLoaded(problem, again) {
  const title = titleFor(problem);
  const view = inDoorway("not-loaded", { title, words: sentenceFor(problem) }, title);
  slot(view, "again").addEventListener("click", (event) => whileBusy(event.currentTarget, "Loading…", again));
}
