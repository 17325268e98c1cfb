/**
 * One visitor's way through the public pages of a running Vestibule: asks on the trust page, comes in by the mailed
 * link, accepts the NDA if there is one, downloads; then comes in from a second browser by code alone.
 *
 * BASE_URL is a laptop cloud with the demo tenant, DEMO_PASSWORD its administrator's password.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkPage, complaintsOf, launch } from "./browser.mjs";

const BASE_URL = process.env.BASE_URL;
const DEMO_PASSWORD = process.env.DEMO_PASSWORD;
const SLUG = process.env.DEMO_SLUG ?? "acme";
const ADMINISTRATOR = "admin@acme.example";

/** How long a mail may take through the laptop's queue. */
const MAIL_WAIT_MILLISECONDS = 30_000;

/** One address gets a code a minute at most. */
const CODE_PAUSE_MILLISECONDS = 61_000;

// A new address each run, so that earlier requests and code budgets do not matter.
const visitor = `t.wrona+${Date.now().toString(36)}@initech.example`;

const skip = BASE_URL && DEMO_PASSWORD ? false : "needs BASE_URL and DEMO_PASSWORD";

let codeAskedAt = 0;

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

test(
  "a visitor asks, is approved, comes in by link, downloads, and comes in elsewhere by code",
  { skip, timeout: 300_000 },
  async (t) => {
    const first = await newVisitorPage();
    let wanted;

    await t.test("the trust page takes a request for two documents", async () => {
      const { page } = first;
      await page.goto(`${BASE_URL}/t/${SLUG}`);
      await page.locator(".tdoc .tick").nth(1).waitFor();
      await checkPage(page, "trust page");
      for (const at of [0, 1]) await page.locator(".tdoc .tick").nth(at).check();
      wanted = await page.locator(".picked-l .clip").allTextContents();
      assert.equal(wanted.length, 2);
      await page.getByLabel("Work e-mail").fill(visitor);
      await page.getByLabel("First name").fill("Tomasz");
      await page.getByLabel("Last name").fill("Wrona");
      await page.getByLabel("Company").fill("Initech");
      await page.getByLabel("Job title").fill("Risk manager");
      await page.getByLabel("What is it for?").fill("Yearly vendor review.");
      await checkPage(page, "trust page with a filled form");
      await page.getByRole("button", { name: "Send request" }).click();
      await page.getByRole("heading", { level: 1, name: /Your request is with/ }).waitFor();
      await checkPage(page, "confirmation");
    });

    await t.test("staff approve it", approveRequests);

    await t.test("the mailed link opens the portal, and only on a press", async () => {
      const { page } = first;
      const link = await mailedLink();
      await page.goto(link);
      await page.getByRole("button", { name: "Open my documents" }).waitFor();
      assert.equal(new URL(page.url()).hash, "", "the token is gone from the address bar");
      await checkPage(page, "cover");
      await page.getByRole("button", { name: "Open my documents" }).click();
      await page.getByRole("heading", { level: 1, name: "Your documents" }).and(page.locator(".portal h1")).waitFor();
      await checkPage(page, "documents");
      for (const title of wanted) await page.locator(".tdoc", { hasText: title }).waitFor();
    });

    await t.test("the NDA, if asked for, is read and accepted", async () => {
      const { page } = first;
      if (!(await page.locator('[data-slot="nda-read"]').isVisible())) return;
      await page.locator('[data-slot="nda-read"]').click();
      await page.locator(".nda").waitFor();
      await checkPage(page, "NDA");
      await page.getByRole("button", { name: "Accept NDA" }).click();
      await proveAddressIfAsked(page);
      await page.locator('[data-slot="nda-again"]').waitFor();
      assert.equal(await page.locator('[data-slot="nda-read"]').count(), 0);
    });

    await t.test("a file downloads", async () => {
      const { page } = first;
      const asked = page.waitForResponse(
        (answer) => answer.url().endsWith("/download") && answer.request().method() === "POST",
      );
      await page
        .getByRole("button", { name: /^Download/ })
        .first()
        .click();
      const grant = await asked;
      assert.equal(grant.status(), 200);
      const { url } = await grant.json();
      const file = await fetch(new URL(url, BASE_URL));
      assert.equal(file.status, 200);
      const bytes = Buffer.from(await file.arrayBuffer());
      assert.equal(bytes.subarray(0, 4).toString("latin1"), "%PDF");
    });

    await t.test("a second browser comes in by code alone", async () => {
      const { page, complaints } = await newVisitorPage();
      await page.goto(`${BASE_URL}/t/${SLUG}`);
      await page.getByRole("link", { name: "I already have access" }).click();
      await page.getByLabel("Work e-mail").fill(visitor);
      await checkPage(page, "address form");
      await askForCode(page);
      await checkPage(page, "code form");
      await page.locator(".code").pressSequentially(await mailedCode());
      await page.locator(".portal").waitFor();
      for (const title of wanted) await page.locator(".tdoc", { hasText: title }).waitFor();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { level: 1, name: "You are signed out" }).waitFor();
      await checkPage(page, "signed out");
      await page.reload();
      await page.getByLabel("Work e-mail").waitFor();
      assert.deepEqual(complaints, []);
    });

    assert.deepEqual(first.complaints, []);
  },
);

async function newVisitorPage() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { page, complaints: complaintsOf(page) };
}

/** Approves the visitor's request, as the administrator. */
async function approveRequests() {
  const origin = new URL(BASE_URL).origin;
  const headers = { "Content-Type": "application/json", "X-Vestibule": "1", Origin: origin };
  const signedIn = await fetch(`${BASE_URL}/v1/sessions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ email: ADMINISTRATOR, password: DEMO_PASSWORD }),
  });
  assert.ok(signedIn.ok, `signing in answered ${signedIn.status}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const list = await fetch(`${BASE_URL}/v1/requests?status=to_review`, { headers: { ...headers, cookie } });
  assert.equal(list.status, 200);
  const { items } = await list.json();
  assert.notEqual(items.length, 0, "the request waits for review");
  // The list may name the asker or not; if it does, other people's requests are left alone.
  const mine = items.filter((item) => JSON.stringify(item).includes(visitor));
  for (const { id } of mine.length ? mine : items) {
    const approved = await fetch(`${BASE_URL}/v1/requests/${id}/approve`, {
      method: "POST",
      headers: { ...headers, cookie, "Idempotency-Key": crypto.randomUUID() },
      body: "{}",
    });
    assert.ok(approved.ok, `approving answered ${approved.status}`);
  }
}

/** A browser let in by a link alone may have to show by code that the address is the reader's. */
async function proveAddressIfAsked(page) {
  const asked = page.getByRole("button", { name: "Send me a code" });
  const accepted = page.locator('[data-slot="nda-again"]');
  await asked.or(accepted).first().waitFor();
  if (!(await asked.isVisible())) return;
  await askForCode(page);
  await page.locator(".code").pressSequentially(await mailedCode());
  await page.getByRole("button", { name: "Accept NDA" }).click();
}

async function askForCode(page) {
  const pause = codeAskedAt + CODE_PAUSE_MILLISECONDS - Date.now();
  if (0 < pause) await new Promise((resolve) => setTimeout(resolve, pause));
  codeAskedAt = Date.now();
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.locator(".code").waitFor();
}

async function mailedLink() {
  const pattern = new RegExp(`https?://[^\\s"<>]+/p/${SLUG}#[A-Za-z0-9_.~-]+`);
  const link = await findInMails(0, ({ text }) => pattern.exec(text)?.[0]);
  // The mail names the public origin; the journey may reach the same cloud by another.
  const { pathname, hash } = new URL(link);
  return `${BASE_URL}${pathname}${hash}`;
}

function mailedCode() {
  const pattern = /(?<!\d)(\d{3})[\s-]?(\d{3})(?!\d)/;
  // A mail with a code has no link; a token in one might hold six digits too.
  return findInMails(codeAskedAt, ({ subject, text }) =>
    text.includes("/p/") ? undefined : pattern.exec(`${subject}\n${text}`)?.slice(1).join(""),
  );
}

/** The newest thing `pick` finds in a mail to the visitor sent at or after `since`, waiting for it. */
async function findInMails(since, pick) {
  const giveUpAt = Date.now() + MAIL_WAIT_MILLISECONDS;
  while (Date.now() < giveUpAt) {
    const { items } = await (await fetch(`${BASE_URL}/_local/mail`)).json();
    const mine = items.filter(
      ({ to, sent_at: sentAt }) => addressesIn(to).includes(visitor) && since - 1000 <= Date.parse(sentAt),
    );
    mine.sort((a, b) => Date.parse(b.sent_at) - Date.parse(a.sent_at));
    for (const mail of mine) {
      const found = pick(mail);
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`no such mail to ${visitor} within ${MAIL_WAIT_MILLISECONDS / 1000} s`);
}

/** `to` may be one address or several. */
function addressesIn(to) {
  return [to].flat().map((each) =>
    String(each)
      .replace(/^.*<|>.*$/g, "")
      .toLowerCase(),
  );
}
