/** Small stand-ins for the stacks that others build, and settings to build with. */

import { type App, type Environment, SecretValue, Stack } from "aws-cdk-lib";
import * as apigwv2 from "aws-cdk-lib/aws-apigatewayv2";
import * as ddb from "aws-cdk-lib/aws-dynamodb";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sqs from "aws-cdk-lib/aws-sqs";

import type { ApiStack, RouteFunction } from "../lib/api.js";
import type { DataStack } from "../lib/data.js";
import type { Settings } from "../lib/settings.js";
import type { WorkerStack } from "../lib/worker.js";
import "./unvalidated.js";

/** An environment with everything; `changes` replaces some of it. */
export function settingsWith(changes: Partial<Settings> = {}): Settings {
  return {
    stage: "prod",
    name: "vestibule-prod",
    account: "123456789012",
    region: "eu-central-1",
    domain: "trust.example.com",
    zone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" },
    mailFrom: "hello@mail.example.com",
    mailDomain: "mail.example.com",
    alarmsTo: "oncall@example.com",
    isProtected: true,
    logDays: 90,
    functions: "route",
    architecture: "x86_64",
    traces: false,
    requestsPerAddress: 1000,
    ...changes,
  };
}

/** The same without some of what need not be there. */
export function settingsWithout(...names: ("zone" | "certificate" | "alarmsTo" | "budgetDollars")[]): Settings {
  const settings: Partial<Record<keyof Settings, unknown>> = settingsWith();
  for (const name of names) delete settings[name];
  return settings as unknown as Settings;
}

/** Account and region of an environment. */
export function placeOf({ account, region }: Settings): Environment {
  return { account, region };
}

/** An API of `names`, without the routes between. */
export function standInApi(app: App, settings: Settings, names: readonly string[]): ApiStack {
  const stack = new Stack(app, `${settings.name}-api`, {
    env: placeOf(settings),
    crossRegionReferences: true,
  });
  const api = new apigwv2.HttpApi(stack, "Api");
  const functions = names.map((name) => routeFunction(stack, settings, name));
  return Object.assign(stack, { api, functions }) as unknown as ApiStack;
}

/** A worker with its queue and the operator. */
export function standInWorker(app: App, settings: Settings): WorkerStack {
  const stack = new Stack(app, `${settings.name}-worker`, {
    env: placeOf(settings),
  });
  const { fn: worker } = routeFunction(stack, settings, "worker");
  const { fn: operator } = routeFunction(stack, settings, "operator");
  const deadLetters = new sqs.Queue(stack, "DeadLetters");
  return Object.assign(stack, { worker, operator, deadLetters }) as unknown as WorkerStack;
}

/** A table, a bucket and the edge's key. */
export function standInData(app: App, settings: Settings): DataStack {
  const stack = new Stack(app, `${settings.name}-data`, {
    env: placeOf(settings),
    crossRegionReferences: true,
  });
  const table = new ddb.Table(stack, "Table", { partitionKey: { name: "PK", type: ddb.AttributeType.STRING } });
  const bucket = new s3.Bucket(stack, "Documents");
  const originKeyValue = SecretValue.secretsManager(`${settings.name}-origin-key`);
  return Object.assign(stack, { table, bucket, originKeyValue }) as unknown as DataStack;
}

function routeFunction(stack: Stack, settings: Settings, name: string): RouteFunction {
  const functionName = `${settings.name}-${name.replace(".*", "").replaceAll(".", "-")}`;
  const fn = new lambda.Function(stack, name, {
    functionName,
    runtime: lambda.Runtime.NODEJS_LATEST,
    handler: "index.handler",
    code: lambda.Code.fromInline("never run"),
  });
  return { name, fn };
}
