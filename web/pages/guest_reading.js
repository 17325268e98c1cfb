/** Reading a guest's document: its pages, and beside them what one may do with it. */

import { Problem } from "./api.js";
import { copyOf, element, fill, slot } from "./dom.js";
import { fileFacts } from "./file_facts.js";
import { inPage } from "./frames.js";
import { showPart } from "./guest_part.js";
import { isStacked } from "./guest_sheet.js";
import { rightsAsBeginning, untilWords } from "./guest_words.js";
import { layPapers, widthToAsk } from "./papers.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { dayTime } from "./time.js";

/** Pauses before looking again whether pages are drawn: the first, and the longest. */
const LOOK_AGAIN_MILLISECONDS = 1_000;
const LOOK_AGAIN_MILLISECONDS_MAX = 10_000;

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
  if (!view.is_own_copy) fill(page, { "own-copy": null });
  if (view.file && view.rights.includes("download")) onDownload(page, link, moves);
  else fill(page, { download: null });
  // Above the pages it would have to be scrolled past.
  slot(page, "facts").open = !isStacked();
  const place = inPage("reader-page", page, view.title);
  showFile(place, link, moves);
  showPart(place, link, moves);
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
  for (const name of ["cut", "turn"]) slot(place, name).hidden = true;
  if (!file) {
    const words = `${sender} has not put a file into it yet. This link stays the same; come back later.`;
    pages.replaceChildren(copyOf("nothing", { title: "Nothing to read yet", words }));
  } else if (file.pages.state === "ready") showPages(place, pages, link, moves);
  else if (file.pages.state === "pending") {
    pages.replaceChildren(copyOf("drawing"));
    lookAgain(place, pages, LOOK_AGAIN_MILLISECONDS, link, moves);
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
  fill(place, { count: `1 of ${count}`, cut: `Only the first ${count} of ${total} pages can be read here.` });
  slot(place, "turn").hidden = false;
  slot(place, "cut").hidden = count === total;
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

/**
 * Pages are drawn within seconds of being published. A page that is not there yet puts no look on record. What is typed
 * beside it meanwhile stays: only the file is shown anew.
 */
function lookAgain(place, pages, pause, link, moves) {
  setTimeout(async () => {
    if (!pages.isConnected) return;
    try {
      await link.api.get(pagePath(link.view.file, 1));
      const view = await link.api.get("");
      if (!pages.isConnected) return;
      const isSame = view.file?.id === link.view.file.id;
      link.view = view;
      if (isSame) showFile(place, link, moves);
      else moves.entered(view);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!pages.isConnected || moves.refused(error)) return;
      // Drawing came to nothing, which the document tells.
      if (error.kind === "page-not-ready" && error.retryAfterSeconds === null) await moves.start();
      else lookAgain(place, pages, Math.min(2 * pause, LOOK_AGAIN_MILLISECONDS_MAX), link, moves);
    }
  }, pause);
}
