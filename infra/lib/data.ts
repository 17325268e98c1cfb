/** What is kept: the table, the bucket, the secrets, and the key over all of them. */

import { CfnOutput, RemovalPolicy, SecretValue, Stack, type StackProps } from "aws-cdk-lib";
import * as ddb from "aws-cdk-lib/aws-dynamodb";
import * as kms from "aws-cdk-lib/aws-kms";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sm from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";

import { documentsBucket } from "./bucket.js";
import { explainDataFindings } from "./nag.js";
import { removalPolicyOf } from "./removal.js";
import { EDGE_REGION, originKeyNameOf, type Settings } from "./settings.js";

/** Everything in a secret but the digits of base 16. */
const NO_HEX_DIGIT = "ghijklmnopqrstuvwxyz";

/** Hex digits of 32 random bytes. */
const SECRET_DIGITS = 64;

/**
 * The indexes; all sparse. Which rows lie in them is told by the table of keys in `crates/store/src/keys.rs`. DynamoDB
 * makes or drops one at a time, so no version may differ by two from the one before.
 */
const INDEXES = [
  { name: "created", hash: "L", range: "SK", projection: ddb.ProjectionType.ALL },
  { name: "activity", hash: "L", range: "A", projection: ddb.ProjectionType.ALL },
  { name: "inverse", hash: "O", range: "S", projection: ddb.ProjectionType.KEYS_ONLY },
  { name: "due", hash: "D", range: "W", projection: ddb.ProjectionType.KEYS_ONLY },
  { name: "actor", hash: "R", range: "SK", projection: ddb.ProjectionType.KEYS_ONLY },
];

export interface DataStackProps extends StackProps {
  readonly settings: Settings;
}

/** The stack that outlives the others. */
export class DataStack extends Stack {
  readonly table: ddb.Table;
  readonly bucket: s3.Bucket;
  /** Encrypts table, bucket and secrets. */
  readonly key: kms.Key;
  /** The root keys that the programs derive all other keys from. */
  readonly rootKeys: sm.Secret;
  /** What the edge shows the API, so that nobody goes round it. */
  readonly originKey: sm.Secret;
  /**
   * The origin key's value, filled in by CloudFormation at deployment. It names the secret by its name, which is the
   * same in the region of the edge, and the version where the settings do. CloudFormation looks at the secret again
   * whenever it changes what holds the value, for whatever reason, and takes the newest version where none is named: then
   * edge and functions part, unless there is only one (`lib/preconditions.ts`).
   */
  readonly originKeyValue: SecretValue;
  /** The one before, where the settings name it. */
  readonly originKeyValueBefore?: SecretValue;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const removalPolicy = removalPolicyOf(settings);
    this.key = new kms.Key(this, "Key", {
      description: `${settings.name}: table, bucket and secrets`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.table = dataTable(this, this.key, settings);
    this.bucket = documentsBucket(this, this.key, settings);
    this.rootKeys = randomSecret(this, "RootKeys", {
      description: `${settings.name}: the root keys. Lost, nothing personal can be read again.`,
      encryptionKey: this.key,
      removalPolicy,
    });
    const originKeyName = originKeyNameOf(settings);
    this.originKey = randomSecret(this, "OriginKey", {
      secretName: originKeyName,
      description: `${settings.name}: what the edge shows the API`,
      encryptionKey: this.key,
      replicaRegions: this.region === EDGE_REGION ? [] : [{ region: EDGE_REGION }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const versionOf = (versionId?: string) => SecretValue.secretsManager(originKeyName, { versionId });
    this.originKeyValue = versionOf(settings.originKeyVersion);
    const before = settings.originKeyVersionBefore;
    this.originKeyValueBefore = before === undefined ? undefined : versionOf(before);

    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "BucketName", { value: this.bucket.bucketName });
    new CfnOutput(this, "RootKeysSecret", { value: this.rootKeys.secretArn });
    const accessLogs = this.node.findChild("AccessLogs");
    explainDataFindings({ rootKeys: this.rootKeys, originKey: this.originKey, accessLogs });
  }
}

function dataTable(scope: Construct, key: kms.Key, settings: Settings): ddb.Table {
  const table = new ddb.Table(scope, "Table", {
    partitionKey: { name: "PK", type: ddb.AttributeType.STRING },
    sortKey: { name: "SK", type: ddb.AttributeType.STRING },
    billingMode: ddb.BillingMode.PAY_PER_REQUEST,
    encryption: ddb.TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    timeToLiveAttribute: "ttl",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    stream: ddb.StreamViewType.NEW_AND_OLD_IMAGES,
    deletionProtection: settings.isProtected,
    removalPolicy: removalPolicyOf(settings),
  });
  for (const { name, hash, range, projection } of INDEXES) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: hash, type: ddb.AttributeType.STRING },
      sortKey: { name: range, type: ddb.AttributeType.STRING },
      projectionType: projection,
    });
  }
  return table;
}

/** A secret of 32 random bytes in hex, which no person ever sees. */
function randomSecret(scope: Construct, id: string, props: Omit<sm.SecretProps, "generateSecretString">): sm.Secret {
  return new sm.Secret(scope, id, {
    ...props,
    generateSecretString: {
      passwordLength: SECRET_DIGITS,
      excludeCharacters: NO_HEX_DIGIT,
      excludeUppercase: true,
      excludePunctuation: true,
      requireEachIncludedType: false,
    },
  });
}
