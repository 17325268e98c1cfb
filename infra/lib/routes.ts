/** What the programs serve and what they need of AWS, as the Rust side wrote it: `routes.json` and `workers.json`. */

import { readFileSync } from "node:fs";

import type { Settings } from "./settings.js";

/** What may be done to an item or a partition of the table. */
const TABLE_ACTIONS = [
  "GetItem",
  "BatchGetItem",
  "Query",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "ConditionCheckItem",
  "Scan",
] as const;

const BUCKET_ACTIONS = ["GetObject", "PutObject", "DeleteObject", "ListBucket"] as const;
const SECRET_ACTIONS = ["GetSecretValue", "PutSecretValue"] as const;
const MAIL_ACTIONS = ["SendEmail"] as const;

export type TableAction = (typeof TABLE_ACTIONS)[number];
export type BucketAction = (typeof BUCKET_ACTIONS)[number];
export type SecretAction = (typeof SECRET_ACTIONS)[number];

/** Everything that a program asks of AWS. In patterns, `{ulid}` stands for 26 characters and `*` for any. */
export interface Needs {
  /** Patterns of partition keys, and what is done there. */
  readonly table: Readonly<Record<string, readonly TableAction[]>>;
  /** Names of indexes, and patterns of the partition keys that are queried there. */
  readonly indexes: Readonly<Record<string, readonly string[]>>;
  /** Patterns of object keys, and what is done there; `-` is the bucket itself. */
  readonly bucket: Readonly<Record<string, readonly BucketAction[]>>;
  readonly secrets: { readonly root_keys?: readonly SecretAction[] };
  readonly mail: readonly (typeof MAIL_ACTIONS)[number][];
}

/** A program that one function runs: its handler's name, its size, its needs. */
export interface Program {
  /** The function's `_HANDLER`: `contacts.list`, `contacts.*`, `worker` or `operator`. */
  readonly name: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly needs: Needs;
}

/** One row of the API. */
export interface Route extends Program {
  readonly method: string;
  readonly path: string;
}

/** A program of the API and the rows that it serves. */
export interface RouteProgram extends Program {
  readonly routes: readonly Route[];
}

/** Every row of the API, in the order of `routes.json`. */
export function readRoutes(): Route[] {
  return rowsOf("routes.json").map((row) => ({
    ...programOf(row),
    method: text(row, "method"),
    path: text(row, "path"),
  }));
}

/** The two programs of the worker: the one that AWS rings, and the one that only an operator calls. */
export function readWorkers(): { worker: Program; operator: Program } {
  const rows = rowsOf("workers.json").map(programOf);
  const named = (name: string) => {
    const found = rows.find((row) => row.name === name);
    if (!found) throw new Error(`workers.json has no row named \`${name}\`.`);
    return found;
  };
  return { worker: named("worker"), operator: named("operator") };
}

/** The area of a program of the API: the part of its name before the dot. */
export function areaOf(name: string): string {
  return name.slice(0, name.indexOf("."));
}

/** The routes by area, areas in the order of their first route. */
export function byArea(routes: readonly Route[]): Map<string, Route[]> {
  const areas = new Map<string, Route[]>();
  for (const route of routes) areas.set(areaOf(route.name), [...(areas.get(areaOf(route.name)) ?? []), route]);
  return areas;
}

/** One program for each route. */
function oneEach(routes: readonly Route[]): RouteProgram[] {
  return routes.map((route) => ({ ...route, routes: [route] }));
}

/** One program for all routes of an area: as large as the largest of them, with the needs of all. */
export function oneForAll(area: string, routes: readonly Route[]): RouteProgram {
  return {
    name: `${area}.*`,
    memoryMb: Math.max(...routes.map((route) => route.memoryMb)),
    timeoutSeconds: Math.max(...routes.map((route) => route.timeoutSeconds)),
    needs: union(routes.map((route) => route.needs)),
    routes,
  };
}

/** The programs of the API by area: one for each route or for each area, as the settings want it. */
export function programsOf({ functions }: Pick<Settings, "functions">): Map<string, RouteProgram[]> {
  const areas = [...byArea(readRoutes())];
  return new Map(
    areas.map(([area, routes]) => [area, functions === "area" ? [oneForAll(area, routes)] : oneEach(routes)]),
  );
}

function union(all: readonly Needs[]): Needs {
  return {
    table: mergedLists(all.map((needs) => needs.table)),
    indexes: mergedLists(all.map((needs) => needs.indexes)),
    bucket: mergedLists(all.map((needs) => needs.bucket)),
    secrets: { root_keys: distinct(all.flatMap((needs) => needs.secrets.root_keys ?? [])) },
    mail: distinct(all.flatMap((needs) => needs.mail)),
  };
}

function mergedLists<Item>(maps: readonly Readonly<Record<string, readonly Item[]>>[]): Record<string, Item[]> {
  const merged: Record<string, Item[]> = {};
  for (const [key, items] of maps.flatMap((map) => Object.entries(map))) {
    merged[key] = distinct([...(merged[key] ?? []), ...items]);
  }
  return merged;
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────────

type Row = Readonly<Record<string, unknown>>;

function rowsOf(file: string): Row[] {
  const rows: unknown = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
  if (!Array.isArray(rows)) throw new Error(`${file} is no list.`);
  return rows;
}

function programOf(row: Row): Program {
  const name = text(row, "name");
  return {
    name,
    memoryMb: number(row, "memory_mb"),
    timeoutSeconds: number(row, "timeout_seconds"),
    needs: parseNeeds(name, row["needs"] ?? {}),
  };
}

/**
 * What the program `name` needs, as the Rust side wrote it.
 *
 * @throws {Error} on what is not known here: a need that nobody reads would be a right that a role lacks.
 */
export function parseNeeds(name: string, written: object): Needs {
  const { table = {}, indexes = {}, bucket = {}, secrets = {}, mail = [], ...others } = written as Partial<Needs>;
  const { root_keys = [], ...otherSecrets } = secrets;
  const [stranger] = Object.keys({ ...others, ...otherSecrets });
  if (stranger) throw new Error(`\`${name}\` needs \`${stranger}\`, which has no meaning here.`);
  for (const [words, known] of [
    [Object.values(table).flat(), TABLE_ACTIONS],
    [Object.values(bucket).flat(), BUCKET_ACTIONS],
    [root_keys, SECRET_ACTIONS],
    [mail, MAIL_ACTIONS],
  ] as [string[], readonly string[]][]) {
    const unknown = words.find((word) => !known.includes(word));
    if (unknown) throw new Error(`\`${name}\` needs \`${unknown}\`, which is none of ${known.join(", ")}.`);
  }
  for (const [pattern, actions] of Object.entries(table)) {
    if (actions.includes("Scan") && (pattern !== "*" || 1 < actions.length)) {
      throw new Error(`\`${name}\` scans, which reads everything: \`Scan\` stands alone under \`*\`.`);
    }
  }
  return { table, indexes, bucket, secrets, mail };
}

function text(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== "string") throw new Error(`A row has no text \`${field}\`: ${JSON.stringify(row)}`);
  return value;
}

function number(row: Row, field: string): number {
  const value = row[field];
  if (typeof value !== "number") throw new Error(`A row has no number \`${field}\`: ${JSON.stringify(row)}`);
  return value;
}
