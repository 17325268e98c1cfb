/** The portal of a contact: through the door by link or code, then to what is open to them. */

import { get, Problem, remove } from "./api.js";
import { wear } from "./brand.js";
import { slot } from "./dom.js";
import { dropDeviceNonce } from "./device_nonce.js";
import { dropToken, slugOf, takeToken } from "./page_address.js";
import { showAddress, showCover, showNotFound, showNotLoaded, showSignedOut } from "./portal_door.js";
import { showNda } from "./portal_nda.js";
import { showReader } from "./portal_reader.js";
import { showRoom } from "./portal_room.js";
import { sayProblem, watchConnection, whileBusy } from "./press.js";
import { browserStore } from "./storage.js";
import { keepTimesTrue } from "./time.js";

/** The part of the address that stands for the NDA, so that Back leaves it. */
const NDA_SEARCH = "?nda";

/** The part of the address that names the file being read. */
const READ_PARAMETER = "read";

/**
 * What the views share.
 *
 * @typedef {object} Portal
 * @property {string} slug
 * @property {string | null} token of the magic link, until it has done its work
 * @property {string | null} tenantId
 * @property {"shown" | "hidden"} trustPage
 * @property {any} content the answer of `GET /v1/portal`
 * @property {any[] | Problem} requests the items of `GET /v1/portal/requests`, or why they are missing
 */

/** @type {Portal} */
const portal = {
  slug: slugOf(location.pathname),
  token: null,
  tenantId: null,
  trustPage: "shown",
  content: null,
  requests: [],
};

/** Ways from one view to another; views know these, not each other. */
const moves = {
  entered,
  reload,
  reloadQuietly,
  loadRequests,
  lost,
  openNda,
  closeNda,
  openReader,
  closeReader,
  signOut,
};

watchConnection();
keepTimesTrue();
addEventListener("hashchange", start); // a second link pasted into the same tab
addEventListener("popstate", () => portal.content && showContent());
addEventListener("pageshow", (event) => event.persisted && location.reload());
await start();

async function start() {
  portal.token = takeToken();
  try {
    await learnTenant();
    if (!(await loadContent())) showDoor();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showNotLoaded(error, start);
  }
}

async function learnTenant() {
  portal.tenantId = browserStore.get(`vestibule.tenant:${portal.slug}`);
  try {
    const trust = await get(`/v1/trust/${encodeURIComponent(portal.slug)}`);
    portal.tenantId = trust.id;
    portal.trustPage = "shown";
    wear(trust);
  } catch (error) {
    // A tenant may hide its trust page and still have a portal.
    if (!(error instanceof Problem) || error.status !== 404) throw error;
    portal.trustPage = "hidden";
  }
}

/** @returns {Promise<boolean>} whether this browser is in */
async function loadContent() {
  if (!portal.tenantId) return false;
  try {
    [portal.content] = await Promise.all([get("/v1/portal", { tenant: portal.tenantId }), loadRequests()]);
  } catch (error) {
    if (!(error instanceof Problem) || !error.isOutside) throw error;
    portal.content = null;
    return false;
  }
  wear(portal.content.tenant);
  showContent();
  return true;
}

/** Without them the documents are still worth showing, so this never fails. */
async function loadRequests() {
  try {
    portal.requests = (await get("/v1/portal/requests", { tenant: portal.tenantId })).items;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    portal.requests = error;
  }
}

function showContent() {
  const read = readable(new URLSearchParams(location.search).get(READ_PARAMETER));
  if (location.search === NDA_SEARCH && portal.content.nda) showNda(portal, moves);
  else if (read) showReader(read.document, read.file, portal, moves);
  else showRoom(portal, moves);
}

/** The file with the id, and its document, if its pages can be read now. @param {string | null} id */
function readable(id) {
  for (const document of portal.content.documents) {
    const file = document.files.find((each) => each.id === id && each.pages.state === "ready");
    if (file && !document.needs_nda) return { document, file };
  }
  return null;
}

function showDoor() {
  if (portal.token) showCover(portal, moves);
  else if (portal.trustPage === "hidden" && !portal.tenantId) showNotFound();
  else showAddress(portal, moves, {});
}

/** @param {{tenant_id: string, slug: string}} answer of `open` and `verify` */
async function entered(answer) {
  portal.tenantId = answer.tenant_id;
  browserStore.set(`vestibule.tenant:${answer.slug}`, answer.tenant_id);
  dropDeviceNonce(portal.slug);
  dropToken();
  portal.token = null;
  if (answer.slug !== portal.slug) {
    history.replaceState(history.state, "", `/p/${encodeURIComponent(answer.slug)}${location.search}`);
    portal.slug = answer.slug;
  }
  await reload();
}

/** Shows what is open now. */
async function reload() {
  try {
    if (!(await loadContent())) lost();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showNotLoaded(error, reload);
  }
}

/** Looks for what changed while nobody pressed anything; what cannot be learned now is left for later. */
async function reloadQuietly() {
  try {
    if (!(await loadContent())) lost();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** The server does not know this browser any more. */
function lost() {
  const email = portal.content?.contact.email ?? "";
  portal.content = null;
  showAddress(portal, moves, { email, note: "This browser is not signed in any more." });
}

function openNda() {
  if (!portal.content?.nda) return;
  history.pushState({ fromRoom: true }, "", location.pathname + NDA_SEARCH);
  showNda(portal, moves);
}

/** @param {{changed: "yes" | "no"}} outcome */
async function closeNda({ changed }) {
  if (history.state?.fromRoom && changed === "no") {
    history.back(); // popstate shows the room
    return;
  }
  history.replaceState(null, "", location.pathname);
  if (changed === "yes") await reload();
  else showContent();
}

/** @param {string} fileId */
function openReader(fileId) {
  history.pushState({ fromRoom: true }, "", `${location.pathname}?${READ_PARAMETER}=${encodeURIComponent(fileId)}`);
  showContent();
}

function closeReader() {
  if (history.state?.fromRoom) {
    history.back(); // popstate shows the room
    return;
  }
  history.replaceState(null, "", location.pathname);
  showContent();
}

/** @param {HTMLButtonElement} button */
async function signOut(button) {
  try {
    await whileBusy(button, "Signing out…", () => remove("/v1/portal/session", { tenant: portal.tenantId }));
  } catch (error) {
    sayProblem(slot(document, "frame-problem"), error);
    return;
  }
  portal.content = null;
  history.replaceState(null, "", location.pathname);
  if (portal.token) showCover(portal, moves);
  else showSignedOut(portal, moves);
}
