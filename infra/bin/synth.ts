/**
 * `npm run synth [-- FOLDER]`: the templates of every stage, below `cdk.out/` or the folder, without an account. Fails
 * on any finding that nobody explained.
 */

import { join } from "node:path";

import { addChecks, addStacks } from "../lib/app.js";
import { offlineApp } from "../lib/offline.js";
import { STAGES } from "../lib/settings.js";

const folder = process.argv[2] ?? "cdk.out";

for (const stage of STAGES) {
  const app = offlineApp({ stage }, join(folder, stage));
  addStacks(app);
  addChecks(app);
  app.synth();
  console.log(`${stage}: ${join(folder, stage)}`);
}
