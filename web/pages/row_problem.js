/** A problem said in the row of the file it stopped. */

import { announce, element } from "./dom.js";
import { sayProblem } from "./press.js";

/** @param {HTMLElement} row */
export function clearRowProblem(row) {
  row.querySelector(".err")?.remove();
}

/** @param {HTMLElement} row @param {unknown} error */
export function sayRowProblem(row, error) {
  clearRowProblem(row);
  const words = element("span");
  words.dataset.words = "";
  const place = element("p", { class: "err" }, words);
  row.querySelector(".two").append(place);
  sayProblem(place, error);
  announce(words.textContent);
}
