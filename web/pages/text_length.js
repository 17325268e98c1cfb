/** How long a text is as the server counts it, and a counter beside its field. */

/** Characters of what is left once spaces around it are gone. @param {string} text */
export function lengthOf(text) {
  return [...text.trim().normalize("NFC")].length;
}

/**
 * Keeps "120 of 2,000" true while the field is typed into; the most stands in the field's `data-longest`.
 *
 * @param {HTMLTextAreaElement} field @param {HTMLElement} place
 */
export function keepLength(field, place) {
  const longest = Number(field.dataset.longest);
  const numbers = new Intl.NumberFormat();
  const update = () => {
    const length = lengthOf(field.value);
    place.textContent = `${numbers.format(length)} of ${numbers.format(longest)}`;
    place.classList.toggle("over", longest < length);
  };
  field.addEventListener("input", update);
  update();
}
