/**
 * `npm run deploy -- STAGE [setting=value …]`, which `make deploy STAGE=…` calls: says what is missing, else shows what
 * would change, asks, and deploys. `YES=1` answers for whoever is not there to be asked.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { missing } from "../lib/preconditions.js";
import { quotaWarnings } from "../lib/quotas.js";
import { releaseFailedCreations } from "../lib/remains.js";
import { contextWith, readSettings, SETTING_NAMES, type Settings } from "../lib/settings.js";

/** Whoever calls stops here, with a sentence. */
class Stopped extends Error {}

const [stage, ...changes] = process.argv.slice(2);

try {
  if (!stage) throw new Stopped("Say which stage: make deploy STAGE=dev");
  for (const [name] of changes.map(nameAndValue)) {
    if (!SETTING_NAMES.includes(name)) throw new Stopped(`There is no setting \`${name}\`.`);
  }
  await deploy([`stage=${stage}`, ...changes]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Deploys with a context of `name=value`. */
async function deploy(context: readonly string[]): Promise<void> {
  const settings = readSettings(contextWith(Object.fromEntries(context.map(nameAndValue))));
  const problems = missing(settings);
  if (problems.length > 0) throw new Stopped(problems.join("\n"));
  for (const warning of quotaWarnings(settings)) console.error(warning);

  const inContext = context.flatMap((setting) => ["--context", setting]);
  cdk(["diff", ...inContext]);
  await agree(settings);
  releaseFailedCreations(settings, console.error);
  const outputs = deployAll(settings, inContext);
  console.log(`url: ${outputs("edge", "Url")}`);
  console.log(`operator function: ${outputs("worker", "OperatorFunction")}`);
}

function nameAndValue(setting: string): [string, string] {
  const [name = "", ...value] = setting.split("=");
  return [name, value.join("=")];
}

/** Returns once somebody said yes. */
async function agree({ name }: Settings): Promise<void> {
  if (process.env["YES"] === "1") return;
  if (!process.stdin.isTTY) throw new Stopped("Nobody is there to be asked: set YES=1 to deploy without a question.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Deploy ${name}? Type yes: `);
  terminal.close();
  if (answer.trim() !== "yes") throw new Stopped("Nothing was deployed.");
}

/** Deploys every stack, each after those it needs, and hands back what they put out. */
function deployAll({ name }: Settings, inContext: readonly string[]): (part: string, output: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "vestibule-deploy-"));
  try {
    const file = join(folder, "outputs.json");
    // The question was asked above. A log that an earlier function of the same name left is taken up; else it would be
    // in the way.
    const how = ["--require-approval", "never", "--import-existing-resources"];
    cdk(["deploy", "--all", ...how, "--outputs-file", file, ...inContext]);
    const outputs = JSON.parse(readFileSync(file, "utf8"));
    return (part, output) => outputs[`${name}-${part}`][output];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cdk(args: readonly string[]): void {
  const { error, status } = spawnSync("cdk", args, { stdio: "inherit" });
  if (error) throw new Stopped(`\`cdk\` does not start (${error.message}): run \`npm ci\` in infra/.`);
  if (status !== 0) throw new Stopped(`\`cdk ${args[0]}\` failed.`);
}
