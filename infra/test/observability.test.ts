/** What rings, whom it tells, and what the dashboard shows; with a function for each route, and for each area. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Match, Template } from "aws-cdk-lib/assertions";

import { RUNBOOK_SECTIONS } from "../lib/alarms.js";
import { GUESSED_ROUTES } from "../lib/log_metrics.js";
import { MailStack } from "../lib/mail.js";
import { ObservabilityStack } from "../lib/observability.js";
import { offlineApp } from "../lib/offline.js";
import { readRoutes } from "../lib/routes.js";
import type { Settings } from "../lib/settings.js";
import { placeOf, settingsWith, settingsWithout, standInApi, standInData, standInWorker } from "./fixture.js";

/** What a template may hold; CloudFormation takes 500. */
const RESOURCES_MAX = 450;

/** Longest description that CloudWatch keeps of an alarm. */
const DESCRIPTION_CHARS_MAX = 1024;

const ROUTES = readRoutes().map(({ name }) => name);
const AREAS = [...new Set(ROUTES.map((name) => `${name.split(".")[0]}.*`))];

function build(settings: Settings, names: readonly string[]) {
  const app = offlineApp({});
  const env = placeOf(settings);
  const stack = new ObservabilityStack(app, "observability", {
    settings,
    data: standInData(app, settings),
    api: standInApi(app, settings, names),
    worker: standInWorker(app, settings),
    mail: new MailStack(app, "mail", { settings, env }),
    env,
  });
  return Template.fromStack(stack);
}

const whole = build(settingsWith({ budgetDollars: 200 }), ROUTES);
const byArea = build(settingsWith({ functions: "area" }), AREAS);
const alarms = alarmsOf(whole);

/** Properties of all alarms, by the name without the environment's. */
function alarmsOf(template: Template): Map<string, any> {
  const all = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
  return new Map(all.map(({ Properties }) => [Properties.AlarmName.replace(/^vestibule-prod-/, ""), Properties]));
}

/** The metrics that an alarm looks at, each as its name and the value of its first dimension. */
function watched(alarm: any): string[] {
  return alarm.Metrics.flatMap(({ MetricStat }: any) =>
    MetricStat ? [`${MetricStat.Metric.MetricName} ${MetricStat.Metric.Dimensions[0].Value}`] : [],
  );
}

test("each route has one alarm, for errors and for throttles", () => {
  for (const name of ROUTES) {
    const alarm = alarms.get(`fails-${name}`);
    assert.ok(alarm, name);
    const functionName = `vestibule-prod-${name.replace(".", "-")}`;
    assert.deepEqual(watched(alarm), [`Errors ${functionName}`, `Throttles ${functionName}`]);
    assert.equal(alarm.Metrics[0].Expression, "FILL(m0, 0) + FILL(m1, 0)");
    assert.equal(alarm.Threshold, 0);
  }
  assert.equal([...alarms.keys()].filter((name) => name.startsWith("fails-")).length, ROUTES.length);
});

test("with a function for each area, each area has one", () => {
  const names = [...alarmsOf(byArea).keys()].filter((name) => name.startsWith("fails-"));
  assert.deepEqual(names.sort(), AREAS.map((area) => `fails-${area.replace(".*", "")}`).sort());
  assert.deepEqual(watched(alarmsOf(byArea).get("fails-contacts")), [
    "Errors vestibule-prod-contacts",
    "Throttles vestibule-prod-contacts",
  ]);
});

test("everything beyond the routes rings at its limit", () => {
  const limits = [...alarms]
    .filter(([name]) => !name.startsWith("fails-"))
    .map(([name, alarm]) => [
      name,
      alarm.Threshold,
      `${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods}`,
      alarm.TreatMissingData,
    ]);
  assert.deepEqual(limits, [
    ["api-error-rate", 1, "2 of 3", "notBreaching"],
    ["api-error-count", 4, "1 of 1", "notBreaching"],
    ["api-slow", 3000, "3 of 3", "notBreaching"],
    ["worker-fails", 0, "2 of 3", "notBreaching"],
    ["worker-lags", 300_000, "1 of 1", "notBreaching"],
    ["dead-letters", 0, "1 of 1", "notBreaching"],
    ["mails-wait", 600, "2 of 2", "breaching"],
    ["codes-guessed", 50, "1 of 1", "notBreaching"],
    ["mail-bounces", 0.05, "1 of 1", "ignore"],
    ["mail-complaints", 0.001, "1 of 1", "ignore"],
    ["table-throttles", 0, "2 of 3", "notBreaching"],
    ["table-fails", 0, "2 of 3", "notBreaching"],
  ]);
});

test("the table's refusals are added up over all operations", () => {
  for (const [name, metricName] of [
    ["table-throttles", "ThrottledRequests"],
    ["table-fails", "SystemErrors"],
  ] as const) {
    const { Metrics } = alarms.get(name);
    const operations = Metrics.slice(1).map(({ MetricStat }: any) => {
      assert.equal(MetricStat.Metric.MetricName, metricName);
      return MetricStat.Metric.Dimensions.find((dimension: any) => dimension.Name === "Operation").Value;
    });
    assert.ok(operations.includes("TransactWriteItems"));
    assert.ok(operations.length <= 10, "CloudWatch takes ten metrics in an alarm");
  }
});

test("every alarm tells the topic, what it means, and where to read on", () => {
  for (const [name, { AlarmActions, AlarmDescription, ComparisonOperator }] of alarms) {
    assert.equal(AlarmActions.length, 1, name);
    assert.equal(ComparisonOperator, "GreaterThanThreshold");
    const section = /^[A-Z].*[.] First, .*[.] RUNBOOK\.md: (.*)$/.exec(AlarmDescription)?.[1];
    assert.ok(
      RUNBOOK_SECTIONS.some((known) => known === section),
      `${name}: ${AlarmDescription}`,
    );
    assert.ok(AlarmDescription.length <= DESCRIPTION_CHARS_MAX, name);
  }
});

test("the age of waiting mails and wrong secrets are read from the logs", () => {
  const filters = (template: Template) =>
    Object.values(template.findResources("AWS::Logs::MetricFilter"))
      .map(({ Properties: { LogGroupName, FilterPattern, MetricTransformations } }) =>
        [
          LogGroupName.replace("/aws/lambda/vestibule-prod-", ""),
          FilterPattern,
          MetricTransformations[0].MetricValue,
        ].join(" | "),
      )
      .sort();
  const wrong = "{ $.fields.wrong_secret IS TRUE } | 1";
  const age = "worker | { $.fields.outbox_age_seconds >= 0 } | $.fields.outbox_age_seconds";
  assert.deepEqual(filters(whole), [
    `guest-not_me | ${wrong}`,
    `guest-verify | ${wrong}`,
    `invitations-accept | ${wrong}`,
    `me-confirm_totp | ${wrong}`,
    `portal-verify | ${wrong}`,
    `sessions-create | ${wrong}`,
    `sessions-prove | ${wrong}`,
    age,
  ]);
  const areas = ["guest", "invitations", "me", "portal", "sessions"];
  assert.deepEqual(filters(byArea), [...areas.map((area) => `${area} | ${wrong}`), age]);
});

test("wrong secrets are counted wherever one may be answered", () => {
  const { paths } = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8"));
  const answering = readRoutes().filter(({ method, path }) =>
    /code-wrong|wrong-sign-in/.test(JSON.stringify(paths[path][method.toLowerCase()].responses)),
  );
  assert.deepEqual(
    answering.map(({ name }) => name),
    GUESSED_ROUTES,
  );
});

test("the topic is encrypted, takes alarms and budgets by TLS only, and mails the operators", () => {
  whole.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
  const tellers = { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] };
  const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
  whole.hasResourceProperties("AWS::SNS::TopicPolicy", {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        Match.objectLike({ Effect: "Allow", Principal: tellers, Action: "sns:Publish", Condition }),
      ],
    },
  });
  whole.hasResourceProperties("AWS::KMS::Key", {
    EnableKeyRotation: true,
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({ Principal: tellers, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Condition }),
      ]),
    },
  });
  whole.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "oncall@example.com" });
});

test("without an address nobody is subscribed, and the topic is shown", () => {
  const template = build(settingsWithout("alarmsTo"), ["health.read"]);
  template.resourceCountIs("AWS::SNS::Subscription", 0);
  template.hasOutput("AlarmTopic", {});
});

test("the budget warns before the money is spent; without one there is none", () => {
  whole.hasResourceProperties("AWS::Budgets::Budget", {
    Budget: { BudgetLimit: { Amount: 200, Unit: "USD" }, TimeUnit: "MONTHLY" },
    NotificationsWithSubscribers: [
      Match.objectLike({ Notification: Match.objectLike({ NotificationType: "ACTUAL", Threshold: 80 }) }),
      Match.objectLike({ Notification: Match.objectLike({ NotificationType: "FORECASTED", Threshold: 100 }) }),
    ],
  });
  byArea.resourceCountIs("AWS::Budgets::Budget", 0);
});

test("the dashboard shows edge, every route in its area, API, worker, mail and table", () => {
  const [dashboard] = Object.values(whole.findResources("AWS::CloudWatch::Dashboard"));
  const body = JSON.stringify(dashboard?.["Properties"].DashboardBody);
  for (const name of ROUTES) assert.ok(body.includes(`"vestibule-prod-${name.replace(".", "-")}`), name);
  for (const area of AREAS) assert.ok(body.includes(`${area.replace(".*", "")}_0`), area);
  for (const part of [
    "AWS/CloudFront",
    "AWS/WAFV2",
    "AWS/ApiGateway",
    "/aws/apigateway/vestibule-prod",
    "IteratorAge",
    "ApproximateNumberOfMessagesVisible",
    "OutboxAge",
    "Reputation.BounceRate",
    "WrongSecrets",
    "SuccessfulRequestLatency",
  ]) {
    assert.ok(body.includes(part), part);
  }
});

test("the stack stays far from CloudFormation's limit, and waits for nothing when a route goes", () => {
  const template = whole.toJSON();
  assert.ok(Object.keys(template["Resources"]).length <= RESOURCES_MAX);
  const imports = [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
  assert.ok(
    imports.every((name) => !/verify|contacts/.test(name ?? "")),
    String(imports),
  );
});
