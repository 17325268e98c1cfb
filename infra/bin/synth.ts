/**
 * `npm run synth [-- FOLDER]`: the templates of every stage, below `cdk.out/` or the folder, without an account. Fails
 * on any finding that nobody explained.
 */

import { join } from "node:path";

import { synthesize } from "../lib/app.js";
import { STAGES } from "../lib/settings.js";

const folder = process.argv[2] ?? "cdk.out";

for (const stage of STAGES) {
  synthesize({ stage }, join(folder, stage));
  console.log(`${stage}: ${join(folder, stage)}`);
}
