/**
 * Guests' ways through the links of a running Vestibule, for a contact, for somebody unknown and for the public: two
 * profiles are two devices, and scanners come first.
 *
 * BASE_URL is a laptop cloud with the demo tenant, DEMO_PASSWORD its administrator's password.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkPage, complaintsOf, launch } from "./browser.mjs";
import { administrator, BASE_URL, mailedCode, mailsTo, skip } from "./laptop.mjs";

const options = { skip, timeout: 180_000 };

// New addresses each run, so that earlier links and code budgets do not matter.
const run = Date.now().toString(36);

/** What stands behind the `#` of each link, and travels in bodies only. */
const secrets = [];

let browser;
let staff;
before(async () => {
  if (skip) return;
  browser = await launch();
  staff = await administrator();
});
after(() => browser?.close());

/** A browser of its own; nothing may complain on it or ask anybody else for anything. */
async function device(t) {
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

/** A demo document whose access asks for no agreement. */
async function anyDocument() {
  const { items } = await staff.get("/documents");
  return items.find(({ access_level: level }) => level === "restricted");
}

async function newContact(name) {
  const email = `${name}+${run}@okoro.example`;
  return staff.post("/contacts", { email, first_name: "Tomasz", last_name: "Wrona" });
}

/** A link and its address, as the administrator copies it. */
async function newLink(facts) {
  const { id: document } = await anyDocument();
  const link = await staff.post(`/documents/${document}/links`, facts);
  const { url } = await staff.post(`/links/${link.id}/copy`);
  // The address names the public origin; the journey may reach the same cloud by another.
  const { pathname, hash } = new URL(url);
  secrets.push(hash.slice(1));
  return { ...link, url: `${BASE_URL}${pathname}${hash}` };
}

const reads = (page) => page.getByRole("img", { name: /^Page 1 of / }).waitFor();
const press = (page, name) => page.getByRole("button", { name }).click();

async function typeMailedCode(page, email, ask) {
  const seen = (await mailsTo(email)).length;
  await ask();
  await page.locator(".code").waitFor();
  await page.locator(".code").pressSequentially(await mailedCode(email, seen));
}

async function sayWho(page, email) {
  await page.getByLabel("Work e-mail").fill(email);
  await page.getByLabel("First name").fill("Priya");
  await page.getByLabel("Last name").fill("Nambiar");
  await page.getByLabel("Company").fill("Northwind");
  await page.getByLabel("Position").fill("Buyer");
  await typeMailedCode(page, email, () => press(page, "Send me a code"));
}

test("a contact reads by a press, elsewhere by a code, and not at all once the link is off", options, async (t) => {
  const contact = await newContact("reader");
  const link = await newLink({ audience: "contact", contact_id: contact.id, rights: ["view"] });
  const [first, second] = [await device(t), await device(t)];
  await first.goto(link.url);
  await first.getByRole("button", { name: "Open the document" }).waitFor();
  await checkPage(first, "cover");
  await press(first, "Open the document");
  await reads(first);
  assert.equal(new URL(first.url()).hash, "", "the secret is gone from the address bar");
  assert.equal(await first.getByRole("button", { name: "Download" }).count(), 0, "for reading only");
  const picture = await first.getByRole("img", { name: /^Page 1 of / }).getAttribute("src");
  assert.match(new URL(picture, BASE_URL).pathname, /^\/v1\/pages\//, "the page is drawn under a mark");
  await checkPage(first, "a marked page");
  await first.reload();
  await reads(first);

  await second.goto(link.url);
  await typeMailedCode(second, contact.email, () => press(second, "Send me a code"));
  await reads(second);
  await second.getByText(contact.email).first().waitFor();

  await staff.post(`/links/${link.id}/deactivate`);
  for (const page of [first, second, await device(t)]) {
    await page.goto("about:blank");
    await page.goto(link.url);
    await page.getByRole("heading", { level: 1, name: "This link is not active" }).waitFor();
  }
  await checkPage(second, "inactive");
});

test("whoever proves an address on a link without details is who it is for", options, async (t) => {
  const link = await newLink({ audience: "undefined", rights: ["view", "download", "write"] });
  const [bearer, person] = [await device(t), await device(t)];
  await bearer.goto(link.url);
  await press(bearer, "Open the document");
  await reads(bearer);
  assert.equal(await bearer.getByRole("button", { name: "Download" }).count(), 0, "who only holds the link reads");

  await person.goto(link.url);
  await press(person, "Open the document");
  await press(person, "Prove my address");
  await checkPage(person, "who are you");
  await sayWho(person, `priya+${run}@northwind.example`);
  await reads(person);
  await person.getByText("Priya Nambiar").waitFor();
  const asked = person.waitForResponse((answer) => answer.url().endsWith("/download"));
  await press(person, "Download");
  const { url } = await (await asked).json();
  const bytes = Buffer.from(await (await fetch(new URL(url, BASE_URL))).arrayBuffer());
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "%PDF");

  await bearer.reload();
  await bearer.getByRole("button", { name: "Send me a code" }).waitFor();
});

test("anybody reads by a public link, before and after somebody proves who they are", options, async (t) => {
  const link = await newLink({ audience: "public_same", rights: ["view", "write"] });
  const [one, other] = [await device(t), await device(t)];
  await one.goto(link.url);
  await press(one, "Open the document");
  await press(one, "Prove my address");
  await sayWho(one, `one+${run}@northwind.example`);
  await reads(one);
  await other.goto(link.url);
  await press(other, "Open the document");
  await reads(other);
  await one.reload();
  await reads(one);
});

test("a link that lost its end opens by a code to the address it was made for", options, async (t) => {
  const contact = await newContact("rewritten");
  const link = await newLink({ audience: "contact", contact_id: contact.id });
  const page = await device(t);
  await page.goto(link.url.split("#")[0]);
  await page.getByLabel("Work e-mail").fill(contact.email);
  await typeMailedCode(page, contact.email, () => press(page, "Send me a code"));
  await reads(page);
});

test("scanners that look change nothing: the human opens by a press", options, async (t) => {
  const contact = await newContact("scanned");
  const link = await newLink({ audience: "contact", contact_id: contact.id });
  const before = await staff.get(`/links/${link.id}`);
  for (const method of ["HEAD", "GET"]) assert.equal((await fetch(link.url, { method })).status, 200);
  const scanner = await device(t);
  await scanner.goto(link.url);
  await scanner.getByRole("button", { name: "Open the document" }).waitFor();
  await scanner.waitForLoadState("networkidle");
  assert.deepEqual(await staff.get(`/links/${link.id}`), before);
  assert.deepEqual((await staff.get(`/links/${link.id}/devices`)).items, []);
  const human = await device(t);
  await human.goto(link.url);
  await press(human, "Open the document");
  await reads(human);
});

test("a scanner that presses every button costs the human one code", options, async (t) => {
  const contact = await newContact("pressed");
  const link = await newLink({ audience: "contact", contact_id: contact.id });
  const scanner = await device(t);
  await scanner.goto(link.url);
  await press(scanner, "Open the document");
  for (const button of await scanner.getByRole("button").all()) {
    await button.click({ timeout: 2_000 }).catch(() => undefined);
  }
  const human = await device(t);
  await human.goto(link.url);
  await typeMailedCode(human, contact.email, () => press(human, "Send me a code"));
  await reads(human);
});

test("a colleague looks at what guests see, and takes nothing from them", options, async (t) => {
  const contact = await newContact("previewed");
  const link = await newLink({ audience: "contact", contact_id: contact.id });
  const colleague = await device(t);
  const cookies = staff.cookie.split("; ").map((each) => {
    const [name, ...value] = each.split("=");
    return { name, value: value.join("="), url: BASE_URL };
  });
  await colleague.context().addCookies(cookies);
  await colleague.goto(link.url);
  await colleague.getByText("A preview.").waitFor();
  await press(colleague, "Open the document");
  await reads(colleague);
  await colleague.getByText("A preview.").waitFor();
  const guest = await device(t);
  await guest.goto(link.url);
  await press(guest, "Open the document");
  await reads(guest);
});
