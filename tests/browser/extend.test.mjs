/** How the page behind a warning's link behaves: it shows what ends, and extends it once asked to. */

import assert from "node:assert/strict";

import { checkPage } from "./browser.mjs";
import { ORIGIN, pageTests, problem, TRUST } from "./stand_in.mjs";

const TENANT = "ten_01KAX0000000000000000000AA";
const CONTACT = "con_01KAX0000000000000000000BB";
const END = new Date(Date.now() + 3.1 * 86_400_000);
const LINK = `${ORIGIN}/extend#${TENANT}.${CONTACT}.${END.getTime()}`;

const SEAT = { tenant_id: TENANT, tenant_name: "Acme", slug: "acme", member_id: "mem_1", role: "member" };
const ELSEWHERE = { ...SEAT, tenant_id: "ten_01KAX0000000000000000000CC", tenant_name: "Hooli", slug: "hooli" };

const share = (id, ends) => ({ grant_id: id, version: 4, rights: ["view"], expires_at: ends.toISOString() });

const DOCUMENTS = [
  { id: "doc_2", title: "Audit report", shared: share("grt_1", END) },
  { id: "doc_3", title: "Continuity <b>plan</b>", shared: share("grt_2", END) },
  { id: "doc_4", title: "Ends later", shared: share("grt_3", new Date(END.getTime() + 1)) },
  { id: "doc_5", title: "Not shared" },
];

const LATER = new Date(END.getTime() + 30 * 86_400_000);

/** What a member who is signed in gets. */
const SIGNED_IN = {
  "GET /v1/me": () => ({ status: 200, body: { seat: SEAT, seats: [SEAT, ELSEWHERE] } }),
  "GET /v1/tenant": () => ({ status: 200, body: TRUST }),
  [`GET /v1/contacts/${CONTACT}`]: () => ({
    status: 200,
    body: { id: CONTACT, first_name: "Maya", last_name: "Lindt" },
  }),
  [`GET /v1/contacts/${CONTACT}/documents`]: () => ({ status: 200, body: { items: DOCUMENTS, next: null } }),
};

const PREVIEW = {
  effects: [{ says: "Maya Lindt can open 2 documents for longer." }],
  mails: [],
};

const EXTENDED = { extended: [{ shared: share("grt_1", LATER) }, { shared: share("grt_2", LATER) }] };

const EXTEND = "POST /v1/grants/grt_1/extend";

const pageTest = pageTests();

/** Looks ahead, and answers the act with each of `acts` in turn. */
function extending(...acts) {
  let next = 0;
  return (body, query) => (query.has("preview") ? { status: 200, body: PREVIEW } : acts[next++]);
}

pageTest(
  "what ends is shown, and one click extends it, once",
  { ...SIGNED_IN, [EXTEND]: extending("lost", { status: 200, body: EXTENDED }) },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "Maya Lindt loses 2 documents in 3 days" }).waitFor();
    assert.deepEqual(await page.locator(".does li").allTextContents(), ["Audit report", "Continuity <b>plan</b>"]);
    await page.getByText("can open 2 documents for longer. Nobody is mailed.").waitFor();
    assert.ok(callsOf(EXTEND).every(({ query }) => query.has("preview")), "looking extends nothing");
    await checkPage(page, "what ends");
    await page.getByRole("button", { name: "Extend by 30 days" }).click();
    await page.getByText("No answer came.").waitFor();
    await page.getByRole("button", { name: "Extend by 30 days" }).click();
    await page.getByRole("heading", { level: 1, name: "Extended until" }).waitFor();
    const [lost, second] = callsOf(EXTEND).filter(({ query }) => !query.has("preview"));
    assert.deepEqual(second.body, { contact_id: CONTACT, version: 4, same_end: true });
    assert.equal(second.headers["idempotency-key"], lost.headers["idempotency-key"]);
    await checkPage(page, "extended");
  },
);

let proofs = 0;
pageTest(
  "whoever has turned on a second factor types its code too",
  {
    ...SIGNED_IN,
    [EXTEND]: extending(),
    "GET /v1/me": () => (proofs < 2 ? problem(401, "sign-in") : SIGNED_IN["GET /v1/me"]()),
    "POST /v1/sessions": () => (proofs++ === 0 ? problem(401, "second-factor-required") : { status: 201, body: {} }),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByLabel("E-mail").fill("alex@acme.example");
    await page.getByLabel("Password").fill("four grey geese at noon");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Code", { exact: true }).fill("042917");
    await checkPage(page, "sign-in with a second factor before extending");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Extend by 30 days" }).waitFor();
    assert.equal(callsOf("POST /v1/sessions").at(-1).body.totp, "042917");
  },
);

let sessions = 0;
let tries = 0;
pageTest(
  "whoever is not signed in signs in on the page",
  {
    ...SIGNED_IN,
    [EXTEND]: extending(),
    "GET /v1/me": () => (sessions ? SIGNED_IN["GET /v1/me"]() : problem(401, "sign-in")),
    "POST /v1/sessions": () => {
      if (tries++ === 0) return problem(401, "wrong-sign-in");
      sessions += 1;
      return { status: 201, body: {} };
    },
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "Sign in to extend access" }).waitFor();
    await checkPage(page, "sign-in before extending");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Enter your password.").waitFor();
    assert.equal(callsOf("POST /v1/sessions").length, 0);
    await page.getByLabel("E-mail").fill("alex@acme.example");
    await page.getByLabel("Password").fill("four grey geese at noon");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("E-mail and password do not go together.").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Extend by 30 days" }).waitFor();
  },
);

pageTest(
  "the company of the link is chosen among the reader's seats",
  {
    ...SIGNED_IN,
    [EXTEND]: extending(),
    "GET /v1/me": () => ({ status: 200, body: { seat: ELSEWHERE, seats: [ELSEWHERE, SEAT] } }),
    "POST /v1/sessions/current/tenant": () => ({ status: 200, body: {} }),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByRole("button", { name: "Extend by 30 days" }).waitFor();
    const [chosen] = callsOf("POST /v1/sessions/current/tenant");
    assert.deepEqual(chosen.body, { tenant_id: TENANT });
  },
);

pageTest(
  "what ended is restored as it was",
  {
    ...SIGNED_IN,
    [`GET /v1/contacts/${CONTACT}/documents`]: () => ({
      status: 200,
      body: { items: [{ id: "doc_2", title: "Audit report", restorable: share("grt_1", END) }], next: null },
    }),
    [EXTEND]: extending(problem(409, "wrong-state", { detail: "It ended more than 30 days ago." })),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "Maya Lindt lost 1 document" }).waitFor();
    await page.getByRole("button", { name: "Extend by 30 days" }).click();
    await page.getByRole("alert").waitFor();
    await checkPage(page, "what ended");
  },
);

let looks = 0;
pageTest(
  "whoever comes second learns that nothing ends any more",
  {
    ...SIGNED_IN,
    [`GET /v1/contacts/${CONTACT}/documents`]: () =>
      ({ status: 200, body: { items: looks++ === 0 ? DOCUMENTS : [], next: null } }),
    [EXTEND]: extending(problem(412, "stale")),
  },
  async ({ page }) => {
    await page.goto(LINK);
    await page.getByRole("button", { name: "Extend by 30 days" }).click();
    await page.getByRole("heading", { level: 1, name: "Nothing ends then any more" }).waitFor();
    await checkPage(page, "nothing ends");
  },
);

pageTest(
  "a link that lost its end is told from an answer that did not come",
  { "GET /v1/me": () => (looks++ === 1 ? problem(503, "unavailable") : problem(401, "sign-in")) },
  async ({ page, callsOf }) => {
    await page.goto(`${ORIGIN}/extend#${TENANT}.${CONTACT}`);
    await page.getByRole("heading", { level: 1, name: "There is nothing to extend here" }).waitFor();
    assert.equal(callsOf("GET /v1/me").length, 0);
    await checkPage(page, "a broken link");
    looks = 1;
    await page.goto("about:blank");
    await page.goto(LINK);
    await page.getByRole("alert").waitFor();
    await checkPage(page, "an answer that did not come");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in to extend access" }).waitFor();
  },
);

const OTHER = CONTACT.replace(/B/g, "C");
pageTest(
  "a second link in the same tab is about whom it names",
  {
    ...SIGNED_IN,
    [`GET /v1/contacts/${OTHER}`]: () => ({ status: 200, body: { id: OTHER, first_name: "Theo", last_name: "Ruiz" } }),
    [`GET /v1/contacts/${OTHER}/documents`]: () => ({ status: 200, body: { items: DOCUMENTS, next: null } }),
    [EXTEND]: extending({ status: 200, body: EXTENDED }),
  },
  async ({ page, callsOf }) => {
    await page.goto(LINK);
    await page.getByRole("heading", { level: 1, name: "Maya Lindt" }).waitFor();
    await page.evaluate((hash) => void (location.hash = hash), LINK.replace(CONTACT, OTHER).split("#")[1]);
    await page.getByRole("heading", { level: 1, name: "Theo Ruiz" }).waitFor();
    await page.getByRole("button", { name: "Extend by 30 days" }).click();
    await page.getByRole("heading", { level: 1, name: "Extended until" }).waitFor();
    assert.equal(callsOf(EXTEND).at(-1).body.contact_id, OTHER);
  },
);
