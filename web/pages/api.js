/** Calls to the server. Everything that goes wrong arrives as a {@link Problem}. */

/** Longest wait for an answer; after it the reader hears that none came. */
const ANSWER_WAIT_MILLISECONDS = 20_000;

/** The kind of a problem that is no answer at all: offline, unreachable, too slow. */
export const NO_ANSWER = "no-answer";

/** What went wrong, as the server's problem document says it. */
export class Problem extends Error {
  /**
   * @param {{kind: string, status?: number, title?: string, detail?: string,
   *   errors?: {pointer: string, detail: string}[], retryAfterSeconds?: number | null}} facts
   */
  constructor({ kind, status = 0, title = "", detail = "", errors = [], retryAfterSeconds = null }) {
    super(`${kind}: ${title}`);
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether this browser must prove itself again: it never did, or its access has ended. */
  get isOutside() {
    return this.status === 401 || this.kind === "access-ended";
  }
}

/** @param {string} path @param {{tenant?: string | null, place?: string | null}} [options] */
export function get(path, options = {}) {
  return call("GET", path, undefined, options);
}

/** @param {string} path @param {object} body @param {{tenant?: string | null, place?: string | null}} [options] */
export function post(path, body, options = {}) {
  return call("POST", path, body, options);
}

/** @param {string} path @param {{tenant?: string | null, place?: string | null}} [options] */
export function remove(path, options = {}) {
  return call("DELETE", path, undefined, options);
}

/**
 * Keys of acts whose fate is unknown. Pressing again repeats the same act under the same key, so it happens once
 * however often the answer was lost; a definite answer retires the key.
 */
const openKeys = new Map();

async function call(method, path, body, { tenant = null, place = null }) {
  const act = `${method} ${path} ${tenant ?? ""} ${JSON.stringify(body)}`;
  const headers = { Accept: "application/json" };
  if (tenant) headers["X-Vestibule-Tenant"] = tenant;
  if (place) headers["X-Vestibule-Place"] = place;
  if (method !== "GET") {
    if (!openKeys.has(act)) openKeys.set(act, newKey());
    headers["Idempotency-Key"] = openKeys.get(act);
    headers["X-Vestibule"] = "1";
    headers["Content-Type"] = "application/json";
  }
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_WAIT_MILLISECONDS),
    });
    text = await answer.text();
  } catch {
    throw new Problem({ kind: NO_ANSWER, title: "No answer came" });
  }
  if (answer.status < 500) openKeys.delete(act);
  if (answer.ok) return text ? parsed(text) : null;
  throw problemOf(answer.status, parsed(text), answer.headers.get("Retry-After"), Date.now());
}

/**
 * @param {number} status
 * @param {any} document the problem document, or null if the body held none
 * @param {string | null} retryAfter the header, in seconds or as a date
 * @param {number} now milliseconds since 1970
 */
export function problemOf(status, document, retryAfter, now) {
  const errors = Array.isArray(document?.errors) ? document.errors : [];
  return new Problem({
    kind:
      String(document?.type ?? "")
        .split("/")
        .at(-1) || String(status),
    status,
    title: document?.title ?? "",
    detail: document?.detail ?? "",
    errors: errors.filter((error) => typeof error?.pointer === "string" && typeof error.detail === "string"),
    retryAfterSeconds: secondsOf(retryAfter, now),
  });
}

function secondsOf(retryAfter, now) {
  if (!retryAfter) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A version 4 UUID; `crypto.randomUUID` is missing on plain http away from localhost. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
