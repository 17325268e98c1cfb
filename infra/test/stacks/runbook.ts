/** Whoever follows the runbook finds everything under the names that it tells. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { RUNBOOK_SECTIONS } from "../../lib/alarms.js";
import { readRoutes } from "../../lib/routes.js";
import { Synthesized } from "../synthesized.js";

/** Properties that name a thing. */
const NAMES = ["FunctionName", "LogGroupName", "QueueName", "DashboardName", "Name"];

const runbook = readFileSync(new URL("../../RUNBOOK.md", import.meta.url), "utf8");
const prod = Synthesized.of({ stage: "prod" });
const byArea = Synthesized.of({ stage: "prod", functions: "area" });

describe("the runbook", () => {
  it("has each section that an alarm sends people to", () => {
    const headings = [...runbook.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(
      RUNBOOK_SECTIONS.filter((section) => !headings.includes(section)),
      [],
    );
  });

  it("names things as they are named", () => {
    const known = new Set([prod, byArea].flatMap(namesIn));
    const named = [...runbook.matchAll(/(?:\/aws\/lambda\/)?vestibule-prod(?:-[a-z_]+)*/g)].map(([name]) => name);
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
    assert.ok(named.includes("vestibule-prod-origin-key"));
  });

  it("asks stacks for what they put out", () => {
    const asked = [...runbook.matchAll(/output (\w+) (\w+)/g)];
    assert.notEqual(asked.length, 0);
    for (const [, part, output = ""] of asked) {
      const outputs = prod.templates.get(`vestibule-prod-${part}.template.json`)?.Outputs ?? {};
      assert.ok(output in outputs, `${part} ${output}`);
    }
  });

  it("tells how many calls at once each function can reserve", () => {
    const { length: functions } = readRoutes();
    const each = Math.floor((1000 - 100) / functions);
    assert.ok(runbook.includes(`of 1000, ${functions} functions can have ${each} each`), `${functions}, ${each}`);
  });

  it("tells how long old versions of files stay", () => {
    assert.ok(runbook.includes("stay in the bucket for 30 days more, in `dev` for one"));
    assert.deepEqual((["prod", "staging", "dev"] as const).map(daysOfRemains), [30, 30, 1]);
  });
});

/** What carries a name of ours, stacks included. */
function namesIn({ templates }: Synthesized): string[] {
  const resources = [...templates.values()].flatMap((template) => Object.values(template.Resources));
  const stacks = [...templates.keys()].map((file) => file.replace(".template.json", ""));
  return [...stacks, ...resources.flatMap(({ Properties }) => NAMES.map((name) => Properties?.[name]))];
}

function daysOfRemains(stage: "prod" | "staging" | "dev"): number {
  const buckets = Synthesized.of({ stage }).resources("AWS::S3::Bucket", "data");
  const { LifecycleConfiguration } = buckets.find(({ place }) => place === "data/Documents")?.Properties ?? {};
  return LifecycleConfiguration.Rules.find(({ Id }: any) => Id === "remains").NoncurrentVersionExpiration
    .NoncurrentDays;
}
