/** The API page of a running Vestibule, in light and dark. BASE_URL is where it runs. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkPage, complaintsOf, launch } from "./browser.mjs";

const BASE_URL = process.env.BASE_URL;

const skip = BASE_URL ? false : "needs BASE_URL";

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

/** The page in a browser of its own, on which nothing may complain. */
async function visit(options, body) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${BASE_URL}/v1/docs`);
  await body(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

for (const colorScheme of ["light", "dark"]) {
  test(`the API page is accessible in ${colorScheme}`, { skip, timeout: 60_000 }, () =>
    visit({ colorScheme }, async (page) => {
      await page.getByRole("searchbox").waitFor();
      await checkPage(page, `API page in ${colorScheme}`);
    }),
  );
}

test("a search narrows the page, and a link brings back what it hid", { skip, timeout: 60_000 }, () =>
  visit({}, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("contacts magic-link");
    await page.getByText("1 found").waitFor();
    assert.ok(await page.locator("#contacts_magic_link").isVisible());
    assert.ok(await page.locator("#contacts_list").isHidden());
    assert.ok(await page.locator("#area-documents").isHidden());
    await page.locator('#contacts_magic_link a[href="#not-found"]').click();
    await page.locator("#not-found").waitFor();
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    assert.ok(await page.locator("#contacts_list").isVisible());
  }),
);

test("an example is copied as it stands", { skip, timeout: 60_000 }, () =>
  visit({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    const block = page.locator("#contacts_create [data-copy]");
    await block.getByRole("button", { name: "Copy" }).click();
    await block.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, await block.locator("code").textContent());
    assert.ok(copied.startsWith("curl "));
  }),
);

test("without its script the page is whole", { skip, timeout: 60_000 }, () =>
  visit({ javaScriptEnabled: false }, async (page) => {
    assert.ok(await page.locator("#contacts_create").isVisible());
    assert.ok(await page.getByRole("searchbox", { includeHidden: true }).isHidden());
    assert.equal(await page.getByRole("button").count(), 0);
  }),
);
