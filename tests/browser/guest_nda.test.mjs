/** The agreement that comes before some documents. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import {
  ALL_PAGES,
  ANYBODY,
  API,
  BEARER,
  CODE,
  CONTACT,
  CONFIRM,
  COVER,
  first,
  inTurn,
  is,
  LINK,
  OPEN,
  PAGE,
  press,
  READ,
  SENT,
  SHARED,
  TRUSTED,
  VERIFIED,
  VERIFY,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

const NDA = `GET ${API}/nda`;
const ACCEPT = `POST ${API}/nda/accept`;
const TEXT = {
  tenant: SHARED.tenant,
  version: 3,
  title: "Our NDA",
  text: "Tell <b>nobody</b>.\n\nReally.",
  is_accepted: false,
  contact: CONTACT,
  document: SHARED.title,
};
const nothingOpens = () => problem(403, "nda-required");

pageTest(
  "the agreement is read in place of the document, which opens once it is accepted with a code",
  {
    [COVER]: is(ANYBODY),
    [OPEN]: is({ ...TRUSTED, rights: [] }),
    [READ]: inTurn(nothingOpens, nothingOpens, is(VERIFIED)),
    [NDA]: is(TEXT),
    [ACCEPT]: inTurn(
      () => problem(409, "code-required"),
      () => ({ status: 204 }),
    ),
    [CODE]: SENT,
    [VERIFY]: is({ ...VERIFIED, rights: [] }),
    ...ALL_PAGES,
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByRole("heading", { level: 1, name: "Our NDA" }).waitFor();
    assert.deepEqual(await page.locator(".nda p").allTextContents(), ["Tell <b>nobody</b>.", "Really."]);
    await checkPage(page, "the agreement");
    assert.deepEqual(callsOf(ACCEPT), [], "nothing is accepted by reading");
    await press(page, "Accept NDA");
    await page.locator(".code").pressSequentially("042917");
    await page.getByRole("heading", { level: 1, name: "Our NDA" }).waitFor();
    await press(page, "Accept NDA");
    await first(page);
    assert.deepEqual(callsOf(ACCEPT).at(-1).body, { version: 3 });
    assert.deepEqual(callsOf(CODE)[0].body.email, CONTACT.email);
  },
);

pageTest(
  "who only holds the link says who they are before they accept",
  {
    [COVER]: is({ ...ANYBODY, audience: "public_same", knows_address: false }),
    [OPEN]: is({ ...BEARER, rights: [] }),
    [READ]: nothingOpens,
    [NDA]: is({ ...TEXT, contact: null }),
    [ACCEPT]: () => problem(409, "code-required"),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await press(page, "Accept NDA");
    await page.getByLabel("Work e-mail").waitFor();
    await page.getByLabel("Company").waitFor();
    await page.getByText("Nothing is accepted yet.").waitFor();
  },
);

pageTest(
  "a text that was replaced meanwhile is read again",
  {
    [COVER]: is({ ...ANYBODY, opens: "known" }),
    [READ]: nothingOpens,
    [NDA]: inTurn(is(TEXT), is({ ...TEXT, version: 4, title: "Our newer NDA" })),
    [ACCEPT]: () => problem(412, "stale"),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Accept NDA");
    await page.getByRole("heading", { level: 1, name: "Our newer NDA" }).waitFor();
  },
);

pageTest(
  "accepted elsewhere, the document opens",
  {
    [COVER]: is({ ...ANYBODY, opens: "known" }),
    [READ]: inTurn(nothingOpens, is(VERIFIED)),
    [NDA]: is({ ...TEXT, is_accepted: true }),
    ...ALL_PAGES,
  },
  async ({ page }) => {
    await page.goto(PAGE + LINK.slice(PAGE.length));
    await first(page);
  },
);

pageTest(
  "behind the link of last resort too, what was accepted opens the document",
  {
    [CONFIRM]: is({ ...VERIFIED, rights: [] }),
    [READ]: inTurn(nothingOpens, is(VERIFIED)),
    [NDA]: is(TEXT),
    [ACCEPT]: () => ({ status: 204 }),
    [COVER]: () => problem(404, "not-found"),
    ...ALL_PAGES,
  },
  async ({ page }) => {
    await page.goto(`${PAGE}/confirm#a-token`);
    await press(page, "Open the document");
    await press(page, "Accept NDA");
    await first(page);
  },
);
