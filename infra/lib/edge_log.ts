/** What the edge writes down about each request, and where. */

import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import type * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as iam from "aws-cdk-lib/aws-iam";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

import { CLOSED } from "./bucket.js";
import { removalPolicyOf } from "./removal.js";
import type { Settings } from "./settings.js";

/**
 * Enough to see who was served what and how fast. Cookies, queries and referrers are left out, since secrets travel
 * in them. The path of a drawn page is a token too; it opens nothing after minutes.
 */
const FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "c-ip",
  "cs-method",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "cs-bytes",
  "cs(User-Agent)",
  "time-taken",
  "time-to-first-byte",
  "x-edge-result-type",
  "x-edge-detailed-result-type",
  "x-edge-request-id",
  "cs-protocol-version",
  "ssl-protocol",
  "c-country",
];

export interface EdgeLogProps {
  readonly settings: Settings;
  readonly distribution: cloudfront.Distribution;
}

/**
 * The log of the distribution, as JSON lines in a bucket. It goes by way of CloudWatch's deliveries, which can leave
 * fields out and need no access control list on the bucket, as CloudFront's older logs do.
 */
export class EdgeLog extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: EdgeLogProps) {
    super(scope, id);
    const name = `${props.settings.name}-edge`;
    this.bucket = this.logBucket(props.settings);
    const source = new logs.CfnDeliverySource(this, "Source", {
      name,
      logType: "ACCESS_LOGS",
      resourceArn: props.distribution.distributionArn,
    });
    const destination = new logs.CfnDeliveryDestination(this, "Destination", {
      name,
      destinationResourceArn: this.bucket.bucketArn,
      outputFormat: "json",
    });
    const delivery = new logs.CfnDelivery(this, "Delivery", {
      deliverySourceName: source.ref,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
      // CloudFormation puts `AWSLogs/{account}/CloudFront/` before it when it makes this, and not when it changes it.
      s3SuffixPath: "{yyyy}/{MM}/{dd}/{HH}",
    });
    // The bucket's policy lets the delivery in.
    delivery.node.addDependency(this.bucket);
  }

  private logBucket(settings: Settings): s3.Bucket {
    const bucket = new s3.Bucket(this, "Bucket", {
      ...CLOSED,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(settings.logDays) }],
      removalPolicy: removalPolicyOf(settings),
    });
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal("delivery.logs.amazonaws.com")],
        actions: ["s3:PutObject"],
        resources: [bucket.arnForObjects("*")],
        conditions: {
          StringEquals: { "aws:SourceAccount": settings.account, "s3:x-amz-acl": "bucket-owner-full-control" },
          ArnLike: {
            "aws:SourceArn": Stack.of(this).formatArn({
              service: "logs",
              resource: "delivery-source",
              resourceName: "*",
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    return bucket;
  }
}
