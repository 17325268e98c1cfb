/** Signing, approving and declining: a question first, then the act, and whatever else it may come to. */

import { Problem } from "./api.js";
import { askAct, confirmAct } from "./confirm_dialog.js";
import { element, slot } from "./dom.js";
import { isEnd } from "./guest_ends.js";
import { proveAddress } from "./guest_code.js";
import { clearProblem, sayProblem, sayWords, whileBusy } from "./press.js";
import { deedOf, shortDigest, stageOf, versionWords } from "./signing_words.js";
import { keepLength } from "./text_length.js";

/**
 * A press on *Sign*. Where the address is not proved yet a code comes first; whoever typed it is asked then.
 *
 * @param {import("./guest_part.js").Part} part @param {HTMLButtonElement} button
 */
export async function sign(part, button) {
  if (part.link.view.rights.includes("sign")) await confirmSigning(part);
  else await proveFirst(part, button, "sign");
}

/** Goes on with what a code was asked for. @param {import("./guest_part.js").Part} part */
export async function goOn(part) {
  const { link, signing } = part;
  const wanted = link.wants;
  link.wants = "";
  if (wanted !== "sign" || !signing || !link.view.rights.includes("sign")) return;
  if (["ask", "declined"].includes(stageOf(link.view, signing))) await confirmSigning(part);
}

/**
 * Mails a code for what shall be done next.
 *
 * @param {import("./guest_part.js").Part} part @param {HTMLButtonElement} button @param {"" | "sign"} wanted
 */
export async function proveFirst(part, button, wanted) {
  const { link, moves } = part;
  const problem = problemOf(part);
  clearProblem(problem);
  link.wants = wanted;
  try {
    await whileBusy(button, "Sending…", () => proveAddress(link, moves));
  } catch (error) {
    link.wants = "";
    if (!moves.refused(error)) sayProblem(problem, error);
  }
}

async function confirmSigning(part) {
  const { link, signing, moves } = part;
  const { asked, newest } = signing;
  const { contact, file, tenant } = link.view;
  const deed = deedOf(asked.act);
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  const values = {
    question: `${deed.beginning} version ${newest.version}?`,
    message: asked.message ? [element("b", { text: tenant.name }), `: ${asked.message}`] : null,
    as: name ? [name, element("small", { text: contact.email })] : contact.email,
    "as-term": `You ${deed.verb} as`,
    exactly: [newest.name, element("small", { text: versionWords(newest, file) })],
    "digest-start": `sha256 ${shortDigest(newest.sha256)}`,
    digest: newest.sha256,
    told: `${tenant.name} is told by mail. What you ${deed.verb} stays ${deed.done}; it cannot be taken back.`,
    act: `${deed.beginning} version ${newest.version}`,
  };
  let follow = null;
  await confirmAct("sign", values, deed.busy, async () => {
    follow = await sent(part, `/${asked.act}`, { sha256: newest.sha256 }, "sign", (answer) => moves.signed(answer));
  });
  await follow?.();
}

/** A press on *Decline*, or on *Not for us* where nothing is asked. @param {import("./guest_part.js").Part} part */
export async function decline(part) {
  const { link, signing } = part;
  const { asked, newest } = signing;
  const { sender, tenant } = link.view;
  const deed = asked && deedOf(asked.act);
  const values = {
    question: asked ? `Decline to ${deed.verb} version ${newest.version}?` : "Is this not for you?",
    consequence: asked
      ? `${sender} gets one mail with your reason. You can go on reading, and ${deed.verb} after all.`
      : `${sender} gets one mail with your reason. Nothing closes.`,
    act: asked ? "Decline" : `Tell ${tenant.name}`,
  };
  let follow = null;
  const act = async (form) => {
    const reason = form.elements.namedItem("reason").value.trim();
    const body = asked ? { reason, sha256: newest.sha256 } : { reason };
    follow = await sent(part, "/decline", body, "", (answer) => part.changed(answer));
  };
  await askAct("decline", values, asked ? "Declining…" : "Sending…", act, (form) => {
    keepLength(form.elements.namedItem("reason"), slot(form, "length"));
  });
  await follow?.();
}

/**
 * Sends an act from a dialog. What the dialog can show itself is thrown.
 *
 * @returns {Promise<() => Promise<void> | void>} what follows once the dialog is shut
 */
async function sent(part, path, body, wanted, onDone) {
  try {
    const answer = await part.link.api.post(path, body);
    return () => onDone(answer);
  } catch (error) {
    if (isEnd(error)) return () => part.moves.refused(error);
    if (!(error instanceof Problem)) throw error;
    if (error.kind === "wrong-state") return () => sayChanged(part, error);
    if (error.kind === "code-required") return () => proveFirst(part, part.pressed, wanted);
    throw error;
  }
}

/** Something else holds by now: shows what, and why the act did not. */
async function sayChanged(part, { detail }) {
  await part.readAgain();
  sayWords(problemOf(part), detail);
}

/** Where a problem is seen: what lies over the page hides the page's own place. */
function problemOf({ problem, messages }) {
  return messages.closest("dialog") ? slot(messages, "messages-problem") : problem;
}
