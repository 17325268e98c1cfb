/** One page that shows whether all is well: from the visitor's side inwards. */

import { Duration } from "aws-cdk-lib";
import type * as apigwv2 from "aws-cdk-lib/aws-apigatewayv2";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

import { accessLogsNameOf, type ApiStack, type RouteFunction } from "./api.js";
import type { DataStack } from "./data.js";
import { firewallName, RULE_NAMES } from "./firewall.js";
import type { LogMetrics } from "./log_metrics.js";
import type { MailStack } from "./mail.js";
import { count, largest, PERIOD, sum } from "./metrics.js";
import { areaOf } from "./routes.js";
import { EDGE_REGION, functionNameOf, type Settings } from "./settings.js";
import type { WorkerStack } from "./worker.js";

/** A third of the page's width, in its 24 columns, and a graph's height. */
const THIRD = 8;
const HEIGHT = 6;

/** What is shown of one environment. */
export interface Shown {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly api: ApiStack;
  readonly worker: WorkerStack;
  readonly mail: MailStack;
}

/** Draws the dashboard. */
export function drawDashboard(scope: Construct, shown: Shown, logMetrics: LogMetrics): void {
  const { settings, data, api, worker, mail } = shown;
  new cloudwatch.Dashboard(scope, "Dashboard", {
    dashboardName: settings.name,
    defaultInterval: Duration.hours(12),
    widgets: [
      edgeRow(settings),
      areaRow(settings, api.functions),
      apiRow(settings, api.api),
      workerRow(worker, logMetrics),
      mailRow(mail.configurationSetName, logMetrics),
      tableRow(data.table.tableName),
    ],
  });
}

/** What CloudFront and the firewall count; there, in whichever distributions the account has. */
function edgeRow(settings: Settings): cloudwatch.IWidget[] {
  const distributions = (metricName: string, statistic: string) =>
    search(`{AWS/CloudFront,DistributionId,Region} MetricName="${metricName}"`, statistic, EDGE_REGION);
  const blocked = RULE_NAMES.map((Rule) =>
    count("AWS/WAFV2", "BlockedRequests", { WebACL: firewallName(settings), Rule }, Rule).with({ region: EDGE_REGION }),
  );
  return [
    graph("Edge: requests", [distributions("Requests", "Sum")]),
    graph("Edge: errors, percent", [
      distributions("4xxErrorRate", "Average"),
      distributions("5xxErrorRate", "Average"),
    ]),
    graph("Edge: refused by the firewall", blocked),
  ];
}

/** The functions, by area; Lambda counts by function, and for free. */
function areaRow(settings: Settings, functions: readonly RouteFunction[]): cloudwatch.IWidget[] {
  const areas = new Map<string, string[]>();
  for (const { name } of functions) {
    const area = areaOf(name);
    areas.set(area, [...(areas.get(area) ?? []), functionNameOf(settings, name)]);
  }
  const byArea = (fold: typeof largest, metricName: string, statistic: string) =>
    [...areas].map(([area, names]) => {
      const metrics = names.map((FunctionName) =>
        count("AWS/Lambda", metricName, { FunctionName }).with({ statistic }),
      );
      return fold(area, metrics, `${area}_`);
    });
  return [
    graph("Requests by area", byArea(sum, "Invocations", "Sum"), { stacked: true }),
    graph("Crashes by area", byArea(sum, "Errors", "Sum"), { stacked: true }),
    graph("Slowest requests by area: p99 of the slowest route, ms", byArea(largest, "Duration", "p99")),
  ];
}

function apiRow(settings: Settings, api: apigwv2.HttpApi): cloudwatch.IWidget[] {
  return [
    graph("API: answers", [
      api.metricCount({ statistic: "Sum", label: "all" }),
      api.metricClientError({ statistic: "Sum", label: "4xx" }),
      api.metricServerError({ statistic: "Sum", label: "5xx" }),
    ]),
    graph(
      "API: time, ms",
      ["p50", "p90", "p99"].map((statistic) => api.metricLatency({ statistic, label: statistic })),
    ),
    new cloudwatch.LogQueryWidget({
      title: "Answers of 5xx by route",
      logGroupNames: [accessLogsNameOf(settings)],
      queryLines: [
        "filter status >= 500",
        "stats count(*) as answers, max(at) as newest by route, status",
        "sort answers desc",
      ],
      width: THIRD,
      height: HEIGHT,
    }),
  ];
}

function workerRow({ worker: fn, deadLetters }: WorkerStack, { outboxAge }: LogMetrics): cloudwatch.IWidget[] {
  return [
    graph("Worker", [
      fn.metricInvocations({ label: "runs" }),
      fn.metricErrors({ label: "failed" }),
      fn.metricThrottles({ label: "throttled" }),
    ]),
    graph("Worker: lag behind the table, ms, and time, ms", [
      fn.metric("IteratorAge", { statistic: "Maximum", label: "lag" }),
      fn.metricDuration({ statistic: "p99", label: "time, p99" }),
    ]),
    graph("Left aside, and age of the oldest waiting mail, s", [
      deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", label: "dead letters" }),
      outboxAge.with({ statistic: "Maximum", label: "oldest mail, s" }),
    ]),
  ];
}

function mailRow(configurationSet: string, { wrongSecrets }: LogMetrics): cloudwatch.IWidget[] {
  const ofAccount = (name: string) => count("AWS/SES", name, {}, name.toLowerCase());
  const rate = (name: string, label: string) =>
    count("AWS/SES", `Reputation.${name}`, { "ses:configuration-set": configurationSet }, label).with({
      statistic: "Average",
    });
  return [
    graph("Mails of the account", ["Send", "Delivery", "Bounce", "Complaint", "Reject"].map(ofAccount)),
    graph("Mail: share that bounces, and is complained about", [
      rate("BounceRate", "bounces"),
      rate("ComplaintRate", "complaints"),
    ]),
    graph("Wrong codes and passwords", [wrongSecrets.with({ statistic: "Sum", label: "wrong" })]),
  ];
}

function tableRow(tableName: string): cloudwatch.IWidget[] {
  const perOperation = (metricName: string, statistic: string) =>
    search(`{AWS/DynamoDB,TableName,Operation} MetricName="${metricName}" TableName="${tableName}"`, statistic);
  return [
    graph(
      "Table: units used",
      ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((name) =>
        count("AWS/DynamoDB", name, { TableName: tableName }, name),
      ),
    ),
    graph("Table: time by operation, ms", [perOperation("SuccessfulRequestLatency", "Average")]),
    graph("Table: refused by operation", [
      perOperation("ThrottledRequests", "Sum"),
      perOperation("SystemErrors", "Sum"),
    ]),
  ];
}

/** Every metric that `schema` describes, as a line each. */
function search(schema: string, statistic: string, searchRegion?: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SEARCH('${schema}', '${statistic}', ${PERIOD.toSeconds()})`,
    label: "",
    period: PERIOD,
    usingMetrics: {},
    ...(searchRegion && { searchRegion }),
  });
}

function graph(
  title: string,
  left: cloudwatch.IMetric[],
  more: cloudwatch.GraphWidgetProps = {},
): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, width: THIRD, height: HEIGHT, left, leftYAxis: { min: 0 }, ...more });
}
