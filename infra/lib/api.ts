/** The API: an HTTP API, and behind each of its routes a function that can do that and nothing else. */

import { ArnFormat, CfnOutput, NestedStack, Stack, type StackProps } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import * as apigwv2 from "aws-cdk-lib/aws-apigatewayv2";
import * as iam from "aws-cdk-lib/aws-iam";
import type * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

import type { DataStack } from "./data.js";
import { ProgramFunction } from "./functions.js";
import { explainRouteFindings } from "./nag.js";
import { logRemovalPolicyOf } from "./removal.js";
import { programsOf, type RouteProgram } from "./routes.js";
import { functionNameOf, type Settings } from "./settings.js";

/** A function of the API. */
export interface RouteFunction {
  /** What it serves: `contacts.list`, or a whole area as `contacts.*`. */
  readonly name: string;
  readonly fn: lambda.Function;
}

export interface ApiStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
}

/** Requests a second over all routes, and how many may come at once; a bound on cost, not a quota of anybody's. */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 };

/** What the API itself notes of a request; nothing that tells who asked for what. */
const ACCESS_LOG_LINE = {
  request_id: "$context.requestId",
  at: "$context.requestTime",
  route: "$context.routeKey",
  status: "$context.status",
  duration_ms: "$context.responseLatency",
  program_ms: "$context.integrationLatency",
  program_status: "$context.integrationStatus",
  size_bytes: "$context.responseLength",
  error: "$context.error.responseType",
};

/** The name of the log that the API itself writes, by which the dashboard finds it. */
export function accessLogsNameOf({ name }: Settings): string {
  return `/aws/apigateway/${name}`;
}

/**
 * The API's own stack; what lies behind it is in nested ones, for no stack holds more than 500 resources: the functions
 * in one for each area, which CloudFormation makes side by side, and after them all routes in one more.
 *
 * The stage comes last. It deploys whatever changes by itself, and so begins with one deployment of every route.
 */
export class ApiStack extends Stack {
  readonly api: apigwv2.HttpApi;
  readonly functions: RouteFunction[];

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { settings } = props;
    this.api = new apigwv2.HttpApi(this, "Api", { apiName: settings.name, createDefaultStage: false });
    const accessLogs = new logs.LogGroup(this, "AccessLogs", {
      logGroupName: accessLogsNameOf(settings),
      retention: settings.logDays,
      removalPolicy: logRemovalPolicyOf(settings),
    });
    const programs = programsOf(settings);
    const areas = [...programs].map(([area, ofArea]) => {
      return new AreaStack(this, area, { ...props, api: this.api, programs: ofArea });
    });
    this.functions = areas.flatMap((area) => area.functions);
    const routes = new RoutesStack(this, "routes", {
      settings,
      api: this.api,
      programs: [...programs.values()].flat(),
    });
    // Routes find functions by name, which tells CloudFormation nothing of the order.
    for (const area of areas) routes.addStackDependency(area);
    const stage = this.api.addStage("Stage", {
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new apigwv2.LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
      },
    });
    stage.node.addDependency(routes);
    new CfnOutput(this, "Endpoint", { value: stage.url });
  }
}

interface AreaStackProps extends ApiStackProps {
  readonly api: apigwv2.HttpApi;
  readonly programs: readonly RouteProgram[];
}

/** The functions of one area. They name the API but change nothing of it, so areas need not wait for one another. */
class AreaStack extends NestedStack {
  readonly functions: RouteFunction[];

  constructor(scope: Construct, area: string, props: AreaStackProps) {
    super(scope, area, { description: `${props.settings.name}: the functions of ${area}` });
    this.functions = props.programs.map((program) => this.functionOf(program, props));
  }

  /** Makes a program's function, which the API and nobody else may call. */
  private functionOf(program: RouteProgram, { settings, data, api }: AreaStackProps): RouteFunction {
    const { fn } = new ProgramFunction(this, program.name, {
      settings,
      program,
      data,
      artefact: "functions",
      // Filled in by CloudFormation at deployment; a call that lacks it did not come through the edge.
      environment: {
        ORIGIN_KEY: data.originKeyValue.unsafeUnwrap(),
        ...(data.originKeyValueBefore && { ORIGIN_KEY_BEFORE: data.originKeyValueBefore.unsafeUnwrap() }),
      },
      reservedConcurrency: settings.reservedConcurrency,
    });
    fn.addPermission("Api", {
      principal: new iam.ServicePrincipal("apigateway.amazonaws.com"),
      sourceArn: this.formatArn({ service: "execute-api", resource: api.apiId, resourceName: "*/*/*" }),
    });
    return { name: program.name, fn };
  }
}

interface RoutesStackProps {
  readonly settings: Settings;
  readonly api: apigwv2.HttpApi;
  readonly programs: readonly RouteProgram[];
}

/**
 * Every route and what leads it to its function, each waiting for the one before.
 *
 * API Gateway makes one change of an API at a time and refuses another meanwhile (`ConflictException`: "Unable to
 * complete operation due to concurrent modification"), and it takes 10 requests a second of a whole account ("Quotas
 * for configuring and running an HTTP API"). CloudFormation makes everything at once that waits for nothing, tries
 * again a few times, and then rolls back. So the changes stand in a row, which also holds when they are taken away.
 */
class RoutesStack extends NestedStack {
  constructor(scope: Construct, id: string, { settings, api, programs }: RoutesStackProps) {
    super(scope, id, { description: `${settings.name}: the routes` });
    let previous: apigwv2.HttpRoute | undefined;
    for (const program of programs) {
      const integration = new FunctionIntegration(
        // By name, since a reference to each function would take one of the 200 parameters that a stack may have.
        this.formatArn({
          service: "lambda",
          resource: "function",
          resourceName: functionNameOf(settings, program.name),
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      );
      for (const row of program.routes) {
        // Not by its name: a row that is renamed stays the same route, whose key the API would refuse a second time.
        const route = new apigwv2.HttpRoute(this, `${row.method} ${row.path}`, {
          httpApi: api,
          routeKey: apigwv2.HttpRouteKey.with(row.path, row.method as apigwv2.HttpMethod),
          integration,
        });
        explainRouteFindings(route);
        // The integration is part of the first route that it is bound to, and waits with it.
        if (previous) route.node.addDependency(previous);
        previous = route;
      }
    }
  }
}

/** A way to a function that is known by its ARN and lets the API call it already. */
class FunctionIntegration extends apigwv2.HttpRouteIntegration {
  constructor(private readonly functionArn: string) {
    super("Integration");
  }

  override bind(): apigwv2.HttpRouteIntegrationConfig {
    return {
      type: apigwv2.HttpIntegrationType.AWS_PROXY,
      uri: this.functionArn,
      payloadFormatVersion: apigwv2.PayloadFormatVersion.VERSION_2_0,
    };
  }
}
