/**
 * Guests of a running laptop cloud: a browser for each, the documents and links that staff make for them, and what
 * they press.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { complaintsOf, launch } from "./browser.mjs";
import { administrator, BASE_URL, mailedCode, mailsTo, skip } from "./laptop.mjs";

/** What a journey runs under; it may wait for a second code, and for mails. */
export const options = { skip, timeout: 240_000 };

/** One address gets a code a minute at most for the same purpose on the same link. */
const CODE_PAUSE_MILLISECONDS = 61_000;

/** New addresses each run, so that earlier links and code budgets do not matter. */
export const run = Date.now().toString(36);

/** What stands behind the `#` of each link, and travels in bodies only. */
const secrets = [];

let browser;

/** The administrator, as what calls the API. @type {Awaited<ReturnType<typeof administrator>>} */
export let staff;

before(async () => {
  if (skip) return;
  browser = await launch();
  staff = await administrator();
});
after(() => browser?.close());

/** A browser of its own; nothing may complain on it or ask anybody else for anything. */
export async function device(t) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = complaintsOf(page);
  page.on("request", (request) => {
    if (!request.url().startsWith(BASE_URL)) complaints.push(`asked ${request.url()}`);
    const told = `${request.url()} ${JSON.stringify(request.headers())}`;
    if (secrets.some((secret) => told.includes(secret))) complaints.push(`told a secret to ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  return page;
}

export function newContact(name) {
  const email = `${name}+${run}@okoro.example`;
  return staff.post("/contacts", { email, first_name: "Tomasz", last_name: "Wrona" });
}

/** A demo document whose access asks for no agreement; those that journeys made are newer. */
async function anyDocument() {
  const { items } = await staff.get("/documents?sort=created");
  return items.find(({ access_level: level }) => level === "restricted");
}

/** A document of its own, in whose thread and signatures nothing else is. */
export async function newDocument(name) {
  const bytes = await anyPaper();
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const title = `${name} ${run}`;
  const { id } = await staff.post("/documents", { title, category: "Agreements", access_level: "restricted" });
  const announced = { name: "terms.pdf", media_type: "application/pdf", size_bytes: bytes.length, sha256 };
  const { file, upload } = await staff.post(`/documents/${id}/files`, announced);
  const sent = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes });
  assert.ok(sent.ok, `the upload answered ${sent.status}`);
  await staff.post(`/files/${file.id}/complete`);
  return { id, title, sha256 };
}

/** The bytes of a PDF that the demo has. */
async function anyPaper() {
  const { id } = await anyDocument();
  const { files } = await staff.get(`/documents/${id}`);
  const { url } = await staff.post(`/files/${files[0].id}/download`);
  return bytesAt(url);
}

async function bytesAt(url) {
  return Buffer.from(await (await fetch(new URL(url, BASE_URL))).arrayBuffer());
}

/** A link and its address, as the administrator copies it. */
export async function newLink(facts, document) {
  const { id } = document ?? (await anyDocument());
  const link = await staff.post(`/documents/${id}/links`, facts);
  const { url } = await staff.post(`/links/${link.id}/copy`);
  return { ...link, url: hereOf(url) };
}

/**
 * A mailed or copied address, whose secret nobody may be told from now on. It names the public origin; the journey may
 * reach the same cloud by another.
 *
 * @param {string} url
 */
export function hereOf(url) {
  const { pathname, hash } = new URL(url);
  secrets.push(hash.slice(1));
  return `${BASE_URL}${pathname}${hash}`;
}

/** Opens a link as whoever comes first does. */
export async function opens(page, { url }) {
  await page.goto(url);
  await press(page, "Open the document");
  await reads(page);
}

/** The first page is there, and what else the reader may do. */
export async function reads(page) {
  await page.getByRole("img", { name: /^Page 1 of / }).waitFor();
  await page.locator(".rd-s:not([aria-busy])").waitFor();
}

export const press = (page, name) => button(page, name).click();
export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** When a code was asked for last, by page and address. */
const askedAt = new Map();

/** Asks for a code by `ask`, and types it once it is mailed. */
export async function typeMailedCode(page, email, ask) {
  const whose = `${new URL(page.url()).pathname} ${email}`;
  const pause = (askedAt.get(whose) ?? 0) + CODE_PAUSE_MILLISECONDS - Date.now();
  if (0 < pause) await new Promise((resolve) => setTimeout(resolve, pause));
  const seen = (await mailsTo(email)).length;
  askedAt.set(whose, Date.now());
  await ask();
  await page.locator(".code").waitFor();
  await page.locator(".code").pressSequentially(await mailedCode(email, seen));
}

/** Says who one is to a link that does not know it, and proves the address. */
export async function sayWho(page, email, [first, last] = ["Priya", "Nambiar"]) {
  await page.getByLabel("Work e-mail").fill(email);
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByLabel("Company").fill("Northwind");
  await page.getByLabel("Position").fill("Buyer");
  await typeMailedCode(page, email, () => press(page, "Send me a code"));
}

/** Writes to the company, and sees it in the thread. */
export async function writes(page, text) {
  await page.getByRole("textbox", { name: /^Message to / }).fill(text);
  await press(page, "Send");
  await page.getByRole("listitem").getByText(text).waitFor();
}

/** What the thread says, oldest first. */
export const said = (page) => page.locator(".tl li .say").allTextContents();

/** The bytes of what is downloaded by `act`. */
export async function bytesOf(page, act) {
  const asked = page.waitForResponse((answer) => answer.url().endsWith("/download"));
  await act();
  const { url } = await (await asked).json();
  return bytesAt(url);
}
