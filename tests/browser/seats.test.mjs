/** How the pages for members to be, and for forgotten passwords, behave. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import { ORIGIN, pageTests, problem, TRUST } from "./stand_in.mjs";

const { documents: _, nda_required: __, ...tenant } = TRUST;

const OFFER = {
  tenant,
  invited_by: "Alex Meyer",
  email: "grace@navy.example",
  role: "account_manager",
  has_password: false,
  expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
};

const SEAT = { tenant_id: "ten_1", tenant_name: "Acme", slug: "acme", member_id: "mem_1", role: "account_manager" };

const SIGNED_IN = {
  status: 201,
  body: { id: "ses_1", identity: { name: "Grace Hopper", email: OFFER.email }, seat: SEAT, seats: [SEAT] },
};

const PASSWORD = "four grey geese at noon";

const pageTest = pageTests();

const offered = (offer = OFFER) => ({ "POST /v1/invitations/cover": () => ({ status: 200, body: offer }) });

let accepts = 0;
pageTest(
  "somebody new names themselves, chooses a password and hears where they are",
  { ...offered(), "POST /v1/invitations/accept": () => (accepts++ === 0 ? "lost" : SIGNED_IN) },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/invitation#secret`);
    await page.getByRole("heading", { level: 1, name: "Join Acme" }).waitFor();
    assert.equal(page.url(), `${ORIGIN}/invitation`);
    await page.getByText("Alex Meyer invites you").waitFor();
    await page.getByText("as an account manager").waitFor();
    assert.equal(await page.getByLabel("You sign in with").inputValue(), OFFER.email);
    await checkPage(page, "invitation");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("Say what you are called.").waitFor();
    await page.getByText("Choose a password.").waitFor();
    assert.equal(callsOf("POST /v1/invitations/accept").length, 0, "looking accepts nothing");
    await page.getByLabel("Your name").fill(" Grace Hopper ");
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Show what I type" }).click();
    assert.equal(await page.getByLabel("New password").getAttribute("type"), "text");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("No answer came.").waitFor();
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "You are in" }).waitFor();
    const [first, second] = callsOf("POST /v1/invitations/accept");
    assert.deepEqual(second.body, { token: "secret", name: "Grace Hopper", password: PASSWORD });
    assert.equal(second.headers["idempotency-key"], first.headers["idempotency-key"]);
    for (const fact of ["Grace Hopper", "Acme", "Account manager"])
      await page.locator("dd", { hasText: fact }).waitFor();
    assert.equal(await page.getByRole("link", { name: "See what visitors see" }).getAttribute("href"), "/t/acme");
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await checkPage(page, "joined");
  },
);

let tries = 0;
pageTest(
  "whoever has a password is asked for it and for nothing else",
  {
    ...offered({ ...OFFER, has_password: true }),
    "GET /v1/trust/acme": () => problem(404, "not-found"),
    "POST /v1/invitations/accept": () => (tries++ === 0 ? problem(401, "wrong-sign-in") : SIGNED_IN),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/invitation#secret`);
    await page.getByLabel("Your password").fill("not this one at all");
    assert.equal(await page.getByLabel("Your name").count(), 0);
    assert.equal(await page.getByRole("link", { name: "I forgot my password" }).getAttribute("href"), "/password-reset");
    await checkPage(page, "invitation of somebody known");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("This is not the password of grace@navy.example.").waitFor();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "You are in" }).waitFor();
    assert.deepEqual(callsOf("POST /v1/invitations/accept").at(-1).body, { token: "secret", password: PASSWORD });
    await page.getByRole("link", { name: "See what visitors see" }).waitFor({ state: "detached" });
  },
);

const refusals = [problem(401, "second-factor-required"), problem(403, "code-wrong"), SIGNED_IN];
pageTest(
  "whoever has turned on a second factor is asked for it once the password was right",
  {
    ...offered({ ...OFFER, has_password: true }),
    "POST /v1/invitations/accept": () => refusals.shift(),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/invitation#secret`);
    await page.getByLabel("Your password").fill(PASSWORD);
    assert.equal(await page.getByLabel("Code", { exact: true }).isVisible(), false);
    await page.getByRole("button", { name: "Join" }).click();
    const code = page.getByLabel("Code", { exact: true });
    await code.waitFor();
    assert.equal(await code.evaluate((field) => field === document.activeElement), true);
    await checkPage(page, "invitation of somebody with a second factor");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("Enter the code of your authenticator app, or a recovery code.").waitFor();
    await code.fill("042 917");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("This code is not good now.").waitFor();
    await code.fill("abcd-efgh-ijkl-mnop-qrst-uvwx");
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: "You are in" }).waitFor();
    const [, first, second] = callsOf("POST /v1/invitations/accept");
    assert.deepEqual(first.body, { token: "secret", password: PASSWORD, totp: "042 917" });
    const recovery_code = "abcd-efgh-ijkl-mnop-qrst-uvwx";
    assert.deepEqual(second.body, { token: "secret", password: PASSWORD, recovery_code });
  },
);

pageTest(
  "an invitation that is over says so and keeps no token",
  { "POST /v1/invitations/cover": () => problem(403, "link-over") },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/invitation#old`);
    await page.getByRole("heading", { name: "This invitation is over" }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await checkPage(page, "invitation that is over");
    await page.reload();
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  },
);

let covers = 0;
pageTest(
  "an invitation that cannot be read is read again",
  { "POST /v1/invitations/cover": () => (covers++ === 0 ? problem(503, "unavailable") : { status: 200, body: OFFER }) },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/invitation#secret`);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Join Acme" }).waitFor();
  },
);

pageTest(
  "whoever invites has a name that is text",
  offered({ ...OFFER, invited_by: "<img src=x onerror=alert(1)>" }),
  async ({ page }) => {
    await page.goto(`${ORIGIN}/invitation#secret`);
    await page.getByText("<img src=x onerror=alert(1)> invites you").waitFor();
    assert.equal(await page.locator("img").count(), 0);
  },
);

pageTest(
  "a forgotten password is asked about by address, and the answer gives nobody away",
  { "POST /v1/password-resets": () => ({ status: 202 }) },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/password-reset`);
    await checkPage(page, "forgotten password");
    await page.getByRole("button", { name: "Mail me a link" }).click();
    await page.getByText("Enter your address.").waitFor();
    await page.getByLabel("Your e-mail").fill("grace");
    await page.getByRole("button", { name: "Mail me a link" }).click();
    await page.getByText("This is not a whole address.").waitFor();
    assert.equal(callsOf("POST /v1/password-resets").length, 0);
    await page.getByLabel("Your e-mail").fill(OFFER.email);
    await page.getByRole("button", { name: "Mail me a link" }).click();
    await page.getByRole("heading", { name: "Look in your mailbox" }).waitFor();
    await page.getByText("If somebody signs in with").waitFor();
    assert.deepEqual(callsOf("POST /v1/password-resets")[0].body, { email: OFFER.email });
    await checkPage(page, "mailed link");
    await page.getByRole("button", { name: "try another address" }).click();
    await page.getByLabel("Your e-mail").waitFor();
  },
);

let sets = 0;
pageTest(
  "a link sets the new password; a weak one is named",
  {
    "POST /v1/password-resets/complete": () =>
      sets++ === 0
        ? problem(400, "bad-input", { errors: [{ pointer: "/password", detail: "must have at least 15 characters" }] })
        : { status: 204 },
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/password-reset#secret`);
    await page.getByRole("heading", { level: 1, name: "Set a new password" }).waitFor();
    assert.equal(page.url(), `${ORIGIN}/password-reset`);
    await checkPage(page, "new password");
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("must have at least 15 characters").waitFor();
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("heading", { name: "Your password is set" }).waitFor();
    assert.deepEqual(callsOf("POST /v1/password-resets/complete").at(-1).body, { token: "secret", password: PASSWORD });
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    await checkPage(page, "password set");
  },
);

pageTest(
  "a link that is over leads to a new one",
  { "POST /v1/password-resets/complete": () => problem(403, "link-over") },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/password-reset#old`);
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("heading", { name: "This link is over" }).waitFor();
    await page.getByRole("button", { name: "Ask for a new link" }).click();
    await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  },
);
