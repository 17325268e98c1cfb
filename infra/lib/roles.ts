/**
 * From what a program needs to what its role may.
 *
 * Every right in a role of ours is written here, none by the CDK's `grant…` methods: those allow whole tables, buckets
 * and families of actions. What a tenant's request may touch is still the programs' business; the role only bounds
 * what a broken program could reach.
 */

import { Stack } from "aws-cdk-lib";
import type * as ddb from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type * as kms from "aws-cdk-lib/aws-kms";
import type * as logs from "aws-cdk-lib/aws-logs";
import type * as s3 from "aws-cdk-lib/aws-s3";
import type * as sm from "aws-cdk-lib/aws-secretsmanager";
import type * as sqs from "aws-cdk-lib/aws-sqs";

import type { BucketAction, Needs, SecretAction, TableAction } from "./routes.js";

/** What a program may reach. */
export interface Places {
  readonly data: Kept;
  /** How mails leave; only where a program may send any. */
  readonly sender?: Sender;
}

/** What is kept, and the key over all of it. */
export interface Kept {
  readonly table: ddb.Table;
  readonly bucket: s3.Bucket;
  readonly rootKeys: sm.Secret;
  readonly key: kms.Key;
}

/** What SES checks when a mail leaves. */
export interface Sender {
  readonly identityArn: string;
  readonly configurationSetArn: string;
  /** The bare address that mails come from. */
  readonly from: string;
}

/** What `{ulid}` in a pattern stands for; IAM's `?` is exactly one character. */
const ULID = "?".repeat(26);

/** Actions that change the table. */
const TABLE_WRITES: readonly TableAction[] = ["PutItem", "UpdateItem", "DeleteItem"];

/**
 * What DynamoDB asks of the key in its caller's name ("Authorizing use of a customer managed key" in its guide, with
 * the wildcards there written out). `CreateGrant` is for whoever makes the table.
 */
const TABLE_KEY_ACTIONS = {
  read: ["kms:Decrypt", "kms:DescribeKey"],
  write: [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ],
};

/** What S3 asks of the key in its caller's name; a write under a bucket key also decrypts that key. */
const BUCKET_KEY_ACTIONS: Readonly<Record<BucketAction, readonly string[]>> = {
  GetObject: ["kms:Decrypt"],
  PutObject: ["kms:Decrypt", "kms:GenerateDataKey"],
  DeleteObject: [],
  ListBucket: [],
};

/** What Secrets Manager asks of the key in its caller's name. */
const SECRET_KEY_ACTIONS: Readonly<Record<SecretAction, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** How needs name the bucket itself rather than an object in it. */
const WHOLE_BUCKET = "-";

/** The statements that allow exactly what a program needs. */
export function statementsFor(needs: Needs, places: Places): PolicyStatement[] {
  return [
    ...tableStatements(needs, places.data.table),
    ...bucketStatements(needs, places.data.bucket.bucketArn),
    ...secretStatements(needs, places.data.rootKeys.secretArn),
    ...keyStatements(needs, places.data),
    ...mailStatements(needs, places.sender),
  ];
}

/** Writing lines to one log group. The streams in it are named by Lambda. */
export function writeLogs(logGroup: logs.LogGroup): PolicyStatement {
  return allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
}

/** Sending traces, which belong to no resource. */
export function sendTraces(): PolicyStatement {
  return allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]);
}

/** Reading the table's stream. Lambda refuses a role that may not list streams, and streams are listed as a whole. */
export function readStream(table: ddb.Table): PolicyStatement[] {
  const reading = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"];
  return [allow(reading, [table.tableStreamArn ?? ""]), allow(["dynamodb:ListStreams"], ["*"])];
}

/** Leaving in a queue what could not be worked off. */
export function leaveIn(queue: sqs.Queue): PolicyStatement {
  return allow(["sqs:SendMessage"], [queue.queueArn]);
}

/**
 * One statement for each action, with all its patterns, on the table and then on each index.
 *
 * `dynamodb:LeadingKeys` holds every partition key of a request, and `ForAllValues` wants each of them to match within
 * the same statement: statements do not add up for one request. A batch that asks for `{ulid}` and `{ulid}#mem` is
 * refused where each has a statement of its own, though either alone would be let through. AWS judges a transaction by
 * its parts' actions and does not say whether with each part's key or with all; one statement for an action fits both.
 */
function tableStatements(needs: Needs, table: ddb.Table): PolicyStatement[] {
  const onTable = byAction("dynamodb", needs.table).map(({ action, patterns }) =>
    // A scan has no leading keys, so there is nothing to hold it to.
    allow([action], [table.tableArn], action === "dynamodb:Scan" ? undefined : leadingKeys(patterns)),
  );
  const onIndexes = Object.entries(needs.indexes).map(([index, patterns]) =>
    allow(["dynamodb:Query"], [`${table.tableArn}/index/${index}`], leadingKeys(patterns)),
  );
  return [...onTable, ...onIndexes];
}

function leadingKeys(patterns: readonly string[]) {
  return { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": patterns.map(inIam) } };
}

function bucketStatements(needs: Needs, bucketArn: string): PolicyStatement[] {
  const arnOf = (pattern: string) => (pattern === WHOLE_BUCKET ? bucketArn : `${bucketArn}/${inIam(pattern)}`);
  return byAction("s3", needs.bucket).map(({ action, patterns }) => allow([action], patterns.map(arnOf)));
}

function secretStatements(needs: Needs, rootKeysArn: string): PolicyStatement[] {
  const actions = (needs.secrets.root_keys ?? []).map((action) => `secretsmanager:${action}`);
  return actions.length > 0 ? [allow(actions, [rootKeysArn])] : [];
}

/** The key, only by way of the services that hold what it encrypts. */
function keyStatements(needs: Needs, data: Kept): PolicyStatement[] {
  const tableActions = Object.values(needs.table).flat();
  const writes = tableActions.some((action) => TABLE_WRITES.includes(action));
  const reads = 0 < tableActions.length || 0 < Object.keys(needs.indexes).length;
  const bucketActions = Object.values(needs.bucket).flat();
  const byService = {
    dynamodb: writes ? TABLE_KEY_ACTIONS.write : reads ? TABLE_KEY_ACTIONS.read : [],
    s3: sorted(bucketActions.flatMap((action) => BUCKET_KEY_ACTIONS[action])),
    secretsmanager: sorted((needs.secrets.root_keys ?? []).flatMap((action) => SECRET_KEY_ACTIONS[action])),
  };
  const { region } = Stack.of(data.key);
  return Object.entries(byService)
    .filter(([, actions]) => actions.length > 0)
    .map(([service, actions]) =>
      allow(actions, [data.key.keyArn], {
        StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` },
      }),
    );
}

function mailStatements(needs: Needs, sender: Sender | undefined): PolicyStatement[] {
  if (needs.mail.length === 0) return [];
  if (!sender) throw new Error("A program needs to send mail where no mail leaves.");
  const actions = needs.mail.map((action) => `ses:${action}`);
  const resources = [sender.identityArn, sender.configurationSetArn];
  return [allow(actions, resources, { StringEquals: { "ses:FromAddress": sender.from } })];
}

/** An action and everything that it is for. */
interface Group {
  readonly action: string;
  readonly patterns: readonly string[];
}

/** Turns pattern → actions about. */
function byAction(service: string, needed: Readonly<Record<string, readonly string[]>>): Group[] {
  const groups = new Map<string, string[]>();
  for (const [pattern, words] of Object.entries(needed)) {
    for (const word of new Set(words)) groups.set(word, [...(groups.get(word) ?? []), pattern]);
  }
  return sorted([...groups.keys()]).map((word) => ({
    action: `${service}:${word}`,
    patterns: groups.get(word) ?? [],
  }));
}

/** A pattern as IAM writes it. */
export function inIam(pattern: string): string {
  return pattern.replaceAll("{ulid}", ULID);
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, Record<string, unknown>>,
): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources], conditions });
}
