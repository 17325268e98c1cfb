/** The style sheet of the public pages: both dark blocks say the same, and every accent stays legible. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch } from "./browser.mjs";

/** Least contrast of text, WCAG 2.2 criterion 1.4.3. */
const CONTRAST_MIN = 4.5;

const sheet = await readFile(new URL("../../web/pages/vestibule.css", import.meta.url), "utf8");

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test("the dark of the system and the dark of the reader are alike", () => {
  const bySystem = declarationsAfter(':root:not([data-theme="light"]) {\n    color-scheme');
  const byReader = declarationsAfter('[data-theme="dark"] {\n  color-scheme');
  assert.ok(20 < bySystem.length);
  assert.deepEqual(bySystem, byReader);
});

for (const theme of ["light", "dark"]) {
  test(`2,880 accents are legible in ${theme}`, async () => {
    const page = await browser.newPage();
    await page.setContent(
      `<html data-theme="${theme}"><main><button class="btn go">Go</button><a class="a" href="#">Link</a></main></html>`,
    );
    await page.addStyleTag({ content: sheet });
    const worst = await page.evaluate(leastContrast);
    await page.close();
    assert.ok(
      CONTRAST_MIN <= worst.contrast,
      `${worst.accent} gives ${worst.pair} a contrast of ${worst.contrast.toFixed(2)}`,
    );
  });
}

function declarationsAfter(opening) {
  const start = sheet.indexOf(opening);
  assert.notEqual(start, -1, opening);
  const block = sheet.slice(sheet.indexOf("{", start) + 1, sheet.indexOf("}", start));
  return block
    .split(";")
    .map((each) => each.replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

/** Runs in the page: 24 hues, 10 saturations, 12 lightnesses. */
function leastContrast() {
  const root = document.documentElement;
  root.style.setProperty("transition", "none");
  for (const each of document.querySelectorAll("main *")) each.style.transition = "none";
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const luminance = (color) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const button = getComputedStyle(document.querySelector(".btn"));
  const link = getComputedStyle(document.querySelector(".a"));
  const surfaces = ["--canvas", "--sheet", "--raised", "--float"].map((name) => [
    name,
    getComputedStyle(root).getPropertyValue(name),
  ]);
  let worst = { contrast: Infinity };
  for (let hue = 0; hue < 360; hue += 15)
    for (let saturation = 10; saturation <= 100; saturation += 10)
      for (let lightness = 4; lightness <= 96; lightness += 92 / 11) {
        const accent = `hsl(${hue} ${saturation}% ${lightness}%)`;
        root.style.setProperty("--accent", accent);
        const pairs = [
          ["button", button.color, button.backgroundColor],
          ...surfaces.map(([name, color]) => [`link on ${name}`, link.color, color]),
        ];
        for (const [pair, a, b] of pairs) {
          const now = contrast(a, b);
          if (now < worst.contrast) worst = { contrast: now, accent, pair };
        }
      }
  return worst;
}
