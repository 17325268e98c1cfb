/** Templates leave only when cdk-nag, the CDK's own rules and cfn-lint have nothing to say that nobody explained. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { Stack } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";

import { addChecks, synthesize } from "../lib/app.js";
import { offlineApp } from "../lib/offline.js";

const CFN_LINT = process.env["CFN_LINT"] ?? "cfn-lint";
const INFRA = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vestibule-cdk-"));
after(() => rmSync(folder, { recursive: true }));

describe("templates", () => {
  /** What cfn-lint says; it reads one stage, by halves, while the next is synthesized. */
  const lints: Promise<string>[] = [];

  it("have no finding that nobody explained in prod", () => {
    synthesize({ stage: "prod" }, join(folder, "prod"));
    const templates = templatesOf("prod");
    for (const half of [0, 1]) lints.push(lint(templates.filter((_, index) => index % 2 === half)));
  });

  it("have none in dev", () => {
    synthesize({ stage: "dev" }, join(folder, "dev"));
    // Those of single areas differ from prod's in names only.
    lints.push(lint(templatesOf("dev").filter((file) => !file.endsWith(".nested.template.json"))));
  });

  it("have none in staging", () => {
    synthesize({ stage: "staging" }, join(folder, "staging"));
  });

  it("have none with a function for each area", () => {
    synthesize({ stage: "prod", functions: "area" }, join(folder, "area"));
  });

  it("please cfn-lint", async () => {
    assert.equal(lints.length, 3);
    assert.equal((await Promise.all(lints)).join(""), "");
  });
});

describe("a finding that nobody explained", () => {
  it("stops the synthesis", () => {
    const app = offlineApp({}, { outdir: join(folder, "bare") });
    new Bucket(new Stack(app, "stack"), "bucket");
    addChecks(app);
    assert.throws(() => app.synth(), /Validation failed/);
  });
});

function templatesOf(stage: string): string[] {
  const files = readdirSync(join(folder, stage)).filter((file) => file.endsWith(".template.json"));
  return files.map((file) => join(folder, stage, file));
}

/** What cfn-lint says of templates. It takes a second for each, and reads them in a process of its own. */
async function lint(templates: readonly string[]): Promise<string> {
  assert.notEqual(templates.length, 0);
  const process = spawn(CFN_LINT, ["--template", ...templates], { cwd: INFRA });
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [process.stdout, process.stderr]) stream.on("data", (data) => said.push(String(data)));
    process.on("error", ({ message }) =>
      reject(new Error(`cfn-lint does not start (${message}): pip install cfn-lint==1.58.0`)),
    );
    process.on("close", () => resolve(said.join("")));
  });
}
