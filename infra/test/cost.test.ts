/** The page of costs is what is computed, what is computed is right, and what stands is what is deployed. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { Template } from "aws-cdk-lib/assertions";

import { type Choices, dollarsOf, unitsOf } from "../lib/cost/bill.js";
import { type Counted, readCounted } from "../lib/cost/counts.js";
import { OPEN } from "../lib/cost/opening.js";
import { COST_FILE, costText } from "../lib/cost/page.js";
import { billOf } from "../lib/cost/services.js";
import { DataStack } from "../lib/data.js";
import { MailStack } from "../lib/mail.js";
import { ObservabilityStack } from "../lib/observability.js";
import { offlineApp } from "../lib/offline.js";
import { placeOf, settingsWith, standInApi, standInData, standInWorker } from "./fixture.js";

/** Longer pages are not read. */
const LINES_MAX = 150;

const CHOICES: Choices = { functions: "route", architecture: "x86_64", traces: true, logDays: 30 };

/** As if each call took a whole processor for 10 ms, one round, and one unit of each kind. */
const EVEN: Counted = {
  weighed: new Map(OPEN.map(([route]) => [route, { rounds: 1, read: 1, write: 1 }])),
  memoryMb: new Map([...OPEN.map(([route]): [string, number] => [route, 1769]), ["worker", 2048]]),
  routes: OPEN.map(([route]) => route),
  processorMs: new Map([["guest.open", 10]]),
  pageLoad: { requests: 40, bytes: 200_000 },
};

/** The line of a service that has this name. */
function lineOf(service: string, name: string, counted = EVEN, choices = CHOICES) {
  const line = billOf(counted, choices).find((line) => line.service === service && line.name === name);
  assert.ok(line, `${service}, ${name}`);
  return line;
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < expected / 1e9, `${actual} is not ${expected}`);
}

describe("the page of costs", () => {
  it("is what is computed", () => {
    const how = "`npm run --silent cost > COST.md` writes it anew";
    assert.equal(readFileSync(COST_FILE, "utf8"), costText(), how);
  });

  it("is short", () => {
    assert.ok(readFileSync(COST_FILE, "utf8").split("\n").length <= LINES_MAX);
  });
});

describe("a line of the bill", () => {
  it("is units times price: the API's calls", () => {
    // Sent, covered, opened, signatures, thread; three pages, each asked for and drawn; read again.
    const guest = 1 + 1 + 1 + 1 + 1 + 3 + 3 + 1;
    const calls = guest + 0.5 + 0.2 + 0.2 + 4 * 0.1;
    close(calls, 13.3);
    close(dollarsOf(lineOf("HTTP API", "calls"), 10_000), (13.3 * 10_000 * 730) / 24 / 1_000_000);
  });

  it("holds what the worker does: the table's writes", () => {
    const worker = 9 + 40 + 0.2 * 9 + 0.2 * 18 + 0.1 * 20;
    close(dollarsOf(lineOf("DynamoDB", "writes"), 24), ((13.3 + worker) * 730 * 0.625) / 1_000_000);
  });

  it("bills a call's time by memory: 16 ms each, and 130 for a marked page", () => {
    close(lineOf("Lambda", "time of calls").perOpen ?? 0, (10.3 * 0.016 + 3 * 0.13) * (1769 / 1024));
  });

  it("bounds cold starts by what keeps a function warm", () => {
    const starts = lineOf("Secrets Manager", "read at each cold start");
    // The worker is rung each minute, so it alone fills its windows of five.
    assert.equal(unitsOf(starts, 0), 8760);
    assert.equal(unitsOf(starts, 1_000_000), 8760 * (OPEN.length + 1));
  });

  it("is not there for what is off", () => {
    assert.ok(billOf(EVEN, { ...CHOICES, traces: false }).every(({ service }) => service !== "X-Ray"));
  });
});

describe("what stands before the first open", () => {
  const settings = settingsWith();
  const counted = readCounted();
  const app = offlineApp({});
  const env = placeOf(settings);
  // Where prices are taken from, and nothing is kept a second time for the edge.
  const place = { ...env, region: "us-east-1" };
  const data = Template.fromStack(new DataStack(offlineApp({}), "data", { settings, env: place }));
  const observability = Template.fromStack(
    new ObservabilityStack(app, "observability", {
      settings,
      data: standInData(app, settings),
      api: standInApi(app, settings, counted.routes),
      worker: standInWorker(app, settings),
      mail: new MailStack(app, "mail", { settings, env }),
      env,
    }),
  );
  const found = (template: Template, type: string): any[] => Object.values(template.findResources(`AWS::${type}`));
  const standing = (service: string, name: string) => lineOf(service, name, counted).perMonth;

  it("counts metrics, by which alarms are billed", () => {
    const metrics = found(observability, "CloudWatch::Alarm").flatMap(({ Properties: { Metrics } }) =>
      // An alarm without arithmetic looks at one.
      (Metrics ?? [{ MetricStat: {} }]).filter(({ MetricStat }: any) => MetricStat),
    );
    assert.equal(standing("CloudWatch", "alarms"), metrics.length);
  });

  it("counts dashboards, metrics out of logs, keys and secrets", () => {
    const filters = found(observability, "Logs::MetricFilter");
    const names = filters.map(({ Properties }) => Properties.MetricTransformations[0].MetricName);
    assert.equal(standing("CloudWatch", "dashboard"), found(observability, "CloudWatch::Dashboard").length);
    assert.equal(standing("CloudWatch", "metrics out of logs"), new Set(names).size);
    assert.equal(standing("KMS", "keys"), found(data, "KMS::Key").length + found(observability, "KMS::Key").length);
    assert.equal(standing("Secrets Manager", "secrets"), found(data, "SecretsManager::Secret").length);
  });
});
