/** The page behind a mailed invitation: what is offered, and taking it. Nothing is accepted before the button. */

import { get, post, Problem } from "./api.js";
import { tenantName, wear } from "./brand.js";
import { copyOf, showFromTop, showQuietly, slot } from "./dom.js";
import { onSend } from "./form.js";
import { placeErrors } from "./form_problems.js";
import { dropToken, takeToken } from "./page_address.js";
import { watchConnection, whileBusy } from "./press.js";
import { sentenceFor } from "./problem_words.js";
import { revealOnPress } from "./reveal.js";
import { isAboutSecondFactor, secondProof } from "./second_factor.js";
import { exactTime } from "./time.js";

/** Roles by themselves, and as the end of "You join as …". */
const ROLES = {
  administrator: ["Administrator", "an administrator"],
  account_manager: ["Account manager", "an account manager"],
  representative: ["Representative", "a representative"],
  member: ["Member", "a member"],
};

const main = document.getElementById("main");

let token = takeToken();

watchConnection();
addEventListener("hashchange", () => {
  token = takeToken();
  begin(showFromTop);
});
await begin(showQuietly);

/** @param {typeof showQuietly} show */
async function begin(show) {
  if (!token) {
    end("broken", "This link does not work", show);
    return;
  }
  let offer;
  try {
    offer = await post("/v1/invitations/cover", { token });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (isOver(error)) end("over", "This invitation is over", show);
    else showNotLoaded(error, show);
    return;
  }
  wear(offer.tenant);
  showOffer(offer, show);
}

function showOffer(offer, show) {
  const page = copyOf(offer.has_password ? "offer-known" : "offer-new", {
    inviter: offer.invited_by ? `${offer.invited_by} invites you` : "You are invited",
    role: ROLES[offer.role]?.[1] ?? offer.role,
    until: ["The invitation waits until ", exactTime(offer.expires_at, "show"), "."],
  });
  const form = page.querySelector("form");
  const problem = slot(page, "problem");
  form.elements.namedItem("email").value = offer.email;
  revealOnPress(page);
  onSend(
    form,
    problem,
    "Joining…",
    () => accept(form),
    (error) => isRefusal(form, offer, error),
  );
  show(main, page, `Join ${tenantName()}`);
}

async function accept(form) {
  const name = form.elements.namedItem("name")?.value.trim();
  const password = form.elements.namedItem("password").value;
  const input = { token, ...(name && { name }), password, ...secondProof(form) };
  showJoined(await post("/v1/invitations/accept", input));
}

/** Shows what only this page knows the words for. */
function isRefusal(form, offer, error) {
  if (isOver(error)) {
    end("over", "This invitation is over");
    return true;
  }
  if (isAboutSecondFactor(form, error)) return true;
  const isWrong = error instanceof Problem && error.kind === "wrong-sign-in";
  if (isWrong) placeErrors(form, [{ pointer: "/password", detail: `This is not the password of ${offer.email}.` }]);
  return isWrong;
}

function showJoined({ identity, seat }) {
  const values = { name: identity.name, company: seat.tenant_name, role: ROLES[seat.role]?.[0] ?? seat.role };
  end("joined", "You are in", showFromTop, values);
  linkTrustPage(encodeURIComponent(seat.slug));
}

/** A company that keeps vaults only has no trust page. @param {string} slug */
async function linkTrustPage(slug) {
  slot(main, "trust").href = `/t/${slug}`;
  try {
    await get(`/v1/trust/${slug}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) slot(main, "trust-page")?.remove();
  }
}

function showNotLoaded(error, show) {
  const page = copyOf("not-loaded", { words: sentenceFor(error) });
  slot(page, "again").addEventListener("click", (event) =>
    whileBusy(event.currentTarget, "Loading…", () => begin(showFromTop)),
  );
  show(main, page, "The page could not be loaded");
}

function isOver(error) {
  return error instanceof Problem && error.kind === "link-over";
}

/** Shows how it ended; the token has done its work. */
function end(id, title, show = showFromTop, values = {}) {
  dropToken();
  token = null;
  show(main, copyOf(id, values), title);
}
