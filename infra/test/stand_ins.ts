/** Stand-ins for commands, which note how they were called and answer what a test wants. */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const INFRA = fileURLToPath(new URL("..", import.meta.url));

/** Holds everything that the tests of one file make. */
const BASE = mkdtempSync(join(tmpdir(), "vestibule-stand-ins-"));
process.once("exit", () => rmSync(BASE, { recursive: true }));

/** A folder that is the whole `PATH` of whatever is run, but for Node itself. */
export class StandIns {
  readonly folder = mkdtempSync(join(BASE, "path-"));

  /** Makes a command of a script in JavaScript, in which `args` are its arguments. */
  command(name: string, script: string): this {
    const file = join(this.folder, name);
    writeFileSync(
      file,
      `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(this.log)}, [${JSON.stringify(name)}, ...args].join(" ") + "\\n");
${script}
`,
    );
    chmodSync(file, 0o755);
    return this;
  }

  /** Writes a file below the folder. */
  file(path: string, content: string | Uint8Array): this {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** How the commands were called, one call each. */
  get calls(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, "utf8").trim().split("\n") : [];
  }

  /** Runs one of our programs; nobody is there to be asked. */
  run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", program, ...args], {
      cwd: INFRA,
      encoding: "utf8",
      env: { PATH: [this.folder, dirname(process.execPath)].join(delimiter), TMPDIR: this.folder, ...environment },
    });
    return { status, stdout, stderr };
  }

  private get log(): string {
    return join(this.folder, "calls");
  }
}
