/** Reading what may not be downloaded: pages one below the other, loaded as the reader comes near. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import { ORIGIN, pageTests, portalOf, problem } from "./stand_in.mjs";

const pageTest = pageTests();

/** Somebody who is in, with one document for reading only, whose pages are `pages`. */
function readerOf(pages) {
  const portal = portalOf("2026-11-02T08:00:00Z");
  const [shared] = portal.documents;
  const file = { ...shared.files[0], pages };
  portal.documents = [{ ...shared, rights: ["view"], can_download: false, files: [file] }];
  return { status: 200, body: portal };
}

const READY = { state: "ready", count: 9, total: 30 };

const pageAt = (number) => `GET /v1/portal/files/fil_2/pages/${number}`;

/** Any picture of this origin does. */
const SHOWN = { status: 200, body: { url: "/assets/icon.svg", expires_at: "2026-11-26T10:00:00Z" } };

const ALL_PAGES = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [pageAt(at + 1), () => SHOWN]));

async function knownBrowser(context) {
  await context.addInitScript(() => localStorage.setItem("vestibule.tenant:acme", "ten_1"));
}

pageTest(
  "pages are fetched as the reader comes near, and Back leads to the list",
  { "GET /v1/portal": () => readerOf(READY), ...ALL_PAGES },
  async ({ page, context, callsOf }) => {
    await knownBrowser(context);
    await page.goto(`${ORIGIN}/p/acme`);
    assert.equal(await page.getByRole("button", { name: "Download" }).count(), 0);
    await page.getByRole("button", { name: "Read Audit report" }).click();
    await page.getByRole("heading", { level: 1, name: "Audit report" }).waitFor();
    await page.getByText("Only the first 9 of 30 pages can be read here.").waitFor();
    await page.getByRole("img", { name: "Page 1 of 9, as a picture" }).waitFor();
    assert.equal(callsOf(pageAt(9)).length, 0, "nobody is near the last page yet");
    assert.equal(callsOf(pageAt(1))[0].query.get("width"), "1600");
    assert.equal(callsOf(pageAt(1))[0].headers["x-vestibule-tenant"], "ten_1");
    await checkPage(page, "reader");
    for (const number of [2, 3]) {
      await page.keyboard.press("ArrowRight");
      await page.getByText(`${number} of 9`, { exact: true }).waitFor();
    }
    await page.keyboard.press("ArrowLeft");
    await page.getByText("2 of 9", { exact: true }).waitFor();
    await page.locator('[data-number="9"]').scrollIntoViewIfNeeded();
    await page.getByRole("img", { name: "Page 9 of 9, as a picture" }).waitFor();
    assert.equal(callsOf(pageAt(1)).length, 1, "what was seen stays");
    await page.goBack();
    await page.getByRole("button", { name: "Read Audit report" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: "Audit report" }).waitFor();
    await page.getByRole("button", { name: "Your documents" }).click();
    await page.getByRole("button", { name: "Read Audit report" }).waitFor();
  },
);

let refusals = 1;
pageTest(
  "a page that does not come says so in its place, and comes when asked for again",
  {
    "GET /v1/portal": () => readerOf({ state: "ready", count: 1, total: 1 }),
    [pageAt(1)]: () => (0 < refusals-- ? problem(503, "unavailable") : SHOWN),
  },
  async ({ page, context, complaints }) => {
    await knownBrowser(context);
    await page.goto(`${ORIGIN}/p/acme?read=fil_2`);
    await page.locator("figure").getByText("Something failed on our side.").waitFor();
    await page.getByRole("button", { name: "Load it again" }).click();
    await page.getByRole("img", { name: "Page 1 of 1, as a picture" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Load it again" }).count(), 0);
    // The browser notes the 503 that this test is about.
    complaints.length = 0;
  },
);

let looks = 0;
pageTest(
  "what is being drawn is told, and looked for again",
  { "GET /v1/portal": () => readerOf(1 < looks++ ? READY : { state: "pending" }), ...ALL_PAGES },
  async ({ page, context }) => {
    await knownBrowser(context);
    await page.goto(`${ORIGIN}/p/acme`);
    await page.getByText("ready to read in a moment").waitFor();
    assert.equal(await page.getByRole("button", { name: "Read Audit report" }).count(), 0);
    await page.getByRole("button", { name: "Read Audit report" }).waitFor({ timeout: 15_000 });
  },
);

pageTest(
  "what cannot be shown is told, and offers nothing",
  { "GET /v1/portal": () => readerOf({ state: "impossible" }) },
  async ({ page, context }) => {
    await knownBrowser(context);
    await page.goto(`${ORIGIN}/p/acme?read=fil_2`);
    await page.getByText("cannot be shown here").waitFor();
    assert.equal(await page.getByRole("button", { name: "Read Audit report" }).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Download" }).count(), 0);
    await checkPage(page, "what cannot be shown");
  },
);
