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
 * Takes the token out of the fragment and out of the address bar, so that it reaches neither the history, nor a
 * screenshot, nor a colleague the address is copied to. It stays with this tab, so that a reload still knows it.
 *
 * @returns {string | null}
 */
export function takeToken() {
  const place = `vestibule.token:${location.pathname}`;
  const fragment = location.hash.slice(1);
  if (fragment) {
    history.replaceState(history.state, "", location.pathname + location.search);
    tabStore.set(place, fragment);
  }
  return tabStore.get(place);
}

/** Forgets the token, once it has done its work. */
export function dropToken() {
  tabStore.remove(`vestibule.token:${location.pathname}`);
}
