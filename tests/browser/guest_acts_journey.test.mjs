/**
 * What guests do on the links of a running Vestibule beside reading: write, sign, decline, get a document of their own,
 * disown a browser. Two profiles are two devices, and whoever is not concerned neither sees nor hears of it.
 *
 * BASE_URL is a laptop cloud with the demo tenant, DEMO_PASSWORD its administrator's password.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { checkPage } from "./browser.mjs";
import { ADMINISTRATOR, codeIn, mailsTo, mailTo } from "./laptop.mjs";
import {
  button,
  bytesOf,
  device,
  hereOf,
  newContact,
  newDocument,
  newLink,
  opens,
  options,
  press,
  reads,
  run,
  said,
  sayWho,
  staff,
  typeMailedCode,
  writes,
} from "./laptop_guests.mjs";

const WRITING = ["view", "write"];
const SIGNING = ["view", "download", "write", "sign"];

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const sha256Of = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A link for `contact` alone. */
const linkFor = (contact, rights, document) =>
  newLink({ audience: "contact", contact_id: contact.id, rights }, document);

/** Entries of a document's thread of one kind, newest first, as staff read them. */
async function entriesOf({ id }, kind) {
  const { items } = await staff.get(`/documents/${id}/events`);
  return items.filter((entry) => entry.kind === kind);
}

const messagesOf = async (document) => (await entriesOf(document, "message")).map(({ text }) => text);

/** Asks for signatures for the first time. */
const askToSign = ({ id }, signers) =>
  staff.put(`/documents/${id}/signatures`, { whom: "named", signers, message: "By Friday, please." }, 0);

/** How far each signer is, in the order they were asked. */
async function progressOf({ id }) {
  const { signers } = await staff.get(`/documents/${id}/signatures`);
  return signers.map(({ progress }) => progress);
}

/** Asserts that nothing mailed to `email` tells of `words`. */
async function isNotTold(email, words) {
  const told = (await mailsTo(email)).filter(({ subject, text }) => `${subject}\n${text}`.includes(words));
  assert.deepEqual(told, [], `${email} is not told`);
}

const codesTo = async (email) => (await mailsTo(email)).map(codeIn).filter(Boolean);

/** Which browsers are known on a link. */
const devicesOn = async ({ id }) => (await staff.get(`/links/${id}/devices`)).items;

test("a guest writes, staff answer, and both hear of it by mail; another guest does not", options, async (t) => {
  const document = await newDocument("Terms to talk about");
  const [writer, bystander] = [await newContact("writer"), await newContact("bystander")];
  const link = await linkFor(writer, WRITING, document);
  const [page, other] = [await device(t), await device(t)];
  await opens(page, link);
  await opens(other, await linkFor(bystander, WRITING, document));

  const question = `Which annex applies, ${run}?`;
  await writes(page, question);
  const [entry] = await entriesOf(document, "message");
  assert.deepEqual([entry.text, entry.author.id, entry.link_id], [question, writer.id, link.id]);
  const toSender = await mailTo(ADMINISTRATOR, ({ text }) => text.includes(question));
  assert.equal(toSender.subject, `Tomasz Wrona wrote about “${document.title}”`);
  assert.deepEqual(await codesTo(writer.email), [], "whoever opened the link first writes without a code");

  const answer = `The second one, ${run}.`;
  await staff.post(`/documents/${document.id}/events`, { text: answer, link_id: link.id });
  const toWriter = await mailTo(writer.email, ({ text }) => text.includes(answer));
  assert.match(toWriter.text, new RegExp(`/g/${link.id}`));
  await page.reload();
  await reads(page);
  assert.deepEqual(await said(page), [question, answer]);
  await checkPage(page, "a thread with an answer");

  await other.reload();
  await reads(other);
  assert.deepEqual(await said(other), []);
  for (const words of [question, answer]) await isNotTold(bystander.email, words);
});

test("a code comes before a signature, and a certificate once everybody has finished", options, async (t) => {
  const document = await newDocument("Terms to sign");
  const [signer, approver] = [await newContact("signer"), await newContact("approver")];
  const link = await linkFor(signer, SIGNING, document);
  const approving = await linkFor(approver, SIGNING, document);
  await askToSign(document, [
    { contact_id: signer.id, act: "sign" },
    { contact_id: approver.id, act: "approve" },
  ]);
  await mailTo(signer.email, ({ subject }) => subject === `Acme asks you to sign “${document.title}”`);
  const [first, second, colleague] = [await device(t), await device(t), await device(t)];

  await opens(first, link);
  await heading(first, "Acme asks you to sign").waitFor();
  await checkPage(first, "asked to sign");
  await typeMailedCode(first, signer.email, () => press(first, "Sign"));
  await heading(first, "Sign version 1?").waitFor();
  assert.deepEqual(await progressOf(document), ["waiting", "waiting"], "a code alone signs nothing");
  await press(first, "Sign version 1");
  await heading(first, `You signed ${document.title}`).waitFor();
  await checkPage(first, "signed");
  assert.equal(sha256Of(await bytesOf(first, () => press(first, "Download signed PDF"))), document.sha256);

  await first.reload();
  await reads(first);
  await heading(first, "You signed version 1").waitFor();
  for (const name of ["Sign", "Decline…", "View certificate"]) assert.equal(await button(first, name).count(), 0, name);
  assert.equal((await codesTo(signer.email)).length, 1, "a code is asked for once");
  const half = await staff.get(`/documents/${document.id}/signatures`);
  assert.equal(half.signers[0].signature.file.sha256, document.sha256);
  assert.deepEqual([half.signers[1].progress, half.completed_at, half.certificate_id], ["waiting", null, null]);

  await opens(colleague, approving);
  await typeMailedCode(colleague, approver.email, () => press(colleague, "Approve"));
  await press(colleague, "Approve version 1");
  await heading(colleague, `You approved ${document.title}`).waitFor();
  for (const email of [signer.email, approver.email, ADMINISTRATOR])
    await mailTo(email, ({ subject }) => subject === `“${document.title}” is signed by everybody`);
  assert.deepEqual(await progressOf(document), ["signed", "approved"]);

  await first.reload();
  await reads(first);
  await press(first, "View certificate");
  const certificate = first.getByRole("dialog", { name: "Certificate" });
  await certificate.getByRole("img", { name: "Page 1, as a picture" }).waitFor();
  const bytes = await bytesOf(first, () => certificate.getByRole("button", { name: "Download" }).click());
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "%PDF");
  assert.notEqual(sha256Of(bytes), document.sha256, "it is another file than the one that was signed");

  await second.goto(link.url);
  await button(second, "Send me a code").waitFor();
  assert.equal(await second.getByText("You signed").count(), 0, "nothing is told before the code");
  await typeMailedCode(second, signer.email, () => press(second, "Send me a code"));
  await reads(second);
  await heading(second, "You signed version 1").waitFor();
  assert.equal(await button(second, "Sign").count(), 0);
});

test("a guest declines with a reason: staff read it, and other signers do not", options, async (t) => {
  const document = await newDocument("Terms to decline");
  const [decliner, signer] = [await newContact("decliner"), await newContact("other-signer")];
  const link = await linkFor(decliner, SIGNING, document);
  const others = await linkFor(signer, SIGNING, document);
  await askToSign(
    document,
    [decliner, signer].map(({ id }) => ({ contact_id: id, act: "sign" })),
  );
  const [page, other] = [await device(t), await device(t)];
  await opens(page, link);
  await press(page, "Decline…");
  await heading(page, "Decline to sign version 1?").waitFor();
  await press(page, "Not now");
  assert.deepEqual(await progressOf(document), ["waiting", "waiting"]);

  const reason = `Only with a cap on liability, ${run}.`;
  await press(page, "Decline…");
  await page.getByLabel("Why?").fill(reason);
  await press(page, "Decline");
  await heading(page, "You declined").waitFor();
  await page.getByRole("listitem").getByText(reason).waitFor();
  await checkPage(page, "declined");
  const [entry] = await entriesOf(document, "declined");
  assert.deepEqual([entry.text, entry.author.id], [reason, decliner.id]);
  assert.deepEqual(await progressOf(document), ["declined", "waiting"]);
  const toSender = await mailTo(ADMINISTRATOR, ({ text }) => text.includes(reason));
  assert.equal(toSender.subject, `Tomasz Wrona declined “${document.title}”`);
  assert.deepEqual(await codesTo(decliner.email), [], "declining asks for no code");

  await page.reload();
  await reads(page);
  await heading(page, "You declined").waitFor();
  await button(page, "Sign after all").waitFor();

  await opens(other, others);
  await heading(other, "Acme asks you to sign").waitFor();
  assert.equal(await other.getByText(reason).count(), 0);
  await isNotTold(signer.email, reason);
  assert.deepEqual(await entriesOf(document, "certificate"), []);
});

test("each guest of a public link has a document of their own, and no other guest's", options, async (t) => {
  const document = await newDocument("Terms for everybody");
  const link = await newLink({ audience: "public_child", rights: WRITING }, document);
  const guests = [];
  for (const [first, last] of [
    ["Priya", "Nambiar"],
    ["Jonas", "Lindqvist"],
  ]) {
    const page = await device(t);
    const email = `${first.toLowerCase()}+own-${run}@northwind.example`;
    const words = `This is from ${first}, ${run}.`;
    await opens(page, link);
    await press(page, "Prove my address");
    await page.getByText("You get a copy of your own.").waitFor();
    await checkPage(page, "who gets a copy of their own");
    await sayWho(page, email, [first, last]);
    await reads(page);
    await page.getByText("This is a copy of your own.").waitFor();
    await writes(page, words);
    guests.push({ page, email, words, name: `${first} ${last}` });
  }
  const [one, two] = guests;

  const board = (await staff.get(`/links/${link.id}/children`)).items;
  const listed = ({ name, email }) => [name, email];
  assert.deepEqual(board.map(listed).sort(), guests.map(listed).sort());
  const copyOf = ({ email }) => ({ id: board.find((child) => child.email === email).document_id });
  assert.equal(new Set([document.id, copyOf(one).id, copyOf(two).id]).size, 3);
  for (const guest of guests) assert.deepEqual(await messagesOf(copyOf(guest)), [guest.words]);
  assert.deepEqual(await messagesOf(document), [], "the document that copies are made from stays empty");

  const answer = `Welcome, ${run}.`;
  await staff.post(`/documents/${copyOf(one).id}/events`, { text: answer });
  await mailTo(one.email, ({ text }) => text.includes(answer));
  for (const { page } of guests) {
    await page.reload();
    await reads(page);
  }
  assert.deepEqual(await said(one.page), [one.words, answer]);
  assert.deepEqual(await said(two.page), [two.words]);
  for (const words of [one.words, answer]) await isNotTold(two.email, words);

  const bearer = await device(t);
  await opens(bearer, link);
  assert.deepEqual(await said(bearer), [], "who only holds the link reads nobody's messages");
});

test("a code to the mailbox takes off the browser that is not its owner's, and no other", options, async (t) => {
  const document = await newDocument("Terms that were forwarded");
  const contact = await newContact("owner");
  const [first, second] = [await device(t), await device(t)];
  // Whoever proves their address for the very first time gets no notice of it; so it is proved elsewhere before.
  const earlier = await linkFor(contact, WRITING);
  await first.goto(earlier.url.split("#")[0]);
  await first.getByLabel("Work e-mail").fill(contact.email);
  await typeMailedCode(first, contact.email, () => press(first, "Send me a code"));
  await reads(first);

  const link = await linkFor(contact, WRITING, document);
  const isNotice = ({ subject }) => subject === `“${document.title}” was opened in a new browser`;
  await opens(first, link);
  await mailTo(contact.email, isNotice);
  const [own] = await devicesOn(link);
  const seen = (await mailsTo(contact.email)).length;
  await second.goto(link.url);
  await typeMailedCode(second, contact.email, () => press(second, "Send me a code"));
  await reads(second);
  const { text } = await mailTo(contact.email, isNotice, seen);
  const notice = hereOf(/https?:\S+\/not-me#\S+/.exec(text)[0]);

  const before = [await devicesOn(link), await staff.get(`/links/${link.id}`)];
  assert.equal(before[0].length, 2);
  const changesNothing = async (why) =>
    assert.deepEqual([await devicesOn(link), await staff.get(`/links/${link.id}`)], before, why);
  for (const method of ["HEAD", "GET"]) assert.equal((await fetch(notice, { method })).status, 200);
  await first.goto(notice);
  await heading(first, "Was it not you?").waitFor();
  await first.waitForLoadState("networkidle");
  await changesNothing("looking at the notice");
  await typeMailedCode(first, contact.email, async () => {
    await press(first, "Send me a code");
    await first.locator(".code").waitFor();
    await changesNothing("asking for the code");
  });
  await heading(first, "That browser is off").waitFor();
  await first.getByText(document.title).waitFor();
  await checkPage(first, "a browser taken off");
  assert.deepEqual(
    (await devicesOn(link)).map(({ id }) => id),
    [own.id],
  );
  await mailTo(ADMINISTRATOR, ({ subject }) => subject === `Tomasz Wrona did not open “${document.title}”`);

  await second.reload();
  await button(second, "Send me a code").waitFor();
  assert.equal(await second.getByRole("img", { name: /^Page / }).count(), 0);
  await first.goto(link.url);
  await reads(first);
});

test("a link for somebody without an address is read freely, and asks for one to write", options, async (t) => {
  const document = await newDocument("Terms for a caller");
  const contact = await staff.post("/contacts", { first_name: "Ada", last_name: "Brandt" });
  const link = await linkFor(contact, WRITING, document);
  const email = `ada+${run}@okoro.example`;
  const [page, other] = [await device(t), await device(t)];
  await opens(page, link);
  await heading(page, "To write").waitFor();
  assert.equal(await page.getByRole("textbox").count(), 0, "nothing can be written yet");
  await checkPage(page, "an address to prove");
  await opens(other, link);
  assert.equal((await staff.get(`/contacts/${contact.id}`)).email, null, "reading proves nothing");

  await press(page, "Prove my address");
  assert.equal(await page.getByLabel("First name").count(), 0, "who they are is known");
  await page.getByLabel("Work e-mail").fill(email);
  await typeMailedCode(page, email, () => press(page, "Send me a code"));
  await reads(page);
  const words = `It is me, ${run}.`;
  await writes(page, words);
  const { email: proved, email_proved: isProved } = await staff.get(`/contacts/${contact.id}`);
  assert.deepEqual([proved, isProved], [email, true]);
  const [entry] = await entriesOf(document, "message");
  assert.deepEqual([entry.text, entry.author.id], [words, contact.id]);
  await mailTo(ADMINISTRATOR, ({ text }) => text.includes(words));

  await other.reload();
  await button(other, "Send me a code").waitFor();
  await other.getByText("mailed to the address the link was made for").first().waitFor();
  assert.equal(await other.getByText(email).count(), 0, "whoever only holds the link is not told the address");
  assert.equal(await other.getByRole("img", { name: /^Page / }).count(), 0);
});
