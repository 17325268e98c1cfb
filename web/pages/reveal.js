/** Passwords that their writer may look at while typing. */

/**
 * Lets each `[data-reveal]` button show and hide the field whose id it names.
 *
 * @param {ParentNode} root
 */
export function revealOnPress(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) {
    const field = root.querySelector(`#${button.dataset.reveal}`);
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
}
