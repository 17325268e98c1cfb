/** Sending files that the company asked for. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import { ALL_PAGES, API, entry, EVENTS, first, inTurn, is, PAGE, READ, SIGNER, VERIFIED } from "./guest_facts.mjs";
import { ORIGIN, pageTests, problem } from "./stand_in.mjs";

const pageTest = pageTests();

const SEND = `POST ${API}/files`;
const COMPLETE = `POST ${API}/files/fil_7/complete`;
const REQUEST = entry(1, { kind: "file_request", text: "Your annex, please." });
const ARRIVED = entry(2, {
  kind: "files",
  is_own: true,
  author: "Daniel Okoro",
  text: undefined,
  files: [{ id: "fil_7", name: "annex.pdf", media_type: "application/pdf" }],
});
const announced = ({ name, media_type, size_bytes }) => ({
  status: 201,
  body: {
    file: { id: "fil_7", name, media_type, size_bytes, state: "uploading" },
    upload: { url: `${ORIGIN}/upload/7`, method: "PUT", headers: { "x-amz-checksum-sha256": "abc" } },
  },
});
const complete = is({ id: "fil_7", name: "annex.pdf", media_type: "application/pdf", size_bytes: 3, state: "published" });

const WRITER = { ...ALL_PAGES, [READ]: is(SIGNER) };

async function choose(page, ...files) {
  await page.goto(PAGE);
  await first(page);
  await page.getByText("asked for files").waitFor();
  await page.locator(".send-files input").setInputFiles(
    files.map(([name, text]) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) })),
  );
}

pageTest(
  "a file that was asked for is announced, sent and completed, and stands in the thread",
  {
    ...WRITER,
    [EVENTS]: inTurn(is({ items: [REQUEST] }), is({ items: [ARRIVED, REQUEST] })),
    [SEND]: announced,
    [COMPLETE]: complete,
  },
  async ({ page, callsOf }) => {
    const put = page.waitForRequest((request) => request.method() === "PUT");
    await choose(page, ["annex.pdf", "abc"]);
    assert.equal((await put).headers()["x-amz-checksum-sha256"], "abc");
    await page.getByText("sent a file").waitFor();
    await page.getByRole("button", { name: "annex.pdf" }).waitFor();
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const body = { event_id: REQUEST.id, name: "annex.pdf", media_type: "application/pdf", size_bytes: 3, sha256 };
    assert.deepEqual(
      callsOf(SEND).map((call) => call.body),
      [body],
    );
    assert.equal(await page.locator(".send-files li").count(), 0);
    await checkPage(page, "a file was sent");
  },
);

pageTest(
  "what is not taken or not as announced is said beside its name, and the others arrive",
  {
    ...WRITER,
    [EVENTS]: inTurn(is({ items: [REQUEST] }), is({ items: [ARRIVED, REQUEST] })),
    [SEND]: announced,
    [COMPLETE]: inTurn(
      () => problem(409, "upload-differs", { errors: [{ pointer: "/media_type", detail: "not a PDF" }] }),
      complete,
    ),
  },
  async ({ page, callsOf }) => {
    await choose(page, ["setup.exe", "MZ"], ["empty.pdf", ""], ["other.pdf", "text"], ["annex.pdf", "abc"]);
    await page.getByRole("button", { name: "annex.pdf" }).waitFor();
    const lines = page.locator(".send-files li");
    assert.deepEqual(await lines.locator("[data-words]").allTextContents(), [
      "This kind of file is not taken. A PDF is.",
      "This file is empty.",
      "not a PDF",
    ]);
    assert.equal(callsOf(SEND).length, 2);
    await checkPage(page, "files that were not taken");
  },
);

pageTest(
  "who may not write is asked for nothing",
  { ...ALL_PAGES, [READ]: is(VERIFIED), [EVENTS]: is({ items: [REQUEST] }) },
  async ({ page }) => {
    await page.goto(PAGE);
    await first(page);
    await page.getByText("asked for files").waitFor();
    assert.equal(await page.locator(".send-files").count(), 0);
  },
);

pageTest(
  "where the answer got lost, choosing the file again completes it and sends nothing twice",
  {
    ...WRITER,
    [EVENTS]: inTurn(is({ items: [REQUEST] }), is({ items: [REQUEST] }), is({ items: [ARRIVED, REQUEST] })),
    [SEND]: announced,
    [COMPLETE]: inTurn(() => "lost", complete),
  },
  async ({ page, callsOf }) => {
    await choose(page, ["annex.pdf", "abc"]);
    await page.locator(".send-files li").getByText("No answer came").waitFor();
    await page
      .locator(".send-files input")
      .setInputFiles([{ name: "annex.pdf", mimeType: "", buffer: Buffer.from("abc") }]);
    await page.getByRole("button", { name: "annex.pdf" }).waitFor();
    assert.equal(callsOf(SEND).length, 1);
    assert.equal(callsOf(COMPLETE).length, 2);
  },
);
