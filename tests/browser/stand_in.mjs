/** Stands in for the server: real pages from the working tree, answers written by the test. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { after, before, test } from "node:test";

import { complaintsOf, launch } from "./browser.mjs";

export const ORIGIN = "https://vestibule.test";

const PAGES = new URL("../../web/pages/", import.meta.url);

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export const TRUST = {
  id: "ten_1",
  name: "Acme",
  slug: "acme",
  accent: "#0b5d66",
  contact_email: "security@acme.example",
  nda_required: true,
  documents: [
    {
      id: "doc_1",
      title: "Certificate",
      category: "Certificates",
      access_level: "public",
      file: { id: "fil_1", name: "c.pdf", media_type: "application/pdf", size_bytes: 2_140_331 },
    },
    { id: "doc_2", title: "Audit report", category: "Reports", access_level: "nda" },
    { id: "doc_3", title: "Continuity plan", category: "Reports", access_level: "restricted" },
  ],
};

const FILE = {
  id: "fil_2",
  name: "a.pdf",
  media_type: "application/pdf",
  size_bytes: 91_204,
  published_at: "2026-11-01T08:00:00Z",
  pages: { state: "ready", count: 3, total: 3 },
};

/** @param {string | null} acceptedAt when the NDA was accepted */
export function portalOf(acceptedAt) {
  const { documents, nda_required: _, ...tenant } = TRUST;
  return {
    tenant,
    contact: { id: "con_1", first_name: "Tomasz", last_name: "Wrona", email: "t.wrona@initech.example" },
    nda: { version: 3, title: "Our NDA", text: "One.\n\nTwo.", accepted_at: acceptedAt },
    documents: [
      {
        id: "doc_2",
        title: "Audit report",
        category: "Reports",
        access_level: "nda",
        rights: ["view", "download"],
        can_download: true,
        expires_at: null,
        needs_nda: !acceptedAt,
        files: [FILE],
      },
    ],
  };
}

/** A question that waits for its answer. */
export const REQUEST = {
  id: "req_1",
  status: "info_needed",
  created_at: "2026-11-18T08:00:00Z",
  reason: "Yearly review.",
  question: "Which region?",
  items: [{ document_id: "doc_3", title: "Continuity plan", state: "open" }],
  timeline: [{ at: "2026-11-18T08:00:00Z", what: "created" }],
};

export const ENTERED = { status: 200, body: { tenant_id: "ten_1", tenant_name: "Acme", slug: "acme" } };

/** A problem document. */
export function problem(status, kind, more = {}) {
  return { status, body: { type: `https://vestibule.dev/problems/${kind}`, title: kind, status, ...more } };
}

/**
 * A page over these answers, in a browser of its own.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {Record<string, (body: any, query: URLSearchParams) => {status: number, body?: object, headers?: object} | "lost">} answers by "METHOD /path"
 */
export async function visit(browser, answers) {
  const context = await browser.newContext({ permissions: [] });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const calls = [];
  const all = {
    "GET /v1/trust/acme": () => ({ status: 200, body: TRUST }),
    "GET /v1/portal": () => problem(401, "sign-in"),
    "GET /v1/portal/requests": () => ({ status: 200, body: { items: [] } }),
    ...answers,
  };
  await context.route(`${ORIGIN}/**`, async (route) => {
    const request = route.request();
    const { pathname, searchParams: query } = new URL(request.url());
    if (!pathname.startsWith("/v1/")) {
      await route.fulfill(await pageFile(pathname));
      return;
    }
    const body = request.postDataJSON();
    const act = `${request.method()} ${pathname}`;
    calls.push({ act, body, query, headers: request.headers() });
    const answer = all[act]?.(body, query) ?? problem(404, "not-found");
    if (answer === "lost") await route.abort("connectionreset");
    else
      await route.fulfill({
        status: answer.status,
        headers: answer.headers,
        contentType: "application/json",
        body: answer.body ? JSON.stringify(answer.body) : "",
      });
  });
  return { page, context, complaints: complaintsOf(page), callsOf: (act) => calls.filter((call) => call.act === act) };
}

/** Pages without a company in their address. */
const PAGES_OF_NOBODY = {
  "/extend": "extend.html",
  "/invitation": "invitation.html",
  "/password-reset": "password_reset.html",
};

function nameOf(pathname) {
  if (pathname.startsWith("/assets/")) return pathname.slice("/assets/".length);
  if (pathname.endsWith("/answer")) return "answer.html";
  if (pathname.startsWith("/g/")) return pathname.endsWith("/not-me") ? "guest_not_me.html" : "guest.html";
  return PAGES_OF_NOBODY[pathname] ?? (pathname.startsWith("/t/") ? "trust.html" : "portal.html");
}

async function pageFile(pathname) {
  const name = nameOf(pathname);
  return {
    body: await readFile(new URL(name, PAGES)),
    contentType: TYPES[extname(name)],
    // As strict as the pages promise to work under.
    headers: {
      "Content-Security-Policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
    },
  };
}

/**
 * Starts a browser for the tests of a file. What it returns makes a test with a page of its own, on which nothing may
 * complain.
 *
 * @returns {(name: string, answers: Parameters<typeof visit>[1], body: (visited: Awaited<ReturnType<typeof visit>>) => Promise<void>) => void}
 */
export function pageTests() {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
  return (name, answers, body) =>
    test(name, { timeout: 30_000 }, async () => {
      const visited = await visit(browser, answers);
      await body(visited);
      assert.deepEqual(visited.complaints, []);
      await visited.context.close();
    });
}
