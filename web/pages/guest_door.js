/** What stands before a guest's document: the cover, the link of last resort, and ends of the way. */

import { Problem } from "./api.js";
import { tenantName, UNNAMED } from "./brand.js";
import { deviceNonce } from "./device_nonce.js";
import { fill, slot } from "./dom.js";
import { inDoorway } from "./frames.js";
import { isAboutDetails, sendCode, showCodeAgain } from "./guest_code.js";
import { asksForDetails, rightsAsBeginning, rightsInWords, untilWords } from "./guest_words.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/** The titles of the ends that need no more than their template. */
const ENDS = {
  inactive: "This link is not active",
  "asked-again": "We passed it on",
  broken: "This link does not work",
  "confirm-over": "This link has run out",
  "not-found": "There is no page here",
};

/**
 * The cover: who sends what, what it allows, until when, and one button.
 *
 * @param {any} link @param {any} moves @param {{note?: string}} why
 */
export function showCover(link, moves, { note = "" } = {}) {
  const { cover } = link;
  const opensByCode = cover.opens === "code";
  const view = inDoorway(
    "cover",
    {
      over: `${cover.sender} at ${cover.tenant.name} shares`,
      title: cover.title,
      category: cover.category,
      rights: rightsAsBeginning(cover.rights),
      until: untilWords(cover),
      words: note || wordsFor(cover),
      fine: fineFor(cover),
    },
    cover.title,
  );
  if (cover.opens !== "preview") fill(view, { preview: null });
  fill(view, opensByCode ? { "other-app": null, open: null } : { code: null, "by-code": null });
  const problem = slot(view, "problem");
  if (opensByCode) offerCode(view, problem, link, moves);
  else slot(view, "open").addEventListener("click", (event) => press(event.currentTarget, problem, link, moves));
}

function offerCode(view, problem, link, moves) {
  const kept = showCodeAgain(link, moves);
  if (kept) slot(view, "by-code").addEventListener("click", kept);
  else fill(view, { "by-code": null });
  slot(view, "code").addEventListener("click", async (event) => {
    if (!link.cover.knows_address) {
      moves.askWho();
      return;
    }
    clearProblem(problem);
    try {
      await whileBusy(event.currentTarget, "Sending…", () => sendCode({}, link, moves));
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  });
}

async function press(button, problem, link, moves) {
  clearProblem(problem);
  let view;
  try {
    view = await whileBusy(button, "Opening…", () =>
      link.api.post("/open", { secret: link.secret, device_nonce: deviceNonce(link.id, Date.now()) }),
    );
  } catch (error) {
    if (error instanceof Problem && error.kind === "code-required") {
      link.cover = { ...link.cover, opens: "code" };
      showCover(link, moves);
    } else if (!moves.refused(error)) sayProblem(problem, error);
    return;
  }
  if (view) moves.entered(view);
}

function wordsFor({ opens, knows_address: knowsAddress, audience }) {
  if (opens !== "code") return null;
  if (knowsAddress) {
    return "This browser is not known on the link. A six-digit code, mailed to the address the link was made for, lets it in.";
  }
  return audience === "contact"
    ? "A six-digit code, mailed to your address, lets this browser in."
    : `${tenantName()} needs to know who reads. Say who you are, then type the code we mail you.`;
}

function fineFor(cover) {
  if (cover.opens === "known") return "This browser is known for this document.";
  if (cover.opens === "preview") return null;
  if (cover.opens === "code") {
    return cover.knows_address
      ? "The link may have been opened before: by you in another browser, or by a program that checks your mail."
      : null;
  }
  if (cover.knows_address) {
    return "This browser will be remembered for this document. Anywhere else we send a code to the address the link was made for.";
  }
  const more = cover.rights.filter((right) => right !== "view");
  if (more.length === 0) return "You need not say who you are.";
  const proof = asksForDetails(cover) ? "say who you are" : "give your address";
  return `Reading needs nothing more. To ${rightsInWords(more).replace(" and ", " or ")}, you ${proof} once.`;
}

/** The page behind the link of last resort. @param {string} token */
export function showConfirm(token, link, moves) {
  const view = inDoorway("confirm", {}, "Open the document");
  const problem = slot(view, "problem");
  const send = (details) => link.api.post("/confirm", details ? { token, details } : { token });
  slot(view, "open").addEventListener("click", async (event) => {
    clearProblem(problem);
    let seen;
    try {
      seen = await whileBusy(event.currentTarget, "Opening…", () => send());
    } catch (error) {
      if (error instanceof Problem && error.kind === "link-over") showEnd("confirm-over", link, moves);
      else if (isAboutDetails(error)) moves.askDetails({ send });
      else if (!moves.refused(error)) sayProblem(problem, error);
      return;
    }
    if (seen) moves.entered(seen);
  });
}

/**
 * An end of the way, with what can be done about it.
 *
 * @param {string} id of its template
 * @param {Record<string, string>} values
 * @returns {HTMLElement}
 */
export function showEnd(id, link, moves, values = {}) {
  const view = inDoorway(id, values, ENDS[id] ?? values.title);
  slot(view, "address")?.addEventListener("click", () => moves.askWho());
  if (slot(view, "link")) slot(view, "link").href = `/g/${link.id}`;
  if (slot(view, "ask-again")) offerToAsk(view, link, moves);
  return view;
}

/** Whoever still has the whole link may have its sender asked to open it again. */
function offerToAsk(view, link, moves) {
  if (!link.secret) {
    const fine = "If you were sent a newer link, use that one. Otherwise ask whoever sent you this one.";
    fill(view, { "ask-again": null, fine });
    return;
  }
  const whom = tenantName() === UNNAMED ? "its sender" : tenantName();
  const fine = "They get one mail with your request. If you were sent a newer link, use that one.";
  fill(view, { "ask-again": `Ask ${whom} to open it again`, fine });
  const [button, problem] = [slot(view, "ask-again"), slot(view, "problem")];
  button.addEventListener("click", async () => {
    clearProblem(problem);
    try {
      await whileBusy(button, "Asking…", async () => {
        await link.api.post("/ask-again", { secret: link.secret });
        showEnd("asked-again", link, moves);
      });
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  });
}
