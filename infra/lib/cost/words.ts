/** Markdown, and numbers in words. */

import type { Line } from "./bill.js";
import { GB, MILLION, type Price } from "./prices.js";

/** Longest line of prose. */
const LINE_CHARS = 115;

/** Breaks a paragraph, or a point of a list, into lines. */
export function filled(text: string): string {
  const indent = text.startsWith("- ") ? "  " : "";
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > LINE_CHARS) {
      lines.push(line);
      line = indent + word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].join("\n");
}

/** A table whose source is as readable; the first `words` columns stand left, numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], words = 1): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (row: readonly string[]) =>
    line(widths.map((width, column) => (row[column] ?? "")[column < words ? "padEnd" : "padStart"](width)));
  const rule = line(widths.map((width, column) => (column < words ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  return [padded(head), rule, ...rows.map(padded)].join("\n");
}

/** `52.2 an open; 43,800 a month`. */
export function unitsInWords({ perOpen, months, perMonth, bound, price }: Line): string {
  const amount = price.of === "GB" ? (gb: number) => size(gb * GB) : count;
  return [
    ...(perOpen === undefined ? [] : [`${amount(perOpen)} an open${months ? `, ${count(months)} months` : ""}`]),
    ...(perMonth === undefined ? [] : [`${amount(perMonth)} a month`]),
    ...(bound ? [bound.words] : []),
  ].join("; ");
}

export function priceInWords({ dollars, per, of }: Price): string {
  const amount = dollars < 0.001 ? dollars.toFixed(10).replace(/0+$/, "") : dollars.toFixed(3).replace(/0$/, "");
  return `$${amount} per ${per === 1 ? "" : `${per === MILLION ? "million" : count(per)} `}${of}`;
}

/** Four digits that count: `1,234,567`, `13.3`. */
export function count(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

export function size(bytes: number): string {
  const [unit, name] = bytes >= GB ? [GB, "GB"] : bytes >= MILLION ? [MILLION, "MB"] : [1000, "kB"];
  return `${count(bytes / unit)} ${name}`;
}

export function money(dollars: number): string {
  const digits = Math.abs(dollars) >= 1000 ? 0 : 2;
  return dollars.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(share: number): string {
  return `${share < 0.01 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;
}
