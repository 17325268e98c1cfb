/** Which page is served at which path: the one table, and what runs at the edge made from it. */

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the pages lie. */
export const PAGES_FOLDER = fileURLToPath(new URL("../../web/pages", import.meta.url));

/** A path of a page; what is in braces stands for one segment. */
export interface Page {
  readonly path: string;
  readonly file: string;
}

/**
 * Every page. The laptop's own table is `local/src/pages.rs`; a test compares both. Its home page is not here: it
 * leads around the laptop, and the cloud has nothing at `/`.
 */
export const PAGES: readonly Page[] = [
  { path: "/t/{slug}", file: "trust.html" },
  { path: "/t/{slug}/answer", file: "answer.html" },
  { path: "/extend", file: "extend.html" },
  { path: "/p/{slug}", file: "portal.html" },
  { path: "/g/{link_id}", file: "guest.html" },
  { path: "/g/{link_id}/confirm", file: "guest.html" },
  { path: "/g/{link_id}/not-me", file: "guest_not_me.html" },
  { path: "/invitation", file: "invitation.html" },
  { path: "/password-reset", file: "password_reset.html" },
];

/** What pages ask for, by the ending of its name, and what it is sent as. */
export const ASSET_TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** What a segment in braces may be: slugs and ids, and nothing that any server decodes or resolves. */
const SEGMENT = "[A-Za-z0-9_-]+";

/** Names of all that pages ask for, served under `/assets/`. */
export function assetNames(folder = PAGES_FOLDER): string[] {
  return readdirSync(folder)
    .filter((name) => (name.split(".").at(-1) ?? "") in ASSET_TYPES)
    .sort();
}

/**
 * The policy of `local/src/pages.rs`, word for word, with the bucket beside the pages' own origin where pages load
 * pictures from it and send files to it.
 *
 * @param bucketOrigin scheme and host of the bucket
 */
export function contentSecurityPolicy(bucketOrigin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' ${bucketOrigin}`,
    `connect-src 'self' ${bucketOrigin}`,
    "frame-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; ");
}

/**
 * The CloudFront function that turns a visitor's path into the bucket's key. It knows every name there is, so nothing
 * else reaches the bucket, and what is not there is answered here.
 */
export function pagesFunction(assets: readonly string[] = assetNames()): string {
  return `// Made from the table in lib/pages.ts.
const PAGES = [
${PAGES.map(({ path, file }) => `  [${pattern(path)}, "/${file}"],`).join("\n")}
];
const ASSETS = ${JSON.stringify(assets.map((name) => `/assets/${name}`))};

function handler(event) {
  const request = event.request;
  request.querystring = {};
  for (let i = 0; i < PAGES.length; i++) {
    if (PAGES[i][0].test(request.uri)) {
      request.uri = PAGES[i][1];
      return request;
    }
  }
  if (ASSETS.indexOf(request.uri) !== -1) {
    return request;
  }
  return ${JSON.stringify(NOT_FOUND, null, 2).replaceAll("\n", "\n  ")};
}
`;
}

/**
 * The CloudFront function that tells the API who calls. Whatever a visitor wrote into the header themselves is
 * replaced.
 */
export function visitorFunction(header: string): string {
  return `function handler(event) {
  event.request.headers[${JSON.stringify(header)}] = { value: event.viewer.ip };
  return event.request;
}
`;
}

/** The answer where nothing is served; no headers of the distribution are added to it. */
const NOT_FOUND = {
  statusCode: 404,
  statusDescription: "Not Found",
  headers: {
    "cache-control": { value: "no-store" },
    "content-security-policy": { value: "default-src 'none'; frame-ancestors 'none'" },
    "content-type": { value: "text/html; charset=utf-8" },
    "referrer-policy": { value: "no-referrer" },
    "x-content-type-options": { value: "nosniff" },
  },
  body: {
    encoding: "text",
    data: '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Not found</title><h1>There is nothing here</h1><p>Check the address, or ask whoever sent it to you.</p></html>',
  },
};

/** The path as a regular expression of the function's language. */
function pattern(path: string): string {
  return `/^${path.replaceAll("/", "\\/").replace(/\{[a-z_]+\}/g, SEGMENT)}$/`;
}
