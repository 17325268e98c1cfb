/** What mails lead to beside the document: a notice about a browser that is not one's own, and a link to open again. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import { ASK_AGAIN, CODE, COVER, inTurn, is, LINK, NOT_ME, PAGE, press, READ, SECRET, SENT } from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

const NOTICE = `${PAGE}/not-me#a-token`;

const DONE = { title: "Partner terms 2026", at: "2026-11-25T09:12:00Z", network: "192.0.2.0/24", revoked: true };

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

pageTest(
  "looking at a notice changes nothing; a code takes the browser off, and it is said what comes next",
  { [CODE]: SENT, [NOT_ME]: inTurn(() => problem(403, "code-wrong"), is(DONE)) },
  async ({ page, callsOf }) => {
    await page.goto(NOTICE);
    await heading(page, "Was it not you?");
    assert.equal(page.url(), `${PAGE}/not-me`, "the token is gone from the address bar");
    await page.waitForLoadState("networkidle");
    assert.equal(callsOf(CODE).length + callsOf(NOT_ME).length, 0);
    await checkPage(page, "a notice");
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
    assert.deepEqual(callsOf(CODE)[0].body, { token: "a-token" });
    await checkPage(page, "the code of a notice");
    await page.locator(".code").pressSequentially("481924");
    await page.getByText("That code does not work.").waitFor();
    await page.locator(".code").press("Backspace");
    await page.locator(".code").press("3");
    await heading(page, "That browser is off");
    assert.deepEqual(callsOf(NOT_ME)[1].body, { token: "a-token", code: "481923" });
    for (const words of [DONE.title, DONE.network, "whoever sent it to you was told", "to replace it"])
      await page.getByText(words).waitFor();
    await checkPage(page, "a browser taken off");
  },
);

pageTest(
  "a code that was mailed still works after a reload, and an old press is told as such",
  { [CODE]: SENT, [NOT_ME]: is({ ...DONE, network: null, revoked: false }) },
  async ({ page, callsOf }) => {
    await page.goto(NOTICE);
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
    await page.reload();
    await press(page, "I have a code");
    await page.getByText(/send a new code in 0:/).waitFor();
    await press(page, "Back");
    await press(page, "I have a code");
    await page.locator(".code").pressSequentially("481923");
    await heading(page, "That browser was off already");
    assert.equal(callsOf(CODE).length, 1);
    assert.equal(await page.getByText("From", { exact: true }).count(), 0);
    await checkPage(page, "a browser that was off");
  },
);

for (const [what, status, kind, words] of [
  ["forged", 404, "not-found", "This link does not work"],
  ["too old", 403, "link-over", "This notice is too old"],
  ["about a link that is off", 403, "link-inactive", "Nothing is open through that link"],
]) {
  pageTest(`a notice that is ${what} says so`, { [CODE]: () => problem(status, kind) }, async ({ page }) => {
    await page.goto(NOTICE);
    await press(page, "Send me a code");
    await heading(page, words);
    await checkPage(page, `a notice that is ${what}`);
  });
}

pageTest(
  "a notice that ends while its code is typed says so, and one without its end asks for nothing",
  { [CODE]: inTurn(() => problem(429, "too-many-requests"), SENT), [NOT_ME]: () => problem(403, "link-over") },
  async ({ page, callsOf }) => {
    await page.goto(NOTICE);
    await press(page, "Send me a code");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
    await press(page, "Send me a code");
    await page.locator(".code").pressSequentially("481923");
    await heading(page, "This notice is too old");
    await page.evaluate(() => sessionStorage.clear());
    await page.goto("about:blank");
    await page.goto(`${PAGE}/not-me`);
    await heading(page, "This link does not work");
    assert.equal(callsOf(CODE).length, 2);
  },
);

pageTest(
  "whoever holds a link that is not active asks its sender to open it again",
  {
    [COVER]: () => problem(403, "link-inactive"),
    [ASK_AGAIN]: inTurn(
      () => problem(429, "too-many-requests"),
      () => ({ status: 202, body: {} }),
    ),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await heading(page, "This link is not active");
    assert.equal(callsOf(ASK_AGAIN).length, 0);
    await press(page, "Ask its sender to open it again");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
    await checkPage(page, "asking again too often");
    await press(page, "Ask its sender to open it again");
    await heading(page, "We passed it on");
    assert.deepEqual(callsOf(ASK_AGAIN)[1].body, { secret: SECRET });
    await checkPage(page, "asked again");
  },
);

pageTest(
  "without the whole link there is nothing to ask with",
  { [READ]: () => problem(403, "link-inactive") },
  async ({ page }) => {
    await page.goto(PAGE);
    await heading(page, "This link is not active");
    assert.equal(await page.getByRole("button").count(), 0);
    await page.getByText("Otherwise ask whoever sent you this one.").waitFor();
    await checkPage(page, "inactive, without the whole link");
  },
);
