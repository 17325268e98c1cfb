/** What rings the worker, what it is told, and where that ends which it could not do. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { Synthesized } from "../synthesized.js";

const synthesized = Synthesized.of({ stage: "prod" });
const [queue, mapping, asynchronous] = [
  synthesized.only("AWS::SQS::Queue", "worker"),
  synthesized.only("AWS::Lambda::EventSourceMapping", "worker").Properties,
  synthesized.only("AWS::Lambda::EventInvokeConfig", "worker").Properties,
];
const rules = synthesized.resources("AWS::Events::Rule", "worker");
const text = (value: unknown) => synthesized.text(value, queue.template);

describe("the worker", () => {
  const named = (handler: string) =>
    synthesized
      .resources("AWS::Lambda::Function", "worker")
      .find(({ Properties }) => Properties["Handler"] === handler);

  it("is one program with two handlers", () => {
    assert.equal(named("worker")?.Properties["FunctionName"], "vestibule-prod-worker");
    assert.equal(named("operator")?.Properties["FunctionName"], "vestibule-prod-operator");
    assert.deepEqual(named("worker")?.Properties["Code"], named("operator")?.Properties["Code"]);
  });

  it("knows how mails leave", () => {
    const { MAIL_FROM: from, MAIL_CONFIGURATION_SET: set } = named("worker")?.Properties["Environment"].Variables;
    assert.equal(from, "no-reply@mail.vestibule.example");
    assert.equal(set, "vestibule-prod");
  });

  it("is rung by the table's stream", () => {
    assert.equal(text(mapping["EventSourceArn"]), "<data/Table StreamArn>");
    assert.equal(text(mapping["FunctionName"]), "<worker/Worker/Function>");
    assert.equal(mapping["StartingPosition"], "TRIM_HORIZON");
    assert.equal(mapping["BatchSize"], 100);
    assert.equal(mapping["BisectBatchOnFunctionError"], true);
    assert.deepEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"]);
    assert.equal(mapping["MaximumRetryAttempts"], 8);
    assert.equal(mapping["FilterCriteria"], undefined);
  });

  it("is rung each minute and by news of its own mails", () => {
    const [minute, news, ...others] = rules.map(({ Properties }) => Properties);
    assert.deepEqual(others, []);
    assert.equal(minute?.["ScheduleExpression"], "rate(1 minute)");
    assert.deepEqual(news?.["EventPattern"], {
      source: ["aws.ses"],
      detail: { mail: { tags: { "ses:configuration-set": ["vestibule-prod"] } } },
    });
    for (const rule of [minute, news]) {
      const [target] = rule?.["Targets"];
      assert.equal(text(target.Arn), "<worker/Worker/Function Arn>");
      // The program knows an event by its form, so none may be reshaped on the way.
      assert.deepEqual(Object.keys(target).sort(), ["Arn", "DeadLetterConfig", "Id", "RetryPolicy"]);
    }
  });

  it("is not rung at the operator's handler by anything", () => {
    const callable = synthesized
      .resources("AWS::Lambda::Permission", "worker")
      .map(({ Properties }) => text(Properties["FunctionName"]));
    assert.deepEqual([...new Set(callable)], ["<worker/Worker/Function Arn>"]);
  });

  it("leaves aside what it cannot do, from wherever it came", () => {
    assert.equal(text(mapping["DestinationConfig"].OnFailure.Destination), "<worker/DeadLetters Arn>");
    assert.equal(text(asynchronous["DestinationConfig"].OnFailure.Destination), "<worker/DeadLetters Arn>");
    for (const { Properties: rule } of rules) {
      assert.equal(text(rule["Targets"][0].DeadLetterConfig.Arn), "<worker/DeadLetters Arn>");
    }
  });
});

describe("the queue of dead letters", () => {
  const policy: any[] = synthesized.only("AWS::SQS::QueuePolicy", "worker").Properties["PolicyDocument"].Statement;

  it("is encrypted and kept for two weeks", () => {
    assert.equal(queue.Properties["SqsManagedSseEnabled"], true);
    assert.equal(queue.Properties["MessageRetentionPeriod"], 14 * 24 * 60 * 60);
  });

  it("is open to the two rules, and to nobody without TLS", () => {
    const [plain, ...open] = policy;
    assert.deepEqual([plain.Effect, plain.Condition], ["Deny", { Bool: { "aws:SecureTransport": "false" } }]);
    assert.deepEqual(
      open.map((statement) => [
        statement.Action,
        statement.Principal.Service,
        text(statement.Condition.ArnEquals["aws:SourceArn"]),
      ]),
      [
        ["sqs:SendMessage", "events.amazonaws.com", "<worker/EachMinute Arn>"],
        ["sqs:SendMessage", "events.amazonaws.com", "<worker/MailNews Arn>"],
      ],
    );
  });
});
