/**
 * What an environment costs a month, from calls that are counted: `npm run cost` prints it, `COST.md` keeps it.
 *
 * Everything is data: `opening.ts` says what one open is, `prices.ts` what AWS asks for, `tests/units.table` what
 * each call takes of the table. A line of the bill is a number of units times a price, and nothing else.
 */

import { contextWith, readSettings } from "../settings.js";
import {
  BUCKET_MS,
  CALL_LOG_BYTES,
  COLD_START_MS,
  DELIVERY_LOG_BYTES,
  DELIVERY_MS,
  EDGE_LOG_BYTES,
  KEY_CALLS_PER_START,
  LIBRARY_GB,
  MAIL_MS,
  MARKING_MS,
  MONTH_DAYS,
  MONTH_HOURS,
  NEWS_PER_MAIL,
  PROCESSOR_MB,
  ROUND_MS,
  SWEEP_MS,
  SWEEP_QUERIES,
  SWEEP_QUERY_UNITS,
  TABLE_MONTHS,
  WARM_MINUTES,
  WINDOWS,
} from "./assumed.js";
import { type Choices, dollarsOf, freeOf, type Line, totalOf } from "./bill.js";
import { type Counted, readCounted, weighedOf } from "./counts.js";
import { callsPerOpen, deliveriesPerOpen, DOCUMENT_BYTES, followsPerOpen, OPEN, PAGE_BYTES } from "./opening.js";
import { billedMs, memoryOf } from "./programs.js";
import { alarmMetrics, billOf, gatewayLine } from "./services.js";
import { count, filled, money, percent, priceInWords, size, table, unitsInWords } from "./words.js";

/** Where the page is kept. */
export const COST_FILE = new URL("../../COST.md", import.meta.url);

/** Opens a day that the page shows. */
const VOLUMES = [100, 10_000, 1_000_000] as const;

/** The text of `COST.md`. */
export function costText(): string {
  const settings = readSettings(contextWith({ stage: "prod" }));
  const counted = readCounted();
  const bill = billOf(counted, settings);
  const parts = [
    ...introduction(bill, billOf(counted, { ...settings, functions: "area" })),
    ...whatDominates(bill),
    ...whatToTurn(bill, counted, settings),
    ...byService(bill),
    ...oneOpen(counted, settings),
    ...lineByLine(bill),
    ...whatIsAssumed(bill),
  ];
  return `${parts.join("\n\n")}\n`;
}

function introduction(bill: readonly Line[], byArea: readonly Line[]): string[] {
  const [few, many] = VOLUMES;
  const standing = totalOf(bill, 0);
  const even = (standing * many) / (totalOf(bill, many) - standing);
  return [
    "# What it costs",
    filled(
      "Dollars a month in us-east-1 at list prices, on demand and before free tiers, for the stage `prod` as " +
        "`cdk.json` has it, after a year of as many opens. One open is a guest who gets a link by mail, opens it in a " +
        "new browser and reads three pages; all of it is below. What can be counted is not guessed: `npm run cost` " +
        "computes this page from `tests/units.table`, `routes.json`, `workers.json`, the README's *Figures* and the " +
        "pages' files, and a test compares it. Where something is assumed, it is rather more than less.",
    ),
    table(
      ["opens a day", "dollars a month", "cents an open", "fixed"],
      VOLUMES.map((volume) => {
        const dollars = totalOf(bill, volume);
        const cents = (100 * dollars) / (volume * MONTH_DAYS);
        return [count(volume), `**${money(dollars)}**`, cents.toPrecision(3), percent(standing / dollars)];
      }),
      0,
    ),
    filled(
      `**At ${few} opens a day the bill is fixed cost**: $${money(standing)} of $${money(totalOf(bill, few))} stand ` +
        "there before anybody opens anything, most of it alarms. One function for each area in place of one for each " +
        `route takes $${money(totalOf(bill, few) - totalOf(byArea, few))} off. Opens cost more than what is fixed ` +
        `from about ${count(Number(even.toPrecision(2)))} a day on.`,
    ),
  ];
}

function whatDominates(bill: readonly Line[]): string[] {
  const points = VOLUMES.map((volume) => {
    const whole = totalOf(bill, volume);
    const largest = bill.toSorted((one, other) => dollarsOf(other, volume) - dollarsOf(one, volume)).slice(0, 4);
    const named = largest.map((line) => {
      const dollars = dollarsOf(line, volume);
      return `${line.service}, ${line.name}: $${money(dollars)} (${percent(dollars / whole)})`;
    });
    return filled(`- **${count(volume)} a day.** ${named.join("; ")}.`);
  });
  return ["## What dominates", points.join("\n")];
}

/** What an operator may do without, and the bill as it is then. */
function whatToTurn(bill: readonly Line[], counted: Counted, choices: Choices): string[] {
  const chosen = (change: Partial<Choices>) => billOf(counted, { ...choices, ...change });
  const without = (service: string) => bill.filter((line) => line.service !== service);
  const [areas, now] = [{ functions: "area" } as const, choices].map((choice) => alarmMetrics(counted, choice));
  const fewer = `${areas} metrics in alarms, not ${now}; one role for all of an area`;
  const turns: [string, string, readonly Line[]][] = [
    ['`"functions": "area"`', fewer, chosen({ functions: "area" })],
    ['`"traces": false`', "no X-Ray", chosen({ traces: false })],
    ['`"logDays": 30`', `logs of 30 days, not ${choices.logDays}`, chosen({ logDays: 30 })],
    ['`"architecture": "arm64"`', "cheaper processors; package for them", chosen({ architecture: "arm64" })],
    ["no firewall", "`webAclId` out of `lib/edge.ts`; only our own limits stay", without("WAF")],
  ];
  const rows = turns.map(([turn, effect, then]) => [
    turn,
    effect,
    ...VOLUMES.map((volume) => money(totalOf(bill, volume) - totalOf(then, volume))),
  ]);
  return [
    "## What may be turned off or down",
    "What each saves a month, in dollars. Settings stand in the stage's row of `cdk.json`.",
    table(["turn", "effect", ...VOLUMES.map(count)], rows, 2),
  ];
}

function byService(bill: readonly Line[]): string[] {
  const services = [...new Set(bill.map(({ service }) => service))];
  const row = (name: string, lines: readonly Line[]) => [
    name,
    ...[0, ...VOLUMES].map((volume) => money(totalOf(lines, volume))),
  ];
  const rows = services.map((service) =>
    row(
      service,
      bill.filter((line) => line.service === service),
    ),
  );
  return [
    "## By service",
    table(["dollars a month", "no opens", ...VOLUMES.map(count)], [...rows, row("**all**", bill)]),
  ];
}

function oneOpen(counted: Counted, choices: Choices): string[] {
  const rows = OPEN.map(([route, times, then]) => {
    const { read, write } = weighedOf(counted, route);
    const ms = billedMs(counted, route, memoryOf(counted, choices, route));
    const numbers = [times, ms, read, write, then.records, then.read, then.write, then.mails, then.bytes];
    return [`\`${route}\``, ...numbers.map(count)];
  });
  const { requests, bytes } = counted.pageLoad;
  return [
    "## One open",
    filled(
      "The browser was never there; its reader comes back once. Every second one takes the file away, every fifth " +
        "proves their address by a code. For ten of them staff make one link, look at one contact and leaf through " +
        "two lists. Milliseconds are billed; *then* is what the worker does after the call.",
    ),
    table(["call", "times", "ms", "read", "write", "records", "then read", "then write", "mails", "bytes kept"], rows),
    filled(
      `Besides, the browser loads ${requests} files of the guest page (${size(bytes)}, uncompressed), three marked ` +
        `pages of ${size(PAGE_BYTES)} and half a document of ${size(DOCUMENT_BYTES)}. ` +
        `Together: ${count(callsPerOpen())} calls, ${count(deliveriesPerOpen())} deliveries to the worker, ` +
        `${count(followsPerOpen("mails"))} mails.`,
    ),
  ];
}

function lineByLine(bill: readonly Line[]): string[] {
  const [, middle] = VOLUMES;
  const opens = count(Math.round(middle * MONTH_DAYS));
  const example = gatewayLine();
  const rows = bill.map((line) => [
    line.service,
    line.name,
    unitsInWords(line),
    priceInWords(line.price),
    ...VOLUMES.map((volume) => money(dollarsOf(line, volume))),
  ]);
  return [
    "## Line by line",
    filled(
      `A month has ${MONTH_HOURS} hours, so ${count(middle)} opens a day are ${opens} a month. A line is units times ` +
        `price, as in ${unitsInWords(example)} × ${opens} × ${priceInWords(example.price)} = ` +
        `$${money(dollarsOf(example, middle))}.`,
    ),
    table(["service", "line", "units", "price", ...VOLUMES.map(count)], rows, 4),
  ];
}

function whatIsAssumed(bill: readonly Line[]): string[] {
  const pages = [...new Set(bill.map(({ price }) => `*${price.page}*`))].join(", ");
  const asOf = [...new Set(bill.map(({ price }) => price.asOf))].join(", ");
  const free = VOLUMES.map((volume) => `$${money(freeOf(bill, volume))} at ${count(volume)}`);
  const points = [
    `**Prices** are of the first tier; volume discounts, savings plans and flat rates take off more. They are those of ${asOf}, by ${pages}.`,
    `**Free tiers** that never end take off ${free.join(", ")} opens a day, if nothing else in the account uses them.`,
    `**Time of a call**: ${ROUND_MS} ms for each round trip to the table, and the processor time of our own code and the SDK, of the README's *Figures*, times ${PROCESSOR_MB} / memory, since less memory is as much less of a processor. A route that is not timed there counts as the slowest that is. A marked page takes ${MARKING_MS} ms of a processor and ${BUCKET_MS} ms for S3.`,
    `**The worker** takes ${ROUND_MS} ms a request, ${MAIL_MS} ms a mail, ${DELIVERY_MS} ms a delivery. It is rung for each changed item and ${NEWS_PER_MAIL} times for each mail; a busy stream hands over up to 100 items at once, so there are fewer. Each minute one sweep of ${SWEEP_MS} ms asks ${SWEEP_QUERIES} times for ${SWEEP_QUERY_UNITS} units.`,
    `**Cold starts** of ${COLD_START_MS} ms: whatever was idle for ${WARM_MINUTES} minutes starts anew and reads the secret, so at most ${count(WINDOWS)} times a month for each function. KMS is asked ${KEY_CALLS_PER_START} times a start: DynamoDB keeps the table's key for ${WARM_MINUTES} minutes for each caller, and S3 has a key for the bucket.`,
    `**Logs**: ${count(CALL_LOG_BYTES)} bytes a call and ${DELIVERY_LOG_BYTES} a delivery, kept packed to a fifth; programs are silent unless something is refused. The edge's lines come to S3 without a charge and packed, ${EDGE_LOG_BYTES} bytes a request.`,
    `**Kept** is all that the table gathers in ${TABLE_MONTHS} months, and a thousand documents of ten pages, ${LIBRARY_GB} GB.`,
    `**Free of charge** are the stream's reads by Lambda, rules and events of EventBridge, Lambda's metrics, and what goes from AWS to CloudFront. **Left out** are publishing, sign-ins of staff, whoever scans the site, the hosted zone ($0.50), one more secret ($0.40) outside of us-east-1, and taxes.`,
    `**Counted by hand**: what follows from a call (\`OPEN\` in \`lib/cost/opening.ts\`) and the bytes of a marked page, on the demo's data of \`make run\`.`,
  ];
  return ["## What is assumed", points.map((point) => filled(`- ${point}`)).join("\n")];
}
