/** Who hears when something is wrong, and where to look. */

import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import * as budgets from "aws-cdk-lib/aws-budgets";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as sns from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";

import {
  apiWatches,
  functionWatches,
  logWatches,
  mailWatches,
  tableWatches,
  type Watch,
  workerWatches,
} from "./alarms.js";
import { drawDashboard, type Shown } from "./dashboard.js";
import { LogMetrics } from "./log_metrics.js";
import type { Settings } from "./settings.js";

/** Percents of the budget: spent, and to be spent by the end of the month at this pace. */
const SPENT_PERCENT = 80;
const FORECAST_PERCENT = 100;

export interface ObservabilityStackProps extends StackProps, Shown {}

/** Alarms, the topic they tell, the dashboard, and the budget of one environment. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { settings, data, api, worker } = props;
    // Functions and logs are found by name, which tells CloudFormation nothing of the order.
    this.addStackDependency(api);
    this.addStackDependency(worker);

    const logMetrics = new LogMetrics(this, "LogMetrics", settings, api.functions);
    const topic = this.topic(settings);
    const watches = [
      ...functionWatches(settings, api.functions),
      ...apiWatches(api),
      ...workerWatches(worker),
      ...logWatches(logMetrics),
      ...mailWatches(),
      ...tableWatches(data),
    ];
    for (const watch of watches) this.alarm(settings, watch, topic);
    drawDashboard(this, props, logMetrics);
    if (settings.budgetDollars) this.budget(settings.name, settings.budgetDollars, topic);
    new CfnOutput(this, "AlarmTopic", { description: "What to subscribe to for alarms", value: topic.topicArn });
  }

  /**
   * The topic of all alarms, under a key of its own: alarms may use neither the key that SNS has by itself, nor should
   * they the one that documents lie under.
   */
  private topic(settings: Settings): sns.Topic {
    const tellers = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"].map((name) => new iam.ServicePrincipal(name));
    const ofThisAccount = { StringEquals: { "aws:SourceAccount": settings.account } };
    const key = new kms.Key(this, "TopicKey", {
      description: `${settings.name}: alarms`,
      enableKeyRotation: true,
      // It covers messages on their way only.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: tellers,
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: ["*"],
        conditions: ofThisAccount,
      }),
    );
    const topic = new sns.Topic(this, "Topic", {
      topicName: `${settings.name}-alarms`,
      masterKey: key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: tellers,
        actions: ["sns:Publish"],
        resources: [topic.topicArn],
        conditions: ofThisAccount,
      }),
    );
    if (settings.alarmsTo) topic.addSubscription(new EmailSubscription(settings.alarmsTo));
    return topic;
  }

  private alarm(settings: Settings, watch: Watch, topic: sns.Topic): void {
    const periods = watch.periods ?? 1;
    new cloudwatch.Alarm(this, watch.name, {
      alarmName: `${settings.name}-${watch.name}`,
      alarmDescription: `${watch.meaning} First, ${watch.first} RUNBOOK.md: ${watch.section}`,
      metric: watch.metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: watch.above,
      datapointsToAlarm: periods,
      evaluationPeriods: watch.outOf ?? periods,
      treatMissingData: watch.silence ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(topic));
  }

  /** Warns of what the whole account costs: costs by tag are known only once somebody activates the tag. */
  private budget(name: string, dollars: number, topic: sns.Topic): void {
    const warn = (notificationType: string, threshold: number) => ({
      notification: { notificationType, comparisonOperator: "GREATER_THAN", threshold, thresholdType: "PERCENTAGE" },
      subscribers: [{ subscriptionType: "SNS", address: topic.topicArn }],
    });
    new budgets.CfnBudget(this, "Budget", {
      budget: {
        budgetName: name,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        budgetLimit: { amount: dollars, unit: "USD" },
      },
      notificationsWithSubscribers: [warn("ACTUAL", SPENT_PERCENT), warn("FORECASTED", FORECAST_PERCENT)],
    });
  }
}
