/** Buttons that start something on the server: busy in place, never sent twice, barred while offline. */

import { announce } from "./dom.js";
import { Problem } from "./api.js";
import { sentenceFor } from "./problem_words.js";

/** @param {HTMLElement} button */
export function isBarred(button) {
  return button.getAttribute("aria-disabled") === "true";
}

/**
 * Runs `act` with the button busy. The button keeps its width and the focus.
 *
 * @template T
 * @param {HTMLButtonElement} button
 * @param {string} busyWords
 * @param {() => Promise<T>} act
 * @returns {Promise<T | undefined>} undefined if the button was barred and nothing ran
 */
export async function whileBusy(button, busyWords, act) {
  if (isBarred(button)) return undefined;
  const label = button.querySelector(".dl-t") ?? button;
  const content = [...label.childNodes];
  button.style.minWidth = `min(100%, ${button.getBoundingClientRect().width}px)`;
  button.dataset.busy = "";
  button.setAttribute("aria-disabled", "true");
  label.replaceChildren(busyWords);
  try {
    return await act();
  } finally {
    label.replaceChildren(...content);
    delete button.dataset.busy;
    button.style.minWidth = "";
    barWhileOffline(button);
  }
}

/**
 * Puts a problem into the `role="alert"` place beside what was pressed.
 *
 * @param {HTMLElement} place @param {unknown} error
 */
export function sayProblem(place, error) {
  if (!(error instanceof Problem)) throw error;
  sayWords(place, sentenceFor(error));
}

/** @param {HTMLElement} place @param {string} words */
export function sayWords(place, words) {
  place.hidden = false;
  place.querySelector("[data-words]").textContent = words;
}

/** @param {HTMLElement} place */
export function clearProblem(place) {
  place.hidden = true;
  place.querySelector("[data-words]").textContent = "";
}

function barWhileOffline(button) {
  if (navigator.onLine) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
}

/** Shows the offline line and bars every `[data-server]` button for as long as the browser is offline. */
export function watchConnection() {
  const line = document.getElementById("offline");
  const update = () => {
    line.hidden = navigator.onLine;
    for (const button of document.querySelectorAll("[data-server]:not([data-busy])")) barWhileOffline(button);
  };
  addEventListener("offline", () => {
    update();
    announce("You are offline. You can go on reading; sending and downloading wait.");
  });
  addEventListener("online", () => {
    update();
    announce("You are online again.");
  });
  new MutationObserver(() => navigator.onLine || update()).observe(document.body, { childList: true, subtree: true });
  update();
}
