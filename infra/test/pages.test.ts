/** The edge serves the pages that the laptop serves, under the same policy, and nothing else. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import {
  assetNames,
  contentSecurityPolicy,
  PAGES,
  PAGES_FOLDER,
  pagesFunction,
  visitorFunction,
} from "../lib/pages.js";

/** Longest code that a CloudFront function may have. */
const FUNCTION_BYTES_MAX = 10 * 1024;

const laptop = readFileSync(new URL("../../local/src/pages.rs", import.meta.url), "utf8");

/** Runs a function's code on a visitor's request, as CloudFront does. */
function run(code: string, request: object): any {
  const event = { request: { headers: {}, querystring: {}, ...request }, viewer: { ip: "2001:db8::7" } };
  // Through JSON, since what comes out of another context has other prototypes.
  return JSON.parse(runInNewContext(`${code}; JSON.stringify(handler(event))`, { event }));
}

/** The bucket's key for a path, or the status of the answer. */
function serve(uri: string): string | number {
  const out = run(pagesFunction(), { method: "GET", uri });
  return out.statusCode ?? out.uri;
}

test("the cloud serves the pages that the laptop serves, but for its home", () => {
  const routes = laptop.matchAll(/\.route\(\s*"([^"]+)",\s*get\(async \|\| html\(include_str!\("([^"]+)"\)\)\)/g);
  const served = [...routes].map(([, path, file]) => ({ path, file: file?.replace("../../web/pages/", "") }));
  assert.deepEqual(served, PAGES);
  const all = [...laptop.matchAll(/\.route\(\s*"([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(
    all.filter((path) => !PAGES.some((page) => page.path === path)),
    ["/"],
  );
});

test("the cloud serves what pages ask for, as the laptop does", () => {
  const listed = [...laptop.matchAll(/page_asset!\("([^"]+)"\)/g)].map(([, name]) => name);
  assert.deepEqual(assetNames(), listed.sort());
});

test("every page of the table lies in the folder", () => {
  for (const { file } of PAGES) assert.ok(existsSync(`${PAGES_FOLDER}/${file}`), file);
});

test("the policy is the laptop's, with the bucket beside the own origin where pages reach it", () => {
  const text = /pub const POLICY: &str = "([^"]+)"/.exec(laptop)?.[1]?.replace(/\\\n\s*/g, "");
  const bucket = " https://documents.s3.eu-central-1.amazonaws.com";
  const policy = contentSecurityPolicy(bucket.trim());
  assert.equal(policy.replaceAll(bucket, ""), text);
  const withBucket = policy.split("; ").filter((directive) => directive.includes(bucket));
  assert.deepEqual(withBucket, [`img-src 'self'${bucket}`, `connect-src 'self'${bucket}`]);
});

test("a path leads to its page", () => {
  const cases: [string, string][] = [
    ["/t/acme", "/trust.html"],
    ["/t/acme-2/answer", "/answer.html"],
    ["/p/acme", "/portal.html"],
    ["/g/lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "/guest.html"],
    ["/g/lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9/confirm", "/guest.html"],
    ["/g/lnk_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9/not-me", "/guest_not_me.html"],
    ["/extend", "/extend.html"],
    ["/invitation", "/invitation.html"],
    ["/password-reset", "/password_reset.html"],
    ["/assets/api.js", "/assets/api.js"],
    ["/assets/vestibule.css", "/assets/vestibule.css"],
    ["/assets/icon.svg", "/assets/icon.svg"],
  ];
  for (const [path, key] of cases) assert.equal(serve(path), key, path);
});

test("nothing else leads anywhere, however it is written", () => {
  const paths = [
    "",
    "/",
    "//",
    "/index.html",
    "/trust.html",
    "/t",
    "/t/",
    "/t/acme/",
    "/T/acme",
    "/t/acme/answer/",
    "/t/acme/other",
    "/t/acme%2Fanswer",
    "/t/%2e%2e",
    "/t/..",
    "/t/../p/acme",
    "/t/acme\n",
    "/t/acme/answer\n",
    "/p/acme/../../trust.html",
    "/p/ac me",
    "/p/ácme",
    "/g/lnk_1/confirm/not-me",
    "/g//confirm",
    "/EXTEND",
    "/extend/",
    "/extend.html",
    "/assets",
    "/assets/",
    "/assets/trust.html",
    "/assets/package.json",
    "/assets/API.js",
    "/assets/api.js/",
    "/assets/../trust.html",
    "/assets/%2e%2e/trust.html",
    "/assets/docs.js",
    "/assets/__proto__",
    "/v1",
    "/_local/mail",
    "/.well-known/security.txt",
  ];
  for (const path of paths) assert.equal(serve(path), 404, JSON.stringify(path));
});

test("the answer where nothing is has the headers of pages and loads nothing", () => {
  const { headers, body } = run(pagesFunction(), { method: "GET", uri: "/nothing" });
  assert.equal(headers["cache-control"].value, "no-store");
  assert.equal(headers["content-security-policy"].value, "default-src 'none'; frame-ancestors 'none'");
  assert.equal(headers["content-type"].value, "text/html; charset=utf-8");
  assert.equal(headers["referrer-policy"].value, "no-referrer");
  assert.equal(headers["x-content-type-options"].value, "nosniff");
  assert.match(body.data, /<h1>There is nothing here<\/h1>/);
});

test("a query neither finds another page nor reaches the bucket", () => {
  const out = run(pagesFunction(), { uri: "/t/acme", querystring: { versionId: { value: "1" } } });
  assert.deepEqual([out.uri, out.querystring], ["/trust.html", {}]);
});

test("the visitor's address is CloudFront's word, whatever the visitor says", () => {
  const headers = { "x-visitor": { value: "127.0.0.1" }, cookie: { value: "a=b" } };
  const out = run(visitorFunction("x-visitor"), { uri: "/v1/health", headers });
  assert.deepEqual(out.headers, { "x-visitor": { value: "2001:db8::7" }, cookie: { value: "a=b" } });
  assert.equal(out.uri, "/v1/health");
});

test("the functions fit, with room to grow", () => {
  assert.ok(Buffer.byteLength(pagesFunction()) < FUNCTION_BYTES_MAX / 2);
});
