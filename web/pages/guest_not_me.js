/** What a notice about a new browser leads to: nothing by itself; a code first, then that browser is taken off. */

import { Problem } from "./api.js";
import { runCodeForm } from "./code_form.js";
import { fill, slot } from "./dom.js";
import { inDoorway } from "./frames.js";
import { guestApi } from "./guest_api.js";
import { dropCode, keepCode, keptCode } from "./kept_code.js";
import { guestLinkOf, takeToken } from "./page_address.js";
import { clearProblem, sayProblem, watchConnection, whileBusy } from "./press.js";
import { exactTime, keepTimesTrue, relativeTime } from "./time.js";

/** The ends of the way, by the kind of their problem. */
const ENDS = {
  "not-found": ["broken", "This link does not work"],
  "link-over": ["over", "This notice is too old"],
  "link-inactive": ["off", "Nothing is open through that link"],
};

const { id } = guestLinkOf(location.pathname);
const api = guestApi(id);

/** Codes for this page open nothing else, so they are kept apart from those that let readers in. */
const CODE = `not-me:${id}`;

/** What stands behind the `#`; empty if it got lost on the way. */
let token = "";

watchConnection();
keepTimesTrue();
addEventListener("hashchange", () => location.hash && start()); // another notice pasted into the same tab
start();

function start() {
  token = takeToken() ?? "";
  if (id && token) explain();
  else end("not-found");
}

function explain() {
  const view = inDoorway("explain", {}, "Was it not you?");
  const problem = slot(view, "problem");
  const button = slot(view, "send");
  const kept = keptCode(CODE);
  if (kept) slot(view, "by-code").addEventListener("click", () => askForCode(kept.sent));
  else fill(view, { "by-code": null });
  button.addEventListener("click", async () => {
    clearProblem(problem);
    try {
      await whileBusy(button, "Sending…", async () => askForCode(await sendCode()));
    } catch (error) {
      if (!isEnded(error)) sayProblem(problem, error);
    }
  });
}

async function sendCode() {
  const sent = await api.post("/code", { token });
  keepCode(CODE, sent);
  return sent;
}

/** @param {import("./code_form.js").Sent} sent */
function askForCode(sent) {
  const view = inDoorway("code", {}, "Enter the code");
  slot(view, "back").addEventListener("click", explain);
  runCodeForm(view, {
    sent,
    check: (code) => api.post("/not-me", { token, code }),
    sendAgain: sendCode,
    onIn: done,
    dealtWith: isEnded,
  });
}

/** @param {{title: string, at: string, network?: string | null, revoked: boolean}} answer */
function done({ title, at, network, revoked }) {
  dropCode(CODE);
  const words = revoked
    ? "Nobody reads the document in it any more, and whoever sent it to you was told."
    : "Somebody took it off before you. Nobody reads the document in it.";
  const heading = revoked ? "That browser is off" : "That browser was off already";
  const view = inDoorway("done", { heading, words, title, network: network ?? null }, heading);
  const ago = document.createElement("small");
  ago.append(relativeTime(at));
  fill(view, { at: [exactTime(at, "show"), ago] });
  if (!network) fill(view, { "network-term": null });
}

/** Shows the end of the way, if the error is one. @param {unknown} error @returns {boolean} whether it was */
function isEnded(error) {
  const isEnd = error instanceof Problem && error.kind in ENDS;
  if (isEnd) end(error.kind);
  return isEnd;
}

function end(kind) {
  const [view, title] = ENDS[kind];
  inDoorway(view, {}, title);
}
