/** An order reaches the operator function once, and what comes back is shown and left nowhere. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";

import { readOrder } from "../lib/order.js";
import { StandIns } from "./stand_ins.js";

/** An `aws` whose operator function answers `answers`, one after the other. */
function answering(...answers: object[]): StandIns {
  return new StandIns().file("answers.json", JSON.stringify(answers)).command(
    "aws",
    `
const file = __dirname + "/answers.json";
const [answer, ...rest] = JSON.parse(fs.readFileSync(file, "utf8"));
fs.writeFileSync(file, JSON.stringify(rest));
const payload = args[args.indexOf("--payload") + 1].replace("fileb://", "");
fs.appendFileSync(__dirname + "/payloads", fs.readFileSync(payload, "utf8") + "\\n");
fs.appendFileSync(__dirname + "/modes", (fs.statSync(require("node:path").dirname(payload)).mode & 0o777).toString(8) + "\\n");
fs.writeFileSync(args.at(-1), JSON.stringify(answer));
console.log(JSON.stringify({ StatusCode: 200, ...(answer.errorMessage && { FunctionError: "Unhandled" }) }));
`,
  );
}

const ADMIN = { STAGE: "prod", TENANT: "acme", EMAIL: "ada@acme.example" };

describe("an order", () => {
  it("shows the deed, and the password once", () => {
    const aws = answering({ deed: "the company `acme` is made", password: "correct horse" });
    const ran = aws.run("bin/order.ts", ["admin"], ADMIN);
    assert.deepEqual(ran, {
      status: 0,
      stdout: "Done: the company `acme` is made.\n  password correct horse (shown this once)\n",
      stderr: "",
    });
    assert.deepEqual(payloads(aws), [{ order: { admin: { slug: "acme", email: "ada@acme.example" } } }]);
    const [call] = aws.calls;
    assert.match(String(call), /^aws lambda invoke --function-name vestibule-prod-operator --region eu-central-1 /);
    assert.ok(!call?.includes("acme.example"), "an address shows in no list of processes");
  });

  it("leaves no file behind, and none for others to read meanwhile", () => {
    const aws = answering({ deed: "done", password: "correct horse" });
    aws.run("bin/order.ts", ["admin"], ADMIN);
    assert.deepEqual(
      readdirSync(aws.folder).filter((file) => file.startsWith("vestibule-order-")),
      [],
    );
    assert.equal(aws.read("modes"), "700\n");
  });

  it("goes on where a part ended, also where the cursor is empty", () => {
    const aws = answering(
      { deed: "10 items are erased", cursor: "10" },
      { deed: "some files are erased", cursor: "" },
      { deed: "`acme` is erased" },
    );
    const ran = aws.run("bin/order.ts", ["erase"], { STAGE: "staging", TENANT: "acme", CONFIRM: "acme" });
    assert.equal(ran.stdout, "  so far 10 items are erased\n  so far some files are erased\nDone: `acme` is erased.\n");
    const order = { erase: { slug: "acme" } };
    assert.deepEqual(payloads(aws), [{ order }, { order, cursor: "10" }, { order, cursor: "" }]);
  });

  it("is written as the function reads it", () => {
    const aws = answering({ deed: "done" }, { deed: "done" }, { deed: "done" });
    aws.run("bin/order.ts", ["plan"], { STAGE: "dev", TENANT: "acme", PUBLIC_LINKS: "yes" });
    aws.run("bin/order.ts", ["export"], { STAGE: "dev", TENANT: "acme" });
    aws.run("bin/order.ts", ["rotate"], { STAGE: "dev" });
    assert.deepEqual(payloads(aws), [
      { order: { plan: { slug: "acme", plan: { public_links: true } } } },
      { order: { export: { slug: "acme" } } },
      { order: { rotate: {} } },
    ]);
  });

  it("says why it was refused", () => {
    const aws = answering({ refused: "There is no company at `acme`." });
    const ran = aws.run("bin/order.ts", ["export"], { STAGE: "dev", TENANT: "acme" });
    assert.deepEqual(ran, { status: 1, stdout: "", stderr: "There is no company at `acme`.\n" });
  });

  it("says that the function broke", () => {
    const ran = answering({ errorMessage: "out of memory" }).run("bin/order.ts", ["rotate"], { STAGE: "dev" });
    assert.deepEqual(ran, { status: 1, stdout: "", stderr: "The order broke: out of memory\n" });
  });

  it("says what AWS said", () => {
    const aws = new StandIns().command("aws", 'console.error("Function not found"); process.exit(254);');
    const ran = aws.run("bin/order.ts", ["rotate"], { STAGE: "dev" });
    assert.deepEqual(ran, { status: 1, stdout: "", stderr: "Function not found\n" });
  });

  it("says that the AWS CLI is missing", () => {
    const ran = new StandIns().run("bin/order.ts", ["rotate"], { STAGE: "dev" });
    assert.deepEqual(ran, { status: 1, stdout: "", stderr: "There is no `aws` command: install the AWS CLI.\n" });
  });

  it("wants a stage that there is", () => {
    const aws = answering();
    assert.equal(aws.run("bin/order.ts", ["rotate"]).stderr, "Say in which stage: STAGE=prod\n");
    const ran = aws.run("bin/order.ts", ["rotate"], { STAGE: "live" });
    assert.equal(ran.stderr, "The stage `live` is none of dev, staging, prod.\n");
    assert.deepEqual(aws.calls, []);
  });

  it("wants to be told whom it is about, twice before anything is erased", () => {
    assert.throws(() => readOrder("admin", { TENANT: "acme" }), /^Error: Say whom to let in where: make admin /);
    assert.throws(
      () => readOrder("plan", { TENANT: "acme", PUBLIC_LINKS: "1" }),
      /^Error: Say whose plan holds what: /,
    );
    assert.throws(() => readOrder("export", {}), /^Error: Say whose: make export /);
    assert.throws(() => readOrder("erase", { TENANT: "acme" }), /^Error: Say twice whom to erase for good: /);
    assert.throws(() => readOrder("erase", { TENANT: "acme", CONFIRM: "acne" }), /^Error: Say twice whom/);
    assert.throws(
      () => readOrder("destroy", {}),
      /^Error: There is admin, plan, export, erase, rotate, but no `destroy`/,
    );
  });
});

/** What the function was called with, call by call. */
function payloads(aws: StandIns): unknown[] {
  return aws
    .read("payloads")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
