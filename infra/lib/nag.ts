/**
 * Findings of cdk-nag that stay, each with its reason, on the very resource that has them. Anything else that cdk-nag
 * finds stops the synthesis. Those of the edge are in `edge_nag.ts`.
 */

import { Stack, Validations } from "aws-cdk-lib";
import type { HttpRoute } from "aws-cdk-lib/aws-apigatewayv2";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { IConstruct } from "constructs";

import { inIam } from "./roles.js";
import type { Needs } from "./routes.js";

/** What has findings of the stack that keeps everything. */
export interface DataParts {
  readonly rootKeys: Secret;
  readonly originKey: Secret;
  readonly accessLogs: IConstruct;
}

/** Of the stack that keeps everything. */
export function explainDataFindings({ rootKeys, originKey, accessLogs }: DataParts): void {
  explain(
    rootKeys,
    "SMG4",
    "The operator's order `rotate` adds a key and keeps the others; a rotation by itself would lose what they sealed.",
  );
  explain(
    originKey,
    "SMG4",
    "Its value is copied into edge and functions when they are deployed; a rotation by itself would part the two.",
  );
  explain(
    accessLogs,
    "S1",
    "This bucket receives the log of the documents' bucket; a log of the log would have no end.",
  );
}

/** Of one route. */
export function explainRouteFindings(route: HttpRoute): void {
  explain(
    route,
    "APIG4",
    "The program behind each route authenticates by session, access or code, and refuses calls that miss the edge.",
  );
}

/** Of the queue for what could not be worked off. */
export function explainQueueFindings(queue: Queue): void {
  explain(queue, "SQS3", "It is itself the queue for what could not be worked off.");
}

/** Why a role of ours may do something to every resource there is; AWS knows no narrower way. */
const EVERYWHERE = {
  sendTraces: "Traces belong to no resource: X-Ray takes `xray:PutTraceSegments` only for `*`.",
  readStream: "Lambda refuses a stream's reader that may not list streams, and they are listed as a whole.",
};

/** Of the role of a function. */
export function explainRoleFindings(
  role: Role,
  bucket: Bucket,
  needs: Needs,
  everywhere: readonly (keyof typeof EVERYWHERE)[],
): void {
  if (everywhere.length > 0) {
    explain(role, wildcard("*"), everywhere.map((name) => EVERYWHERE[name]).join(" "));
  }
  for (const pattern of Object.keys(needs.bucket).filter((pattern) => pattern.includes("*"))) {
    explain(
      role,
      wildcard(`${bucketReference(bucket)}/${inIam(pattern)}`),
      "The program reads or writes all parts of a thing, whose number nobody knows beforehand.",
    );
  }
}

/** How cdk-nag names its finding that a role's resource has a `*`. */
export function wildcard(resource: string): string {
  return `IAM5[Resource::${resource}]`;
}

/** How cdk-nag writes the bucket's ARN where another stack refers to it: the export's name. */
function bucketReference(bucket: Bucket): string {
  const stack = Stack.of(bucket);
  return stack.resolve(stack.exportValue(bucket.bucketArn))["Fn::ImportValue"];
}

/** Notes why a finding of a rule stays. */
export function explain(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}
