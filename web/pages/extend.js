/** The page behind "Extend the access": shows what ends for a contact at an instant, and extends it. */

import { get, post, Problem } from "./api.js";
import { wear } from "./brand.js";
import { copyOf, element, icon, showFromTop, showQuietly, slot } from "./dom.js";
import { onSend } from "./form.js";
import { takeToken } from "./page_address.js";
import { clearProblem, sayProblem, sayWords, watchConnection, whileBusy } from "./press.js";
import { isAboutSecondFactor, secondProof } from "./second_factor.js";
import { exactTime, keepTimesTrue, relativeTime } from "./time.js";

/** Pages of documents that are looked through at the most. */
const PAGES_MAX = 20;

const main = document.getElementById("main");
const otherwise = document.getElementById("otherwise");
let place = placeOf(takeToken());

watchConnection();
keepTimesTrue();
addEventListener("hashchange", () => {
  place = placeOf(takeToken());
  begin(showFromTop);
});
await begin(showQuietly);

/**
 * What the link says: whose access, in which company, and which end.
 *
 * @param {string | null} token @returns {{tenant: string, contact: string, end: string} | null}
 */
function placeOf(token) {
  const found = /^(ten_[0-9A-Z]{26})\.(con_[0-9A-Z]{26})\.(\d{1,14})$/.exec(token ?? "");
  if (!found) return null;
  return { tenant: found[1], contact: found[2], end: new Date(Number(found[3])).toISOString() };
}

/** @param {typeof showQuietly} show */
async function begin(show) {
  otherwise.hidden = true;
  if (!place) {
    show(main, copyOf("broken"), "Nothing to extend");
    return;
  }
  try {
    await choose();
    wear(await get("/v1/tenant"));
    const contact = await get(`/v1/contacts/${place.contact}`);
    await showEnding(contact, await endingThen(), show);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) signIn(show);
    else if (error.status === 404 || error.status === 403) show(main, copyOf("broken"), "Nothing to extend");
    else failed(error, show);
  }
}

/** Acts in the company that the link names, among those where the reader has a seat. */
async function choose() {
  const { seat, seats } = await get("/v1/me");
  if (seat?.tenant_id === place.tenant || !seats.some((one) => one.tenant_id === place.tenant)) return;
  await post("/v1/sessions/current/tenant", { tenant_id: place.tenant });
}

/** The documents whose share ends, or ended, at the instant of the link. */
async function endingThen() {
  const ending = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const { items, next } = await get(`/v1/contacts/${place.contact}/documents?limit=100${more}`);
    for (const { title, shared, restorable } of items) {
      const share = shared ?? restorable;
      if (share?.expires_at && new Date(share.expires_at).toISOString() === place.end) {
        ending.push({ title, share, over: !shared });
      }
    }
    cursor = next ?? null;
  }
  return ending;
}

/** @param {typeof showQuietly} show */
async function showEnding(contact, ending, show) {
  const name = `${contact.first_name} ${contact.last_name}`;
  if (ending.length === 0) {
    show(main, copyOf("nothing", { name }), "Nothing ends then any more");
    return;
  }
  const count = ending.length === 1 ? "1 document" : `${ending.length} documents`;
  const over = ending.some((one) => one.over);
  const title = `Extend the access of ${name}`;
  const page = copyOf("ending", {
    name,
    verb: over ? "lost" : "loses",
    count,
    when: relativeTime(place.end),
    lead: over ? "The access ended as set. Extending restores it as it was." : "The access ends as set, unless you extend it.",
    documents: ending.map((one) =>
      element("li", {}, icon("doc"), element("span", { text: one.title })),
    ),
    extend: "Extend by 30 days",
  });
  const problem = slot(page, "problem");
  const button = slot(page, "extend");
  const consequence = slot(page, "consequence");
  const { share } = ending[0];
  const path = `/v1/grants/${share.grant_id}/extend`;
  const body = { contact_id: place.contact, version: share.version, same_end: true };
  button.addEventListener("click", () => extend(button, problem, { path, body, name, count }));
  otherwise.hidden = over;
  show(main, page, title);
  await sayConsequence(consequence, path, body);
}

/** What extending will do, in the server's own words; the page works without. */
async function sayConsequence(line, path, body) {
  try {
    const { effects, mails } = await post(`${path}?preview=true`, body);
    const mailed = mails.length ? mails.map((mail) => `${mail.name} is mailed.`) : ["Nobody is mailed."];
    line.textContent = [...effects.map((effect) => effect.says), ...mailed].join(" ");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

async function extend(button, problem, { path, body, name, count }) {
  clearProblem(problem);
  try {
    await whileBusy(button, "Extending…", async () => {
      const { extended } = await post(path, body);
      const until = exactTime(extended.at(-1).shared.expires_at, "show");
      const lead = `${name} can open ${count} until then. You are told again before it ends.`;
      otherwise.hidden = true;
      showFromTop(main, copyOf("extended", { until, lead }), "Access extended");
    });
  } catch (error) {
    if (error instanceof Problem && error.status === 412) await begin(showFromTop);
    else if (error instanceof Problem && error.status === 401) signIn(showFromTop);
    else sayProblem(problem, error);
  }
}

/** @param {typeof showQuietly} show */
function signIn(show) {
  const page = copyOf("sign-in");
  const form = page.querySelector("form");
  const problem = slot(page, "problem");
  const value = (name) => form.elements.namedItem(name).value;
  const act = async () => {
    const input = { email: value("email").trim(), password: value("password"), ...secondProof(form) };
    await post("/v1/sessions", input);
    await begin(showFromTop);
  };
  onSend(form, problem, "Signing in…", act, (error) => {
    if (isAboutSecondFactor(form, error)) return true;
    const isWrong = error instanceof Problem && error.kind === "wrong-sign-in";
    if (isWrong) sayWords(problem, "E-mail and password do not go together. Check both, then try again.");
    return isWrong;
  });
  show(main, page, "Sign in to extend access");
}

/** @param {Problem} error @param {typeof showQuietly} show */
function failed(error, show) {
  const page = copyOf("failed");
  const problem = slot(page, "problem");
  const again = slot(page, "again");
  again.addEventListener("click", () => whileBusy(again, "Trying…", () => begin(showFromTop)));
  show(main, page, "Extend access");
  sayProblem(problem, error);
}
