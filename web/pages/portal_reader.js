/** Reading what may not be downloaded: its pages, one below the other, each with the reader's address across it. */

import { get, Problem } from "./api.js";
import { announce, copyOf, element, fill, slot } from "./dom.js";
import { inRoom } from "./portal_frames.js";
import { personOf } from "./portal_room.js";
import { sentenceFor } from "./problem_words.js";

/** How far below what is seen a page is fetched, so that it is there when the reader is. */
const AHEAD = "150% 0px";

/** The widths that pages are drawn in; the narrow one is for screens that show no more. */
const NARROW_PIXELS = 800;
const WIDE_PIXELS = 1600;

/** Shows the pages of `file`. @param {any} of the shared document */
export function showReader(of, file, portal, moves) {
  const { contact } = portal.content;
  const { count, total } = file.pages;
  const page = copyOf("reader", { title: of.title, count: `1 of ${count}` });
  if (total <= count) fill(page, { cut: null });
  else fill(page, { cut: `Only the first ${count} of ${total} pages can be read here.` });
  slot(page, "back").addEventListener("click", moves.closeReader);
  const fetchPage = inTurn((number) => addressOf(file, number, portal));
  const papers = Array.from({ length: count }, (_, at) => paper(at + 1, count, fetchPage, moves));
  slot(page, "papers").append(...papers);
  const view = inRoom(page, of.title, { person: personOf(contact), onSignOut: moves.signOut });
  watch(view, papers);
}

async function addressOf(file, number, portal) {
  const width = innerWidth * devicePixelRatio <= NARROW_PIXELS ? NARROW_PIXELS : WIDE_PIXELS;
  const path = `/v1/portal/files/${encodeURIComponent(file.id)}/pages/${number}?width=${width}`;
  return (await get(path, { tenant: portal.tenantId })).url;
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
function paper(number, count, fetchPage, moves) {
  const figure = element("figure", { class: "paper" });
  figure.dataset.number = String(number);
  figure.setAttribute("aria-label", `Page ${number} of ${count}`);
  figure.append(element("span", { class: "paper-n", text: String(number) }));
  figure.load = async () => {
    figure.load = null;
    try {
      const picture = element("img");
      picture.alt = `Page ${number} of ${count}, as a picture`;
      picture.decoding = "async";
      picture.src = await fetchPage(number);
      await picture.decode();
      figure.classList.add("seen");
      figure.replaceChildren(picture);
    } catch (error) {
      if (error instanceof Problem && error.isOutside) moves.lost();
      else sayNotLoaded(figure, error, () => again(figure, number, count, fetchPage, moves));
    }
  };
  return figure;
}

function again(figure, number, count, fetchPage, moves) {
  const fresh = paper(number, count, fetchPage, moves);
  figure.replaceWith(fresh);
  fresh.load();
}

/** A picture that does not come is no problem document: its minute may have passed on a slow line. */
function sayNotLoaded(figure, error, onAgain) {
  const words = error instanceof Problem ? sentenceFor(error) : "This page did not arrive. Check your connection.";
  const failed = copyOf("paper-problem", { words });
  slot(failed, "again").addEventListener("click", onAgain);
  figure.replaceChildren(failed);
  announce(words);
}

/** Loads pages as the reader comes near, and tells which one is in view; arrows leaf through them. */
function watch(view, papers) {
  const count = slot(view, "count");
  let at = 1;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) target.load?.();
    },
    { rootMargin: AHEAD },
  );
  // A thin line across the middle of the window: the page that it crosses is the one being read.
  const middle = new IntersectionObserver(
    (entries) => {
      const crossed = entries.find((entry) => entry.isIntersecting);
      if (!crossed) return;
      at = Number(crossed.target.dataset.number);
      count.textContent = `${at} of ${papers.length}`;
    },
    { rootMargin: "-50% 0px -50% 0px" },
  );
  for (const each of papers) {
    near.observe(each);
    middle.observe(each);
  }
  const leaf = (event) => {
    if (!view.contains(papers[0].parentElement)) removeEventListener("keydown", leaf);
    else if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const next = event.key === "ArrowRight" ? at + 1 : at - 1;
      view.querySelector(`[data-number="${next}"]`)?.scrollIntoView({ block: "start" });
    }
  };
  addEventListener("keydown", leaf);
}
