/** The reader's part as a whole: asked for nothing, only looking, on a phone, and where some of it does not arrive. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import {
  ALL_PAGES,
  ASKED,
  BEARER,
  DECLINE,
  entry,
  EVENTS,
  first,
  inTurn,
  is,
  NOT_ASKED,
  PAGE,
  press,
  PROVED_SIGNER,
  READ,
  SIGN,
  SIGNATURES,
  SIGNED,
  SIGNER,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

/** A reader who may sign at once, and is asked to. */
const READY = { ...ALL_PAGES, [READ]: is(PROVED_SIGNER), [SIGNATURES]: is(ASKED) };

async function reads(page) {
  await page.goto(PAGE);
  await first(page);
  await page.locator(".rd-s:not([aria-busy])").waitFor();
}

const exactly = (page, name) => page.getByRole("button", { name, exact: true });
const panel = (page) => page.locator(".rd-p");

pageTest(
  "whoever is asked for nothing may say that it is not for them",
  {
    ...ALL_PAGES,
    [READ]: is(SIGNER),
    [DECLINE]: is(NOT_ASKED),
    [EVENTS]: inTurn(
      is({ items: [] }),
      is({ items: [entry(1, { kind: "declined", is_own: true, text: "Wrong company." })] }),
    ),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    assert.equal(await exactly(page, "Sign").count(), 0);
    await press(page, "Tell Acme so…");
    await page.getByLabel("Why?").fill("Wrong company.");
    await checkPage(page, "not for us");
    await exactly(page, "Tell Acme").click();
    await page.getByRole("listitem").getByText("Wrong company.").waitFor();
    assert.deepEqual(callsOf(DECLINE)[0].body, { reason: "Wrong company." });
    assert.equal(await page.getByRole("button", { name: "Tell Acme so…" }).count(), 0, "it was said");
  },
);

pageTest(
  "whoever lost the link on the way is told what to do, also on a phone",
  { ...ALL_PAGES, [READ]: is(BEARER) },
  async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await reads(page);
    await page.getByRole("heading", { name: "To download or write" }).waitFor();
    await page.getByText("Open the link that you were sent once more").filter({ visible: true }).waitFor();
    assert.equal(await page.getByRole("button").count(), 0);
    await checkPage(page, "nothing to prove with");
  },
);

pageTest(
  "a colleague sees how far the signatures are, and has nothing to press",
  {
    ...ALL_PAGES,
    [READ]: is({ ...PROVED_SIGNER, standing: "preview", rights: ["view"], contact: null }),
    [SIGNATURES]: is({ ...NOT_ASKED, signers: 3, finished: 2 }),
    [EVENTS]: is({ items: [entry(1)] }),
  },
  async ({ page }) => {
    await reads(page);
    await panel(page).getByText("2 of 3 are done.").waitFor();
    await page.getByText("Message 1").waitFor();
    assert.equal(await page.getByRole("button").count(), 0);
    assert.equal(await page.getByRole("textbox").count(), 0);
    await checkPage(page, "signing as a preview");
  },
);

pageTest(
  "on a phone the acts stand in a bar below the pages",
  { ...READY, [SIGN]: is(SIGNED) },
  async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await reads(page);
    const bar = page.getByRole("region", { name: "Sign or answer" });
    await bar.getByText("Acme asks you to sign").waitFor();
    for (const name of ["Write", "Decline…", "Sign"]) {
      const box = await bar.getByRole("button", { name, exact: true }).boundingBox();
      assert.ok(44 <= box.height && box.x + box.width <= 320, name);
    }
    assert.equal(await panel(page).isVisible(), false);
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await page.getByRole("heading", { level: 1, name: "You signed" }).waitFor();
  },
);

pageTest(
  "what is asked and does not arrive is asked for again, and the pages are there all the same",
  {
    ...READY,
    [SIGNATURES]: inTurn(() => problem(500, "internal"), is(ASKED)),
    [EVENTS]: inTurn(
      () => "lost",
      is({ items: [entry(1)] }),
    ),
  },
  async ({ page }) => {
    await reads(page);
    await page.getByText("did not all arrive.").waitFor();
    await checkPage(page, "a part that did not arrive");
    await press(page, "Load them again");
    await exactly(page, "Sign").waitFor();
    await page.getByText("Message 1").waitFor();
    assert.equal(await page.getByText("did not all arrive.").isVisible(), false);
  },
);
