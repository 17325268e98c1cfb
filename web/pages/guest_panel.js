/** The panel beside the document, and the bar below it on a phone: what is asked of the reader, and its buttons. */

import { tenantName } from "./brand.js";
import { copyOf, element, fill, slot } from "./dom.js";
import { openFile } from "./guest_file.js";
import { afterwardsWords, certificateOf, isOlderThanShown, signatureFacts } from "./guest_signed.js";
import { decline, proveFirst, sign } from "./guest_signing.js";
import { rightsInWords, rightsToProve } from "./guest_words.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { deedOf, othersWords, stageOf, versionWords } from "./signing_words.js";

/** Every button that the panel or the bar may have, by its slot; its words stand in `…-words`. */
const BUTTONS = ["sign", "decline", "newer", "older", "certificate", "certificate-only", "details", "prove", "write"];

/** What the panel and the bar say where they say nothing. */
const SILENT = { title: null, message: null, reason: null, what: null, words: null };

/**
 * Shows what is asked now.
 *
 * @param {import("./guest_part.js").Part} part
 */
export function showPanel(part) {
  const { panel, bar } = part;
  const { values, buttons } = contentOf(part);
  const said = { ...SILENT, ...(values.signer ? {} : { done: null }), ...values };
  for (const [place, template] of [
    [panel, "panel"],
    [bar, "bar"],
  ]) {
    const copy = copyOf(template, said);
    for (const name of BUTTONS) offer(copy, name, buttons[name], part);
    place.replaceChildren(copy);
  }
  panel.hidden = !values.title;
  bar.hidden = !values.title && bar.querySelector("button") === null;
}

function offer(root, name, button, part) {
  const place = slot(root, name);
  if (!button) place?.remove();
  else if (place) {
    if (button.words) fill(place, { [`${name}-words`]: button.words });
    place.addEventListener("click", () => {
      part.pressed = place;
      return button.press(place);
    });
  }
}

/** @returns {{values: object, buttons: Record<string, {words?: string, press: (button: HTMLButtonElement) => any}>}} */
function contentOf(part) {
  const { link, signing, messages, entries, openMessages } = part;
  const write = { words: entries.length ? "Messages" : "Write", press: openMessages };
  const stage = signing ? stageOf(link.view, signing) : "none";
  const content = CONTENTS[stage](part);
  return { values: content.values, buttons: { ...content.buttons, ...(messages.hidden ? {} : { write }) } };
}

const CONTENTS = {
  none: proofContent,
  others: othersContent,
  nothing: nothingContent,
  newer: newerContent,
  ask: askContent,
  declined: declinedContent,
  done: doneContent,
};

function proofContent(part) {
  const { view, secret } = part.link;
  const waiting = view.standing === "preview" ? [] : rightsToProve(view).filter((right) => isOpen(right, part));
  if (waiting.length === 0) return { values: {}, buttons: {} };
  const email = view.contact?.email;
  const isStuck = !email && !secret;
  const title = `To ${rightsInWords(waiting).replace(" and ", " or ")}`;
  const words = email ? "Send me a code" : "Prove my address";
  const prove = { words, press: (button) => proveFirst(part, button, "") };
  return { values: { title, words: proofWords(email, isStuck, view) }, buttons: isStuck ? {} : { prove } };
}

/** Whoever is known, and asked for no signature, has none to give. */
function isOpen(right, { link, signing }) {
  return right !== "sign" || !link.view.contact || !signing;
}

function proofWords(email, isStuck, { audience }) {
  if (email) return ["Type a code once. It is mailed to ", element("b", { text: email }), "."];
  if (isStuck) return "Open the link that you were sent once more, and come back here.";
  if (audience === "contact") return "Give your address once, and type the code that is mailed there.";
  return `${tenantName()} needs to know who you are, once.`;
}

function othersContent(part) {
  const { link, moves, signing } = part;
  const proof = proofContent(part);
  if (proof.values.title) return proof;
  const words = othersWords(signing);
  const certificate = certificateOf(signing);
  const only = { "certificate-only": { press: () => openFile(certificate, link, moves) } };
  return { values: words ? { title: "Signatures", words } : {}, buttons: certificate ? only : {} };
}

function titleOf({ link, signing }) {
  return `${link.view.tenant.name} asks you to ${deedOf(signing.asked.act).verb}`;
}

function nothingContent(part) {
  const { verb } = deedOf(part.signing.asked.act);
  const words = `There is no file to ${verb} yet. This link stays the same; come back later.`;
  return { values: { title: titleOf(part), words }, buttons: {} };
}

function newerContent(part) {
  const { newest } = part.signing;
  const words = `Version ${newest.version} came while you were reading. Read it first.`;
  const newer = { words: `Show version ${newest.version}`, press: (button) => showNewer(part, button) };
  return { values: { title: titleOf(part), words }, buttons: { newer } };
}

async function showNewer({ link, moves, problem }, button) {
  clearProblem(problem);
  try {
    const view = await whileBusy(button, "Loading…", () => link.api.get(""));
    if (view) moves.entered(view);
  } catch (error) {
    if (!moves.refused(error)) sayProblem(problem, error);
  }
}

function askContent(part) {
  const { link, signing } = part;
  const { view } = link;
  const { asked, newest } = signing;
  const earlier = asked.signature ? `You declined version ${asked.signature.file.version}; this one is newer.` : "";
  const values = {
    title: titleOf(part),
    message: asked.message ?? null,
    what: [element("b", { text: newest.name }), element("small", { text: versionWords(newest, view.file) })],
    words: [earlier, signWords(part), othersWords(signing)].filter(Boolean).join(" ") || null,
  };
  return { values, buttons: { ...signButton(part, deedOf(asked.act).beginning), ...declineButton(part) } };
}

function signWords({ link, signing }) {
  const { rights, once_proved: all, sender, standing } = link.view;
  const deed = deedOf(signing.asked.act);
  if (standing === "preview" || rights.includes("sign")) return "";
  return all.includes("sign")
    ? `${deed.doing} asks for a code once.`
    : `This link does not let you ${deed.verb}. Ask ${sender} for one that does.`;
}

function signButton(part, words) {
  const { once_proved: all, standing } = part.link.view;
  const mayEver = standing !== "preview" && all.includes("sign");
  return mayEver ? { sign: { words, press: (button) => sign(part, button) } } : {};
}

function declineButton(part) {
  const { rights, standing } = part.link.view;
  return standing !== "preview" && rights.includes("write") ? { decline: { press: () => decline(part) } } : {};
}

function declinedContent(part) {
  const { asked } = part.signing;
  const { verb } = deedOf(asked.act);
  const values = {
    title: "You declined",
    reason: asked.signature.reason ?? null,
    words: `${part.link.view.tenant.name} was told. You can still ${verb}.`,
  };
  return { values, buttons: signButton(part, `${deedOf(asked.act).beginning} after all`) };
}

function doneContent(part) {
  const { link, moves, signing } = part;
  const { asked } = signing;
  const { file } = asked.signature;
  const certificate = certificateOf(signing);
  const values = {
    title: `You ${deedOf(asked.act).done} version ${file.version}`,
    ...signatureFacts(signing, link.view),
    words: afterwardsWords(signing) || null,
  };
  const isOlder = isOlderThanShown(signing, link.view);
  const buttons = {
    ...(certificate ? { certificate: { press: () => openFile(certificate, link, moves) } } : {}),
    ...(isOlder ? { older: { words: `Read version ${file.version}`, press: () => openFile(file, link, moves) } } : {}),
    details: { words: asked.act === "sign" ? "Your signature" : "Your approval", press: () => moves.signed(signing) },
  };
  return { values, buttons };
}
