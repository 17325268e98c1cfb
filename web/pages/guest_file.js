/** A file laid over the document that is being read: a certificate, an older version, what a message brought. */

import { Problem } from "./api.js";
import { announce, copyOf, fill, slot } from "./dom.js";
import { isEnd } from "./guest_ends.js";
import { layPapersToTheEnd, widthToAsk } from "./papers.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";

/** Pauses before looking again whether pages are drawn, and looks at the most. */
const LOOK_AGAIN_MILLISECONDS = 2_000;
const LOOKS_MAX = 30;

/**
 * Shows a file over the page; reading goes on where it was once it is shut.
 *
 * @param {{id: string, name: string}} file @param {any} link @param {any} moves
 */
export function openFile(file, link, moves) {
  const mayDownload = link.view.rights.includes("download");
  document.body.append(copyOf("other-file", { name: file.name, ...(mayDownload ? {} : { download: null }) }));
  const dialog = document.body.querySelector(":scope > dialog.viewer");
  const over = { file, link, moves, dialog, papers: slot(dialog, "papers"), mayDownload };
  slot(dialog, "close").addEventListener("click", () => dialog.close());
  slot(dialog, "download")?.addEventListener("click", (event) => download(over, event.currentTarget));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  lay(over, 1);
}

async function download({ file, link, moves, dialog }, button) {
  const problem = dialog.querySelector("[role=alert]");
  clearProblem(problem);
  try {
    await whileBusy(button, "Opening…", () => link.api.download(`/files/${encodeURIComponent(file.id)}/download`));
  } catch (error) {
    if (isOut(error)) leave(dialog, error, moves);
    else sayProblem(problem, error);
  }
}

function lay(over, looks) {
  const { file, link, moves, dialog, papers } = over;
  const path = `/files/${encodeURIComponent(file.id)}/pages`;
  layPapersToTheEnd(papers, dialog, {
    addressOf: async (number) => (await link.api.get(`${path}/${number}?width=${widthToAsk()}`)).url,
    dealtWith: (error, number) => {
      if (!(error instanceof Problem) || !dialog.isConnected) return !dialog.isConnected;
      if (error.kind === "page-not-ready") waitForPages(over, error, looks);
      else if (error.kind === "not-found" && number === 1) sayNothing(over, "This file is not there any more");
      else if (isOut(error)) leave(dialog, error, moves);
      else return false;
      return true;
    },
  });
}

/** Pages are drawn within seconds, or never. */
function waitForPages(over, { retryAfterSeconds }, looks) {
  if (retryAfterSeconds === null || LOOKS_MAX <= looks) {
    sayNothing(over, "This file cannot be shown here");
    return;
  }
  over.papers.replaceChildren(copyOf("drawing"));
  setTimeout(() => over.dialog.isConnected && lay(over, looks + 1), LOOK_AGAIN_MILLISECONDS);
}

function sayNothing({ papers, mayDownload, link }, title) {
  const words = mayDownload ? "Download it to read it, or ask" : "Ask";
  const nothing = copyOf("nothing", { title });
  fill(nothing, { words: `${words} ${link.view.sender} about it.` });
  papers.replaceChildren(nothing);
  announce(title);
}

/** Whether the reader is out of the document, and not merely of this file. */
function isOut(error) {
  return isEnd(error) || (error instanceof Problem && error.kind === "code-required");
}

function leave(dialog, error, moves) {
  dialog.close();
  moves.refused(error);
}
