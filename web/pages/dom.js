/** Templates, their slots, and changing what the page shows. Text only ever enters through `textContent`. */

import { brandIn } from "./brand.js";

/**
 * A copy of the content of `<template id="…">`.
 *
 * @param {string} id
 * @param {Record<string, string | Node | Node[] | null>} [values] by slot name; null takes the slot away
 * @returns {DocumentFragment}
 */
export function copyOf(id, values = {}) {
  const copy = document.getElementById(id).content.cloneNode(true);
  fill(copy, values);
  return copy;
}

/**
 * Fills the slots named by `data-slot`.
 *
 * @param {ParentNode} root
 * @param {Record<string, string | Node | (string | Node)[] | null>} values
 */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const place of root.querySelectorAll(`[data-slot="${name}"]`)) {
      if (value === null) place.remove();
      else if (typeof value === "string") place.textContent = value;
      else place.replaceChildren(...[value].flat());
    }
  }
}

/** @param {ParentNode} root @param {string} name @returns {HTMLElement} */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** An icon of the page's sprite; decoration, since words stand beside it. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} tag
 * @param {{class?: string, text?: string}} [facts]
 * @param {...(Node | string)} children
 */
export function element(tag, facts = {}, ...children) {
  const made = document.createElement(tag);
  if (facts.class) made.className = facts.class;
  if (facts.text !== undefined) made.textContent = facts.text;
  made.append(...children);
  return made;
}

/** Shows the page's first content, or a change the reader did not press for: the focus stays. */
export function showQuietly(place, content, title) {
  brandIn(content);
  place.replaceChildren(content);
  place.removeAttribute("aria-busy");
  document.title = title;
}

/**
 * Shows what an act led to: from the top, with the focus on its heading, as after a navigation.
 *
 * @param {HTMLElement} place @param {DocumentFragment} content @param {string} title
 */
export function showFromTop(place, content, title) {
  showQuietly(place, content, title);
  const heading = place.querySelector("h1");
  heading.tabIndex = -1;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

/** Says a change aloud that happens away from the focus. @param {string} sentence */
export function announce(sentence) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  // A region that gets the same text twice stays silent the second time, unless it was empty in between.
  requestAnimationFrame(() => requestAnimationFrame(() => (announcer.textContent = sentence)));
}
