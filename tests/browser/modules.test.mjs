/** The parts of the public pages' scripts that need no browser. */

import assert from "node:assert/strict";
import { test } from "node:test";

const pages = new URL("../../web/pages/", import.meta.url);
const from = (name) => import(new URL(name, pages));

const { isAccent } = await from("brand.js");
const { byCategory } = await from("categories.js");
const { codeIn, digitsOf } = await from("code_input.js");
const { deviceNonce, dropDeviceNonce, NONCE_LIFE_MILLISECONDS } = await from("device_nonce.js");
const { kindOfFile, sizeOfFile } = await from("file_facts.js");
const { fieldNameOf } = await from("form_problems.js");
const { asksForDetails, lastMinuteOf, rightsAsBeginning, rightsInWords } = await from("guest_words.js");
const { guestLinkOf, slugOf } = await from("page_address.js");
const { NO_ANSWER, Problem, problemOf } = await from("api.js");
const { sentenceFor } = await from("problem_words.js");
const { certificateWords, othersWords, shortDigest, stageOf, versionWords } = await from("signing_words.js");
const { proofOf } = await from("second_factor.js");
const { storeOver } = await from("storage.js");
const { lengthOf } = await from("text_length.js");
const { clock, exact, relative, span } = await from("time.js");

test("six digits are an app's code, and anything else is taken for a recovery code", () => {
  assert.deepEqual(proofOf(""), {});
  for (const totp of ["042917", "042 917", " 042-917 "]) assert.deepEqual(proofOf(totp), { totp });
  for (const recovery_code of ["0429171", "ABCD-EFGH-IJKL-MNOP-QRST-UVWX", "234567ABCDEF"])
    assert.deepEqual(proofOf(recovery_code), { recovery_code });
});

test("only six hex digits are an accent", () => {
  assert.ok(isAccent("#0b5d66"));
  for (const no of ["0b5d66", "#0b5d6", "#0b5d66;", "red", "#0b5d66ff", "url(x)", null, 7])
    assert.ok(!isAccent(no), String(no));
});

test("the slug is the part after the first letter of the path", () => {
  assert.equal(slugOf("/t/acme"), "acme");
  assert.equal(slugOf("/p/acme/"), "acme");
  assert.equal(slugOf("/t/acme/answer"), "acme");
  assert.equal(slugOf("/t/%E0%A4%A"), "");
  assert.equal(slugOf("/elsewhere"), "");
});

test("a guest link is the part after /g/, and its pages have one name each", () => {
  assert.deepEqual(guestLinkOf("/g/lnk_01AB"), { id: "lnk_01AB", page: "" });
  assert.deepEqual(guestLinkOf("/g/lnk_01AB/confirm"), { id: "lnk_01AB", page: "confirm" });
  assert.deepEqual(guestLinkOf("/g/lnk_01AB/not-me"), { id: "lnk_01AB", page: "not-me" });
  for (const no of ["/g/", "/g/a/b/c", "/g/lnk_%2F", "/p/lnk_01AB"])
    assert.deepEqual(guestLinkOf(no), { id: "", page: "" }, no);
});

test("rights are named in one order, and a day ends at 23:59 where it was meant", () => {
  assert.equal(rightsInWords(["sign", "view", "download"]), "read, download and sign");
  assert.equal(rightsAsBeginning(["view"]), "Read");
  assert.equal(lastMinuteOf("2027-01-31T23:00:00Z", "Europe/Zurich"), "2027-01-31T22:59:00.000Z");
  assert.equal(lastMinuteOf("2027-01-31T14:00:00Z", "Europe/Zurich"), "2027-01-31T14:00:00Z");
});

test("only whom nobody was named for says who they are", () => {
  assert.ok(asksForDetails({ audience: "undefined", knows_address: false }));
  assert.ok(asksForDetails({ audience: "public_child" }));
  assert.ok(!asksForDetails({ audience: "undefined", knows_address: true }));
  assert.ok(!asksForDetails({ audience: "contact", knows_address: false }));
});

test("a signature is asked for what is shown, and for nothing else", () => {
  const file = { id: "fil_1", pages: { state: "ready", total: 8 } };
  const signing = { asked: { act: "sign", progress: "waiting" }, newest: { id: "fil_1", version: 3 }, signers: 2 };
  const stage = (more, shown = file) => stageOf({ file: shown }, { ...signing, ...more });
  const asked = (progress) => ({ asked: { act: "sign", progress } });
  assert.equal(stage({}), "ask");
  assert.equal(stage({ newest: { id: "fil_2", version: 4 } }), "newer");
  assert.equal(stage({ newest: null }), "nothing");
  assert.equal(stage({}, null), "nothing");
  assert.equal(stage(asked("declined")), "declined");
  for (const progress of ["signed", "approved"]) assert.equal(stage({ ...asked(progress), newest: null }), "done");
  assert.equal(stage({ asked: null }), "others");
  assert.equal(stage({ asked: null, signers: 0 }), "none");
  assert.equal(versionWords(signing.newest, file), "Version 3, 8 pages");
  assert.equal(versionWords(signing.newest, { ...file, id: "fil_2" }), "Version 3");
});

test("how far the others are is told where there are others", () => {
  const signing = { asked: { act: "approve" }, signers: 3, finished: 2, completed_at: null, certificate_id: null };
  assert.equal(othersWords(signing), "2 of 3 are done.");
  assert.equal(othersWords({ ...signing, finished: 0 }), "3 people are asked.");
  assert.equal(othersWords({ ...signing, finished: 1 }), "1 of 3 is done.");
  assert.equal(othersWords({ ...signing, signers: 1, finished: 0 }), "");
  assert.equal(othersWords({ ...signing, asked: null, signers: 1, finished: 0 }), "One person is asked.");
  assert.equal(othersWords({ ...signing, asked: null, finished: 3 }), "3 have signed so far.");
  assert.equal(othersWords({ ...signing, finished: 3 }), "", "whoever comes may sign, so nobody knows how many will");
  assert.equal(othersWords({ ...signing, finished: 3, completed_at: "…" }), "Everybody who was asked is done.");
  assert.match(certificateWords(signing), /^Once everybody is done, a mail/);
  assert.match(certificateWords({ ...signing, finished: 3, completed_at: "…" }), /is being made/);
  assert.equal(certificateWords({ ...signing, finished: 3 }), "");
  assert.equal(certificateWords({ ...signing, completed_at: "…", certificate_id: "fil_9" }), "");
});

test("a digest is short enough to compare by eye", () => {
  assert.equal(shortDigest(`9f2c41d8e07a5b93${"0".repeat(44)}2ee1`), "9f2c 41d8 e07a 5b93 … 2ee1");
  assert.equal(shortDigest("9f2c41"), "9f2c 41");
});

test("texts are as long as the server counts them", () => {
  assert.equal(lengthOf("  Cafe\u0301 😀\n"), 6);
  assert.equal(lengthOf(" \n"), 0);
});

test("a code is found among spaces, dashes and words", () => {
  assert.equal(codeIn("481923"), "481923");
  assert.equal(codeIn("481 923\n"), "481923");
  assert.equal(codeIn("Your code: 481-923."), "481923");
  assert.equal(codeIn("４８１９２３"), "481923");
  assert.equal(codeIn("48192"), "");
  assert.equal(codeIn("4819234"), "");
});

test("typing keeps digits only, and six at most", () => {
  assert.equal(digitsOf("48 19-x"), "4819");
  assert.equal(digitsOf("4819237"), "481923");
});

test("the device number is the same for ten minutes, and new after it or after an answer", () => {
  const first = deviceNonce("acme", 0);
  assert.match(first, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(deviceNonce("acme", NONCE_LIFE_MILLISECONDS - 1), first);
  assert.notEqual(deviceNonce("globex", 1), first);
  const second = deviceNonce("acme", NONCE_LIFE_MILLISECONDS);
  assert.notEqual(second, first);
  dropDeviceNonce("acme");
  assert.notEqual(deviceNonce("acme", NONCE_LIFE_MILLISECONDS), second);
});

test("a forbidden store remembers for as long as the page lives", () => {
  const store = storeOver(() => {
    throw new Error("forbidden");
  });
  store.set("a", "1");
  assert.equal(store.get("a"), "1");
  store.remove("a");
  assert.equal(store.get("a"), null);
});

test("a pointer names its field", () => {
  assert.equal(fieldNameOf("/email"), "email");
  assert.equal(fieldNameOf("/document_ids/3"), "document_ids");
  assert.equal(fieldNameOf("/a~1b~0c"), "a/b~c");
  assert.equal(fieldNameOf(""), "");
});

test("a problem document becomes a problem, and anything else its status", () => {
  const document = {
    type: "https://vestibule.dev/problems/link-over",
    title: "Over",
    errors: [{ pointer: "/a", detail: "b" }, { pointer: 1 }],
  };
  const problem = problemOf(403, document, null, 0);
  assert.equal(problem.kind, "link-over");
  assert.deepEqual(problem.errors, [{ pointer: "/a", detail: "b" }]);
  assert.equal(problemOf(502, null, null, 0).kind, "502");
});

test("Retry-After is read in seconds and as a date", () => {
  assert.equal(problemOf(429, null, "130", 0).retryAfterSeconds, 130);
  assert.equal(problemOf(429, null, "Thu, 01 Jan 1970 00:01:00 GMT", 0).retryAfterSeconds, 60);
  assert.equal(problemOf(429, null, "Thu, 01 Jan 1970 00:01:00 GMT", 120_000).retryAfterSeconds, 0);
  assert.equal(problemOf(429, null, "soon", 0).retryAfterSeconds, null);
});

test("each problem says what to do next", () => {
  assert.match(sentenceFor(new Problem({ kind: NO_ANSWER })), /press again; nothing happens twice/);
  assert.match(sentenceFor(new Problem({ kind: "x", status: 429, retryAfterSeconds: 130 })), /in 3 minutes/);
  assert.match(sentenceFor(new Problem({ kind: "x", status: 500 })), /our side/);
  assert.equal(sentenceFor(new Problem({ kind: "x", status: 409, detail: "It changed." })), "It changed.");
});

test("relative time says too little rather than too much", () => {
  const now = new Date("2026-11-22T09:00:00Z");
  const at = (text) => relative(new Date(text), now);
  assert.equal(at("2026-11-22T09:00:30Z"), "in less than a minute");
  assert.equal(at("2026-11-22T08:59:50Z"), "just now");
  assert.equal(at("2026-11-22T10:59:59Z"), "in 1 hour");
  assert.equal(at("2026-11-25T22:59:00Z"), "in 3 days");
  assert.equal(at("2026-11-20T08:59:00Z"), "2 days ago");
  assert.equal(at("2027-12-27T09:00:00Z"), "in 13 months");
});

test("exact time names the year beyond a year, and the zone where asked", () => {
  const now = new Date("2026-11-22T09:00:00Z");
  const reader = { locale: "en-GB", zone: "Europe/Zurich" };
  assert.equal(exact(new Date("2026-11-25T22:59:00Z"), now, reader), "25 Nov, 23:59");
  assert.equal(exact(new Date("2026-11-25T22:59:00Z"), now, { ...reader, showZone: "show" }), "25 Nov, 23:59 CET");
  assert.equal(exact(new Date("2028-01-01T00:00:00Z"), now, reader), "1 Jan 2028, 01:00");
});

test("countdowns and spans round up", () => {
  assert.equal(clock(41.2), "0:42");
  assert.equal(clock(725), "12:05");
  assert.equal(clock(-3), "0:00");
  assert.equal(span(1), "1 second");
  assert.equal(span(61), "2 minutes");
  assert.equal(span(7000), "2 hours");
});

test("sizes have three digits at most", () => {
  assert.equal(sizeOfFile(812, "en"), "812 B");
  assert.equal(sizeOfFile(4_200, "en"), "4.2 KB");
  assert.equal(sizeOfFile(999_600, "en"), "1 MB");
  assert.equal(sizeOfFile(31_400_000, "en"), "31 MB");
  assert.equal(kindOfFile("text/plain; charset=utf-8"), "Text");
  assert.equal(kindOfFile("application/x-new"), "File");
});

test("categories keep the server's order, and no category is one too", () => {
  const groups = byCategory([{ category: "B" }, { category: " " }, { category: "A" }, { category: "B" }]);
  assert.deepEqual(
    groups.map(([name, members]) => [name, members.length]),
    [
      ["B", 2],
      ["Other documents", 1],
      ["A", 1],
    ],
  );
});
