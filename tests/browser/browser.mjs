/** A headless Chromium, and the two checks every page must pass. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

/** Widths at which no page may scroll sideways, in CSS pixels. */
const WIDTHS = [320, 768, 1280];

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @returns {Promise<import("playwright-core").Browser>} the one at `CHROMIUM`, else Debian's */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * No violation of WCAG 2.2 AA or of axe's best practices, one `h1`, and no sideways scroll at any width.
 *
 * @param {import("playwright-core").Page} page @param {string} name
 */
export async function checkPage(page, name) {
  // Evaluated by the debugger, so the page's own policy stays as strict as it is.
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(violations, [], `${name} has axe violations`);
  assert.equal(await page.locator("h1").count(), 1, `${name} has one h1`);
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name} scrolls sideways by ${over} px at ${width} px`);
  }
  if (before) await page.setViewportSize(before);
}

/**
 * Fails the test on whatever the page's scripts or its policy complain about.
 *
 * @param {import("playwright-core").Page} page
 * @returns {string[]} filled while the page runs
 */
export function complaintsOf(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // Refusals such as 401 are part of the conversation; Chromium logs each as an error.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return complaints;
}

/**
 * The focus has come to what bears `text` and nothing else. A dialog that is shut hands it back a moment later.
 *
 * @param {import("playwright-core").Page} page @param {string} text
 */
export async function focusComesTo(page, text) {
  const bare = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  await page.locator(":focus", { hasText: new RegExp(`^\\s*${bare}\\s*$`) }).waitFor();
}
