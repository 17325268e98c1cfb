/**
 * The number by which this browser claims a mailed link. It is written down before it is sent: if the answer gets
 * lost, the same number claims the same device again instead of locking the reader out.
 */

import { browserStore } from "./storage.js";

/** How long the server takes the same number for the same device. */
export const NONCE_LIFE_MILLISECONDS = 10 * 60 * 1000;

const NONCE_BYTES = 32;

const placeOf = (slug) => `vestibule.nonce:${slug}`;

/**
 * @param {string} slug of the portal, or the id of a guest link
 * @param {number} now milliseconds since 1970
 * @returns {string} 32 random bytes as base64url, the same for ten minutes
 */
export function deviceNonce(slug, now) {
  const kept = readKept(browserStore.get(placeOf(slug)));
  if (kept && 0 <= now - kept.madeAt && now - kept.madeAt < NONCE_LIFE_MILLISECONDS) return kept.nonce;
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  browserStore.set(placeOf(slug), JSON.stringify({ nonce, madeAt: now }));
  return nonce;
}

/** Forgets the number: the answer has arrived. @param {string} slug */
export function dropDeviceNonce(slug) {
  browserStore.remove(placeOf(slug));
}

function readKept(text) {
  try {
    const kept = JSON.parse(text ?? "null");
    return typeof kept?.nonce === "string" && typeof kept.madeAt === "number" ? kept : null;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
