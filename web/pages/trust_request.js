/** The form beside the documents: what is ticked, who asks and why. */

import { post, Problem } from "./api.js";
import { counted } from "./counting.js";
import { announce, copyOf, slot } from "./dom.js";
import { clearFieldErrors, fieldNameOf, forgetErrorsOnInput, gapsIn, placeErrors } from "./form_problems.js";
import { clearProblem, sayProblem, sayWords, whileBusy } from "./press.js";

/** Documents in one request, as the server takes them. */
const PICKED_MAX = 50;

const FIELDS = ["email", "first_name", "last_name", "company", "job_title", "reason"];

/**
 * @param {DocumentFragment} page with the panel and the bar of picked documents
 * @param {{path: string, ndaRequired: boolean, onSent: (sent: {email: string, titles: string[]}) => void}} options
 * @returns {{offer(document: {id: string, title: string, access_level: string}, tick: HTMLInputElement): void}}
 */
export function requestForm(page, { path, ndaRequired, onSent }) {
  const form = page.querySelector("form");
  const problem = slot(page, "problem");
  const pickedError = slot(page, "picked-error");
  const view = {
    form,
    list: page.querySelector("#picked"),
    hint: slot(page, "picked-hint"),
    bar: slot(page, "pickbar"),
    ndaNote: slot(page, "nda-note"),
    count: slot(page, "picked-count"),
  };
  const offered = new Map();
  const picked = () => [...offered.values()].filter(({ tick }) => tick.checked);
  const redraw = () => drawPicked(view, picked(), ndaRequired, redraw);

  forgetErrorsOnInput(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblem(problem);
    clearFieldErrors(form);
    clearProblem(pickedError);
    const chosen = picked();
    if (!mayBeSent(form, pickedError, chosen)) return;
    const body = { ...typedIn(form), document_ids: chosen.map(({ document }) => document.id) };
    const titles = chosen.map(({ document }) => document.title);
    try {
      await whileBusy(form.querySelector("[type=submit]"), "Sending…", async () => {
        await post(path, body);
        onSent({ email: body.email, titles });
      });
    } catch (error) {
      placeProblem(form, pickedError, problem, error);
    }
  });

  return {
    offer(document, tick) {
      offered.set(document.id, { document, tick });
      tick.addEventListener("change", () => {
        if (PICKED_MAX < picked().length) {
          tick.checked = false;
          sayWords(pickedError, `${PICKED_MAX} documents are the most for one request. Send these first.`);
          return;
        }
        clearProblem(pickedError);
        redraw();
        announce(`${counted(picked().length, "document")} selected`);
      });
    },
  };
}

function drawPicked(view, chosen, ndaRequired, redraw) {
  const count = counted(chosen.length, "document");
  view.form.querySelector("h2").textContent = chosen.length ? `Request ${count}` : "Request documents";
  view.hint.hidden = 0 < chosen.length;
  view.bar.hidden = chosen.length === 0;
  view.count.textContent = count;
  view.list.hidden = chosen.length === 0;
  view.list.replaceChildren(...chosen.map((choice) => pickedRow(view, choice, redraw)));
  const underNda = chosen.filter(({ document }) => document.access_level === "nda").length;
  view.ndaNote.hidden = !ndaRequired || underNda === 0;
  view.ndaNote.textContent = ` ${ndaNote(underNda, chosen.length)}`;
}

function ndaNote(underNda, all) {
  if (all === 1) return "It also asks you to accept our NDA, on screen, when you open it.";
  if (underNda === all) return "They also ask you to accept our NDA, on screen, when you open them.";
  const some = underNda === 1 ? "One of them also asks" : `${underNda} of them also ask`;
  return `${some} you to accept our NDA, on screen, when you open ${underNda === 1 ? "it" : "them"}.`;
}

function pickedRow(view, { document, tick }, redraw) {
  const row = copyOf("picked-row", { title: document.title }).firstElementChild;
  const button = row.querySelector("button");
  button.setAttribute("aria-label", `Leave out ${document.title}`);
  button.addEventListener("click", () => {
    tick.checked = false;
    redraw();
    announce(`${document.title} left out`);
    // The pressed button is gone: go on at the next one, or at the title of the form.
    (view.list.querySelector("button") ?? view.form.querySelector("h2")).focus();
  });
  return row;
}

function typedIn(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements.namedItem(name).value.trim()]));
}

function mayBeSent(form, pickedError, chosen) {
  const gaps = gapsIn(form);
  placeErrors(form, gaps);
  if (chosen.length) return gaps.length === 0;
  sayWords(pickedError, "Tick at least one document in the list.");
  if (gaps.length === 0) document.querySelector(".tdoc .tick")?.focus();
  return false;
}

function placeProblem(form, pickedError, place, error) {
  const errors = error instanceof Problem ? error.errors : [];
  const aboutList = errors.filter(({ pointer }) => fieldNameOf(pointer) === "document_ids");
  if (aboutList.length) sayWords(pickedError, aboutList[0].detail);
  const homeless = placeErrors(
    form,
    errors.filter((each) => !aboutList.includes(each)),
  );
  if (errors.length && homeless.length === 0) {
    announce("Some fields need a look. Nothing was sent.");
    return;
  }
  sayProblem(
    place,
    homeless.length ? new Problem({ kind: "validation", status: 400, detail: homeless.join(" ") }) : error,
  );
}
