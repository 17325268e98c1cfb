/** Templates leave only when cdk-nag, the CDK's own rules and cfn-lint have nothing to say that nobody explained. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { Stack } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";

import { addChecks, addStacks } from "../lib/app.js";
import { offlineApp } from "../lib/offline.js";

const CFN_LINT = process.env["CFN_LINT"] ?? "cfn-lint";
const INFRA = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vestibule-cdk-"));
after(() => rmSync(folder, { recursive: true }));

describe("templates", () => {
  it("have no finding that nobody explained, in any stage", () => {
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "bin/synth.ts", folder], {
      cwd: INFRA,
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
  });

  it("have none with a function for each area either", () => {
    const app = offlineApp({ stage: "prod", functions: "area" }, join(folder, "area"));
    addStacks(app);
    addChecks(app);
    assert.doesNotThrow(() => app.synth());
  });

  it("please cfn-lint", () => {
    assert.equal(lint(templatesToLint()), "");
  });
});

describe("a finding that nobody explained", () => {
  it("stops the synthesis", () => {
    const app = offlineApp({}, join(folder, "bare"));
    new Bucket(new Stack(app, "stack"), "bucket");
    addChecks(app);
    assert.throws(() => app.synth(), /Validation failed/);
  });
});

/** Every template of prod; of dev only those that differ in more than names. It takes a second for each. */
function templatesToLint(): string[] {
  const templates = (stage: string) =>
    readdirSync(join(folder, stage))
      .filter((file) => file.endsWith(".template.json"))
      .map((file) => join(folder, stage, file));
  return [...templates("prod"), ...templates("dev").filter((file) => !file.endsWith(".nested.template.json"))];
}

/** What cfn-lint says of templates. */
function lint(templates: readonly string[]): string {
  assert.notEqual(templates.length, 0);
  const { error, stdout, stderr } = spawnSync(CFN_LINT, ["--template", ...templates], { cwd: INFRA, encoding: "utf8" });
  if (error) throw new Error(`cfn-lint does not start (${error.message}): pip install cfn-lint==1.58.0`);
  return stdout + stderr;
}
