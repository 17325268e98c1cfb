/**
 * Guests' ways through the links of a running Vestibule, for a contact, for somebody unknown and for the public: two
 * profiles are two devices, and scanners come first.
 *
 * BASE_URL is a laptop cloud with the demo tenant, DEMO_PASSWORD its administrator's password.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkPage } from "./browser.mjs";
import { BASE_URL } from "./laptop.mjs";
import {
  button,
  bytesOf,
  device,
  newContact,
  newLink,
  opens,
  options,
  press,
  reads,
  run,
  sayWho,
  staff,
  typeMailedCode,
} from "./laptop_guests.mjs";

test("a contact reads by a press, elsewhere by a code, and not at all once the link is off", options, async (t) => {
  const contact = await newContact("reader");
  const link = await newLink({ audience: "contact", contact_id: contact.id, rights: ["view"] });
  const [first, second] = [await device(t), await device(t)];
  await first.goto(link.url);
  await button(first, "Open the document").waitFor();
  await checkPage(first, "cover");
  await press(first, "Open the document");
  await reads(first);
  assert.equal(new URL(first.url()).hash, "", "the secret is gone from the address bar");
  assert.equal(await button(first, "Download").count(), 0, "for reading only");
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
  await opens(bearer, link);
  assert.equal(await button(bearer, "Download").count(), 0, "who only holds the link reads");

  await person.goto(link.url);
  await press(person, "Open the document");
  await press(person, "Prove my address");
  await checkPage(person, "who are you");
  await sayWho(person, `priya+${run}@northwind.example`);
  await reads(person);
  await person.getByText("Priya Nambiar").waitFor();
  const bytes = await bytesOf(person, () => press(person, "Download"));
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "%PDF");

  await bearer.reload();
  await button(bearer, "Send me a code").waitFor();
});

test("anybody reads by a public link, before and after somebody proves who they are", options, async (t) => {
  const link = await newLink({ audience: "public_same", rights: ["view", "write"] });
  const [one, other] = [await device(t), await device(t)];
  await one.goto(link.url);
  await press(one, "Open the document");
  await press(one, "Prove my address");
  await sayWho(one, `one+${run}@northwind.example`);
  await reads(one);
  await opens(other, link);
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
  await button(scanner, "Open the document").waitFor();
  await scanner.waitForLoadState("networkidle");
  assert.deepEqual(await staff.get(`/links/${link.id}`), before);
  assert.deepEqual((await staff.get(`/links/${link.id}/devices`)).items, []);
  const human = await device(t);
  await opens(human, link);
});

test("a scanner that presses every button costs the human one code", options, async (t) => {
  const contact = await newContact("pressed");
  const link = await newLink({ audience: "contact", contact_id: contact.id });
  const scanner = await device(t);
  await scanner.goto(link.url);
  await press(scanner, "Open the document");
  for (const each of await scanner.getByRole("button").all()) {
    await each.click({ timeout: 2_000 }).catch(() => undefined);
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
  await opens(guest, link);
});
