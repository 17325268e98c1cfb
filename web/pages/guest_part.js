/** The reader's part beside the document: what is asked of them, and messages. In a preview it is only looked at. */

import { Problem } from "./api.js";
import { announce, copyOf, fill, slot } from "./dom.js";
import { showPanel } from "./guest_panel.js";
import { dropSentDraft, runSay } from "./guest_say.js";
import { messagesSheet } from "./guest_sheet.js";
import { decline, goOn, proveFirst } from "./guest_signing.js";
import { addEntries, hasDeclined, onEarlier, readNewest, showEntries } from "./guest_thread.js";
import { whileBusy } from "./press.js";
import { sentenceFor } from "./problem_words.js";

/**
 * What the modules of the reader's part share.
 *
 * @typedef {object} Part
 * @property {any} link
 * @property {any} moves
 * @property {HTMLElement} place
 * @property {HTMLElement} panel what is asked, beside the document
 * @property {HTMLElement} bar the same below the document, on a phone
 * @property {HTMLElement} messages
 * @property {HTMLElement} problem where it is said what went wrong
 * @property {any} signing the answer of `signatures`, or null while it is not known
 * @property {any[]} entries of the thread as far as it was read, oldest first
 * @property {string | null} earlier behind which the rest of the thread begins
 * @property {HTMLButtonElement | null} pressed the button of the panel or the bar that was pressed last
 * @property {boolean} mayWrite whether this browser may write and send files now
 * @property {Map<string, HTMLElement>} asked the places from which files are sent, by the request for them
 * @property {() => void} openMessages
 * @property {(signing: any) => Promise<void>} changed takes what an act led to
 * @property {() => Promise<void>} readAgain
 * @property {() => Promise<void>} hear reads what is new in the thread
 */

/**
 * Fills the reader's part of `page`, which shows the document already.
 *
 * @param {HTMLElement} page @param {any} link @param {any} moves
 */
export async function showPart(page, link, moves) {
  /** @type {Part} */
  const part = {
    link,
    moves,
    place: slot(page, "part"),
    panel: slot(page, "panel"),
    bar: slot(page, "bar"),
    messages: slot(page, "messages"),
    problem: slot(page, "problem"),
    signing: null,
    entries: [],
    earlier: null,
    pressed: null,
    mayWrite: link.view.standing !== "preview" && link.view.rights.includes("write"),
    asked: new Map(),
    openMessages: messagesSheet(page),
    changed: (signing) => changed(part, signing),
    readAgain: () => readAgain(part),
    hear: () => hear(part),
  };
  prepareMessages(part);
  await read(part);
}

/** Who may write gets the form, and who may once their address is proved hears how. */
function prepareMessages(part) {
  const { messages, link } = part;
  const { once_proved: all, sender, tenant, standing, contact } = link.view;
  const { mayWrite } = part;
  const mayOnceProved = standing !== "preview" && !mayWrite && all.includes("write") && Boolean(contact?.email || link.secret);
  onEarlier(part);
  if (mayOnceProved) {
    const button = slot(messages, "prove-to-write");
    button.addEventListener("click", () => proveFirst(part, button, ""));
  } else fill(messages, { "to-write": null });
  if (!mayWrite) {
    fill(messages, { say: null, refusal: null });
    return;
  }
  const hint = `Only ${tenant.name} reads it; nobody else who has the link does.`;
  fill(messages, { "say-label": `Message to ${sender}`, "say-hint": hint, refuse: `Tell ${tenant.name} so…` });
  slot(messages, "say").elements.namedItem("text").placeholder = `Message to ${sender}`;
  slot(messages, "refuse").addEventListener("click", () => decline(part));
  runSay(part, {
    onSent: (entry) => {
      addEntries(part, [entry]);
      show(part);
    },
    onCodeRequired: (button) => proveFirst(part, button, ""),
  });
}

/** Reads what is asked and what was said; what did not come is offered again, and the rest is there all the same. */
async function read(part) {
  const { link, moves, place } = part;
  const halves = [link.api.get("/signatures").then((signing) => (part.signing = signing)), readNewest(part)];
  const errors = (await Promise.allSettled(halves)).filter(({ status }) => status === "rejected");
  if (hasLeft(part) || errors.some(({ reason }) => moves.refused(reason))) return;
  place.removeAttribute("aria-busy");
  slot(place, "unread").hidden = errors.length === 0;
  if (errors.length) offerAgain(part, errors[0].reason);
  dropSentDraft(part);
  show(part);
  await goOn(part);
}

/** Whether the reader is somewhere else by now, or on the way out. */
function hasLeft({ place, link }) {
  return !place.isConnected || link.view === null;
}

function offerAgain(part, error) {
  const again = copyOf("part-problem", { words: sentenceFor(error) });
  const button = slot(again, "again");
  button.addEventListener("click", () => whileBusy(button, "Loading…", () => read(part)));
  slot(part.place, "unread").replaceChildren(again);
}

function show(part) {
  const { link, messages, entries, signing } = part;
  const leadsToWriting = slot(messages, "say") ?? slot(messages, "to-write");
  messages.hidden = entries.length === 0 && link.view.standing !== "preview" && !leadsToWriting;
  showEntries(part);
  showPanel(part);
  const refusal = slot(messages, "refusal");
  if (refusal) refusal.hidden = !signing || signing.asked !== null || hasDeclined(part);
}

async function hear(part) {
  try {
    await readNewest(part);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // What was done is done; the thread tells it the next time it is read.
  }
  if (!hasLeft(part)) show(part);
}

/** The reader declined, which the thread tells too. */
async function changed(part, signing) {
  part.signing = signing;
  await hear(part);
  if (hasLeft(part)) return;
  announce(`You declined. ${part.link.view.tenant.name} was told.`);
  focusOnHeading(part);
}

/** The button that was pressed is gone by now. */
function focusOnHeading({ panel, bar, messages }) {
  const places = messages.closest("dialog") ? [messages] : [panel, bar, messages];
  const headings = places.map((place) => place.querySelector("h2"));
  const heading = headings.find((each) => each && 0 < each.getClientRects().length);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

async function readAgain(part) {
  try {
    part.signing = await part.link.api.get("/signatures");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // What is known already stays; the problem that led here is said in any case.
  }
  if (!hasLeft(part)) show(part);
}
