/** The frames of pages with a door: the doorway before someone is in, and what lies behind it. */

import { brandIn, tenantName, UNNAMED } from "./brand.js";
import { copyOf, fill, showFromTop, showQuietly, slot } from "./dom.js";

const stage = document.getElementById("stage");

/** The first view is read from the page's top anyway; only later ones move the focus. */
let first = true;

/**
 * @param {string} id of the view's template
 * @param {Record<string, string | Node | Node[] | null>} values
 * @param {string} title
 * @returns {HTMLElement} the view, in the page
 */
export function inDoorway(id, values, title) {
  enter("door-frame", "guest");
  return showView(copyOf(id, values), title);
}

/**
 * @param {DocumentFragment} view
 * @param {string} title
 * @param {{person: string, onSignOut: (button: HTMLButtonElement) => void}} who
 * @returns {HTMLElement} the view, in the page
 */
export function inRoom(view, title, { person, onSignOut }) {
  if (enter("room-frame", "public")) {
    slot(stage, "sign-out").addEventListener("click", (event) => onSignOut(event.currentTarget));
  }
  fill(stage, { person });
  return showView(view, title);
}

/**
 * Shows a page that is a frame of its own.
 *
 * @param {string} bodyClass
 * @param {DocumentFragment} page with its own `#main`
 * @param {string} title
 * @returns {HTMLElement} the page's place
 */
export function inPage(bodyClass, page, title) {
  stage.dataset.frame = "";
  document.body.className = bodyClass;
  show(stage, page, title);
  return stage;
}

function enter(frame, bodyClass) {
  if (stage.dataset.frame === frame) return false;
  const copy = copyOf(frame);
  brandIn(copy);
  stage.replaceChildren(copy);
  stage.dataset.frame = frame;
  document.body.className = bodyClass;
  return true;
}

function showView(view, title) {
  const main = document.getElementById("main");
  show(main, view, title);
  return main;
}

function show(place, view, title) {
  const change = first ? showQuietly : showFromTop;
  first = false;
  change(place, view, tenantName() === UNNAMED ? title : `${title} · ${tenantName()}`);
}
