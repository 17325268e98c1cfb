/** What was said and done about a guest's document, oldest first as it is read. */

import { Problem } from "./api.js";
import { announce, copyOf, element, icon, slot } from "./dom.js";
import { openFile } from "./guest_file.js";
import { filesPlace } from "./guest_files.js";
import { clearProblem, sayProblem, whileBusy } from "./press.js";
import { exactTime } from "./time.js";

/** Entries that are shown at first, and as many earlier ones at once. */
const ENTRIES_FIRST = 6;
const ENTRIES_EARLIER = 20;

/** Calls at the most in search of entries: a page of them may be empty and yet go on. */
const CALLS_MAX = 5;

/** What an entry says happened, and its picture. A message says it itself. */
const KINDS = {
  share: { deed: "shared the document", picture: "doc" },
  message: { deed: null, picture: "msg" },
  signature_request: { deed: "asked for signatures", picture: "pen" },
  signed: { deed: "signed", picture: "s-yes", tone: "yes" },
  approved: { deed: "approved", picture: "s-yes", tone: "yes" },
  declined: { deed: "declined", picture: "s-no" },
  file_request: { deed: "asked for files", picture: "doc" },
  files: { deed: "sent a file", picture: "doc" },
  certificate: { deed: "added the certificate: everybody is done", picture: "s-yes", tone: "yes" },
};

/** What an entry of a kind that came after this page was written is shown as. */
const OTHER_KIND = { deed: "added something", picture: "doc" };

/**
 * Reads the newest entries into `part`.
 *
 * @param {import("./guest_part.js").Part} part
 */
export async function readNewest(part) {
  const { found, next } = await search(part, ENTRIES_FIRST, null);
  // Where earlier ones were read before, the place behind which the rest begins is theirs.
  if (part.entries.length === 0) part.earlier = next;
  addEntries(part, found);
}

async function search({ link }, wanted, cursor) {
  const found = [];
  let next = cursor;
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    const query = new URLSearchParams({ limit: String(wanted), ...(next ? { cursor: next } : {}) });
    const page = await link.api.get(`/events?${query}`);
    found.push(...page.items);
    next = page.next ?? null;
    if (!next || wanted <= found.length) break;
  }
  return { found, next };
}

/** @param {import("./guest_part.js").Part} part @param {any[]} found in any order, known ones among them */
export function addEntries(part, found) {
  const all = new Map([...part.entries, ...found].map((entry) => [entry.id, entry]));
  // Ids begin with the time of their making, so they sort as they were made.
  part.entries = [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @param {import("./guest_part.js").Part} part */
export function showEntries(part) {
  const { messages, entries } = part;
  slot(messages, "entries").replaceChildren(...entries.map((entry) => row(entry, part)));
  slot(messages, "entries").hidden = entries.length === 0;
  slot(messages, "none").hidden = 0 < entries.length;
  slot(messages, "earlier").hidden = !part.earlier;
}

function row(entry, part) {
  const { link, moves } = part;
  const { deed, picture, tone } = KINDS[entry.kind] ?? OTHER_KIND;
  const files = entry.files.map((file) => element("li", {}, fileButton(file, link, moves)));
  const drawn = icon(picture);
  if (tone) drawn.classList.add(tone);
  const copy = copyOf("entry", {
    picture: drawn,
    author: entry.is_own ? "You" : entry.author,
    deed: deed ? ` ${deed}` : null,
    text: entry.text ?? null,
    files: files.length ? files : null,
    at: exactTime(entry.created_at, "omit"),
  });
  if (!entry.is_own) slot(copy, "text")?.classList.add("us");
  if (entry.kind === "file_request" && part.mayWrite) slot(copy, "at").after(filesPlace(entry, part));
  return copy;
}

function fileButton(file, link, moves) {
  const button = element("button", { class: "linky", text: file.name });
  button.type = "button";
  button.addEventListener("click", () => openFile(file, link, moves));
  return button;
}

/** Lets the reader go back in the thread. @param {import("./guest_part.js").Part} part */
export function onEarlier(part) {
  const { messages, moves } = part;
  const button = slot(messages, "earlier");
  const problem = slot(messages, "messages-problem");
  button.addEventListener("click", async () => {
    clearProblem(problem);
    try {
      const read = await whileBusy(button, "loading…", () => search(part, ENTRIES_EARLIER, part.earlier));
      if (!read) return;
      addEntries(part, read.found);
      part.earlier = read.next;
      showEntries(part);
      announce(`${read.found.length} more above.`);
      if (button.hidden) focusHeading(messages);
    } catch (error) {
      if (!(error instanceof Problem) || !moves.refused(error)) sayProblem(problem, error);
    }
  });
}

function focusHeading(messages) {
  const heading = messages.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
}

/** Whether the reader said already that they do not want the document. @param {import("./guest_part.js").Part} part */
export function hasDeclined({ entries }) {
  return entries.some((entry) => entry.is_own && entry.kind === "declined");
}
