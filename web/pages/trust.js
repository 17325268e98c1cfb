/** The trust page: public documents to download, the others to ask for. */

import { get, NO_ANSWER, Problem } from "./api.js";
import { tenantName, wear } from "./brand.js";
import { byCategory } from "./categories.js";
import { counted } from "./counting.js";
import { copyOf, element, fill, showFromTop, showQuietly, slot } from "./dom.js";
import { download } from "./download.js";
import { fileFacts } from "./file_facts.js";
import { slugOf } from "./page_address.js";
import { watchConnection, whileBusy } from "./press.js";
import { sentenceFor } from "./problem_words.js";
import { clearRowProblem, sayRowProblem } from "./row_problem.js";
import { requestForm } from "./trust_request.js";

const LEVELS = { restricted: "On request", nda: "NDA" };

const slug = slugOf(location.pathname);
const trustPath = `/v1/trust/${encodeURIComponent(slug)}`;
const main = document.getElementById("main");

watchConnection();
await load(showQuietly);

/** @param {typeof showQuietly} show */
async function load(show) {
  try {
    const trust = await get(trustPath);
    wear(trust);
    const portalLink = document.getElementById("portal-link");
    portalLink.href = `/p/${encodeURIComponent(trust.slug)}`;
    portalLink.hidden = false;
    showDocuments(trust, show);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showFailure(error, show);
  }
}

function showFailure(problem, show) {
  if (problem.status === 404) {
    show(main, copyOf("not-found"), "There is no page here");
    return;
  }
  const title = titleOfFailure(problem);
  const page = copyOf("not-loaded", { title, words: sentenceFor(problem) });
  slot(page, "again").addEventListener("click", (event) =>
    whileBusy(event.currentTarget, "Loading…", () => load(showFromTop)),
  );
  show(main, page, title);
}

function titleOfFailure(problem) {
  if (problem.kind === NO_ANSWER) return "The page could not be loaded";
  return problem.status === 429 ? "Too many visits from your network" : "Something failed on our side";
}

function showDocuments(trust, show) {
  const title = `Security and compliance at ${tenantName()}`;
  if (trust.documents.length === 0) {
    show(main, copyOf("empty"), title);
    return;
  }
  const requestable = trust.documents.filter((each) => each.access_level !== "public");
  const page = copyOf("documents", { intro: introFor(trust.documents, requestable) });
  const form = requestable.length
    ? requestForm(page, {
        path: `${trustPath}/requests`,
        ndaRequired: trust.nda_required,
        onSent: (sent) => showSent(trust, sent),
      })
    : null;
  if (!form) fill(page, { panel: null, pickbar: null });
  const groups = byCategory(trust.documents).map(([category, documents], at) => groupOf(category, documents, at, form));
  fill(page, { groups });
  show(main, page, title);
}

function introFor(all, requestable) {
  if (requestable.length === 0)
    return "What we hold ourselves to, and the papers that show it. All of them are open to everyone.";
  const most = "What we hold ourselves to, and the papers that show it.";
  if (requestable.length === all.length)
    return `${most} Tick what you need and request it here; the answer comes by mail.`;
  return `${most} Some are open to everyone. The rest you can request here; the answer comes by mail.`;
}

function groupOf(category, documents, at, form) {
  const rows = documents.map((each) => (each.access_level === "public" ? publicRow(each) : requestRow(each, form)));
  const group = copyOf("group", { category, rows }).firstElementChild;
  const heading = group.querySelector("h2");
  heading.id = `category-${at}`;
  group.setAttribute("aria-labelledby", heading.id);
  return group;
}

function publicRow(each) {
  const row = copyOf("public-row", {
    title: each.title,
    facts: each.file ? fileFacts(each.file) : "No file yet",
    of: ` ${each.title}`,
  }).firstElementChild;
  const button = slot(row, "download");
  if (!each.file) {
    button.remove();
    return row;
  }
  button.addEventListener("click", async () => {
    clearRowProblem(row);
    try {
      await whileBusy(button, "Opening…", () =>
        download(`${trustPath}/files/${encodeURIComponent(each.file.id)}/download`),
      );
    } catch (error) {
      sayRowProblem(row, error);
    }
  });
  return row;
}

function requestRow(each, form) {
  const row = copyOf("request-row", { title: each.title, level: LEVELS[each.access_level] }).firstElementChild;
  const tick = row.querySelector("input");
  tick.id = each.id;
  row.querySelector("label").htmlFor = each.id;
  form.offer(each, tick);
  return row;
}

function showSent(trust, { email, titles }) {
  const rows = titles.map((title) => element("li", { class: "row", text: title }));
  const page = copyOf("sent", { email, titles: rows });
  slot(page, "back").addEventListener("click", () => showDocuments(trust, showFromTop));
  showFromTop(main, page, `Request for ${counted(titles.length, "document")} sent`);
}
