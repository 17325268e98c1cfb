/** An app as the command line makes it, but in this process: for what is derived from templates, and for tests. */

import { readFileSync } from "node:fs";

import { App } from "aws-cdk-lib";

/** What the command line adds by itself: each resource's place in the app, as its metadata. */
const COMMAND_LINE_CONTEXT = { "aws:cdk:enable-path-metadata": true };

/** An app with the context of `cdk.json` and with what `-c` would add to it. */
export function offlineApp(context: Readonly<Record<string, unknown>>, outdir?: string): App {
  const { context: kept } = JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8"));
  return new App({ context: { ...COMMAND_LINE_CONTEXT, ...kept, ...context }, outdir, analyticsReporting: false });
}
