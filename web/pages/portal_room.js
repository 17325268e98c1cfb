/** The room: what is open to a contact, until when, and their requests. */

import { Problem } from "./api.js";
import { brandIn, tenantName } from "./brand.js";
import { byCategory } from "./categories.js";
import { counted } from "./counting.js";
import { copyOf, fill, icon, slot } from "./dom.js";
import { download } from "./download.js";
import { fileFacts } from "./file_facts.js";
import { inRoom } from "./frames.js";
import { formIdOf, requestsList } from "./portal_requests.js";
import { sayWords, whileBusy } from "./press.js";
import { sentenceFor } from "./problem_words.js";
import { clearRowProblem, sayRowProblem } from "./row_problem.js";
import { dayTime, exactTime, relativeTime, SOON_MILLISECONDS } from "./time.js";

/** Pause before looking again whether pages are drawn. */
const LOOK_AGAIN_MILLISECONDS = 4_000;

/** The name to greet with; an address in its place if no name is known. */
export function personOf({ first_name: first, last_name: last, email }) {
  return [first, last].filter(Boolean).join(" ") || email || "you";
}

export function showRoom(portal, moves) {
  const { contact, documents } = portal.content;
  const page = copyOf("documents", { intro: introFor(documents, contact), groups: groupsOf(portal, moves) });
  fillNda(page, portal.content, moves);
  for (const link of page.querySelectorAll('a[data-slot="trust"]')) link.href = `/t/${encodeURIComponent(portal.slug)}`;
  if (portal.trustPage === "hidden" || documents.length === 0) fill(page, { more: null });
  const view = inRoom(page, "Your documents", { person: personOf(contact), onSignOut: moves.signOut });
  drawRequests(view, portal, moves);
  if (documents.some(isBeingDrawn)) lookAgain(view, moves);
}

function isBeingDrawn({ can_download: canDownload, files }) {
  return !canDownload && files.some((file) => file.pages.state === "pending");
}

/** Pages are drawn within seconds of being published: the room says so, then shows them. */
function lookAgain(view, moves) {
  const shown = view.firstElementChild;
  setTimeout(() => shown.isConnected && moves.reloadQuietly(), LOOK_AGAIN_MILLISECONDS);
}

function introFor(documents, contact) {
  if (documents.length === 0) return `Hello ${personOf(contact)}.`;
  return `${tenantName()} shares ${counted(documents.length, "document")} with ${personOf(contact)}.`;
}

function groupsOf(portal, moves) {
  const { documents } = portal.content;
  if (documents.length === 0) {
    return copyOf("documents-empty", portal.trustPage === "hidden" ? { trust: null } : {});
  }
  return byCategory(documents).map(([category, members], at) => {
    const group = copyOf("group", {
      category,
      rows: members.map((each) => documentRow(each, portal, moves)),
    }).firstElementChild;
    const heading = group.querySelector("h2");
    heading.id = `category-${at}`;
    group.setAttribute("aria-labelledby", heading.id);
    return group;
  });
}

function fillNda(page, { nda, documents }, moves) {
  const waiting = documents.filter((each) => each.needs_nda).length;
  if (!nda || waiting === 0) fill(page, { "nda-banner": null });
  else {
    fill(page, {
      "nda-words": `${counted(waiting, "document")} ${waiting === 1 ? "opens" : "open"} once you accept the NDA.`,
    });
    slot(page, "nda-read").addEventListener("click", moves.openNda);
  }
  if (!nda?.accepted_at) fill(page, { "nda-accepted": null });
  else {
    fill(page, { "nda-version": String(nda.version), "nda-day": dayTime(nda.accepted_at) });
    slot(page, "nda-again").addEventListener("click", moves.openNda);
  }
}

function documentRow(each, portal, moves) {
  const files = [...each.files].sort((a, b) => Date.parse(b.published_at) - Date.parse(a.published_at));
  const row = copyOf("document-row", {
    title: each.title,
    facts: factsOf(each, files),
    until: untilOf(each),
  }).firstElementChild;
  if (endsSoon(each)) slot(row, "until").classList.add("wait");
  if (each.needs_nda) {
    row.querySelector(".nt").replaceChildren(icon("d-shut"));
    const button = copyOf("nda-button", { of: `, to open ${each.title}` }).firstElementChild;
    button.addEventListener("click", moves.openNda);
    fill(row, { act: button });
    return row;
  }
  if (files.length === 1) fill(row, { act: actOn(files[0], each, each.title, portal, moves) });
  else fill(row, { act: null });
  if (1 < files.length) {
    row.classList.add("many");
    const list = document.createElement("ul");
    list.className = "files";
    list.append(...files.map((file) => fileRow(file, each, portal, moves)));
    row.append(list);
  }
  return row;
}

function factsOf(each, files) {
  const facts = [];
  if (files.length === 0) facts.push("No file yet");
  else facts.push(files.length === 1 ? fileFacts(files[0]) : `${counted(files.length, "file")}, newest first`);
  if (!each.can_download) facts.push(readingOf(files));
  if (!each.expires_at) facts.push("no end date");
  return facts.join(" · ");
}

/** How far reading is, of what is not for download. */
function readingOf(files) {
  const [newest] = files;
  if (newest?.pages.state === "pending") return "ready to read in a moment";
  if (newest?.pages.state === "impossible") return "cannot be shown here";
  return "for reading here";
}

/** What can be done with a file: take it along, or read its pages. */
function actOn(file, each, title, portal, moves) {
  if (each.can_download) return downloadButton(file, title, portal, moves);
  if (file.pages.state !== "ready") return null;
  const button = copyOf("read-button", { of: ` ${title}` }).firstElementChild;
  button.addEventListener("click", () => moves.openReader(file.id));
  return button;
}

function untilOf(each) {
  if (each.needs_nda) return [icon("d-shut"), document.createTextNode("Opens after you accept the NDA")];
  if (!each.expires_at) return null;
  const words = document.createElement("span");
  words.append("Ends ", relativeTime(each.expires_at), " · ", exactTime(each.expires_at, "show"));
  return [icon("d-time"), words];
}

function endsSoon(each) {
  return !each.needs_nda && Boolean(each.expires_at) && Date.parse(each.expires_at) - Date.now() < SOON_MILLISECONDS;
}

function fileRow(file, each, portal, moves) {
  const facts = document.createElement("span");
  facts.append(`${fileFacts(file)} · `, dayTime(file.published_at));
  return copyOf("file-row", {
    name: file.name,
    facts,
    act: actOn(file, each, file.name, portal, moves),
  }).firstElementChild;
}

function downloadButton(file, title, portal, moves) {
  const button = copyOf("download-button", { of: ` ${title}` }).firstElementChild;
  button.addEventListener("click", async () => {
    const row = button.closest("li");
    clearRowProblem(row);
    try {
      await whileBusy(button, "Opening…", () =>
        download(`/v1/portal/files/${encodeURIComponent(file.id)}/download`, { tenant: portal.tenantId }),
      );
    } catch (error) {
      await downloadRefused(error, row, moves);
    }
  });
  return button;
}

async function downloadRefused(error, row, moves) {
  if (error instanceof Problem && error.isOutside) moves.lost();
  else if (error.kind === "nda-required") {
    // A new version of the NDA was published while this page was open.
    await moves.reload();
    moves.openNda();
  } else if (error.status === 404 || error.status === 403) {
    await moves.reload();
    const place = slot(document.getElementById("main"), "problem");
    if (place) sayWords(place, "This file is not open to you any more. The list below is up to date.");
  } else sayRowProblem(row, error);
}

function drawRequests(view, portal, moves) {
  const place = slot(view, "requests");
  const items = portal.requests instanceof Problem ? [] : portal.requests;
  const again = async () => {
    await moves.loadRequests();
    if (place.isConnected) drawRequests(view, portal, moves);
  };
  place.replaceChildren(...requestsList(items, { tenant: portal.tenantId, onChanged: again, onLost: moves.lost }));
  place.hidden = items.length === 0;
  drawQuestionBanner(view, items);
  if (portal.requests instanceof Problem) {
    const failed = copyOf("requests-not-loaded", { words: sentenceFor(portal.requests) });
    slot(failed, "again").addEventListener("click", again);
    place.replaceChildren(failed);
    place.hidden = false;
  }
  brandIn(place);
}

function drawQuestionBanner(view, items) {
  const waiting = items.filter((item) => item.status === "info_needed" && item.question);
  slot(view, "question-banner").hidden = waiting.length === 0;
  if (waiting.length === 0) return;
  const requests = waiting.length === 1 ? "your request" : `${waiting.length} of your requests`;
  fill(view, { "question-words": `${tenantName()} has a question about ${requests}.` });
  slot(view, "question-link").href = `#${formIdOf(waiting[0])}`;
}
