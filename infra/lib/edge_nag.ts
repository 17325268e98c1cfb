/** Findings of cdk-nag that stay in the edge's stack, as `nag.ts` has those of the others. */

import { DefaultStackSynthesizer, Stack } from "aws-cdk-lib";
import type * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type * as s3 from "aws-cdk-lib/aws-s3";
import type * as deployment from "aws-cdk-lib/aws-s3-deployment";

import { explain, wildcard } from "./nag.js";

/** What of the edge has findings. */
export interface EdgeParts {
  readonly pages: s3.Bucket;
  readonly log: s3.Bucket;
  readonly distribution: cloudfront.Distribution;
  readonly upload: deployment.BucketDeployment;
}

/** Of the edge. */
export function explainEdgeFindings({ pages, log, distribution, upload }: EdgeParts): void {
  explain(pages, "S1", "Only the distribution reads it, and the distribution's log tells who asked for what.");
  explain(log, "S1", "It holds the log of the edge; a log of reading the log would be the next in line.");
  explain(distribution, "CFR1", "Outsiders open documents from wherever they are.");
  explain(
    distribution,
    "CFR3",
    "It is logged by a delivery of CloudWatch, which leaves cookies and queries out; the rule knows the older log only.",
  );
  explainUpload(pages, upload);
}

/** Of the CDK's own function that copies the pages into the bucket at a deployment; nothing else calls it. */
function explainUpload(pages: s3.Bucket, upload: deployment.BucketDeployment): void {
  const role = upload.handlerRole;
  const stack = Stack.of(role);
  const handler = role.node.scope;
  const copying = "The CDK's function for uploads copies from the bucket of deployments to the bucket of pages.";
  for (const action of ["s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*", "s3:Abort*"]) {
    explain(role, `IAM5[Action::${action}]`, `${copying} The CDK grants so.`);
  }
  const assets = `cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-assets-${stack.account}-${stack.region}`;
  for (const place of [`arn:${stack.partition}:s3:::${assets}/*`, `<${logicalId(pages)}.Arn>/*`]) {
    explain(role, wildcard(place), `${copying} These are all objects of the one or the other.`);
  }
  explain(role, wildcard("*"), "It asks the distribution to forget old pages; the CDK grants that for any.");
  explain(
    role,
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    "The CDK's function for uploads writes its own log.",
  );
  if (handler) explain(handler, "L1", "The CDK chooses the runtime of its function for uploads, and keeps it current.");
}

function logicalId(bucket: s3.Bucket): string {
  return Stack.of(bucket).getLogicalId(bucket.node.defaultChild as s3.CfnBucket);
}
