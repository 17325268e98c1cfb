/** What a bill is: lines, each of them units times a price. */

import type { Settings } from "../settings.js";
import { MONTH_DAYS } from "./assumed.js";
import type { Price } from "./prices.js";
import { total } from "./total.js";

/** The settings that a bill hangs on. */
export type Choices = Pick<Settings, "functions" | "architecture" | "traces" | "logDays">;

/** One line: units times a price. Units come with each open, each month, or as a bound that opens only fill. */
export interface Line {
  readonly service: string;
  readonly name: string;
  readonly perOpen?: number;
  /** Months that what an open leaves has gathered. */
  readonly months?: number;
  readonly perMonth?: number;
  readonly bound?: { readonly words: string; readonly units: (opensAMonth: number) => number };
  readonly price: Price;
  /** Units a month that AWS gives to every account for good. */
  readonly free?: number;
}

/** Units of a line at so many opens a day. */
export function unitsOf({ perOpen = 0, months = 1, perMonth = 0, bound }: Line, opensADay: number): number {
  const opens = opensADay * MONTH_DAYS;
  return perOpen * months * opens + perMonth + (bound?.units(opens) ?? 0);
}

/** Dollars a month of a line at so many opens a day. */
export function dollarsOf(line: Line, opensADay: number): number {
  return (unitsOf(line, opensADay) / line.price.per) * line.price.dollars;
}

/** Dollars a month of all of them. */
export function totalOf(lines: readonly Line[], opensADay: number): number {
  return total(lines, (line) => dollarsOf(line, opensADay));
}

/** Dollars that free tiers take off. */
export function freeOf(bill: readonly Line[], opensADay: number): number {
  return total(bill, (line) => {
    const units = Math.min(unitsOf(line, opensADay), line.free ?? 0);
    return (units / line.price.per) * line.price.dollars;
  });
}
