/** The worker: what follows from changes, what is due, what became of mails; and what an operator orders. */

import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import * as sqs from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

import type { DataStack } from "./data.js";
import { ProgramFunction, type ProgramFunctionProps } from "./functions.js";
import type { MailStack } from "./mail.js";
import { explainQueueFindings } from "./nag.js";
import { readWorkers } from "./routes.js";
import type { Settings } from "./settings.js";

/** Times that a change of the table is tried again before it is left aside. */
const CHANGE_RETRIES = 8;

/** Changes that are handed over at once; the worker reports the ones that failed. */
const CHANGES_AT_ONCE = 100;

/** Times and hours that a tick or news of a mail is tried again; the next tick finds what the last one left. */
const EVENT_RETRIES = 2;
const EVENT_LIFE = Duration.hours(1);

export interface WorkerStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly mail: MailStack;
}

/** The worker's stack. */
export class WorkerStack extends Stack {
  readonly worker: lambda.Function;
  /** Carries out an operator's orders; nothing but `npm run order` calls it. */
  readonly operator: lambda.Function;
  /** What could not be worked off, kept for a person to look at. */
  readonly deadLetters: sqs.Queue;

  constructor(scope: Construct, id: string, props: WorkerStackProps) {
    super(scope, id, props);
    const { settings, data, mail } = props;
    const { worker, operator } = readWorkers();
    this.deadLetters = new sqs.Queue(this, "DeadLetters", {
      queueName: `${settings.name}-dead-letters`,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    explainQueueFindings(this.deadLetters);

    const shared: Omit<ProgramFunctionProps, "program"> = {
      settings,
      data,
      artefact: "worker",
      sender: {
        identityArn: mail.identity.emailIdentityArn,
        configurationSetArn: this.formatArn({
          service: "ses",
          resource: "configuration-set",
          resourceName: mail.configurationSetName,
        }),
        from: settings.mailFrom,
      },
      environment: { MAIL_FROM: settings.mailFrom, MAIL_CONFIGURATION_SET: mail.configurationSetName },
    };
    const stream = { leftovers: this.deadLetters };
    this.worker = new ProgramFunction(this, "Worker", { ...shared, program: worker, stream }).fn;
    this.operator = new ProgramFunction(this, "Operator", { ...shared, program: operator }).fn;
    this.ring(settings, data, mail);
    new CfnOutput(this, "OperatorFunction", { value: this.operator.functionName });
  }

  /** Everything that rings the worker. */
  private ring(settings: Settings, data: DataStack, mail: MailStack): void {
    this.worker.addEventSource(
      new DynamoEventSource(data.table, {
        startingPosition: lambda.StartingPosition.TRIM_HORIZON,
        batchSize: CHANGES_AT_ONCE,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: CHANGE_RETRIES,
        onFailure: new SqsDlq(this.deadLetters),
      }),
    );
    // An event that reached the worker, and one that never did, end in the same queue.
    this.worker.configureAsyncInvoke({
      retryAttempts: EVENT_RETRIES,
      maxEventAge: EVENT_LIFE,
      onFailure: new SqsDestination(this.deadLetters),
    });
    const target = new targets.LambdaFunction(this.worker, {
      retryAttempts: EVENT_RETRIES,
      maxEventAge: EVENT_LIFE,
      deadLetterQueue: this.deadLetters,
    });
    new events.Rule(this, "EachMinute", {
      description: `${settings.name}: rings the worker for what is due`,
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [target],
    });
    new events.Rule(this, "MailNews", {
      description: `${settings.name}: tells the worker what became of mails`,
      eventPattern: {
        source: ["aws.ses"],
        // Stages in one account do not hear of one another's mails.
        detail: { mail: { tags: { "ses:configuration-set": [mail.configurationSetName] } } },
      },
      targets: [target],
    });
  }
}
