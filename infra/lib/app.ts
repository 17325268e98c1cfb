/** The stacks of one environment, and what holds them to the house's rules. */

import { type App, Tags, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";

import { ApiStack } from "./api.js";
import { DataStack } from "./data.js";
import { EdgeStack } from "./edge.js";
import { MailStack } from "./mail.js";
import { ObservabilityStack } from "./observability.js";
import { offlineApp } from "./offline.js";
import { type Context, EDGE_REGION, readSettings, type Settings } from "./settings.js";
import { WorkerStack } from "./worker.js";

/** Puts the stacks of the stage that the context names into `app`. */
export function addStacks(app: App): Settings {
  const settings = readSettings(app.node.getAllContext());
  const id = (part: string) => `${settings.name}-${part}`;
  const props = {
    settings,
    env: { account: settings.account, region: settings.region },
    // What the edge, in its own region, reads of the others.
    crossRegionReferences: true,
    terminationProtection: settings.isProtected,
  };
  const data = new DataStack(app, id("data"), props);
  const mail = new MailStack(app, id("mail"), props);
  const api = new ApiStack(app, id("api"), { ...props, data });
  const worker = new WorkerStack(app, id("worker"), { ...props, data, mail });
  new ObservabilityStack(app, id("observability"), { ...props, data, api, worker, mail });
  const atTheEdge = { ...props, env: { ...props.env, region: EDGE_REGION } };
  const edge = new EdgeStack(app, id("edge"), { ...atTheEdge, api, data });

  // These name the origin key without referring to it, so CloudFormation knows nothing of the order.
  for (const stack of [api, edge]) stack.addStackDependency(data);
  Tags.of(app).add("product", "vestibule");
  Tags.of(app).add("stage", settings.stage);
  return settings;
}

/** Lets no template out that has a finding nobody explained. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

/**
 * Writes the templates of the stage that `context` names into `outdir`, without an account.
 *
 * @throws {Error} on any finding that nobody explained.
 */
export function synthesize(context: Context, outdir: string): void {
  const app = offlineApp(context, { outdir });
  addStacks(app);
  addChecks(app);
  app.synth();
}
