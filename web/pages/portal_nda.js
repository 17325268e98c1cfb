/** Reading the NDA, and accepting it. */

import { post, Problem } from "./api.js";
import { announce, copyOf, element, fill, slot } from "./dom.js";
import { showAddress, showCodeNeeded } from "./portal_door.js";
import { inRoom } from "./frames.js";
import { personOf } from "./portal_room.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { counted } from "./counting.js";
import { dayTime } from "./time.js";

export function showNda(portal, moves) {
  const { nda, contact } = portal.content;
  const text = nda.text.split(/\n\s*\n/).map((part) => element("p", { text: part.trim() }));
  const page = copyOf("nda", { title: nda.title, intro: introFor(nda), text });
  slot(page, "back").addEventListener("click", () => moves.closeNda({ changed: "no" }));
  if (nda.accepted_at) fill(page, { dock: null });
  else prepareDock(page, portal, moves);
  inRoom(page, nda.title, { person: personOf(contact), onSignOut: moves.signOut });
}

function introFor(nda) {
  const words = document.createElement("span");
  if (nda.accepted_at) words.append(`Version ${nda.version}, accepted by you on `, dayTime(nda.accepted_at), ".");
  else words.append(`Version ${nda.version}. Read it to the end; nothing is accepted until you press the button.`);
  return words;
}

function prepareDock(page, portal, moves) {
  const { nda, contact, documents } = portal.content;
  const waiting = documents.filter((each) => each.needs_nda).length;
  const opens = waiting
    ? `Accepting opens ${counted(waiting, "document")}.`
    : "Accepting opens documents under this NDA.";
  fill(page, {
    consequence: `${opens} Kept as proof: version ${nda.version}, ${personOf(contact)}, the time and this browser.`,
  });
  const problem = slot(page, "problem");
  slot(page, "later").addEventListener("click", () => moves.closeNda({ changed: "no" }));
  slot(page, "accept").addEventListener("click", async (event) => {
    clearProblem(problem);
    try {
      const done = await whileBusy(event.currentTarget, "Accepting…", async () => {
        await post("/v1/portal/nda/accept", { version: nda.version }, { tenant: portal.tenantId });
        return "accepted";
      });
      if (!done) return;
      await moves.closeNda({ changed: "yes" });
      announce(waiting ? `NDA accepted. ${counted(waiting, "document")} open.` : "NDA accepted.");
    } catch (error) {
      refused(error, problem, portal, moves);
    }
  });
}

function refused(error, problem, portal, moves) {
  if (error instanceof Problem && error.isOutside) moves.lost();
  else if (error instanceof Problem && error.kind === "code-required") askForCode(portal, moves);
  else sayProblem(problem, error);
}

/** A browser let in by a link alone has not shown that its reader owns the address; accepting needs that. */
function askForCode(portal, moves) {
  const { email } = portal.content.contact;
  if (!email) {
    showAddress(portal, moves, { note: "Accepting the NDA asks for a code once." });
    return;
  }
  showCodeNeeded({
    title: "Accepting asks for a code once",
    words: "It shows that the address is yours. Nothing is accepted yet; you come back to the NDA.",
    request: { slug: portal.slug, email },
    onBack: () => showNda(portal, moves),
    onIn: moves.entered,
  });
}
