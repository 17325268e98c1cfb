/** The view that takes a mailed code. */

import { post } from "./api.js";
import { runCodeForm } from "./code_form.js";
import { element, slot } from "./dom.js";
import { inDoorway } from "./frames.js";

/**
 * @param {{request: {token: string} | {slug: string, email: string}, sent: {resend_after_seconds: number, expires_at: string},
 *   onBack: () => void, onIn: (answer: any) => Promise<void>}} options `request` is repeated for a new code
 */
export function showCode({ request, sent, onBack, onIn }) {
  const sentTo = request.email
    ? ["Six digits, sent to ", element("b", { text: request.email }), " if documents are shared with it."]
    : [document.createTextNode("Six digits, sent to the address your link was mailed to.")];
  const view = inDoorway(
    "code",
    { "sent-to": sentTo, "back-words": request.email ? "Other address" : "Back" },
    "Enter the code",
  );
  slot(view, "back").addEventListener("click", onBack);
  runCodeForm(view, {
    sent,
    check: (code) => post("/v1/portal/verify", { code }),
    sendAgain: () => post("/v1/portal/code", request),
    onIn,
  });
}
