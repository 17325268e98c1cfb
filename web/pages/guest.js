/** A guest link: its cover, the ways through it, and what lies behind. Nothing opens before a press. */

import { Problem } from "./api.js";
import { wear } from "./brand.js";
import { dropDeviceNonce } from "./device_nonce.js";
import { slot } from "./dom.js";
import { guestApi } from "./guest_api.js";
import { showDetails, showWho } from "./guest_code.js";
import { showConfirm, showCover, showEnd } from "./guest_door.js";
import { endOf } from "./guest_ends.js";
import { showAgreement } from "./guest_nda.js";
import { showReading } from "./guest_reading.js";
import { showSigned } from "./guest_signed.js";
import { dropToken, guestLinkOf, hideSecret, readSecret, takeToken } from "./page_address.js";
import { watchConnection, whileBusy } from "./press.js";
import { sentenceFor, titleFor } from "./problem_words.js";
import { keepTimesTrue } from "./time.js";

/** The page that the mailed link of last resort leads to. */
const CONFIRM = "confirm";

const { id } = guestLinkOf(location.pathname);

/** Which page of the link this is; what leads past the link of last resort becomes the link itself. */
const pageNow = () => guestLinkOf(location.pathname).page;

/**
 * What the views share.
 *
 * @typedef {object} GuestLink
 * @property {string} id
 * @property {string | null} secret behind the `#`; null if it got lost on the way
 * @property {any} cover the answer of `cover`, or null while nobody asked
 * @property {any} view what this browser sees, or null before it is in
 * @property {"" | "sign"} wants what its reader was about to do when a code was asked for
 * @property {ReturnType<typeof guestApi>} api
 */

/** @type {GuestLink} */
const link = { id, secret: null, cover: null, view: null, wants: "", api: guestApi(id) };

/** Ways from one view to another; views know these, not each other. */
const moves = { start, entered, openDoor, askWho, askDetails, signed, refused, attempt };

/** The way back to the door, while it is being taken. @type {Promise<void> | null} */
let leaving = null;

watchConnection();
keepTimesTrue();
addEventListener("hashchange", () => location.hash && start()); // another link pasted into the same tab
addEventListener("pageshow", (event) => event.persisted && location.reload());
await start();

async function start() {
  link.cover = null;
  link.view = null;
  const page = pageNow();
  if (!id || (page && page !== CONFIRM)) showEnd("not-found", link, moves);
  else if (page === CONFIRM) startConfirming();
  else {
    link.secret = readSecret();
    await attempt(begin);
  }
}

/** The link of last resort opens by a press, as any link. */
function startConfirming() {
  const token = takeToken();
  if (token) showConfirm(token, link, moves);
  else showEnd("confirm-over", link, moves);
}

/** A browser that was here before goes straight to reading; any other sees the cover. */
async function begin() {
  if ((link.api.wasHere() || !link.secret) && (await reopened())) return;
  await openDoor();
}

/** @returns {Promise<boolean>} whether the server knew this browser */
async function reopened() {
  try {
    entered(await link.api.get(""));
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "code-required") throw error;
    return false;
  }
}

/** Shows what stands before the document. @param {{note?: string}} [why] what a reader who was in is told */
async function openDoor({ note = "" } = {}) {
  link.view = null;
  if (!link.secret) {
    askWho({ note });
    return;
  }
  link.cover = await link.api.post("/cover", { secret: link.secret });
  wear(link.cover.tenant);
  if (link.cover.opens === "known" && !note && (await reopened())) return;
  showCover(link, moves, { note });
}

/** @param {any} view the answer that let this browser in */
function entered(view) {
  if (pageNow() === CONFIRM) {
    dropToken();
    history.replaceState(history.state, "", `/g/${id}`);
  }
  dropDeviceNonce(id);
  hideSecret();
  link.view = view;
  wear(view.tenant);
  if (view.rights.includes("view")) showReading(link, moves);
  else attempt(hearWhyNot);
}

/** This browser is in, and something else comes first; reading says what. */
async function hearWhyNot() {
  link.view = await link.api.get("");
  showReading(link, moves);
}

/** @param {{email?: string, note?: string}} known what is known already, and why we ask */
function askWho(known = {}) {
  showWho(link, moves, known);
}

/** @param {{send: (details: object) => Promise<any>}} act what is repeated with the details */
function askDetails(act) {
  showDetails(link, moves, act);
}

/** @param {any} signing the answer to a signature */
function signed(signing) {
  showSigned(link, moves, signing);
}

/** Runs an act that leads to a view, and shows what goes wrong in its place. */
async function attempt(act) {
  try {
    await act();
  } catch (error) {
    if (!refused(error)) showNotLoaded(error, () => attempt(act));
  }
}

/**
 * Shows the end of the way, if the error is one.
 *
 * @param {unknown} error
 * @returns {boolean} whether it was
 */
function refused(error) {
  if (!(error instanceof Problem)) throw error;
  const end = endOf(error);
  if (end === "nda") attempt(() => showAgreement(link, moves));
  else if (end) showEnd(end, link, moves);
  else if (error.kind === "code-required") backToDoor();
  return Boolean(end) || error.kind === "code-required";
}

/** Several calls of a page may be refused alike; the first one leads to the door. */
function backToDoor() {
  const note = link.view ? "This browser is not known on the link any more." : "";
  leaving ??= attempt(() => openDoor({ note })).finally(() => (leaving = null));
}

function showNotLoaded(error, again) {
  const view = showEnd("not-loaded", link, moves, { title: titleFor(error), words: sentenceFor(error) });
  slot(view, "again").addEventListener("click", (event) => whileBusy(event.currentTarget, "Loading…", again));
}
