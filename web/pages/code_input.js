/**
 * The six-digit code: one input drawn as six cells. It takes typing, autofill and a paste anywhere on the page, sends
 * itself when full, once for the same digits, and keeps them when they are wrong.
 */

export const CODE_DIGITS = 6;

/** The digits of a text, whatever stands between them. @param {string} text */
export function digitsOf(text) {
  return text.normalize("NFKC").replace(/\D/g, "").slice(0, CODE_DIGITS);
}

/** The code in a pasted text: exactly six digits with spaces or dashes between them, else nothing. @param {string} text */
export function codeIn(text) {
  const found = /(?<!\d)(?:\d[\s\u00a0\u2010-\u2015-]*){5}\d(?!\d)/.exec(text.normalize("NFKC"));
  return found ? digitsOf(found[0]) : "";
}

/**
 * @param {HTMLInputElement} input
 * @param {(code: string) => void} onFull
 */
export function codeCells(input, onFull) {
  let sent = "";
  const settle = () => {
    const digits = digitsOf(input.value);
    if (input.value !== digits) input.value = digits;
    if (digits.length < CODE_DIGITS) sent = "";
    else if (digits !== sent) {
      sent = digits;
      onFull(digits);
    }
  };
  const paste = (event) => {
    if (!input.isConnected) {
      document.removeEventListener("paste", paste);
      return;
    }
    const text = event.clipboardData?.getData("text") ?? "";
    const code = codeIn(text);
    if (!code) return;
    event.preventDefault();
    input.value = code;
    input.focus();
    settle();
  };
  input.addEventListener("input", settle);
  document.addEventListener("paste", paste);
}
