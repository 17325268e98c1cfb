/** What rings: each watch with what it means for people, and what to do first. */

import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";

import type { ApiStack, RouteFunction } from "./api.js";
import type { DataStack } from "./data.js";
import type { LogMetrics } from "./log_metrics.js";
import { count, PERIOD, sum } from "./metrics.js";
import { functionNameOf, logGroupNameOf, type Settings } from "./settings.js";
import type { WorkerStack } from "./worker.js";

/** The headings of `RUNBOOK.md` that alarms send people to. */
export const RUNBOOK_SECTIONS = [
  "A route fails",
  "The API fails or is slow",
  "The worker fails or lags",
  "Dead letters",
  "Mails wait",
  "Someone guesses codes",
  "Bounces and complaints",
  "The table refuses",
] as const;

export type RunbookSection = (typeof RUNBOOK_SECTIONS)[number];

/** One thing that is watched. It rings when `metric` is above `above` in `periods` of the last `outOf`. */
export interface Watch {
  /** Ends the alarm's name: `vestibule-prod-…`. */
  readonly name: string;
  readonly metric: cloudwatch.IMetric;
  readonly above: number;
  /** One, if absent. */
  readonly periods?: number;
  /** As many as `periods`, if absent. */
  readonly outOf?: number;
  /** What silence means; that all is well, if absent. */
  readonly silence?: cloudwatch.TreatMissingData;
  /** What people outside notice. */
  readonly meaning: string;
  /** The first thing to do. */
  readonly first: string;
  readonly section: RunbookSection;
}

/** Operations that the programs use; the table counts what it refuses by operation. */
const TABLE_OPERATIONS = [
  "GetItem",
  "BatchGetItem",
  "TransactGetItems",
  "Query",
  "Scan",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "TransactWriteItems",
];

/**
 * One watch for each function: that it crashed, ran out of time or memory, or was not let run. Both numbers are
 * Lambda's own, by the function's name, and free; what an alarm costs is $0.10 a month for each metric in it, so these
 * are most of what stands there before anybody comes (`COST.md`). A second alarm for throttles would cost the same and
 * ring twice for one cause.
 *
 * An answer of 5xx that a function gives in good order is no error of Lambda's. {@link apiWatches} sees those, and the
 * dashboard tells by route; a metric of the HTTP API for each route would cost $0.30 a month, and an alarm on it more.
 */
export function functionWatches(settings: Settings, functions: readonly RouteFunction[]): Watch[] {
  return functions.map(({ name }) => {
    const functionName = functionNameOf(settings, name);
    return {
      name: `fails-${name.replace(".*", "")}`,
      metric: sum(
        `${name}: errors and throttles`,
        ["Errors", "Throttles"].map((metricName) => count("AWS/Lambda", metricName, { FunctionName: functionName })),
      ),
      above: 0,
      meaning: `Whoever called ${name} got an error, and what they did may not have happened.`,
      first: `read the newest errors in the log group ${logGroupNameOf(settings, name)}.`,
      section: "A route fails",
    };
  });
}

/** The API as a whole. The rate finds what breaks for many, the count what breaks for few: a rare route, always. */
export function apiWatches({ api }: ApiStack): Watch[] {
  const common = { section: "The API fails or is slow" } as const;
  return [
    {
      ...common,
      name: "api-error-rate",
      metric: new cloudwatch.MathExpression({
        expression: "100 * errors / requests",
        label: "Answers of 5xx, percent",
        period: PERIOD,
        usingMetrics: {
          errors: api.metricServerError({ statistic: "Sum" }),
          requests: api.metricCount({ statistic: "Sum" }),
        },
      }),
      above: 1,
      periods: 2,
      outOf: 3,
      meaning: "More than one answer in a hundred is an error.",
      first: "look at 'Answers of 5xx by route' on the dashboard.",
    },
    {
      ...common,
      name: "api-error-count",
      metric: api.metricServerError({ statistic: "Sum", period: Duration.hours(1) }),
      above: 4,
      meaning: "Five or more answers within an hour were errors; perhaps one act does not work for anybody.",
      first: "look at 'Answers of 5xx by route' on the dashboard.",
    },
    {
      ...common,
      name: "api-slow",
      metric: api.metricLatency({ statistic: "p99", period: PERIOD }),
      above: Duration.seconds(3).toMilliseconds(),
      periods: 3,
      meaning: "One request in a hundred takes more than three seconds.",
      first: "look at 'Slowest requests by area' on the dashboard, then at the table's latency.",
    },
  ];
}

/** The worker and its queue. */
export function workerWatches({ worker, deadLetters }: WorkerStack): Watch[] {
  return [
    {
      name: "worker-fails",
      metric: worker.metricErrors({ period: PERIOD }),
      above: 0,
      periods: 2,
      outOf: 3,
      meaning: "Mails, lists and ends of access come late, until the worker gets through.",
      first: "read the newest errors in the worker's log group.",
      section: "The worker fails or lags",
    },
    {
      name: "worker-lags",
      metric: worker.metric("IteratorAge", { statistic: "Maximum", period: PERIOD }),
      above: Duration.minutes(5).toMilliseconds(),
      meaning:
        "Lists show what was minutes ago, and mails leave late. Changes older than a day are lost to the worker.",
      first: "see whether one batch fails again and again in the worker's log group.",
      section: "The worker fails or lags",
    },
    {
      name: "dead-letters",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD }),
      above: 0,
      meaning: "The worker gave something up: what should follow from a change or a mail did not.",
      first: "read the message without deleting it; it names the batch and the error.",
      section: "Dead letters",
    },
  ];
}

/** What the programs tell in their logs. */
export function logWatches({ outboxAge, wrongSecrets }: LogMetrics): Watch[] {
  return [
    {
      name: "mails-wait",
      metric: outboxAge.with({ statistic: "Maximum", period: PERIOD }),
      above: Duration.minutes(10).toSeconds(),
      periods: 2,
      // The worker tells the age each minute, 0 if nothing waits: silence is a worker that does not run.
      silence: cloudwatch.TreatMissingData.BREACHING,
      meaning: "A mail has waited for more than ten minutes, or the worker does not run; nobody gets codes or links.",
      first: "see whether SES still lets this account send.",
      section: "Mails wait",
    },
    {
      name: "codes-guessed",
      metric: wrongSecrets.with({ statistic: "Sum", period: PERIOD }),
      above: 50,
      meaning:
        "More than fifty wrong codes or passwords in five minutes. Each code and account still has its own limit.",
      first: "see in the edge's log whether few addresses are behind it.",
      section: "Someone guesses codes",
    },
  ];
}

/**
 * The account's standing with SES, under the limits at which SES puts an account under review: 5 % and 0.1 %. The
 * rates are told when mails are sent; between them the last one stands.
 */
export function mailWatches(): Watch[] {
  const rate = (metricName: string) =>
    new cloudwatch.Metric({ namespace: "AWS/SES", metricName, statistic: "Average", period: Duration.minutes(15) });
  const common = { silence: cloudwatch.TreatMissingData.IGNORE, section: "Bounces and complaints" } as const;
  return [
    {
      ...common,
      name: "mail-bounces",
      metric: rate("Reputation.BounceRate"),
      above: 0.05,
      meaning:
        "More than one mail in twenty comes back. SES may stop this account's mails, and with them every sign-in.",
      first: "find which tenant's contacts bounce, under mails in state `bounced`.",
    },
    {
      ...common,
      name: "mail-complaints",
      metric: rate("Reputation.ComplaintRate"),
      above: 0.001,
      meaning: "More than one reader in a thousand calls our mails unwanted. SES may stop this account's mails.",
      first: "find which tenant's mails are complained about, and speak with that tenant.",
    },
  ];
}

/** The table. */
export function tableWatches({ table }: DataStack): Watch[] {
  const ofAllOperations = (metricName: string) =>
    sum(
      metricName,
      TABLE_OPERATIONS.map((Operation) => count("AWS/DynamoDB", metricName, { TableName: table.tableName, Operation })),
    );
  const common = { above: 0, periods: 2, outOf: 3, section: "The table refuses" } as const;
  return [
    {
      ...common,
      name: "table-throttles",
      metric: ofAllOperations("ThrottledRequests"),
      meaning: "The table refuses some requests as too many; people wait, or get an error and try again.",
      first: "find the busy key: one tenant or one document that everybody opens at once.",
    },
    {
      ...common,
      name: "table-fails",
      metric: ofAllOperations("SystemErrors"),
      meaning: "DynamoDB itself fails; requests are tried again and may still fail.",
      first: "look at the AWS Health Dashboard.",
    },
  ];
}
