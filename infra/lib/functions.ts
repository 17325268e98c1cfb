/** One Lambda function of ours: a Rust program with a role and a log group of its own. */

import { Duration } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

import { type Artefact, artefactFolder } from "./artefacts.js";
import type { DataStack } from "./data.js";
import { explainRoleFindings } from "./nag.js";
import { logRemovalPolicyOf } from "./removal.js";
import { leaveIn, readStream, type Sender, sendTraces, statementsFor, writeLogs } from "./roles.js";
import type { Program } from "./routes.js";
import { functionNameOf, logGroupNameOf, type Settings } from "./settings.js";

export interface ProgramFunctionProps {
  readonly settings: Settings;
  readonly program: Program;
  readonly artefact: Artefact;
  readonly data: DataStack;
  readonly sender?: Sender;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the program is rung by the table's stream. */
  readonly stream?: { readonly leftovers: sqs.Queue };
  readonly reservedConcurrency?: number;
}

/**
 * A function named after its program, so that its metrics and logs are found without asking CloudFormation:
 * `vestibule-prod-contacts-list`.
 */
export class ProgramFunction extends Construct {
  readonly fn: lambda.Function;
  private readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ProgramFunctionProps) {
    super(scope, id);
    const { settings, program, data } = props;
    // Not under the data key: lines hold ids and durations, never an address, a token or a body.
    this.logGroup = new logs.LogGroup(this, "Logs", {
      logGroupName: logGroupNameOf(settings, program.name),
      retention: settings.logDays,
      removalPolicy: logRemovalPolicyOf(settings),
    });
    const role = new iam.Role(this, "Role", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { needs: new iam.PolicyDocument({ statements: this.statements(props) }) },
    });
    this.fn = new lambda.Function(this, "Function", {
      functionName: functionNameOf(settings, program.name),
      description: `${settings.name}: ${program.name}`,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: settings.architecture === "arm64" ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
      handler: program.name,
      code: lambda.Code.fromAsset(artefactFolder(props.artefact, settings.architecture)),
      memorySize: program.memoryMb,
      timeout: Duration.seconds(program.timeoutSeconds),
      reservedConcurrentExecutions: props.reservedConcurrency,
      // Nothing that the CDK would allow by itself gets into the role.
      role: role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: settings.traces ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      environment: {
        TABLE_NAME: data.table.tableName,
        BUCKET: data.bucket.bucketName,
        BASE_URL: `https://${settings.domain}`,
        ROOT_KEYS_SECRET: data.rootKeys.secretArn,
        RUST_LOG: "info",
        ...props.environment,
      },
    });
    explainRoleFindings(role, data.bucket, program.needs, [
      ...(props.stream ? (["readStream"] as const) : []),
      ...(settings.traces ? (["sendTraces"] as const) : []),
    ]);
  }

  private statements({ settings, program, data, sender, stream }: ProgramFunctionProps): iam.PolicyStatement[] {
    return [
      ...statementsFor(program.needs, { data, sender }),
      ...(stream ? [...readStream(data.table), leaveIn(stream.leftovers)] : []),
      writeLogs(this.logGroup),
      ...(settings.traces ? [sendTraces()] : []),
    ];
  }
}
