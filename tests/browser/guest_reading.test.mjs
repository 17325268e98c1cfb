/** Reading a guest's document, and what is said where it cannot be read. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import {
  ALL_PAGES,
  ANYBODY,
  CODE,
  CONTACT,
  COVER,
  EVENTS,
  FILE,
  first,
  inTurn,
  is,
  LINK,
  OPEN,
  PAGE,
  pageAt,
  press,
  QUIET,
  READ,
  SECRET,
  SENT,
  SHARED,
  SHOWN,
  SIGNATURES,
  TRUSTED,
  VERIFIED,
  VERIFY,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

/** What a browser sees for which downloading waits for a proof. */
const WAITING = { ...TRUSTED, once_proved: ["view", "download"] };

pageTest(
  "pages are read by keyboard, and what waits for a proof says how to give it",
  {
    [COVER]: is(ANYBODY),
    [OPEN]: is(WAITING),
    [CODE]: SENT,
    [VERIFY]: is({ ...WAITING, standing: "verified", rights: WAITING.once_proved }),
    ...ALL_PAGES,
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await first(page);
    for (const number of [2, 3]) {
      await page.keyboard.press("ArrowRight");
      await page.getByText(`${number} of 3`, { exact: true }).waitFor();
    }
    assert.equal(await page.getByRole("button", { name: "Download" }).count(), 0);
    await page.getByRole("heading", { name: "To download" }).waitFor();
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
    assert.deepEqual(callsOf(CODE)[0].body, { secret: SECRET, email: CONTACT.email });
    await press(page, SHARED.title);
    await first(page);
    await press(page, "Send me a code");
    await page.locator(".code").pressSequentially("481923");
    await first(page);
    assert.equal(callsOf(CODE).length, 1, "the code that was mailed still works");
    await page.getByRole("button", { name: "Download" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "To download" }).count(), 0);
  },
);

pageTest(
  "whoever is known and asked for no signature is not sent for a code to sign",
  { [READ]: is(TRUSTED), ...ALL_PAGES },
  async ({ page }) => {
    await page.goto(PAGE);
    await first(page);
    await page.locator(".rd-s:not([aria-busy])").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send me a code" }).count(), 0);
  },
);

pageTest(
  "a colleague sees what guests see, and that it is a preview",
  {
    [COVER]: is({ ...ANYBODY, opens: "preview" }),
    [OPEN]: is({ ...VERIFIED, standing: "preview", contact: null, trusted_until: undefined }),
    ...ALL_PAGES,
  },
  async ({ page }) => {
    await page.goto(LINK);
    await page.getByText("A preview.").waitFor();
    await checkPage(page, "cover as a preview");
    await press(page, "Open the document");
    await first(page);
    await page.getByText("A preview.").waitFor();
    await checkPage(page, "preview");
  },
);

const drawing = { ...TRUSTED, file: { ...FILE, pages: { state: "pending" } } };
pageTest(
  "pages that are being drawn appear by themselves, and waiting puts no look on record",
  {
    [COVER]: is(ANYBODY),
    [OPEN]: is(drawing),
    [READ]: is(TRUSTED),
    ...ALL_PAGES,
    [pageAt(1)]: inTurn(() => ({ ...problem(409, "page-not-ready"), headers: { "Retry-After": "1" } }), SHOWN),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("The pages are being drawn.").waitFor();
    await checkPage(page, "pages being drawn");
    await first(page);
    assert.equal(callsOf(READ).length, 1);
  },
);

for (const [what, file, words] of [
  ["no file yet", null, "Nothing to read yet"],
  ["a file without pages", { ...FILE, pages: { state: "impossible" } }, "This file cannot be shown here"],
])
  pageTest(`${what} is told`, { ...QUIET, [READ]: is({ ...TRUSTED, file }) }, async ({ page }) => {
    await page.goto(PAGE);
    await page.getByRole("heading", { name: words }).waitFor();
    await checkPage(page, what);
  });

pageTest(
  "a browser that is not known any more is led to the door, and told so",
  {
    [COVER]: inTurn(is(ANYBODY), is({ ...ANYBODY, opens: "code" })),
    [SIGNATURES]: () => problem(409, "code-required"),
    [EVENTS]: () => problem(409, "code-required"),
    [OPEN]: is({ ...TRUSTED, file: { ...FILE, pages: { state: "ready", count: 1, total: 1 } } }),
    [pageAt(1)]: () => problem(409, "code-required"),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("This browser is not known on the link any more.").waitFor();
    await page.getByRole("button", { name: "Send me a code" }).waitFor();
    assert.equal(callsOf(COVER).length, 2, "once, though three calls were refused");
  },
);
