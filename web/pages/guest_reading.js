/** Reading a guest's document: its pages, and beside them what one may do with it. */

import { Problem } from "./api.js";
import { tenantName } from "./brand.js";
import { copyOf, element, fill, slot } from "./dom.js";
import { fileFacts } from "./file_facts.js";
import { inPage } from "./frames.js";
import { sendCode } from "./guest_code.js";
import { rightsAsBeginning, rightsInWords, rightsToProve, untilWords } from "./guest_words.js";
import { layPapers, widthToAsk } from "./papers.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { dayTime } from "./time.js";

/** Pauses before looking again whether pages are drawn: the first, and the longest. */
const LOOK_AGAIN_MILLISECONDS = 1_000;
const LOOK_AGAIN_MILLISECONDS_MAX = 10_000;

/** Where the reader's part stands above the pages, which shall not have to be scrolled to. */
const STACKED = "(max-width: 960px)";

/** Shows what this browser sees of the document. */
export function showReading(link, moves) {
  const { view } = link;
  const page = copyOf("reading", {
    title: view.title,
    sender: [view.sender, element("small", { text: view.tenant.name })],
    until: untilWords(view),
    rights: rightsAsBeginning(view.rights),
    reader: readerOf(view),
    file: view.file ? [view.file.name, element("small", { text: fileFacts(view.file) })] : "None yet",
    remembered: rememberedWords(view),
  });
  if (view.standing !== "preview") fill(page, { preview: null });
  if (view.file && view.rights.includes("download")) onDownload(page, link, moves);
  else fill(page, { download: null });
  offerProof(page, link, moves);
  slot(page, "facts").open = !matchMedia(STACKED).matches;
  showFile(inPage("reader-page", page, view.title), link, moves);
}

function readerOf({ contact, standing }) {
  if (standing === "preview") return "A colleague";
  if (!contact) return "Not known yet";
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return [name || contact.email || "You", element("small", { text: (name && contact.email) || "" })];
}

function rememberedWords({ standing, trusted_until: until }) {
  if (!until || standing === "bearer") return null;
  return ["This browser is remembered until ", dayTime(until), ". Anywhere else a code is asked for."];
}

/** Says which rights wait for a proved address, and leads to proving it. */
function offerProof(page, link, moves) {
  const { view } = link;
  const waiting = view.standing === "preview" ? [] : rightsToProve(view);
  if (waiting.length === 0) {
    fill(page, { proof: null });
    return;
  }
  const email = view.contact?.email;
  const isStuck = !email && !link.secret;
  fill(page, {
    "proof-title": `To ${rightsInWords(waiting).replace(" and ", " or ")}`,
    "proof-words": proofWords(email, isStuck, view),
    prove: isStuck ? null : email ? "Send me a code" : "Prove my address",
  });
  slot(page, "prove")?.addEventListener("click", async (event) => {
    const problem = slot(document, "problem");
    clearProblem(problem);
    if (!email) {
      moves.askWho();
      return;
    }
    try {
      await whileBusy(event.currentTarget, "Sending…", () => sendCode({ email }, link, moves));
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  });
}

function proofWords(email, isStuck, { audience }) {
  if (email) return ["Type a code once. It is mailed to ", element("b", { text: email }), "."];
  if (isStuck) return "Open the link that you were sent once more, and come back here.";
  if (audience === "contact") return "Give your address once, and type the code that is mailed there.";
  return `${tenantName()} needs to know who you are, once.`;
}

function onDownload(page, { view, api }, moves) {
  const button = slot(page, "download");
  button.addEventListener("click", async () => {
    const problem = slot(document, "problem");
    clearProblem(problem);
    try {
      await whileBusy(button, "Opening…", () => api.download(`/files/${encodeURIComponent(view.file.id)}/download`));
    } catch (error) {
      if (!moves.refused(error)) sayProblem(problem, error);
    }
  });
}

function showFile(place, link, moves) {
  const { file, sender, rights } = link.view;
  const pages = slot(place, "papers");
  if (file?.pages.state !== "ready") fill(place, { cut: null, turn: null });
  if (!file) {
    const words = `${sender} has not put a file into it yet. This link stays the same; come back later.`;
    pages.replaceChildren(copyOf("nothing", { title: "Nothing to read yet", words }));
  } else if (file.pages.state === "ready") showPages(place, pages, link, moves);
  else if (file.pages.state === "pending") {
    pages.replaceChildren(copyOf("drawing"));
    lookAgain(pages, LOOK_AGAIN_MILLISECONDS, link, moves);
  } else {
    const words = rights.includes("download")
      ? "Files of this kind have no pages here. Download it to read it."
      : `Files of this kind have no pages here, and it is not for download. Ask ${sender} for another one.`;
    pages.replaceChildren(copyOf("nothing", { title: "This file cannot be shown here", words }));
  }
}

function showPages(place, pages, link, moves) {
  const { file, rights } = link.view;
  const { count, total } = file.pages;
  fill(place, {
    count: `1 of ${count}`,
    cut: count < total ? `Only the first ${count} of ${total} pages can be read here.` : null,
  });
  slot(place, "marked").hidden = rights.includes("download");
  layPapers(pages, count, {
    addressOf: async (number) => (await link.api.get(pagePath(file, number))).url,
    onTurn: (number) => fill(place, { count: `${number} of ${count}` }),
    dealtWith: (error) => error instanceof Problem && moves.refused(error),
  });
}

function pagePath(file, number) {
  return `/files/${encodeURIComponent(file.id)}/pages/${number}?width=${widthToAsk()}`;
}

/** Pages are drawn within seconds of being published. A page that is not there yet puts no look on record. */
function lookAgain(pages, pause, link, moves) {
  setTimeout(async () => {
    if (!pages.isConnected) return;
    try {
      await link.api.get(pagePath(link.view.file, 1));
      moves.entered(await link.api.get(""));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!pages.isConnected || moves.refused(error)) return;
      // Drawing came to nothing, which the document tells.
      if (error.kind === "page-not-ready" && error.retryAfterSeconds === null) await moves.start();
      else lookAgain(pages, Math.min(2 * pause, LOOK_AGAIN_MILLISECONDS_MAX), link, moves);
    }
  }, pause);
}
