/** What is counted elsewhere in the repository: units, memory, processor time and the size of a page. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PAGES_FOLDER } from "../pages.js";
import { type Program, readRoutes, readWorkers } from "../routes.js";

/** The size of a page load is rounded up to a multiple of this, so that not every edit of a page changes the bill. */
const PAGE_LOAD_STEP_BYTES = 50_000;

/** A call's round trips and units. */
interface Weighed {
  readonly rounds: number;
  readonly read: number;
  readonly write: number;
}

/** Everything that is read from other files of the repository. */
export interface Counted {
  /** From `tests/units.table`. */
  readonly weighed: ReadonlyMap<string, Weighed>;
  /** From `routes.json` and `workers.json`. */
  readonly memoryMb: ReadonlyMap<string, number>;
  readonly routes: readonly string[];
  /** Processor time of our own code and the SDK, where the README's *Figures* tell it. */
  readonly processorMs: ReadonlyMap<string, number>;
  /** What a browser that was never there loads with the guest page. */
  readonly pageLoad: { readonly requests: number; readonly bytes: number };
}

/** Reads everything that is counted. */
export function readCounted(): Counted {
  const routes = readRoutes();
  const programs: Program[] = [...routes, ...Object.values(readWorkers())];
  return {
    weighed: readWeighed(),
    memoryMb: new Map(programs.map(({ name, memoryMb }) => [name, memoryMb])),
    routes: routes.map(({ name }) => name),
    processorMs: readProcessorMs(),
    pageLoad: weighPage("guest.html"),
  };
}

function readWeighed(): Map<string, Weighed> {
  const rows = textOf("../../../tests/units.table").matchAll(/^(\S+) +(\d+) +(\d+) +(-?[\d.]+) +(-?[\d.]+)$/gm);
  return new Map(
    [...rows].map(([, route = "", , rounds, read, write]) => [
      route,
      // A sum of nothing is printed as `-0`.
      { rounds: Number(rounds), read: Math.abs(Number(read)), write: Math.abs(Number(write)) },
    ]),
  );
}

function readProcessorMs(): Map<string, number> {
  const rows = textOf("../../../README.md").matchAll(/^\| ([a-z_]+\.[a-z_]+) \| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|/gm);
  const times = [...rows].map(([, route = "", own, sdk]): [string, number] => [route, Number(own) + Number(sdk)]);
  if (times.length === 0) throw new Error("The README has no *Time of the main routes* any more.");
  return new Map(times);
}

/** How a page or a script names what it loads. */
const ASSET = /(?:(?:href|src)="\/assets\/|\bfrom "\.\/|^import "\.\/)([\w.]+)"/gm;

/** A page with everything that it loads, and that loads in turn. */
function weighPage(page: string): Counted["pageLoad"] {
  const found = new Set([page]);
  let bytes = 0;
  // A set is walked to the end of what is added meanwhile.
  for (const name of found) {
    const text = readFileSync(join(PAGES_FOLDER, name), "utf8");
    bytes += Buffer.byteLength(text);
    for (const [, asset = ""] of text.matchAll(ASSET)) found.add(asset);
  }
  return { requests: found.size, bytes: Math.ceil(bytes / PAGE_LOAD_STEP_BYTES) * PAGE_LOAD_STEP_BYTES };
}

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

export function weighedOf({ weighed }: Counted, route: string): Weighed {
  return known(weighed, route);
}

/** Memory of a function that stands in `routes.json` or `workers.json`. */
export function memoryMbOf({ memoryMb }: Counted, name: string): number {
  return known(memoryMb, name);
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Nobody counted \`${name}\`.`);
  return value;
}
