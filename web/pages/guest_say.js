/** Writing to the company. What is typed stays until it has arrived, whatever happens in between. */

import { Problem } from "./api.js";
import { announce, slot } from "./dom.js";
import { onSend } from "./form.js";
import { tabStore } from "./storage.js";
import { keepLength } from "./text_length.js";

/** What is typed, and what of it was sent without an answer so far. */
const placeOfDraft = ({ id }) => `vestibule.draft:${id}`;
const placeOfSent = ({ id }) => `vestibule.sent:${id}`;

/**
 * Runs the form that sends a message.
 *
 * @param {import("./guest_part.js").Part} part
 * @param {{onSent: (entry: any) => void, onCodeRequired: (button: HTMLButtonElement) => void}} then
 */
export function runSay(part, { onSent, onCodeRequired }) {
  const { messages, link, moves } = part;
  const form = slot(messages, "say");
  const field = form.elements.namedItem("text");
  keepLength(field, slot(form, "length"));
  field.addEventListener("input", () => tabStore.set(placeOfDraft(link), field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  write(field, tabStore.get(placeOfDraft(link)) ?? "");
  onSend(
    form,
    slot(form, "say-problem"),
    "Sending…",
    async () => {
      const text = field.value.trim();
      tabStore.set(placeOfSent(link), text);
      const entry = await link.api.post("/messages", { text });
      forgetDraft(part);
      announce(`Sent to ${link.view.tenant.name}.`);
      onSent(entry);
    },
    (error) => {
      if (!(error instanceof Problem)) return false;
      if (error.kind !== "code-required") return moves.refused(error);
      onCodeRequired(form.querySelector("[type=submit]"));
      return true;
    },
  );
}

/**
 * Drops a draft that did arrive: its answer got lost, and the page was loaded anew.
 *
 * @param {import("./guest_part.js").Part} part
 */
export function dropSentDraft(part) {
  const [draft, sent] = [placeOfDraft, placeOfSent].map((placeOf) => tabStore.get(placeOf(part.link))?.trim());
  const isThere = (entry) => entry.is_own && entry.text === sent.normalize("NFC");
  if (sent && draft === sent && part.entries.some(isThere)) forgetDraft(part);
}

function forgetDraft({ messages, link }) {
  const field = slot(messages, "say")?.elements.namedItem("text");
  if (field) write(field, "");
  for (const placeOf of [placeOfDraft, placeOfSent]) tabStore.remove(placeOf(link));
}

function write(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
