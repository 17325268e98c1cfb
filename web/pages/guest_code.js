/** Proving an address on a guest link: who are you, the code, and what nobody knows about you yet. */

import { Problem } from "./api.js";
import { CODE_WRONG, runCodeForm } from "./code_form.js";
import { element, fill, slot } from "./dom.js";
import { onSend } from "./form.js";
import { placeErrors } from "./form_problems.js";
import { inDoorway } from "./frames.js";
import { isEnd } from "./guest_ends.js";
import { asksForDetails, rightsInWords, rightsToProve } from "./guest_words.js";
import { dropCode, keepCode, keptCode } from "./kept_code.js";
import { sayWords } from "./press.js";

/** What somebody says about themselves whom nobody knows. */
const DETAILS = ["first_name", "last_name", "company", "job_title"];

/**
 * Asks at which address a code shall arrive, and who reads there where that is not known.
 *
 * @param {any} link @param {any} moves @param {{email?: string, note?: string}} known
 */
export function showWho(link, moves, { email = "", note = "" }) {
  const wantsDetails = Boolean(link.secret) && asksForDetails(link.cover ?? link.view);
  const view = inDoorway(
    "who",
    {
      title: wantsDetails ? "Who are you?" : "Come in with a code",
      words: note || wordsFor(link),
      send: "Send me a code",
    },
    "Come in with a code",
  );
  if (!wantsDetails) fill(view, { details: null });
  if (link.cover?.audience !== "public_child") fill(view, { own: null });
  const back = slot(view, "back");
  if (link.view || link.cover) back.addEventListener("click", () => backFrom(link, moves));
  else back.remove();
  fill(view, { "back-words": (link.view ?? link.cover)?.title ?? "" });
  const form = view.querySelector("form");
  const field = form.elements.namedItem("email");
  field.value = email;
  onSend(
    form,
    slot(view, "problem"),
    "Sending…",
    () => sendCode({ email: field.value.trim(), details: wantsDetails ? detailsIn(form) : null }, link, moves),
    (error) => moves.refused(error),
  );
}

function wordsFor(link) {
  if (link.view) {
    return `To ${rightsInWords(rightsToProve(link.view)).replace(" and ", " or ")}, prove your address once. Reading needs nothing.`;
  }
  if (!link.secret)
    return "The link lost its end on the way. If it was made for your address, a code mailed there lets you in.";
  return "A six-digit code, mailed to your address, lets this browser in.";
}

function backFrom(link, moves) {
  if (link.view) moves.entered(link.view);
  else moves.start();
}

/** Asks nobody: the link's own address, or the one in `who`. @param {{email?: string, details?: object | null}} who */
export async function sendCode(who, link, moves) {
  const request = requestOf(who, link);
  const sent = await link.api.post("/code", request);
  keepCode(link.id, sent, who.email);
  showCode({ who, request, sent }, link, moves);
}

function requestOf({ email }, { secret }) {
  return { ...(secret ? { secret } : {}), ...(email ? { email } : {}) };
}

/**
 * The way back to the form for a code that this tab asked for.
 *
 * @returns {(() => void) | null} null if it asked for none, or that one is over
 */
export function showCodeAgain(link, moves) {
  const kept = keptCode(link.id);
  if (!kept) return null;
  const who = { email: kept.email };
  return () => showCode({ who, request: requestOf(who, link), sent: kept.sent }, link, moves);
}

/** Proves the address of a reader who is in already; where nobody knows it, asks for it first. */
export async function proveAddress(link, moves) {
  const email = link.view.contact?.email;
  const again = showCodeAgain(link, moves);
  if (again) again();
  else if (email) await sendCode({ email }, link, moves);
  else moves.askWho();
}

function showCode({ who, request, sent }, link, moves) {
  const sentTo = who.email
    ? ["Six digits, sent to ", element("b", { text: who.email }), link.secret ? "." : " if the link was made for it."]
    : ["Six digits, sent to the address the link was made for."];
  const title = (link.view ?? link.cover)?.title;
  // Who reads as somebody already has no other address to name.
  const isTyped = who.email && who.email !== link.view?.contact?.email;
  const view = inDoorway(
    "code",
    { "sent-to": sentTo, "back-words": isTyped ? "Other address" : title },
    "Enter the code",
  );
  slot(view, "back").addEventListener("click", () => {
    if (isTyped) moves.askWho({ email: who.email });
    else backFrom(link, moves);
  });
  const check = (code, details) => link.api.post("/verify", details ? { code, details } : { code });
  runCodeForm(view, {
    sent,
    check: (code) => check(code, who.details),
    sendAgain: async () => {
      const again = await link.api.post("/code", request);
      keepCode(link.id, again, who.email);
      return again;
    },
    onIn: (seen) => letIn(seen, link, moves),
    dealtWith: (error, code) => {
      if (!code || !isAboutDetails(error)) return isEnd(error) && moves.refused(error);
      moves.askDetails({ send: (details) => check(code, details), given: who.details, error });
      return true;
    },
  });
}

function letIn(seen, link, moves) {
  dropCode(link.id);
  moves.entered(seen);
}

/** Whether the proof was right and more is asked about who gave it. @param {unknown} error */
export function isAboutDetails(error) {
  return error instanceof Problem && error.errors.some(({ pointer }) => pointer.startsWith("/details"));
}

/**
 * The proof was right and nobody knows them: asks who they are, then repeats it.
 *
 * @param {any} link @param {any} moves
 * @param {{send: (details: object) => Promise<any>, given?: object | null, error?: Problem}} act
 */
export function showDetails(link, moves, { send, given = null, error = null }) {
  const view = inDoorway(
    "who",
    { title: "Who are you?", words: "Your address is proved. Say once who you are.", send: "Open the document" },
    "Who are you?",
  );
  fill(view, { address: null, back: null, own: null });
  const form = view.querySelector("form");
  const problem = slot(view, "problem");
  for (const name of DETAILS) form.elements.namedItem(name).value = given?.[name] ?? "";
  onSend(
    form,
    problem,
    "Opening…",
    async () => letIn(await send(detailsIn(form)), link, moves),
    (failure) => isShown(failure, form, problem, moves),
  );
  if (given && error) placeErrors(form, ofDetails(error));
}

function isShown(failure, form, problem, moves) {
  if (isAboutDetails(failure)) return placeErrors(form, ofDetails(failure)).length === 0;
  if (failure instanceof Problem && ["code-wrong", "link-over"].includes(failure.kind)) {
    sayWords(problem, failure.kind === "code-wrong" ? CODE_WRONG : failure.detail);
    return true;
  }
  return isEnd(failure) && moves.refused(failure);
}

/** Problems with details, by the fields they are typed into. */
function ofDetails({ errors }) {
  return errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/details/, ""), detail }));
}

function detailsIn(form) {
  return Object.fromEntries(DETAILS.map((name) => [name, form.elements.namedItem(name).value.trim()]));
}
