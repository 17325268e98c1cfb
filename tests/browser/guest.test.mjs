/** The way through a guest link: nothing opens before a press, and every way ends somewhere said. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import {
  ALL_PAGES,
  ANYBODY,
  BEARER,
  CODE,
  CONFIRM,
  COVER,
  DETAILS,
  DOWNLOAD,
  first,
  ID,
  inTurn,
  is,
  LINK,
  OPEN,
  PAGE,
  press,
  READ,
  SECRET,
  SENT,
  TRUSTED,
  VERIFIED,
  VERIFY,
} from "./guest_facts.mjs";
import { ORIGIN, pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

pageTest(
  "looking at a link opens nothing, a press does, once, and a reload goes straight to reading",
  { [COVER]: is(ANYBODY), [OPEN]: inTurn(() => "lost", is(TRUSTED)), [READ]: is(TRUSTED), ...ALL_PAGES },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "Partner terms <b>2026</b>" }).waitFor();
    await page.getByText("Ines Carvalho at Acme shares").waitFor();
    await page.getByText("Read and sign", { exact: true }).waitFor();
    assert.match(await page.locator("dd time").first().textContent(), /31.*(11:59|23:59)/, "the day as it was meant");
    assert.deepEqual(callsOf(COVER)[0].body, { secret: SECRET });
    assert.equal(callsOf(OPEN).length + callsOf(READ).length, 0, "looking opens nothing");
    await checkPage(page, "cover");
    await press(page, "Open the document");
    await page.getByText("No answer came.").waitFor();
    assert.equal(page.url(), LINK, "whoever goes on elsewhere takes the secret along");
    await press(page, "Open the document");
    await first(page);
    const [lost, second] = callsOf(OPEN);
    assert.match(lost.body.device_nonce, /^[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(second.body, lost.body, "the same number claims the same device");
    assert.equal(second.headers["x-vestibule-place"], "a-place");
    assert.equal(page.url(), PAGE, "the secret is gone from the address bar");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
    await checkPage(page, "reading");
    await page.reload();
    await first(page);
    assert.deepEqual([callsOf(COVER).length, callsOf(READ).length], [1, 1]);
    assert.equal(callsOf(READ)[0].headers["x-vestibule-place"], "a-place");
  },
);

pageTest(
  "in any other browser a code is mailed; it is pasted anywhere, sent once, and stays when it is wrong",
  {
    [COVER]: is({ ...ANYBODY, opens: "code" }),
    [READ]: () => problem(409, "code-required"),
    [CODE]: SENT,
    [VERIFY]: inTurn(() => problem(403, "code-wrong"), is(VERIFIED)),
    ...ALL_PAGES,
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    assert.equal(await page.getByRole("button", { name: "Open the document" }).count(), 0);
    await checkPage(page, "cover that asks for a code");
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
    assert.deepEqual(callsOf(CODE)[0].body, { secret: SECRET });
    await checkPage(page, "code");
    await page.reload();
    await press(page, "I have a code");
    await page.getByText(/send a new code in 0:/).waitFor();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", "Your code: 481-924");
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    });
    await page.getByText("That code does not work.").waitFor();
    assert.equal(await page.locator(".code").inputValue(), "481924");
    assert.deepEqual(
      callsOf(VERIFY).map(({ body }) => body),
      [{ code: "481924" }],
    );
    await checkPage(page, "wrong code");
    await page.locator(".code").press("End");
    await page.locator(".code").press("Backspace");
    await page.locator(".code").press("3");
    await first(page);
    assert.equal(callsOf(VERIFY).length, 2);
  },
);

pageTest(
  "a press that comes second asks for a code on the spot",
  { [COVER]: is(ANYBODY), [OPEN]: () => problem(409, "code-required"), [CODE]: SENT },
  async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("by a program that checks your mail").waitFor();
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
  },
);

pageTest(
  "whoever only holds the link reads, and says who they are before anything else",
  {
    [COVER]: is({ ...ANYBODY, audience: "undefined", knows_address: false, rights: BEARER.once_proved }),
    [OPEN]: is(BEARER),
    [CODE]: SENT,
    [VERIFY]: is({ ...VERIFIED, rights: ["view", "download"], once_proved: ["view", "download"] }),
    [DOWNLOAD]: inTurn(
      () => problem(429, "too-many"),
      () => "lost",
    ),
    ...ALL_PAGES,
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByText("To download or write, you say who you are once.").waitFor();
    await press(page, "Open the document");
    await first(page);
    await press(page, "Prove my address");
    await page.getByRole("heading", { level: 1, name: "Who are you?" }).waitFor();
    await press(page, "Send me a code");
    await page.getByText("Enter your position, for example Buyer").waitFor();
    assert.equal(callsOf(CODE).length, 0);
    await checkPage(page, "who are you");
    await page.getByLabel("Work e-mail").fill("priya@northwind.example");
    for (const [label, value] of [
      ["First name", DETAILS.first_name],
      ["Last name", DETAILS.last_name],
      ["Company", DETAILS.company],
      ["Position", DETAILS.job_title],
    ])
      await page.getByLabel(label).fill(value);
    await press(page, "Send me a code");
    await page.locator(".code").pressSequentially("481923");
    await first(page);
    assert.deepEqual(callsOf(CODE)[0].body, { secret: SECRET, email: "priya@northwind.example" });
    assert.deepEqual(callsOf(VERIFY)[0].body, { code: "481923", details: DETAILS });
    await press(page, "Download");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
    await checkPage(page, "a download that was refused");
  },
);

pageTest(
  "a right code of somebody unknown asks who they are, then is sent once more",
  {
    [READ]: () => problem(409, "code-required"),
    [CODE]: SENT,
    [VERIFY]: inTurn(
      () => problem(400, "bad-input", { errors: [{ pointer: "/details", detail: "say who you are" }] }),
      () => problem(400, "bad-input", { errors: [{ pointer: "/details/company", detail: "It is too long." }] }),
      is(VERIFIED),
    ),
    ...ALL_PAGES,
  },
  async ({ page, callsOf }) => {
    await page.goto(PAGE);
    await page.getByText("The link lost its end on the way.").waitFor();
    await checkPage(page, "a link without its end");
    await page.getByLabel("Work e-mail").fill("priya@northwind.example");
    await press(page, "Send me a code");
    await page.locator(".code").pressSequentially("481923");
    await page.getByLabel("First name").waitFor();
    assert.deepEqual(callsOf(CODE)[0].body, { email: "priya@northwind.example" });
    assert.equal(await page.getByLabel("Work e-mail").count(), 0);
    await checkPage(page, "details");
    for (const [label, value] of [
      ["First name", DETAILS.first_name],
      ["Last name", DETAILS.last_name],
      ["Company", DETAILS.company],
      ["Position", DETAILS.job_title],
    ])
      await page.getByLabel(label).fill(value);
    await press(page, "Open the document");
    await page.getByText("It is too long.").waitFor();
    await press(page, "Open the document");
    await first(page);
    assert.deepEqual(callsOf(VERIFY).at(-1).body, { code: "481923", details: DETAILS });
  },
);

pageTest(
  "the link of last resort opens by a press, and is then the link itself",
  { [CONFIRM]: is(VERIFIED), [READ]: is(VERIFIED), ...ALL_PAGES },
  async ({ page, callsOf }) => {
    await page.goto(`${PAGE}/confirm#token`);
    await page.getByRole("button", { name: "Open the document" }).waitFor();
    assert.equal(callsOf(CONFIRM).length, 0);
    assert.equal(page.url(), `${PAGE}/confirm`);
    await checkPage(page, "link of last resort");
    await press(page, "Open the document");
    await first(page);
    assert.deepEqual(callsOf(CONFIRM)[0].body, { token: "token" });
    assert.equal(page.url(), PAGE);
    await page.reload();
    await first(page);
  },
);

pageTest(
  "a link of last resort that is over leads back to the link",
  { [CONFIRM]: () => problem(403, "link-over"), [READ]: () => problem(409, "code-required") },
  async ({ page }) => {
    await page.goto(`${PAGE}/confirm#token`);
    await press(page, "Open the document");
    await page.getByRole("heading", { level: 1, name: "This link has run out" }).waitFor();
    await checkPage(page, "link of last resort that is over");
    await page.getByRole("link", { name: "Ask for a code again" }).click();
    await page.getByLabel("Work e-mail").waitFor();
  },
);

pageTest(
  "a link that is not active says so, alike to who holds it and to who was in",
  {
    [COVER]: inTurn(() => problem(403, "link-inactive"), is(ANYBODY)),
    [OPEN]: is(TRUSTED),
    [READ]: () => problem(403, "link-inactive"),
    ...ALL_PAGES,
  },
  async ({ page }) => {
    const inactive = page.getByRole("heading", { level: 1, name: "This link is not active" });
    await page.goto(LINK);
    await inactive.waitFor();
    const words = await page.locator("main").textContent();
    await checkPage(page, "inactive");
    await page.reload();
    await press(page, "Open the document");
    await first(page);
    await page.reload();
    await inactive.waitFor();
    assert.equal(await page.locator("main").textContent(), words);
  },
);

pageTest(
  "a mangled link is told from a page that could not be loaded, and both lead on",
  {
    [COVER]: inTurn(
      () => problem(404, "not-found"),
      () => "lost",
      is(ANYBODY),
    ),
  },
  async ({ page, complaints }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "This link does not work" }).waitFor();
    await checkPage(page, "mangled link");
    await press(page, "Come in with a code");
    await page.getByLabel("Work e-mail").waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "The page could not be loaded" }).waitFor();
    await checkPage(page, "not loaded");
    await press(page, "Try again");
    await page.getByRole("button", { name: "Open the document" }).waitFor();
    await page.goto(`${ORIGIN}/g/${ID}/elsewhere`);
    await page.getByRole("heading", { level: 1, name: "There is no page here" }).waitFor();
    complaints.length = 0;
  },
);

pageTest(
  "where the browser keeps nothing, the link opens all the same",
  { [COVER]: is(ANYBODY), [OPEN]: inTurn(() => "lost", is(TRUSTED)), ...ALL_PAGES },
  async ({ page, context, callsOf }) => {
    await context.addInitScript(() => {
      const forbidden = {
        get: () => {
          throw new DOMException("denied", "SecurityError");
        },
      };
      for (const store of ["localStorage", "sessionStorage"]) Object.defineProperty(window, store, forbidden);
    });
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("No answer came.").waitFor();
    await press(page, "Open the document");
    await first(page);
    const [lost, second] = callsOf(OPEN);
    assert.equal(second.body.device_nonce, lost.body.device_nonce);
  },
);
