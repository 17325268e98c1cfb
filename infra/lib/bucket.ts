/** The bucket of documents, and who may reach into it how. */

import { Duration } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type * as kms from "aws-cdk-lib/aws-kms";
import * as s3 from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";

import { removalPolicyOf } from "./removal.js";
import type { Settings } from "./settings.js";

/** Where uploads wait until the worker has looked at them (all folders: `crates/files/src/keys.rs`). */
const QUARANTINE = "quarantine/";

/** Uploads that nobody completed are of no use after this. */
const QUARANTINE_LIFE = Duration.days(7);

/** Where an operator's exports of companies lie. */
const EXPORTS = "exports/";

/** Time enough to fetch an export; everything of a company lies in it. */
const EXPORT_LIFE = Duration.days(7);

/** Age from which on a signed address opens nothing, however long it was signed for. */
const READ_ADDRESS_LIFE = Duration.minutes(1);
const WRITE_ADDRESS_LIFE = Duration.minutes(15);

/** How long what was deleted or replaced can be brought back. */
const REMAINS_LIFE = { protected: Duration.days(30), unprotected: Duration.days(1) };

/** How long the bucket's own log is kept. */
const ACCESS_LOG_LIFE = Duration.days(90);

/** What every bucket of ours has: nothing in it is public, and nobody reaches it without TLS. */
export const CLOSED = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
};

/** Makes the bucket, with a second one for the log of who asked for what. */
export function documentsBucket(scope: Construct, key: kms.Key, settings: Settings): s3.Bucket {
  const removalPolicy = removalPolicyOf(settings);
  const accessLogs = new s3.Bucket(scope, "AccessLogs", {
    ...CLOSED,
    removalPolicy,
    // The log service delivers to no bucket under a key of ours without a right on that key.
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ id: "forget", expiration: ACCESS_LOG_LIFE }],
  });
  const bucket = new s3.Bucket(scope, "Documents", {
    ...CLOSED,
    removalPolicy,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    versioned: true,
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: "documents/",
    lifecycleRules: lifecycle(settings),
    cors: [crossOrigin(settings.domain)],
  });
  for (const statement of refusals(bucket, key)) bucket.addToResourcePolicy(statement);
  return bucket;
}

function lifecycle({ isProtected }: Settings): s3.LifecycleRule[] {
  return [
    { id: "quarantine", prefix: QUARANTINE, expiration: QUARANTINE_LIFE },
    { id: "exports", prefix: EXPORTS, expiration: EXPORT_LIFE },
    {
      id: "remains",
      noncurrentVersionExpiration: isProtected ? REMAINS_LIFE.protected : REMAINS_LIFE.unprotected,
      expiredObjectDeleteMarker: true,
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    },
  ];
}

/** Our own pages read files and put uploads; an upload carries the headers that its address was signed with. */
function crossOrigin(domain: string): s3.CorsRule {
  return {
    allowedOrigins: [`https://${domain}`],
    allowedMethods: [s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.PUT],
    allowedHeaders: [
      "content-type",
      "content-length",
      "range",
      "if-match",
      "if-none-match",
      "x-amz-checksum-sha256",
      "x-amz-sdk-checksum-algorithm",
    ],
    exposedHeaders: ["ETag", "Accept-Ranges", "Content-Length", "Content-Range"],
    maxAge: Duration.hours(1).toSeconds(),
  };
}

/** What the bucket refuses even to those whose role allows it. */
function refusals(bucket: s3.Bucket, key: kms.Key): PolicyStatement[] {
  const refuse = (sid: string, action: string, conditions: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [action],
      resources: [bucket.arnForObjects("*")],
      conditions,
    });
  const olderThan = (life: Duration) => ({
    StringEquals: { "s3:authType": "REST-QUERY-STRING" },
    NumericGreaterThan: { "s3:signatureAge": life.toMilliseconds() },
  });
  return [
    refuse("OldReadAddress", "s3:GetObject", olderThan(READ_ADDRESS_LIFE)),
    refuse("OldWriteAddress", "s3:PutObject", olderThan(WRITE_ADDRESS_LIFE)),
    // An upload names no encryption and gets the bucket's own; one that does name another is refused.
    refuse("OtherEncryption", "s3:PutObject", {
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
    }),
    refuse("OtherKey", "s3:PutObject", {
      Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": key.keyArn },
    }),
  ];
}
