/** Numbers that are read out of the programs' logs. */

import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

import type { RouteFunction } from "./api.js";
import { areaOf } from "./routes.js";
import { logGroupNameOf, type Settings } from "./settings.js";

/**
 * Routes that try a password or a code. Programs log `wrong_secret` with every problem that they answer; it is true
 * where a secret was tried and was wrong, which only these routes answer.
 */
export const GUESSED_ROUTES = [
  "sessions.create",
  "sessions.prove",
  "me.confirm_totp",
  "invitations.accept",
  "guest.verify",
  "guest.not_me",
  "portal.verify",
];

/**
 * How old the oldest mail is that waits, in seconds, and how many passwords and codes were wrong. Each is one custom
 * metric, $0.30 a month, and the second only in hours in which there were any.
 */
export class LogMetrics extends Construct {
  readonly outboxAge: cloudwatch.Metric;
  readonly wrongSecrets: cloudwatch.Metric;

  constructor(scope: Construct, id: string, settings: Settings, functions: readonly RouteFunction[]) {
    super(scope, id);
    // Of its own for each environment, since an account may hold several.
    const metricNamespace = settings.name;
    this.outboxAge = new logs.MetricFilter(this, "OutboxAge", {
      logGroup: this.logsOf(settings, "worker"),
      filterPattern: logs.FilterPattern.numberValue("$.fields.outbox_age_seconds", ">=", 0),
      metricNamespace,
      metricName: "OutboxAge",
      metricValue: "$.fields.outbox_age_seconds",
      unit: cloudwatch.Unit.SECONDS,
    }).metric();
    const metricName = "WrongSecrets";
    for (const name of guessed(functions)) {
      new logs.MetricFilter(this, `WrongSecrets-${name}`, {
        logGroup: this.logsOf(settings, name),
        filterPattern: logs.FilterPattern.booleanValue("$.fields.wrong_secret", true),
        metricNamespace,
        metricName,
        metricValue: "1",
      });
    }
    this.wrongSecrets = new cloudwatch.Metric({ namespace: metricNamespace, metricName });
  }

  /** By name, so that a route can go without this stack first giving up a reference to its logs. */
  private logsOf(settings: Settings, program: string): logs.ILogGroup {
    return logs.LogGroup.fromLogGroupName(this, `${program}-logs`, logGroupNameOf(settings, program));
  }
}

/** Those of `functions` that serve a guessed route, alone or with their area. */
function guessed(functions: readonly RouteFunction[]): string[] {
  const names = GUESSED_ROUTES.flatMap((route) => [route, `${areaOf(route)}.*`]);
  return functions.map(({ name }) => name).filter((name) => names.includes(name));
}
