/** An app as the command line makes it, but in this process: for what is derived from templates, and for tests. */

import { App, type AppProps } from "aws-cdk-lib";

import { type Context, contextWith } from "./settings.js";

/** What the command line adds by itself: each resource's place in the app, as its metadata. */
const COMMAND_LINE_CONTEXT = { "aws:cdk:enable-path-metadata": true };

/** An app with the context of `cdk.json` and with what `-c` would add to it. */
export function offlineApp(added: Context, props: AppProps = {}): App {
  const context = { ...COMMAND_LINE_CONTEXT, ...contextWith(added) };
  return new App({ analyticsReporting: false, ...props, context });
}
