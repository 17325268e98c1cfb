/** Where the packaged programs lie. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Settings } from "./settings.js";

/** The programs that `make package` builds, each a folder with a `bootstrap`. */
export const ARTEFACTS = ["functions", "worker"] as const;

export type Artefact = (typeof ARTEFACTS)[number];

/** The processors that `make package` builds for, by Lambda's names of them. */
const MACHINES: Readonly<Record<Settings["architecture"], string>> = { x86_64: "x86_64", arm64: "aarch64" };

/** The folder of a packaged program, or of its stand-in on a bare checkout. */
export function artefactFolder(artefact: Artefact, architecture: Settings["architecture"]): string {
  if (isPackaged(artefact, architecture)) return packagedFolder(artefact, architecture);
  return fileURLToPath(new URL("../placeholder", import.meta.url));
}

/** Whether a program was built for a processor. */
export function isPackaged(artefact: Artefact, architecture: Settings["architecture"]): boolean {
  return existsSync(join(packagedFolder(artefact, architecture), "bootstrap"));
}

/** Below `dist/`, or wherever `DIST` says. */
function packagedFolder(artefact: Artefact, architecture: Settings["architecture"]): string {
  const dist = process.env["DIST"] ?? fileURLToPath(new URL("../../dist", import.meta.url));
  return join(dist, MACHINES[architecture], artefact);
}
