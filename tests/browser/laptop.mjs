/** A running laptop cloud with the demo tenant, seen by its administrator and by whoever gets mails. */

import assert from "node:assert/strict";

export const BASE_URL = process.env.BASE_URL;
const DEMO_PASSWORD = process.env.DEMO_PASSWORD;
export const ADMINISTRATOR = "admin@acme.example";

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
  const change = async (method, path, body, more = {}) =>
    (await call(method, path, body, { cookie, "Idempotency-Key": crypto.randomUUID(), ...more })).body;
  return {
    cookie,
    get: async (path) => (await call("GET", path, undefined, { cookie })).body,
    post: (path, body = {}) => change("POST", path, body),
    /** Puts `body` in place of what has had `version` changes so far. */
    put: (path, body, version) => change("PUT", path, body, { "If-Match": `"${version}"` }),
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

/** Every mail to `email` so far, oldest first. @param {string} email */
export async function mailsTo(email) {
  const { items } = await (await fetch(`${BASE_URL}/_local/mail`)).json();
  return items
    .filter(({ to }) => [to].flat().join(" ").toLowerCase().includes(email.toLowerCase()))
    .sort((a, b) => Date.parse(a.sent_at) - Date.parse(b.sent_at));
}

/**
 * The first mail to `email` after its first `seen` ones that `isIt`, once it is there.
 *
 * @param {string} email @param {(mail: any) => boolean} isIt @param {number} seen
 */
export async function mailTo(email, isIt, seen = 0) {
  const giveUpAt = Date.now() + MAIL_WAIT_MILLISECONDS;
  let mails = [];
  while (Date.now() < giveUpAt) {
    mails = (await mailsTo(email)).slice(seen);
    const found = mails.find(isIt);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, MAIL_LOOK_MILLISECONDS));
  }
  const others = mails.map(({ subject }) => subject).join("; ");
  throw new Error(`no such mail to ${email} within ${MAIL_WAIT_MILLISECONDS / 1000} s, only: ${others}`);
}

/** The six digits that a mail brings. @param {{subject: string, text: string}} mail @returns {string | null} */
export function codeIn({ subject, text }) {
  // A mail with a code has no link; a secret in one might hold six digits too.
  const found = text.includes("/g/") ? null : /(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)/.exec(`${subject}\n${text}`);
  return found && found[1] + found[2];
}

/** The first code that is mailed to `email` after its first `seen` mails. @param {string} email @param {number} seen */
export async function mailedCode(email, seen) {
  return codeIn(await mailTo(email, (mail) => codeIn(mail) !== null, seen));
}
