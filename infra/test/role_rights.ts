/** Reads back from templates what roles may do, without a look at how `lib/roles.ts` came to it. */

import type { Needs } from "../lib/routes.js";
import type { Resource, Synthesized } from "./synthesized.js";

/** A statement of a policy as it is written. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What AWS allows only for every resource at once, with the reason; nothing else may name `*`. */
const ONLY_EVERYWHERE: Readonly<Record<string, string>> = {
  "dynamodb:ListStreams": "streams are listed as a whole, and Lambda insists on the right",
  "xray:PutTelemetryRecords": "belongs to no resource",
  "xray:PutTraceSegments": "belongs to no resource",
};

/** The rights of a role, each as a line such as `dynamodb:GetItem <data/Table Arn> ses#*`. */
export function rightsOf(role: Resource, synthesized: Synthesized): string[] {
  const statements: Statement[] = role.Properties["Policies"].flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
  return statements
    .flatMap((statement) => linesOf(statement, (resource) => synthesized.text(resource, role.template)))
    .sort();
}

/**
 * One line for each action, resource and value of the condition.
 *
 * @throws {Error} if the statement allows more than a role of ours ever may.
 */
export function linesOf(statement: Statement, textOf: (resource: unknown) => string): string[] {
  if (statement.Effect !== "Allow") throw new Error(`a role says ${statement.Effect}`);
  const conditions = conditionLines(statement.Condition);
  return listOf(statement.Action).flatMap((action) =>
    listOf(statement.Resource)
      .map(textOf)
      .flatMap((resource) => {
        refuseWide(String(action), resource);
        return conditions.map((condition) => [action, resource, condition].filter(Boolean).join(" "));
      }),
  );
}

function refuseWide(action: string, resource: string): void {
  if (action.includes("*")) throw new Error(`the action ${action} is a family of actions`);
  if (resource.startsWith("*") && !(action in ONLY_EVERYWHERE)) throw new Error(`${action} is allowed everywhere`);
}

/** Every value of the one condition that a statement may have; a form of condition that is not ours is refused. */
function conditionLines(condition: Statement["Condition"]): string[] {
  if (!condition) return [""];
  const [[test, keys] = ["", {}], ...otherTests] = Object.entries(condition);
  const [[key, values] = ["", []], ...otherKeys] = Object.entries(keys);
  const form = `${test} ${key}`;
  if (otherTests.length > 0 || otherKeys.length > 0 || !CONDITIONS.includes(form)) {
    throw new Error(`a condition that no role of ours has: ${JSON.stringify(condition)}`);
  }
  return listOf(values).map(String);
}

const CONDITIONS = [
  "ForAllValues:StringLike dynamodb:LeadingKeys",
  "StringEquals kms:ViaService",
  "StringEquals ses:FromAddress",
];

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** What a role is expected to have besides the needs of its program. */
export interface Surroundings {
  /** The role's place. */
  readonly place: string;
  readonly region: string;
  readonly account: string;
  readonly from: string;
  readonly configurationSet: string;
  readonly traces: boolean;
  /** Whether the table's stream rings the program. */
  readonly stream: boolean;
}

/** The very rights that a program's needs come to, in the form of {@link rightsOf}. */
export function expectedRights(needs: Needs, around: Surroundings): string[] {
  const ulids = (pattern: string) => pattern.replaceAll("{ulid}", "?".repeat(26));
  const lines: string[] = [];
  for (const [pattern, actions] of Object.entries(needs.table)) {
    for (const action of actions) {
      lines.push(`dynamodb:${action} <data/Table Arn>${action === "Scan" ? "" : ` ${ulids(pattern)}`}`);
    }
  }
  for (const [index, patterns] of Object.entries(needs.indexes)) {
    for (const pattern of patterns) lines.push(`dynamodb:Query <data/Table Arn>/index/${index} ${ulids(pattern)}`);
  }
  for (const [pattern, actions] of Object.entries(needs.bucket)) {
    for (const action of actions) {
      lines.push(`s3:${action} <data/Documents Arn>${pattern === "-" ? "" : `/${ulids(pattern)}`}`);
    }
  }
  for (const action of needs.secrets.root_keys ?? []) lines.push(`secretsmanager:${action} <data/RootKeys>`);
  if (needs.mail.length > 0) {
    lines.push(
      `ses:SendEmail arn:aws:ses:${around.region}:${around.account}:identity/<mail/Domain> ${around.from}`,
      `ses:SendEmail arn:aws:ses:${around.region}:${around.account}:configuration-set/${around.configurationSet} ${around.from}`,
    );
  }
  return [...new Set([...lines, ...keyLines(needs, around.region), ...ownLines(around)])].sort();
}

function keyLines(needs: Needs, region: string): string[] {
  const line = (action: string, service: string) => `kms:${action} <data/Key Arn> ${service}.${region}.amazonaws.com`;
  const onTable = Object.values(needs.table).flat();
  const inBucket = Object.values(needs.bucket).flat();
  const lines: string[] = [];
  if (onTable.length > 0 || Object.keys(needs.indexes).length > 0) {
    lines.push(line("Decrypt", "dynamodb"), line("DescribeKey", "dynamodb"));
  }
  if (onTable.some((action) => ["PutItem", "UpdateItem", "DeleteItem"].includes(action))) {
    for (const action of [
      "Encrypt",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ]) {
      lines.push(line(action, "dynamodb"));
    }
  }
  if (inBucket.includes("GetObject") || inBucket.includes("PutObject")) lines.push(line("Decrypt", "s3"));
  if (inBucket.includes("PutObject")) lines.push(line("GenerateDataKey", "s3"));
  if (needs.secrets.root_keys?.length) lines.push(line("Decrypt", "secretsmanager"));
  if (needs.secrets.root_keys?.includes("PutSecretValue")) lines.push(line("GenerateDataKey", "secretsmanager"));
  return lines;
}

/** Logs, traces and the stream. */
function ownLines({ place, traces, stream }: Surroundings): string[] {
  const logs = place.replace(/Role$/, "Logs");
  const lines = [`logs:CreateLogStream <${logs} Arn>`, `logs:PutLogEvents <${logs} Arn>`];
  if (traces) lines.push("xray:PutTelemetryRecords *", "xray:PutTraceSegments *");
  if (stream) {
    for (const action of ["DescribeStream", "GetRecords", "GetShardIterator"]) {
      lines.push(`dynamodb:${action} <data/Table StreamArn>`);
    }
    lines.push("dynamodb:ListStreams *", "sqs:SendMessage <worker/DeadLetters Arn>");
  }
  return lines;
}
