/** Reading a guest's document, and what is said where it cannot be read. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import {
  ALL_PAGES,
  ANYBODY,
  CODE,
  CONTACT,
  COVER,
  FILE,
  first,
  inTurn,
  is,
  LINK,
  OPEN,
  pageAt,
  press,
  READ,
  SECRET,
  SENT,
  SHARED,
  SHOWN,
  TRUSTED,
  VERIFIED,
  VERIFY,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

pageTest(
  "pages are read by keyboard, and what waits for a proof says how to give it",
  { [COVER]: is(ANYBODY), [OPEN]: is(TRUSTED), [CODE]: SENT, [VERIFY]: is(VERIFIED), ...ALL_PAGES },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await first(page);
    for (const number of [2, 3]) {
      await page.keyboard.press("ArrowRight");
      await page.getByText(`${number} of 3`, { exact: true }).waitFor();
    }
    assert.equal(await page.getByRole("button", { name: "Download" }).count(), 0);
    await page.getByRole("heading", { name: "To sign" }).waitFor();
    await press(page, "Send me a code");
    await page.locator(".code").waitFor();
    assert.deepEqual(callsOf(CODE)[0].body, { secret: SECRET, email: CONTACT.email });
    await press(page, "Other address");
    await page.getByLabel("Work e-mail").waitFor();
    await press(page, SHARED.title);
    await first(page);
    await press(page, "Send me a code");
    await page.locator(".code").pressSequentially("481923");
    await first(page);
    assert.equal(await page.getByRole("heading", { name: "To sign" }).count(), 0);
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
  pageTest(`${what} is told`, { [COVER]: is(ANYBODY), [OPEN]: is({ ...TRUSTED, file }) }, async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByRole("heading", { name: words }).waitFor();
    await checkPage(page, what);
  });

pageTest(
  "a browser that is not known any more is led to the door, and told so",
  {
    [COVER]: inTurn(is(ANYBODY), is({ ...ANYBODY, opens: "code" })),
    [OPEN]: is({ ...TRUSTED, file: { ...FILE, pages: { state: "ready", count: 1, total: 1 } } }),
    [pageAt(1)]: () => problem(409, "code-required"),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("This browser is not known on the link any more.").waitFor();
    await page.getByRole("button", { name: "Send me a code" }).waitFor();
  },
);
