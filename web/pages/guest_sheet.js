/** Messages where there is no room beside the document: laid over it, so that reading goes on where it was. */

import { slot } from "./dom.js";

/** Where only the pages have room. */
const STACKED = matchMedia("(max-width: 960px)");

/** Whether the reader's part stands above the pages and not beside them. */
export function isStacked() {
  return STACKED.matches;
}

/**
 * @param {HTMLElement} page with the messages, and the sheet that they are shown in
 * @returns {() => void} opens the sheet
 */
export function messagesSheet(page) {
  const sheet = slot(page, "sheet");
  const messages = slot(page, "messages");
  const behind = messages.nextElementSibling;
  let opener = null;
  slot(sheet, "close").addEventListener("click", () => sheet.close());
  sheet.addEventListener("close", () => {
    behind.before(messages);
    // The bar may have been drawn anew since.
    if (!opener?.isConnected) slot(page, "write")?.focus();
  });
  STACKED.addEventListener("change", () => sheet.close());
  return () => {
    opener = document.activeElement;
    sheet.append(messages);
    sheet.showModal();
    sheet.scrollTop = sheet.scrollHeight;
    // A keyboard on the screen would hide what was said already.
    if (messages.querySelector("li") === null) messages.querySelector("textarea")?.focus();
  };
}
