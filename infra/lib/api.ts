/** The API: an HTTP API, and behind each of its routes a function that can do that and nothing else. */

import { CfnOutput, NestedStack, Stack, type StackProps } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import * as apigwv2 from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

import type { DataStack } from "./data.js";
import { ProgramFunction } from "./functions.js";
import { explainRouteFindings } from "./nag.js";
import { removalPolicyOf } from "./removal.js";
import { byArea, oneEach, oneForAll, type Route, type RouteProgram, readRoutes } from "./routes.js";
import type { Settings } from "./settings.js";

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

/** The API's own stack; the functions lie in nested ones, an area each, for no stack holds more than 500 resources. */
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
      removalPolicy: removalPolicyOf(settings),
    });
    const stage = this.api.addStage("Stage", {
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new apigwv2.LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
      },
    });
    this.functions = [...byArea(readRoutes())].flatMap(
      ([area, routes]) => new AreaStack(this, area, { ...props, api: this.api, routes }).functions,
    );
    new CfnOutput(this, "Endpoint", { value: stage.url });
  }
}

interface AreaStackProps extends ApiStackProps {
  readonly api: apigwv2.HttpApi;
  readonly routes: readonly Route[];
}

/** The routes of one area with their functions. */
class AreaStack extends NestedStack {
  readonly functions: RouteFunction[];

  constructor(scope: Construct, area: string, props: AreaStackProps) {
    super(scope, area, { description: `${props.settings.name}: the routes of ${area}` });
    const { settings, routes } = props;
    const programs = settings.functions === "area" ? [oneForAll(area, routes)] : oneEach(routes);
    this.functions = programs.map((program) => this.serve(program, props));
  }

  /** Makes a program's function and leads its routes there. */
  private serve(program: RouteProgram, { settings, data, api }: AreaStackProps): RouteFunction {
    const { fn } = new ProgramFunction(this, program.name, {
      settings,
      program,
      data,
      artefact: "functions",
      // Filled in by CloudFormation at deployment; a call that lacks it did not come through the edge.
      environment: { ORIGIN_KEY: data.originKeyValue.unsafeUnwrap() },
      reservedConcurrency: settings.reservedConcurrency,
    });
    const integration = new HttpLambdaIntegration("Integration", fn, { scopePermissionToRoute: false });
    for (const row of program.routes) {
      const route = new apigwv2.HttpRoute(this, `${row.name} route`, {
        httpApi: api,
        routeKey: apigwv2.HttpRouteKey.with(row.path, row.method as apigwv2.HttpMethod),
        integration,
      });
      explainRouteFindings(route);
    }
    return { name: program.name, fn };
  }
}
