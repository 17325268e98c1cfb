/** The table, the bucket, the secrets and their key are as designed. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { TABLE_FILE, tableText } from "../../lib/table.js";
import { Synthesized } from "../synthesized.js";

const kept = Synthesized.of({ stage: "prod" });
const gone = Synthesized.of({ stage: "dev" });

describe("the table", () => {
  const { Properties: table, DeletionPolicy } = kept.only("AWS::DynamoDB::Table", "data");

  it("has the keys and the five indexes that the programs know", () => {
    const keys = (schema: { AttributeName: string }[]) => schema.map((key) => key.AttributeName).join(" ");
    assert.equal(keys(table["KeySchema"]), "PK SK");
    assert.deepEqual(
      table["GlobalSecondaryIndexes"].map((index: any) => [
        index.IndexName,
        keys(index.KeySchema),
        index.Projection.ProjectionType,
      ]),
      [
        ["created", "L SK", "ALL"],
        ["activity", "L A", "ALL"],
        ["inverse", "O S", "KEYS_ONLY"],
        ["due", "D W", "KEYS_ONLY"],
        ["actor", "R SK", "KEYS_ONLY"],
      ],
    );
    assert.ok(table["AttributeDefinitions"].every((attribute: any) => attribute.AttributeType === "S"));
  });

  it("is paid by request, expires rows, tells of changes and can be restored", () => {
    assert.equal(table["BillingMode"], "PAY_PER_REQUEST");
    assert.deepEqual(table["TimeToLiveSpecification"], { AttributeName: "ttl", Enabled: true });
    assert.deepEqual(table["StreamSpecification"], { StreamViewType: "NEW_AND_OLD_IMAGES" });
    assert.deepEqual(table["PointInTimeRecoverySpecification"], { PointInTimeRecoveryEnabled: true });
  });

  it("is encrypted under the key of the house", () => {
    assert.equal(table["SSESpecification"].SSEType, "KMS");
    assert.ok(kept.only("AWS::KMS::Key", "data").Properties["EnableKeyRotation"]);
  });

  it("outlives its stack where it is protected, and only there", () => {
    assert.equal(table["DeletionProtectionEnabled"], true);
    assert.equal(DeletionPolicy, "Retain");
    assert.equal(gone.only("AWS::DynamoDB::Table", "data").DeletionPolicy, "Delete");
  });

  it("is in table.json as it is here", () => {
    assert.equal(readFileSync(TABLE_FILE, "utf8"), tableText(), "run `npm run table`");
  });
});

describe("the bucket", () => {
  const bucket =
    kept.resources("AWS::S3::Bucket", "data").find(({ place }) => place === "data/Documents")?.Properties ?? {};
  const policy = kept.resources("AWS::S3::BucketPolicy", "data").find(({ place }) => place === "data/Documents/Policy");
  const refusals: any[] = policy?.Properties["PolicyDocument"].Statement;
  const refusal = (sid: string) => refusals.find((statement) => statement.Sid === sid);

  it("is closed to the public and to access lists", () => {
    assert.deepEqual(Object.values(bucket["PublicAccessBlockConfiguration"]), [true, true, true, true]);
    assert.deepEqual(bucket["OwnershipControls"].Rules, [{ ObjectOwnership: "BucketOwnerEnforced" }]);
  });

  it("keeps versions, encrypted, and a log of requests", () => {
    const [rule] = bucket["BucketEncryption"].ServerSideEncryptionConfiguration;
    assert.equal(rule.BucketKeyEnabled, true);
    assert.equal(rule.ServerSideEncryptionByDefault.SSEAlgorithm, "aws:kms");
    assert.deepEqual(bucket["VersioningConfiguration"], { Status: "Enabled" });
    assert.equal(bucket["LoggingConfiguration"].LogFilePrefix, "documents/");
  });

  it("forgets uploads in quarantine, exports, and what was deleted", () => {
    const [quarantine, exports, remains] = bucket["LifecycleConfiguration"].Rules;
    assert.deepEqual([quarantine.Prefix, quarantine.ExpirationInDays], ["quarantine/", 7]);
    assert.deepEqual([exports.Prefix, exports.ExpirationInDays], ["exports/", 7]);
    assert.equal(remains.Prefix, undefined);
    assert.equal(remains.ExpirationInDays, undefined, "what is current never expires");
    assert.deepEqual(remains.NoncurrentVersionExpiration, { NoncurrentDays: 30 });
    assert.deepEqual(remains.AbortIncompleteMultipartUpload, { DaysAfterInitiation: 1 });
  });

  it("answers our own pages and no others", () => {
    const [rule, ...others] = bucket["CorsConfiguration"].CorsRules;
    assert.deepEqual(others, []);
    assert.deepEqual(rule.AllowedOrigins, ["https://trust.vestibule.example"]);
    assert.deepEqual(rule.AllowedMethods, ["GET", "HEAD", "PUT"]);
    for (const header of ["content-type", "content-length", "x-amz-checksum-sha256", "if-none-match"]) {
      assert.ok(rule.AllowedHeaders.includes(header), header);
    }
  });

  it("allows nothing and refuses plain connections, old addresses and other keys", () => {
    assert.ok(refusals.every((statement) => statement.Effect === "Deny"));
    const conditions = refusals.map((statement) => JSON.stringify(statement.Condition));
    assert.ok(conditions.includes('{"Bool":{"aws:SecureTransport":"false"}}'));
    assert.ok(conditions.includes('{"NumericLessThan":{"s3:TlsVersion":1.2}}'));
    const bySignature = { "s3:authType": "REST-QUERY-STRING" };
    assert.deepEqual(
      ["OldReadAddress", "OldWriteAddress"].map((sid) => [refusal(sid).Action, refusal(sid).Condition]),
      [
        ["s3:GetObject", { StringEquals: bySignature, NumericGreaterThan: { "s3:signatureAge": 60_000 } }],
        ["s3:PutObject", { StringEquals: bySignature, NumericGreaterThan: { "s3:signatureAge": 900_000 } }],
      ],
    );
    for (const sid of ["OtherEncryption", "OtherKey"]) {
      const [[header]] = Object.entries(refusal(sid).Condition.StringNotEquals) as [[string, unknown]];
      assert.equal(refusal(sid).Condition.Null[header], "false", "an upload that names no encryption goes through");
    }
  });
});

describe("the secrets", () => {
  it("are 64 hex digits that nobody chose", () => {
    const secrets = kept.resources("AWS::SecretsManager::Secret", "data");
    assert.deepEqual(secrets.map(({ place }) => place).sort(), ["data/OriginKey", "data/RootKeys"]);
    for (const { Properties: properties } of secrets) {
      assert.deepEqual(properties["GenerateSecretString"], {
        ExcludeCharacters: "ghijklmnopqrstuvwxyz",
        ExcludePunctuation: true,
        ExcludeUppercase: true,
        PasswordLength: 64,
        RequireEachIncludedType: false,
      });
      assert.equal(kept.text(properties["KmsKeyId"], kept.only("AWS::KMS::Key", "data").template), "<data/Key Arn>");
    }
  });

  it("are at hand where the edge needs them", () => {
    const origin = kept
      .resources("AWS::SecretsManager::Secret", "data")
      .find(({ place }) => place === "data/OriginKey");
    assert.deepEqual(origin?.Properties["ReplicaRegions"], [{ Region: "us-east-1" }]);
  });
});
