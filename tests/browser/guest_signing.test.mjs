/** Signing, approving and declining on a guest link: a question first, exact bytes, and every answer is heard. */

import assert from "node:assert/strict";

import { checkPage, focusComesTo } from "./browser.mjs";
import {
  ALL_PAGES,
  API,
  APPROVE,
  ASKED,
  CODE,
  CONTACT,
  DECLINE,
  DECLINED,
  DOWNLOAD,
  entry,
  EVENTS,
  FILE,
  first,
  inTurn,
  is,
  PAGE,
  press,
  PROVED_SIGNER,
  READ,
  SENT,
  SHOWN,
  SIGN,
  SIGNATURES,
  SIGNED,
  SIGNER,
  signatureOn,
  VERIFY,
  version,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

/** A reader who may sign at once, and is asked to. */
const READY = { ...ALL_PAGES, [READ]: is(PROVED_SIGNER), [SIGNATURES]: is(ASKED) };

const WRITING = ["view", "write"];

const SIGNED_BY_ALL = { ...SIGNED, finished: 3, completed_at: "2026-11-26T10:00:00Z" };
const CERTIFIED = { ...SIGNED_BY_ALL, certificate_id: "fil_9" };

async function reads(page) {
  await page.goto(PAGE);
  await first(page);
  await page.locator(".rd-s:not([aria-busy])").waitFor();
}

const exactly = (page, name) => page.getByRole("button", { name, exact: true });
const panel = (page) => page.locator(".rd-p");

pageTest(
  "a press asks first under which name what is signed, and a lost answer signs once",
  { ...READY, [SIGN]: inTurn(() => "lost", is(SIGNED)) },
  async ({ page, callsOf }) => {
    await reads(page);
    await page.getByRole("heading", { name: "Acme asks you to sign" }).waitFor();
    await panel(page).getByText("Annex B is new.").waitFor();
    await panel(page).getByText("Version 3, 3 pages").waitFor();
    await panel(page).getByText("1 of 3 is done.").waitFor();
    await checkPage(page, "asked to sign");
    await exactly(page, "Sign").click();
    const dialog = page.getByRole("dialog");
    const question = await dialog.textContent();
    for (const words of ["Sign version 3?", "Daniel Okoro", CONTACT.email, "terms.pdf", "sha256 9f2c 41d8 e07a"])
      assert.ok(question.includes(words), words);
    await focusComesTo(page, "Not now");
    await checkPage(page, "the question before signing");
    await press(page, "Not now");
    assert.equal(callsOf(SIGN).length, 0, "a question signs nothing");
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await dialog.getByText("No answer came.").waitFor();
    await checkPage(page, "no answer to a signature");
    await press(page, "Sign version 3");
    await page.getByRole("heading", { level: 1, name: "You signed Partner terms <b>2026</b>" }).waitFor();
    const [lost, second] = callsOf(SIGN);
    assert.deepEqual(lost.body, { sha256: ASKED.newest.sha256 });
    assert.deepEqual(second.body, lost.body);
    assert.equal(second.headers["idempotency-key"], lost.headers["idempotency-key"]);
    await page.getByText("2 of 3 are done. Once everybody is done, a mail tells you").waitFor();
    await page.getByText(`${CONTACT.email}, address confirmed`).waitFor();
    assert.equal(await page.getByText(ASKED.newest.sha256).isVisible(), false);
    await page.getByText("sha256 9f2c").click();
    await page.getByText(ASKED.newest.sha256).waitFor();
    assert.equal(await page.getByRole("button", { name: "Download signed PDF" }).count(), 0, "for reading only");
    await checkPage(page, "signed");
    await press(page, "Partner terms");
    await first(page);
  },
);

pageTest(
  "whoever pressed first types a code, and is asked to sign then",
  {
    ...READY,
    [READ]: is(SIGNER),
    [CODE]: SENT,
    [VERIFY]: is(PROVED_SIGNER),
    [SIGN]: is(SIGNED),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await panel(page).getByText("Signing asks for a code once.").waitFor();
    await exactly(page, "Sign").click();
    await page.locator(".code").waitFor();
    assert.equal(callsOf(SIGN).length, 0);
    await page.locator(".code").pressSequentially("481923");
    await page.getByRole("dialog").getByText("Sign version 3?").waitFor();
    assert.equal(callsOf(SIGN).length, 0, "a code signs nothing");
    await press(page, "Sign version 3");
    await page.getByRole("heading", { level: 1, name: "You signed" }).waitFor();
  },
);

pageTest(
  "whoever turns back at the code is not asked to sign, and a server that wants a code gets one",
  {
    ...READY,
    [READ]: inTurn(is(SIGNER), is(PROVED_SIGNER)),
    [CODE]: SENT,
    [SIGN]: () => problem(409, "code-required"),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await exactly(page, "Sign").click();
    await page.locator(".code").waitFor();
    await press(page, "Partner terms");
    await first(page);
    await page.locator(".rd-s:not([aria-busy])").waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.reload();
    await first(page);
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await page.locator(".code").waitFor();
    assert.equal(callsOf(CODE).length, 1, "the code that was mailed still works");
    assert.equal(await page.getByRole("dialog").count(), 0);
  },
);

pageTest(
  "nobody signs what was exchanged: the newer version is told, and read first",
  {
    ...READY,
    [READ]: inTurn(is(PROVED_SIGNER), is({ ...PROVED_SIGNER, file: { ...FILE, id: "fil_2" } })),
    [SIGNATURES]: inTurn(is(ASKED), is({ ...ASKED, newest: version(4, "fil_2") })),
    [SIGN]: inTurn(
      () => problem(409, "wrong-state", { detail: "There is a newer version 4; read that one first, then answer." }),
      is({ ...SIGNED, asked: { ...SIGNED.asked, signature: signatureOn(version(4, "fil_2")) } }),
    ),
    ...Object.fromEntries([1, 2, 3].map((number) => [`GET ${API}/files/fil_2/pages/${number}`, SHOWN])),
  },
  async ({ page }) => {
    await reads(page);
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await page.getByRole("alert").getByText("There is a newer version 4").waitFor();
    await panel(page).getByText("Version 4 came while you were reading. Read it first.").waitFor();
    assert.equal(await exactly(page, "Sign").count(), 0);
    await checkPage(page, "a newer version");
    await press(page, "Show version 4");
    await exactly(page, "Sign").click();
    await press(page, "Sign version 4");
    await page.getByRole("heading", { level: 1, name: "You signed" }).waitFor();
  },
);

pageTest(
  "declining asks for a reason, tells the sender, and can be changed",
  {
    ...READY,
    [DECLINE]: inTurn(
      () => problem(400, "bad-input", { errors: [{ pointer: "/reason", detail: "Some of it is no text." }] }),
      is(DECLINED),
    ),
    [EVENTS]: inTurn(
      is({ items: [] }),
      is({ items: [entry(1, { kind: "declined", is_own: true, text: "Only with the cap." })] }),
    ),
    [SIGN]: is(SIGNED),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await press(page, "Decline…");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Ines Carvalho gets one mail with your reason.").waitFor();
    await exactly(page, "Decline").click();
    await dialog.getByText("Say why in a sentence").waitFor();
    assert.equal(callsOf(DECLINE).length, 0);
    await checkPage(page, "declining without a reason");
    await dialog.getByLabel("Why?").fill("x".repeat(501));
    await dialog.getByText("501 of 500").waitFor();
    await exactly(page, "Decline").click();
    await dialog.getByText("This is 1 character too long.").waitFor();
    await dialog.getByLabel("Why?").fill("Only with the cap.");
    await exactly(page, "Decline").click();
    await dialog.getByText("Some of it is no text.").waitFor();
    await exactly(page, "Decline").click();
    await page.getByRole("heading", { name: "You declined" }).waitFor();
    assert.deepEqual(callsOf(DECLINE).at(-1).body, { reason: "Only with the cap.", sha256: ASKED.newest.sha256 });
    await focusComesTo(page, "You declined");
    await page.getByRole("listitem").getByText("Only with the cap.").waitFor();
    await checkPage(page, "declined");
    await press(page, "Sign after all");
    await press(page, "Sign version 3");
    await page.getByRole("heading", { level: 1, name: "You signed" }).waitFor();
  },
);

pageTest(
  "the certificate appears once it is made, and is read over the page",
  {
    ...READY,
    [READ]: is({ ...PROVED_SIGNER, rights: [...PROVED_SIGNER.rights, "download"] }),
    [SIGNATURES]: inTurn(is(ASKED), is(CERTIFIED)),
    [SIGN]: is(SIGNED_BY_ALL),
    [`GET ${API}/files/fil_9/pages/1`]: inTurn(
      () => ({ ...problem(409, "page-not-ready"), headers: { "Retry-After": "1" } }),
      SHOWN,
    ),
    [`GET ${API}/files/fil_9/pages/2`]: SHOWN,
    [DOWNLOAD]: () => problem(429, "too-many-requests"),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await page.getByText("The certificate is being made; a mail tells you once it is there.").waitFor();
    await press(page, "View certificate");
    const viewer = page.getByRole("dialog", { name: "Certificate" });
    await viewer.getByText("The pages are being drawn.").waitFor();
    for (const number of [1, 2])
      await viewer.getByRole("img", { name: `Page ${number}, as a picture` }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".viewer .paper").length === 2);
    assert.equal(callsOf(`GET ${API}/files/fil_9/pages/3`).length, 1, "and there is no third");
    await checkPage(page, "certificate");
    await press(page, "Close");
    await press(page, "Download signed PDF");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
    await checkPage(page, "signed by everybody");
  },
);

pageTest(
  "a version that came after the signature is told, and the signed one is read",
  {
    ...ALL_PAGES,
    [READ]: is(PROVED_SIGNER),
    [SIGNATURES]: is({ ...SIGNED, asked: { ...SIGNED.asked, signature: signatureOn(version(1, "fil_0")) } }),
  },
  async ({ page }) => {
    await reads(page);
    await page.getByRole("heading", { name: "You signed version 1" }).waitFor();
    await panel(page).getByText("Version 3 came later; you signed version 1, and that stays.").waitFor();
    await checkPage(page, "signed on an older version");
    await press(page, "Read version 1");
    const viewer = page.getByRole("dialog", { name: "terms.pdf" });
    await viewer.getByText("This file is not there any more").waitFor();
    await checkPage(page, "a file that is gone");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 390, height: 800 });
    await press(page, "Your signature");
    await page.getByRole("heading", { level: 1, name: "You signed" }).waitFor();
    await page.getByRole("button", { name: "Read version 1" }).waitFor();
  },
);

pageTest(
  "approving is signing by another name, and a decline of an older version asks anew",
  {
    ...ALL_PAGES,
    [READ]: is(PROVED_SIGNER),
    [SIGNATURES]: is({
      ...ASKED,
      asked: { act: "approve", progress: "waiting", signature: signatureOn(version(2, "fil_0"), { reason: "No." }) },
      signers: 1,
      finished: 0,
    }),
    [APPROVE]: is({
      ...SIGNED,
      asked: { ...SIGNED.asked, act: "approve", progress: "approved" },
      signers: 1,
      finished: 1,
    }),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await page.getByRole("heading", { name: "Acme asks you to approve" }).waitFor();
    await panel(page).getByText("You declined version 2; this one is newer.").waitFor();
    await exactly(page, "Approve").click();
    await checkPage(page, "the question before approving");
    await press(page, "Approve version 3");
    await page.getByRole("heading", { level: 1, name: "You approved" }).waitFor();
    await page.getByText("Approved by").waitFor();
    assert.deepEqual(callsOf(APPROVE)[0].body, { sha256: ASKED.newest.sha256 });
  },
);

for (const [what, view, signing, words] of [
  ["nothing to sign yet", { file: null }, { newest: null }, "There is no file to sign yet."],
  ["a link that lets nobody sign", { once_proved: WRITING, rights: WRITING }, {}, "does not let you sign"],
])
  pageTest(
    `${what} is told`,
    { ...ALL_PAGES, [READ]: is({ ...PROVED_SIGNER, ...view }), [SIGNATURES]: is({ ...ASKED, ...signing }) },
    async ({ page }) => {
      await page.goto(PAGE);
      await panel(page).getByText(words).waitFor();
      assert.equal(await exactly(page, "Sign").count(), 0);
      await checkPage(page, what);
    },
  );

pageTest(
  "a link that ends while its reader signs says so",
  { ...READY, [SIGN]: () => problem(403, "link-inactive") },
  async ({ page }) => {
    await reads(page);
    await exactly(page, "Sign").click();
    await press(page, "Sign version 3");
    await page.getByRole("heading", { level: 1, name: "This link is not active" }).waitFor();
    assert.equal(await page.getByRole("dialog").count(), 0);
  },
);
