/** A running laptop cloud with the demo tenant, seen by its administrator and by whoever gets mails. */

import assert from "node:assert/strict";

export const BASE_URL = process.env.BASE_URL;
const DEMO_PASSWORD = process.env.DEMO_PASSWORD;
const ADMINISTRATOR = "admin@acme.example";

/** Why tests that need it are skipped, or false. */
export const skip = BASE_URL && DEMO_PASSWORD ? false : "needs BASE_URL and DEMO_PASSWORD";

/** How long a mail may take through the laptop's queue. */
const MAIL_WAIT_MILLISECONDS = 30_000;
const MAIL_LOOK_MILLISECONDS = 300;

/** The administrator's session, as what calls the API with it. */
export async function administrator() {
  const { answer } = await call("POST", "/sessions", { email: ADMINISTRATOR, password: DEMO_PASSWORD });
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  return {
    cookie,
    get: async (path) => (await call("GET", path, undefined, { cookie })).body,
    post: async (path, body = {}) =>
      (await call("POST", path, body, { cookie, "Idempotency-Key": crypto.randomUUID() })).body,
  };
}

async function call(method, path, body, more = {}) {
  const answer = await fetch(`${BASE_URL}/v1${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-Vestibule": "1", Origin: new URL(BASE_URL).origin, ...more },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
  return { answer, body: text ? JSON.parse(text) : null };
}

/** Every mail to `email` so far. @param {string} email */
export async function mailsTo(email) {
  const { items } = await (await fetch(`${BASE_URL}/_local/mail`)).json();
  return items.filter(({ to }) => [to].flat().join(" ").toLowerCase().includes(email.toLowerCase()));
}

/** The six digits of the first mail to `email` after its first `seen` ones. @param {string} email @param {number} seen */
export async function mailedCode(email, seen) {
  const giveUpAt = Date.now() + MAIL_WAIT_MILLISECONDS;
  while (Date.now() < giveUpAt) {
    const mails = (await mailsTo(email)).sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at)).slice(seen);
    for (const { subject, text } of mails) {
      // A mail with a code has no link; a secret in one might hold six digits too.
      const found = text.includes("/g/") ? null : /(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)/.exec(`${subject}\n${text}`);
      if (found) return found[1] + found[2];
    }
    await new Promise((resolve) => setTimeout(resolve, MAIL_LOOK_MILLISECONDS));
  }
  throw new Error(`no code for ${email} within ${MAIL_WAIT_MILLISECONDS / 1000} s`);
}
