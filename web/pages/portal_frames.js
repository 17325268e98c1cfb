/** The two frames of the portal: the doorway before someone is in, the room after. */

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
  const show = first ? showQuietly : showFromTop;
  first = false;
  show(main, view, tenantName() === UNNAMED ? title : `${title} · ${tenantName()}`);
  return main;
}
