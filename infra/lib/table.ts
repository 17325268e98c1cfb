/** The table as DynamoDB's own `CreateTable` takes it, so that tests and laptops use the very table that is deployed. */

import { DataStack } from "./data.js";
import { offlineApp } from "./offline.js";
import { contextWith, readSettings } from "./settings.js";

/** Where it is kept for the Rust side. */
export const TABLE_FILE = new URL("../table.json", import.meta.url);

/** The text of `table.json`, from the synthesised table. */
export function tableText(): string {
  const app = offlineApp({});
  const stack = new DataStack(app, "data", { settings: readSettings(contextWith({ stage: "prod" })) });
  const { Resources: resources } = app.synth().getStackByName(stack.stackName).template;
  const [table] = Object.values<{ Type: string; Properties: Record<string, object> }>(resources).filter(
    ({ Type }) => Type === "AWS::DynamoDB::Table",
  );
  if (!table) throw new Error("The data stack has no table.");
  const { Properties: properties } = table;
  const input = {
    AttributeDefinitions: properties["AttributeDefinitions"],
    KeySchema: properties["KeySchema"],
    GlobalSecondaryIndexes: properties["GlobalSecondaryIndexes"],
    BillingMode: properties["BillingMode"],
    // CloudFormation leaves out what a view type says already.
    StreamSpecification: { StreamEnabled: true, ...properties["StreamSpecification"] },
    // No part of `CreateTable`: the input of `UpdateTimeToLive` after it.
    TimeToLiveSpecification: properties["TimeToLiveSpecification"],
  };
  return `${JSON.stringify(input, null, 2)}\n`;
}
