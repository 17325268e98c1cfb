/** What the address of a public page says: whose page it is, and the secret that came with a mailed link. */

import { tabStore } from "./storage.js";

/**
 * The tenant's slug in `/t/{slug}`, `/p/{slug}` and `/t/{slug}/answer`.
 *
 * @param {string} pathname
 * @returns {string} empty if the path holds none
 */
export function slugOf(pathname) {
  const found = /^\/[tp]\/([^/]+)/.exec(pathname);
  if (!found) return "";
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return ""; // a stray percent sign
  }
}

/**
 * The guest link in `/g/{id}` and `/g/{id}/confirm`, and which of its pages that is.
 *
 * @param {string} pathname
 * @returns {{id: string, page: string}} both empty if the path holds none; `page` is empty for the link itself
 */
export function guestLinkOf(pathname) {
  const [, id = "", page = ""] = /^\/g\/([A-Za-z0-9_]+)(?:\/([a-z-]+))?\/?$/.exec(pathname) ?? [];
  return { id, page };
}

/**
 * The secret behind the `#`, kept with this tab so that a reload still knows it. It stays in the address bar until
 * {@link hideSecret}: whoever goes on in another browser, as readers inside a mail app must, takes it along.
 *
 * @returns {string | null}
 */
export function readSecret() {
  const fragment = location.hash.slice(1);
  if (fragment) tabStore.set(placeOfToken(), fragment);
  return tabStore.get(placeOfToken());
}

/** Takes the secret out of the address bar: from here on it is seen in screenshots and copied along for nothing. */
export function hideSecret() {
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
}

/**
 * Takes the token out of the fragment and out of the address bar, so that it reaches neither the history, nor a
 * screenshot, nor a colleague the address is copied to. It stays with this tab, so that a reload still knows it.
 *
 * @returns {string | null}
 */
export function takeToken() {
  const token = readSecret();
  hideSecret();
  return token;
}

/** Forgets the token, once it has done its work. */
export function dropToken() {
  tabStore.remove(placeOfToken());
}

function placeOfToken() {
  return `vestibule.token:${location.pathname}`;
}
