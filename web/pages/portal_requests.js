/** A contact's requests: where each stands, the question that waits, and taking one back. */

import { post, Problem } from "./api.js";
import { tenantName } from "./brand.js";
import { confirmAct } from "./confirm_dialog.js";
import { counted } from "./counting.js";
import { announce, copyOf, fill, icon, slot } from "./dom.js";
import { onSend } from "./form.js";
import { dayTime, exactTime } from "./time.js";

const STATES = {
  to_review: { words: "Waiting for review", glyph: "s-wait", tone: "" },
  in_review: { words: "In review", glyph: "s-work", tone: "work" },
  info_needed: { words: "Question for you", glyph: "s-ask", tone: "wait" },
  approved: { words: "Approved", glyph: "s-yes", tone: "yes" },
  rejected: { words: "Rejected", glyph: "s-no", tone: "bad" },
  withdrawn: { words: "Withdrawn", glyph: "s-off", tone: "" },
  expired: { words: "Expired", glyph: "s-off", tone: "" },
};

const PENDING = new Set(["to_review", "in_review", "info_needed"]);

const ITEM_STATES = {
  open: { words: "Waiting", glyph: "s-wait", tone: "" },
  shared: { words: "Shared", glyph: "s-yes", tone: "yes" },
  declined: { words: "Declined", glyph: "s-no", tone: "bad" },
};

/** An item nobody decided before its request ended. */
const UNDECIDED = { words: "Not decided", glyph: "s-off", tone: "" };

/** What happened, by `what`; `us` is the tenant. */
const HAPPENED = {
  created: () => ["You sent the request", "s-wait"],
  started_review: (us) => [`${us} started the review`, "s-work"],
  asked: (us) => [`${us} asked you a question`, "s-ask"],
  answered: () => ["You answered", "msg"],
  shared: (us) => [`${us} shared documents with you`, "d-open"],
  declined: (us) => [`${us} declined documents`, "s-no"],
  approved: () => ["The request was approved", "s-yes"],
  rejected: () => ["The request was rejected", "s-no"],
  withdrawn: () => ["You withdrew the request", "s-off"],
  expired: () => ["The request ran out, untouched for 90 days", "s-off"],
};

/**
 * @param {any[]} items of `GET /v1/portal/requests`
 * @param {{tenant: string, onChanged: () => Promise<void>, onLost: () => void}} options
 * @returns {Node[]} nothing if there are none
 */
export function requestsList(items, options) {
  if (items.length === 0) return [];
  return [copyOf("requests", { list: items.map((item) => requestSection(item, options)) })];
}

/** Where the question of a request is answered. @param {{id: string}} request */
export function formIdOf(request) {
  return `question-${request.id}`;
}

function requestSection(request, options) {
  const section = copyOf("request", {
    day: dayTime(request.created_at),
    items: request.items.map((item) => itemRow(item, request.status)),
    reason: request.reason,
    timeline: request.timeline.map(timelineRow),
  }).firstElementChild;
  section.querySelector("h3").tabIndex = -1;
  section.dataset.request = request.id;
  drawState(slot(section, "state"), STATES[request.status]);
  if (request.status === "info_needed" && request.question) prepareAnswer(section, request, options);
  else fill(section, { ask: null });
  if (PENDING.has(request.status)) {
    slot(section, "withdraw").addEventListener("click", () => withdraw(request, options));
  } else fill(section, { acts: null });
  return section;
}

function itemRow({ title, state }, status) {
  const row = copyOf("item-row", { title }).firstElementChild;
  drawState(slot(row, "state"), state === "open" && !PENDING.has(status) ? UNDECIDED : ITEM_STATES[state]);
  return row;
}

function drawState(place, { words, glyph, tone }) {
  if (tone) place.classList.add(tone);
  place.replaceChildren(icon(glyph), words);
}

function timelineRow({ at, what, automatic }) {
  const [words, glyph] = HAPPENED[what]?.(tenantName()) ?? ["Something changed", "doc"];
  const row = copyOf("timeline-row", {
    words: automatic ? `${words} automatically` : words,
    when: exactTime(at, "omit"),
  }).firstElementChild;
  slot(row, "icon").replaceWith(icon(glyph));
  return row;
}

function prepareAnswer(section, request, options) {
  const form = slot(section, "ask");
  const field = form.querySelector("textarea");
  const problem = slot(form, "problem");
  field.id = `answer-${request.id}`;
  form.querySelector("label").htmlFor = field.id;
  form.id = formIdOf(request);
  fill(form, { question: request.question });
  const act = async () => {
    await post(pathOf(request, "answer"), { answer: field.value.trim() }, { tenant: options.tenant });
    await changed(request, options, "Answer sent");
  };
  onSend(form, problem, "Sending…", act, (error) => {
    const isOutside = error instanceof Problem && error.isOutside;
    if (isOutside) options.onLost();
    return isOutside;
  });
}

async function withdraw(request, options) {
  const open = request.items.filter(({ state }) => state === "open").length;
  const outcome = await confirmAct(
    "withdraw-dialog",
    {
      title: `Withdraw the request for ${counted(request.items.length, "document")}?`,
      ends: `Nobody decides on the ${open === 1 ? "document that waits" : `${open} documents that wait`}.`,
    },
    "Withdrawing…",
    () => post(pathOf(request, "withdraw"), {}, { tenant: options.tenant }),
  );
  if (outcome === "done") await changed(request, options, "Request withdrawn");
}

async function changed(request, options, words) {
  await options.onChanged();
  announce(words);
  document.querySelector(`[data-request="${CSS.escape(request.id)}"] h3`)?.focus();
}

function pathOf(request, act) {
  return `/v1/portal/requests/${encodeURIComponent(request.id)}/${act}`;
}
