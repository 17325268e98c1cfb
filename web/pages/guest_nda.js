/** The agreement that comes before some documents: reading it, and accepting it. */

import { Problem } from "./api.js";
import { tenantName, wear } from "./brand.js";
import { announce, element, slot } from "./dom.js";
import { inDoorway } from "./frames.js";
import { sendCode, showCodeAgain } from "./guest_code.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/** Shows the agreement in force in place of the document. @param {any} link @param {any} moves */
export async function showAgreement(link, moves) {
  const nda = await link.api.get("/nda");
  wear(nda.tenant);
  if (nda.is_accepted) {
    await moves.start();
    return;
  }
  // After a reload nobody has asked yet what stands on the cover, which tells who proves what.
  if (!link.cover && !link.view && link.secret) link.cover = await link.api.post("/cover", { secret: link.secret });
  const view = inDoorway(
    "nda",
    {
      over: `${tenantName()} asks for an agreement first`,
      title: nda.title,
      intro: introFor(nda),
      text: nda.text.split(/\n\s*\n/).map((part) => element("p", { text: part.trim() })),
      consequence: consequenceFor(nda),
    },
    nda.title,
  );
  const problem = slot(view, "problem");
  slot(view, "accept").addEventListener("click", (event) => accept(event.currentTarget, problem, nda, link, moves));
}

function introFor({ document: title, version }) {
  return `“${title}” opens once you accept this, version ${version}. Nothing is accepted until you press the button.`;
}

function consequenceFor({ contact, version }) {
  const name = contact ? [contact.first_name, contact.last_name].filter(Boolean).join(" ") : "";
  const who = name || contact?.email || "who you are";
  return `Kept as proof: version ${version}, ${who}, the time and this browser.`;
}

async function accept(button, problem, nda, link, moves) {
  clearProblem(problem);
  try {
    const done = await whileBusy(button, "Accepting…", async () => {
      await link.api.post("/nda/accept", { version: nda.version });
      return true;
    });
    if (!done) return;
    announce("NDA accepted.");
    await moves.start();
  } catch (error) {
    if (error instanceof Problem && error.kind === "code-required") await proveFirst(button, problem, nda, link, moves);
    else if (error instanceof Problem && error.kind === "stale") moves.attempt(() => showAgreement(link, moves));
    else if (!moves.refused(error)) sayProblem(problem, error);
  }
}

/** Accepting needs a reader who showed that the address is theirs: a code once, then the agreement again. */
async function proveFirst(button, problem, { contact }, link, moves) {
  const again = showCodeAgain(link, moves);
  const knowsAddress = Boolean(contact?.email) || link.cover?.knows_address;
  if (again) again();
  else if (!knowsAddress) moves.askWho({ note: "Accepting the NDA asks once who you are. Nothing is accepted yet." });
  else {
    try {
      const who = contact?.email ? { email: contact.email } : {};
      await whileBusy(button, "Sending…", () => sendCode(who, link, moves));
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  }
}
