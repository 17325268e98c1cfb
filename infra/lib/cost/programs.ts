/** The functions that run: how often, how large, for how long, and how often anew. */

import { areaOf } from "../routes.js";
import { BUCKET_MS, COLD_START_MS, MARKING_MS, MONTH_MINUTES, PROCESSOR_MB, ROUND_MS, WINDOWS } from "./assumed.js";
import type { Choices } from "./bill.js";
import { type Counted, memoryMbOf, weighedOf } from "./counts.js";
import { deliveriesPerOpen, OPEN } from "./opening.js";

/** A function that runs: how often for each open, and besides. */
export interface Program {
  readonly memoryMb: number;
  readonly perOpen: number;
  readonly perMonth: number;
}

/** The functions that an open runs, and the worker. */
export function programsOf(counted: Counted, choices: Choices): Program[] {
  const programs = new Map<string, Program>();
  for (const [route, times] of OPEN) {
    const name = choices.functions === "area" ? areaOf(route) : route;
    const perOpen = (programs.get(name)?.perOpen ?? 0) + times;
    programs.set(name, { memoryMb: memoryOf(counted, choices, route), perOpen, perMonth: 0 });
  }
  return [...programs.values(), { memoryMb: workerMb(counted), perOpen: deliveriesPerOpen(), perMonth: MONTH_MINUTES }];
}

export function runsOf(program: Program, opensAMonth: number): number {
  return program.perOpen * opensAMonth + program.perMonth;
}

/** Cold starts of a function: each run is one until they come so close that one is always warm. */
export function coldStarts(program: Program, opensAMonth: number): number {
  return Math.min(runsOf(program, opensAMonth), WINDOWS);
}

export function coldGbSeconds({ memoryMb }: Program): number {
  return (COLD_START_MS / 1000) * (memoryMb / 1024);
}

/** What Lambda bills of a call, in whole milliseconds. */
export function billedMs(counted: Counted, route: string, memoryMb: number): number {
  const { waitMs, processorMs } = workOf(counted, route);
  return Math.ceil(waitMs + processorMs * Math.max(1, PROCESSOR_MB / memoryMb));
}

/** A route that the README does not time is taken to be as slow as the slowest that it does. */
function workOf(counted: Counted, route: string): { waitMs: number; processorMs: number } {
  if (route === "pages.read") return { waitMs: BUCKET_MS, processorMs: MARKING_MS };
  const slowestMs = Math.max(...counted.processorMs.values());
  return {
    waitMs: weighedOf(counted, route).rounds * ROUND_MS,
    processorMs: counted.processorMs.get(route) ?? slowestMs,
  };
}

/** A function for an area is as large as the largest of its routes. */
export function memoryOf(counted: Counted, { functions }: Choices, route: string): number {
  const together = functions === "area" ? counted.routes.filter((other) => areaOf(other) === areaOf(route)) : [route];
  return Math.max(...together.map((name) => memoryMbOf(counted, name)));
}

export function workerMb(counted: Counted): number {
  return memoryMbOf(counted, "worker");
}
