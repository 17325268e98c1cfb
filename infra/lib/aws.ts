/** The AWS command line, which asks for credentials in every way there is, so that nothing here has to. */

import { spawnSync } from "node:child_process";

/** What the command said. */
export interface AwsAnswer {
  /** Whether there is such a command at all. */
  readonly isInstalled: boolean;
  readonly isGood: boolean;
  readonly stdout: string;
  /** Why not, in its own words. */
  readonly stderr: string;
}

/** Runs `aws` with `args`; errors come back rather than being shown. */
export function aws(args: readonly string[]): AwsAnswer {
  const { error, status, stdout, stderr } = spawnSync("aws", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const isInstalled = !(error && "code" in error && error.code === "ENOENT");
  return { isInstalled, isGood: status === 0, stdout: stdout ?? "", stderr: (stderr ?? "").trim() };
}
