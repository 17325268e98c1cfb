/** The thread of a guest's document: what is read of it, and writing to the company. */

import assert from "node:assert/strict";

import { checkPage, focusComesTo } from "./browser.mjs";
import {
  ALL_PAGES,
  API,
  BEARER,
  CODE,
  COVER,
  entry,
  EVENTS,
  first,
  inTurn,
  is,
  LINK,
  OPEN,
  ANYBODY,
  PAGE,
  press,
  READ,
  SENT,
  SHOWN,
  SIGNER,
  TRUSTED,
  VERIFY,
  WRITE,
} from "./guest_facts.mjs";
import { pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

/** A reader who may write. */
const WRITER = { ...ALL_PAGES, [READ]: is(SIGNER) };

const MINE = { is_own: true, author: "Daniel Okoro" };

/** A message that the server took. */
const taken = ({ text }) => ({ status: 201, body: entry(50, { ...MINE, text }) });

async function reads(page) {
  await page.goto(PAGE);
  await first(page);
  await page.locator(".rd-s:not([aria-busy])").waitFor();
}

const field = (page) => page.getByRole("textbox", { name: "Message to Ines Carvalho" });
const said = (page) => page.locator(".tl li .say").allTextContents();

pageTest(
  "the thread is read oldest first, and says who did what",
  {
    ...WRITER,
    [EVENTS]: is({
      items: [
        entry(7, { kind: "certificate", author: "Acme", text: undefined, files: [file("fil_9", "Certificate.pdf")] }),
        entry(6, { kind: "signed", ...MINE, text: undefined }),
        entry(5, { kind: "approved", ...MINE, text: undefined }),
        entry(4, { kind: "declined", ...MINE, text: "Only with <b>the cap</b>." }),
        entry(3, { kind: "message", ...MINE, text: "Which annex?\nThe second one?" }),
        entry(2, { kind: "signature_request", text: "By Friday." }),
        entry(1, { kind: "share", text: undefined }),
        entry(0, { kind: "of_tomorrow", text: undefined }),
      ],
    }),
    [`GET ${API}/files/fil_9/pages/1`]: SHOWN,
  },
  async ({ page }) => {
    await reads(page);
    assert.deepEqual(await page.locator(".tl .by").allTextContents(), [
      "Ines Carvalho added something",
      "Ines Carvalho shared the document",
      "Ines Carvalho asked for signatures",
      "You",
      "You declined",
      "You approved",
      "You signed",
      "Acme added the certificate: everybody is done",
    ]);
    assert.deepEqual(await said(page), ["By Friday.", "Which annex?\nThe second one?", "Only with <b>the cap</b>."]);
    await checkPage(page, "thread");
    await press(page, "Certificate.pdf");
    await page.getByRole("img", { name: "Page 1, as a picture" }).waitFor();
    await page.keyboard.press("Escape");
    await focusComesTo(page, "Certificate.pdf");
  },
);

function file(id, name) {
  return { id, name, media_type: "application/pdf" };
}

pageTest(
  "earlier entries come by a press, also behind pages that are empty",
  {
    ...WRITER,
    [EVENTS]: (_, query) =>
      ({
        null: is({ items: [], next: "a" }),
        a: is({ items: [entry(9), entry(8)], next: "b" }),
        b: is({ items: [entry(7), entry(6), entry(5), entry(4)], next: "c" }),
        c: inTurn(() => problem(429, "too-many-requests"), is({ items: [], next: "d" })),
        d: is({ items: [entry(3)] }),
      })[query.get("cursor")](),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    assert.deepEqual(await said(page), [4, 5, 6, 7, 8, 9].map((number) => `Message ${number}`));
    assert.deepEqual(
      callsOf(EVENTS).map(({ query }) => query.toString()),
      ["limit=6", "limit=6&cursor=a", "limit=6&cursor=b"],
    );
    await checkPage(page, "a thread that goes on");
    await press(page, "Show earlier ones");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
  },
);

pageTest(
  "the beginning of the thread is found, and nothing more is offered then",
  {
    ...WRITER,
    [EVENTS]: inTurn(
      is({ items: [9, 8, 7, 6, 5, 4].map((number) => entry(number)), next: "c" }),
      is({ items: [], next: "d" }),
      is({ items: [entry(3)] }),
    ),
  },
  async ({ page }) => {
    await reads(page);
    await press(page, "Show earlier ones");
    await page.getByText("Message 3").waitFor();
    assert.equal((await said(page)).length, 7);
    assert.equal(await page.getByRole("button", { name: "Show earlier ones" }).count(), 0);
    await focusComesTo(page, "Messages");
  },
);

pageTest(
  "a message is sent once, however often its answer is lost, and errors stand at the field",
  {
    ...WRITER,
    [WRITE]: inTurn(
      () => "lost",
      () => problem(400, "bad-input", { errors: [{ pointer: "/text", detail: "Some of it is no text." }] }),
      () => problem(429, "too-many-requests"),
      taken,
    ),
  },
  async ({ page, callsOf }) => {
    await reads(page);
    await page.getByText("Nobody has written yet.").waitFor();
    await page.getByText("Only Acme reads it; nobody else who has the link does.").waitFor();
    await checkPage(page, "nothing said yet");
    await press(page, "Send");
    await page.getByText("Write something first").waitFor();
    assert.equal(callsOf(WRITE).length, 0);
    await field(page).fill("x".repeat(2_003));
    await page.getByText("2,003 of 2,000").waitFor();
    await press(page, "Send");
    await page.getByText("This is 3 characters too long.").waitFor();
    await checkPage(page, "a message that is too long");
    await field(page).fill("  Which annex?\nThe second one? ");
    await press(page, "Send");
    await page.getByRole("alert").getByText("No answer came.").waitFor();
    await press(page, "Send");
    await page.getByText("Some of it is no text.").waitFor();
    assert.equal(await field(page).getAttribute("aria-invalid"), "true");
    const [lost, again] = callsOf(WRITE);
    assert.deepEqual(lost.body, { text: "Which annex?\nThe second one?" });
    assert.deepEqual(again.body, lost.body);
    assert.equal(again.headers["idempotency-key"], lost.headers["idempotency-key"]);
    await press(page, "Send");
    await page.getByRole("alert").getByText("Too many tries").waitFor();
    await field(page).press("Control+Enter");
    await page.getByRole("listitem").getByText("Which annex?").waitFor();
    assert.equal(await field(page).inputValue(), "");
    assert.notEqual(callsOf(WRITE)[3].headers["idempotency-key"], lost.headers["idempotency-key"]);
    assert.equal(await page.getByText("Nobody has written yet.").isVisible(), false);
    await checkPage(page, "a message sent");
  },
);

pageTest(
  "what is typed survives a reload, and what did arrive is not offered again",
  {
    ...WRITER,
    [EVENTS]: inTurn(
      is({ items: [] }),
      is({ items: [] }),
      is({ items: [entry(1, { ...MINE, text: "Which annex?" })] }),
    ),
    [WRITE]: () => "lost",
  },
  async ({ page }) => {
    await reads(page);
    await field(page).fill("Which annex?");
    await reads(page);
    assert.equal(await field(page).inputValue(), "Which annex?");
    await press(page, "Send");
    await page.getByRole("alert").getByText("No answer came.").waitFor();
    await reads(page);
    await page.getByRole("listitem").getByText("Which annex?").waitFor();
    assert.equal(await field(page).inputValue(), "");
  },
);

pageTest("arrows move in what is typed, and leave the pages where they are", WRITER, async ({ page }) => {
  await reads(page);
  await field(page).fill("Which annex?");
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => scrollY), 0);
});

pageTest(
  "a browser that was taken off while its reader typed gets in by a code, and the words are still there",
  {
    ...WRITER,
    [WRITE]: inTurn(() => problem(409, "code-required"), taken),
    [CODE]: SENT,
    [VERIFY]: is(SIGNER),
  },
  async ({ page }) => {
    await reads(page);
    await field(page).fill("Which annex?");
    await press(page, "Send");
    await page.locator(".code").pressSequentially("481923");
    await first(page);
    assert.equal(await field(page).inputValue(), "Which annex?");
    await press(page, "Send");
    await page.getByRole("listitem").getByText("Which annex?").waitFor();
  },
);

pageTest(
  "whoever only holds the link reads what is meant for all, and proves an address to write",
  {
    ...ALL_PAGES,
    [COVER]: is({ ...ANYBODY, audience: "undefined", knows_address: false }),
    [OPEN]: is(BEARER),
    [EVENTS]: is({ items: [entry(1, { kind: "share" })] }),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await press(page, "Open the document");
    await page.getByText("Message 1").waitFor();
    assert.equal(await page.getByRole("textbox").count(), 0);
    await checkPage(page, "thread of whoever holds the link");
    await press(page, "prove your address");
    await page.getByRole("heading", { level: 1, name: "Who are you?" }).waitFor();
  },
);

pageTest(
  "where nobody may write and nothing was said, no thread is shown",
  { ...ALL_PAGES, [READ]: is(TRUSTED) },
  async ({ page }) => {
    await reads(page);
    assert.equal(await page.getByRole("heading", { name: "Messages" }).count(), 0);
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await page.getByRole("region", { name: "Sign or answer" }).count(), 0);
  },
);

pageTest(
  "on a phone messages lie over the document, which stays where it was",
  {
    ...WRITER,
    [EVENTS]: is({ items: [entry(2, { files: [file("fil_9", "Annex B.pdf")] }), entry(1)] }),
    [WRITE]: inTurn(() => problem(403, "forbidden", { detail: "The link does not allow this." }), taken),
    [`GET ${API}/files/fil_9/pages/1`]: SHOWN,
  },
  async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await reads(page);
    await press(page, "Messages");
    const sheet = page.getByRole("dialog", { name: "Messages" });
    await sheet.getByText("Message 2").waitFor();
    await checkPage(page, "messages on a phone");
    assert.equal(await sheet.count(), 0, "where there is room, they stand beside the document");
    await page.evaluate(() => scrollTo(0, 300));
    await press(page, "Messages");
    await field(page).fill("Which annex?");
    await press(page, "Send");
    await sheet.getByText("The link does not allow this.").waitFor();
    await press(page, "Send");
    await sheet.getByRole("listitem").getByText("Which annex?").waitFor();
    await press(page, "Annex B.pdf");
    await page.getByRole("img", { name: "Page 1, as a picture" }).waitFor();
    await page.keyboard.press("Escape");
    await press(page, "Close messages");
    assert.equal(await sheet.count(), 0);
    assert.equal(await page.evaluate(() => scrollY), 300);
    await focusComesTo(page, "Messages");
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByText("Message 1").waitFor();
  },
);

pageTest(
  "on a phone what scrolls goes beneath the heading of the messages",
  { ...WRITER, [EVENTS]: is({ items: [6, 5, 4, 3, 2, 1].map((number) => entry(number, { kind: "declined" })) }) },
  async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 500 });
    await reads(page);
    await press(page, "Messages");
    const covered = await page.getByRole("dialog", { name: "Messages" }).evaluate((sheet) => {
      const heading = sheet.querySelector("h2");
      const seen = [];
      for (sheet.scrollTop = 0; seen.length < 40; sheet.scrollTop += 4) {
        const { left, top, height } = heading.getBoundingClientRect();
        seen.push(document.elementFromPoint(left + 8, top + height / 2));
      }
      return sheet.scrollTop === 160 && seen.filter((each) => each !== heading).map((each) => each.outerHTML);
    });
    assert.deepEqual(covered, []);
  },
);
