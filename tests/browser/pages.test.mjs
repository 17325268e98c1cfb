/** How the public pages behave when answers are lost, wrong, hostile or late. */

import assert from "node:assert/strict";

import { checkPage, focusComesTo } from "./browser.mjs";
import { ENTERED, ORIGIN, pageTests, portalOf, problem, REQUEST, TRUST } from "./stand_in.mjs";

const CODE_SENT = {
  status: 202,
  body: { resend_after_seconds: 1, expires_at: new Date(Date.now() + 600_000).toISOString() },
};

const pageTest = pageTests();

async function fillRequest(page) {
  await page.getByLabel("Audit report").check();
  for (const [label, text] of Object.entries({
    "Work e-mail": "t.wrona@initech.example",
    "First name": "Tomasz",
    "Last name": "Wrona",
    Company: "Initech",
    "Job title": "Buyer",
    "What is it for?": "Review.",
  })) {
    await page.getByLabel(label).fill(text);
  }
}

const hostile = {
  ...TRUST,
  name: "<img src=x onerror=alert(1)>",
  accent: "red;}body{display:none",
  contact_email: "a@b.example?bcc=c@d.example",
};

pageTest(
  "names are text and an odd colour is left out",
  { "GET /v1/trust/acme": () => ({ status: 200, body: hostile }) },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/t/acme`);
    await page.getByRole("heading", { level: 1, name: hostile.name }).waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.style.cssText), "");
    const mail = await page.locator("footer a").getAttribute("href");
    assert.equal(mail, "mailto:a@b.example%3Fbcc%3Dc%40d.example");
  },
);

pageTest(
  "the server's errors stand beside their fields, the first one focused",
  {
    "POST /v1/trust/acme/requests": () =>
      problem(400, "validation", {
        errors: [
          { pointer: "/email", detail: "No such domain." },
          { pointer: "/document_ids/0", detail: "Not offered any more." },
        ],
      }),
  },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/t/acme`);
    await fillRequest(page);
    await page.getByRole("button", { name: "Send request" }).click();
    const field = page.getByLabel("Work e-mail");
    await page.getByText("No such domain.").waitFor();
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(
      await page.locator(`#${await field.getAttribute("aria-describedby")}`).textContent(),
      "No such domain.",
    );
    assert.ok(await field.evaluate((each) => each === document.activeElement));
    await page.getByText("Not offered any more.").waitFor();
    await checkPage(page, "trust page with errors");
    await field.fill("t.wrona@initech.example");
    assert.equal(await page.getByText("No such domain.").count(), 0);
  },
);

let lostOnce = false;
pageTest(
  "an act whose answer was lost is repeated under the same key",
  {
    "POST /v1/trust/acme/requests": () => {
      if (lostOnce) return { status: 202 };
      lostOnce = true;
      return "lost";
    },
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/t/acme`);
    await fillRequest(page);
    await page.getByRole("button", { name: "Send request" }).click();
    await page.getByText("No answer came.").waitFor();
    await page.getByRole("button", { name: "Send request" }).click();
    await page.getByRole("heading", { name: "Your request is with Acme" }).waitFor();
    const calls = callsOf("POST /v1/trust/acme/requests");
    assert.equal(calls.length, 2);
    assert.equal(calls[0].headers["idempotency-key"], calls[1].headers["idempotency-key"]);
    assert.match(
      calls[0].headers["idempotency-key"],
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(calls[0].headers["x-vestibule"], "1");
  },
);

pageTest(
  "a flood is told how long to wait and keeps what was typed",
  {
    "POST /v1/trust/acme/requests": () => ({ ...problem(429, "too-many-requests"), headers: { "Retry-After": "130" } }),
  },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/t/acme`);
    await fillRequest(page);
    await page.getByRole("button", { name: "Send request" }).click();
    await page.getByText("Try again in 3 minutes.").waitFor();
    assert.equal(await page.getByLabel("What is it for?").inputValue(), "Review.");
  },
);

pageTest("offline bars what needs the server, and says so", {}, async ({ page, context, callsOf }) => {
  await page.goto(`${ORIGIN}/t/acme`);
  await fillRequest(page);
  await context.setOffline(true);
  await page.locator("#offline").waitFor();
  await page.getByRole("button", { name: "Send request" }).click({ force: true });
  assert.equal(callsOf("POST /v1/trust/acme/requests").length, 0);
  await context.setOffline(false);
  await page.locator("#offline").waitFor({ state: "hidden" });
  assert.equal(await page.getByRole("button", { name: "Send request" }).getAttribute("aria-disabled"), null);
});

let opened = 0;
pageTest(
  "a magic link claims nothing until pressed, and a lost claim is repeated by the same device",
  {
    "POST /v1/portal/open": () => (opened++ === 0 ? "lost" : ENTERED),
    "GET /v1/portal": () => (opened < 2 ? problem(401, "sign-in") : { status: 200, body: portalOf(null) }),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/p/acme#secret`);
    await page.getByRole("button", { name: "Open my documents" }).waitFor();
    assert.equal(page.url(), `${ORIGIN}/p/acme`);
    await page.reload();
    await page.getByRole("button", { name: "Open my documents" }).waitFor();
    assert.equal(callsOf("POST /v1/portal/open").length, 0);
    await page.getByRole("button", { name: "Open my documents" }).click();
    await page.getByText("No answer came.").waitFor();
    const [first] = callsOf("POST /v1/portal/open");
    assert.equal(
      await page.evaluate(() => JSON.parse(localStorage.getItem("vestibule.nonce:acme")).nonce),
      first.body.device_nonce,
    );
    await page.reload();
    await page.getByRole("button", { name: "Open my documents" }).click();
    await page.locator(".portal").waitFor();
    const [, second] = callsOf("POST /v1/portal/open");
    assert.equal(second.body.token, "secret");
    assert.equal(second.body.device_nonce, first.body.device_nonce);
    assert.equal(
      await page.evaluate(() => sessionStorage.length + Number(localStorage.getItem("vestibule.nonce:acme") !== null)),
      0,
    );
    assert.equal(callsOf("GET /v1/portal").at(-1).headers["x-vestibule-tenant"], "ten_1");
  },
);

pageTest(
  "a link that ran out offers a new one",
  {
    "POST /v1/portal/open": () => problem(403, "link-over"),
    "POST /v1/portal/renew": () => ({ status: 202, body: {} }),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/p/acme#old`);
    await page.getByRole("button", { name: "Open my documents" }).click();
    await page.getByRole("button", { name: "Mail me a new link" }).click();
    await page.getByRole("heading", { name: "Look in your mailbox" }).waitFor();
    assert.deepEqual(callsOf("POST /v1/portal/renew")[0].body, { token: "old" });
    // The newer link, pasted into the same tab, changes only the fragment: the page must notice by itself.
    await page.goto(`${ORIGIN}/p/acme#new`);
    await page.getByRole("button", { name: "Open my documents" }).click();
    await page.getByRole("button", { name: "Mail me a new link" }).waitFor();
    assert.equal(callsOf("POST /v1/portal/open").at(-1).body.token, "new");
  },
);

pageTest(
  "a link opened elsewhere leads to a code, which a paste sends once and a miss keeps",
  {
    "POST /v1/portal/open": () => problem(409, "code-required"),
    "POST /v1/portal/code": () => CODE_SENT,
    "POST /v1/portal/verify": () => problem(403, "code-wrong"),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/p/acme#shared`);
    await page.getByRole("button", { name: "Open my documents" }).click();
    await page.getByRole("button", { name: "Send me a code" }).click();
    await page.locator(".code").waitFor();
    assert.deepEqual(callsOf("POST /v1/portal/code")[0].body, { token: "shared" });
    await page.locator("h1").focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", "Your code: 481-923");
      document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    });
    await page.getByText("That code does not work.").waitFor();
    assert.equal(await page.locator(".code").inputValue(), "481923");
    assert.deepEqual(
      callsOf("POST /v1/portal/verify").map(({ body }) => body),
      [{ code: "481923" }],
    );
    await page.keyboard.press("End");
    await page.keyboard.type("7");
    assert.equal(callsOf("POST /v1/portal/verify").length, 1, "the same digits are not sent again by themselves");
    await checkPage(page, "code form");
    await page.getByRole("button", { name: "send a new code", exact: true }).click();
    await page.waitForFunction(() => document.querySelector(".code").value === "");
    assert.equal(callsOf("POST /v1/portal/code").length, 2);
  },
);

let accepted = null;
let proved = false;
pageTest(
  "the NDA is left by Back, asks for a code where needed, and opens its documents",
  {
    "GET /v1/portal": () => ({ status: 200, body: portalOf(accepted) }),
    "POST /v1/portal/code": () => CODE_SENT,
    "POST /v1/portal/verify": () => {
      proved = true;
      return ENTERED;
    },
    "POST /v1/portal/nda/accept": () => {
      if (!proved) return problem(409, "code-required");
      accepted = new Date().toISOString();
      return { status: 204 };
    },
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/p/acme`);
    await page.locator('[data-slot="nda-read"]').click();
    await page.getByRole("heading", { level: 1, name: "Our NDA" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Your documents" }).waitFor();
    await page.locator('[data-slot="nda-read"]').click();
    await page.getByRole("button", { name: "Accept NDA" }).click();
    await page.getByRole("button", { name: "Send me a code" }).click();
    await page.locator(".code").pressSequentially("481923");
    await page.getByRole("heading", { level: 1, name: "Our NDA" }).waitFor();
    await checkPage(page, "NDA");
    await page.getByRole("button", { name: "Accept NDA" }).click();
    await page.getByRole("button", { name: "Download Audit report" }).waitFor();
    assert.deepEqual(callsOf("POST /v1/portal/nda/accept").at(-1).body, { version: 3 });
    assert.equal(new URL(page.url()).search, "");
  },
);

let answered = false;
const requests = () => ({
  status: 200,
  body: { items: [answered ? { ...REQUEST, status: "in_review", question: null } : REQUEST] },
});
pageTest(
  "a question is answered in place, and withdrawing asks first",
  {
    "GET /v1/portal": () => ({ status: 200, body: portalOf(null) }),
    "GET /v1/portal/requests": requests,
    "POST /v1/portal/requests/req_1/answer": () => {
      answered = true;
      return { status: 202, body: {} };
    },
    "POST /v1/portal/requests/req_1/withdraw": () => ({ status: 204 }),
  },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/p/acme`);
    await page.getByLabel("Your answer").fill("Zürich.");
    await page.getByRole("button", { name: "Send answer" }).click();
    await page.getByText("In review").waitFor();
    assert.deepEqual(callsOf("POST /v1/portal/requests/req_1/answer")[0].body, { answer: "Zürich." });
    await page.getByRole("button", { name: "Withdraw request…" }).click();
    await checkPage(page, "withdraw dialog");
    await focusComesTo(page, "Keep request");
    await page.keyboard.press("Escape");
    assert.equal(callsOf("POST /v1/portal/requests/req_1/withdraw").length, 0);
    await page.getByRole("button", { name: "Withdraw request…" }).click();
    await page.getByRole("button", { name: "Withdraw request", exact: true }).click();
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.equal(callsOf("POST /v1/portal/requests/req_1/withdraw").length, 1);
  },
);

pageTest(
  "a browser that is out meanwhile is asked to come in again",
  {
    "GET /v1/portal": () => ({ status: 200, body: portalOf("2026-11-20T08:00:00Z") }),
    "POST /v1/portal/files/fil_2/download": () => problem(401, "sign-in"),
  },
  async ({ page }) => {
    await page.goto(`${ORIGIN}/p/acme`);
    await page.getByRole("button", { name: "Download Audit report" }).click();
    await page.getByText("This browser is not signed in any more.").waitFor();
    assert.equal(await page.getByLabel("Work e-mail").inputValue(), "t.wrona@initech.example");
  },
);

pageTest(
  "the answer page says when its question is closed, and keeps no token",
  { "POST /v1/trust/acme/requests/answer": () => problem(403, "link-over") },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/t/acme/answer#secret`);
    await checkPage(page, "answer page");
    await page.getByLabel("Your answer").fill("Zürich.");
    await page.getByRole("button", { name: "Send answer" }).click();
    await page.getByRole("heading", { name: "This question is closed" }).waitFor();
    assert.deepEqual(callsOf("POST /v1/trust/acme/requests/answer")[0].body, { token: "secret", answer: "Zürich." });
    assert.equal(page.url(), `${ORIGIN}/t/acme/answer`);
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  },
);
