/** The pages of a file, one below the other: each is fetched as the reader comes near. */

import { Problem } from "./api.js";
import { announce, copyOf, element, slot } from "./dom.js";
import { sentenceFor } from "./problem_words.js";

/** How far below what is seen a page is fetched, so that it is there when the reader is. */
const AHEAD = "150% 0px";

/** The widths that pages are drawn in; the narrow one is for screens that show no more. */
const NARROW_PIXELS = 800;
const WIDE_PIXELS = 1600;

/** The width that this screen can show. */
export function widthToAsk() {
  return innerWidth * devicePixelRatio <= NARROW_PIXELS ? NARROW_PIXELS : WIDE_PIXELS;
}

/**
 * Lays `count` pages into `place`, which is in the page already.
 *
 * @param {HTMLElement} place
 * @param {number} count
 * @param {{addressOf: (number: number) => Promise<string>, onTurn: (number: number) => void,
 *   dealtWith: (error: unknown) => boolean}} reading `dealtWith` takes an error that ends the reading, and says so
 */
export function layPapers(place, count, { addressOf, onTurn, dealtWith }) {
  const reading = { addressOf: inTurn(addressOf), dealtWith };
  const papers = Array.from({ length: count }, (_, at) => paper(at + 1, `Page ${at + 1} of ${count}`, reading));
  place.replaceChildren(...papers);
  const observe = watch(place, null, onTurn);
  for (const each of papers) observe(each);
}

/**
 * Lays the pages of a file of which nobody said how many it has: each once the one before has arrived.
 *
 * @param {HTMLElement} place in the page already
 * @param {HTMLElement} scroller what `place` scrolls in
 * @param {{addressOf: (number: number) => Promise<string>,
 *   dealtWith: (error: unknown, number: number) => boolean}} reading
 */
export function layPapersToTheEnd(place, scroller, { addressOf, dealtWith }) {
  const observe = watch(place, scroller, () => undefined);
  const lay = (number) => {
    const figure = paper(number, `Page ${number}`, {
      addressOf,
      dealtWith: (error) => {
        const isBeyond = 1 < number && error instanceof Problem && error.kind === "not-found";
        if (isBeyond) figure.remove();
        else figure.classList.remove("more");
        return isBeyond || dealtWith(error, number);
      },
      onArrived: () => lay(number + 1),
    });
    // Whether there is such a page is not known yet, so it takes no room yet.
    figure.classList.toggle("more", 1 < number);
    place.append(figure);
    observe(figure);
  };
  place.replaceChildren();
  lay(1);
}

/** One after the other: each view is recorded in the order pages were reached. */
function inTurn(act) {
  let last = Promise.resolve();
  return (...words) => {
    const mine = last.then(() => act(...words));
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** The place of a page, filled by `load` once the reader comes near. */
function paper(number, label, reading) {
  const figure = element("figure", { class: "paper" });
  figure.dataset.number = String(number);
  figure.setAttribute("aria-label", label);
  figure.append(element("span", { class: "paper-n", text: String(number) }));
  figure.load = () => load(figure, number, label, reading);
  return figure;
}

async function load(figure, number, label, reading) {
  figure.load = null;
  try {
    const picture = element("img");
    picture.alt = `${label}, as a picture`;
    picture.decoding = "async";
    picture.src = await reading.addressOf(number);
    await picture.decode();
    figure.classList.add("seen");
    figure.replaceChildren(picture);
    reading.onArrived?.();
  } catch (error) {
    if (reading.dealtWith(error)) return;
    sayNotLoaded(figure, error, () => {
      figure.replaceChildren(element("span", { class: "paper-n", text: String(number) }));
      load(figure, number, label, reading);
    });
  }
}

/** A picture that does not come is no problem document: its minute may have passed on a slow line. */
function sayNotLoaded(figure, error, onAgain) {
  const words = error instanceof Problem ? sentenceFor(error) : "This page did not arrive. Check your connection.";
  const failed = copyOf("paper-problem", { words });
  slot(failed, "again").addEventListener("click", onAgain);
  figure.replaceChildren(failed);
  announce(words);
}

/**
 * Loads pages as the reader comes near, and tells which one is in view; arrows leaf through them.
 *
 * @returns {(figure: HTMLElement) => void} takes a page in
 */
function watch(place, scroller, onTurn) {
  let at = 1;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) target.load?.();
    },
    { root: scroller, rootMargin: AHEAD },
  );
  // A thin line across the middle of the window: the page that it crosses is the one being read.
  const middle = new IntersectionObserver(
    (entries) => {
      const crossed = entries.find((entry) => entry.isIntersecting);
      if (!crossed) return;
      at = Number(crossed.target.dataset.number);
      onTurn(at);
    },
    { root: scroller, rootMargin: "-50% 0px -50% 0px" },
  );
  const leaf = (event) => {
    if (!place.isConnected) removeEventListener("keydown", leaf);
    else if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    else if (isMeantElsewhere(event, place)) return;
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const next = event.key === "ArrowRight" ? at + 1 : at - 1;
      place.querySelector(`[data-number="${next}"]`)?.scrollIntoView({ block: "start" });
    }
  };
  addEventListener("keydown", leaf);
  return (figure) => {
    near.observe(figure);
    middle.observe(figure);
  };
}

/** Whether a key was pressed into a text, or on what lies over the pages. */
function isMeantElsewhere({ target }, place) {
  const uppermost = [...document.querySelectorAll("dialog:modal")].at(-1) ?? null;
  return Boolean(target.closest("input, textarea")) || uppermost !== place.closest("dialog");
}
