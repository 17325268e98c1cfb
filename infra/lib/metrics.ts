/** Numbers that alarms and dashboard share. */

import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";

/** How often metrics are looked at. */
export const PERIOD = Duration.minutes(5);

/** How often something happened within a {@link PERIOD}. */
export function count(
  namespace: string,
  metricName: string,
  dimensionsMap: Readonly<Record<string, string>>,
  label?: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    dimensionsMap: { ...dimensionsMap },
    statistic: "Sum",
    period: PERIOD,
    ...(label && { label }),
  });
}

/**
 * All of `metrics` together. A silent one counts as none: a number plus nothing would be nothing.
 *
 * @param id begins the names of the parts, which are unique within a graph
 */
export function sum(label: string, metrics: readonly cloudwatch.Metric[], id = "m"): cloudwatch.MathExpression {
  return folded(label, metrics, id, (names) => names.map((name) => `FILL(${name}, 0)`).join(" + "));
}

/** The largest of `metrics`. @param id begins the names of the parts, which are unique within a graph */
export function largest(label: string, metrics: readonly cloudwatch.Metric[], id: string): cloudwatch.MathExpression {
  return folded(label, metrics, id, (names) => `MAX([${names.join(", ")}])`);
}

function folded(
  label: string,
  metrics: readonly cloudwatch.Metric[],
  id: string,
  expressionOf: (names: string[]) => string,
): cloudwatch.MathExpression {
  const named = new Map(metrics.map((metric, index) => [`${id}${index}`, metric]));
  return new cloudwatch.MathExpression({
    expression: expressionOf([...named.keys()]),
    label,
    period: PERIOD,
    usingMetrics: Object.fromEntries(named),
  });
}
