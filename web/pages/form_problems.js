/** Errors beside the fields they speak of. */

import { counted } from "./counting.js";
import { element, icon } from "./dom.js";
import { lengthOf } from "./text_length.js";

/**
 * The name of the field a JSON pointer speaks of: "/document_ids/3" is about "document_ids".
 *
 * @param {string} pointer
 */
export function fieldNameOf(pointer) {
  const first = pointer.split("/")[1] ?? "";
  return first.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** @param {HTMLFormElement} form */
export function clearFieldErrors(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) clearFieldError(control);
}

/** @param {HTMLElement} control */
export function clearFieldError(control) {
  control.removeAttribute("aria-invalid");
  const error = document.getElementById(`${control.id}-error`);
  if (!error) return;
  error.remove();
  const others = described(control).filter((id) => id !== error.id);
  if (others.length) control.setAttribute("aria-describedby", others.join(" "));
  else control.removeAttribute("aria-describedby");
}

/** @param {HTMLElement} control @param {string} words */
export function setFieldError(control, words) {
  clearFieldError(control);
  const error = element("p", { class: "err" }, icon("alert"), element("span", { text: words }));
  error.id = `${control.id}-error`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", [...described(control), error.id].join(" "));
  const hint = control.parentElement.querySelector(".hint");
  (hint ?? control).after(error);
}

/**
 * Puts each error beside its field and the focus into the first.
 *
 * @param {HTMLFormElement} form
 * @param {{pointer: string, detail: string}[]} errors
 * @returns {string[]} what speaks of no field here
 */
export function placeErrors(form, errors) {
  const homeless = [];
  for (const { pointer, detail } of errors) {
    const control = form.querySelector(`[name="${CSS.escape(fieldNameOf(pointer))}"]`);
    if (control) setFieldError(control, detail);
    else homeless.push(detail);
  }
  form.querySelector("[aria-invalid]")?.focus();
  return homeless;
}

/**
 * What the page can see for itself: empty fields, by their `data-missing` words, addresses without an @, and texts that
 * are longer than their `data-longest`.
 *
 * @param {HTMLFormElement} form
 */
export function gapsIn(form) {
  const gaps = [];
  for (const control of form.querySelectorAll("[data-missing]")) {
    const value = control.value.trim();
    if (!value) gaps.push({ pointer: `/${control.name}`, detail: control.dataset.missing });
    else if (control.type === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) {
      gaps.push({
        pointer: `/${control.name}`,
        detail: "This is not a whole address. Enter one like name@company.com.",
      });
    } else if (Number(control.dataset.longest) < lengthOf(value)) {
      const over = lengthOf(value) - Number(control.dataset.longest);
      gaps.push({ pointer: `/${control.name}`, detail: `This is ${counted(over, "character")} too long. Shorten it.` });
    }
  }
  return gaps;
}

/** An error goes as soon as its field changes. @param {HTMLFormElement} form */
export function forgetErrorsOnInput(form) {
  form.addEventListener("input", (event) => {
    if (event.target.hasAttribute("aria-invalid")) clearFieldError(event.target);
  });
}

function described(control) {
  return (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}
