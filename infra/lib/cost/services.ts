/** The lines of the bill, service by service. */

import { RULE_NAMES } from "../firewall.js";
import { areaOf } from "../routes.js";
import {
  CALL_LOG_BYTES,
  COLD_START_MS,
  DELIVERY_LOG_BYTES,
  DELIVERY_MS,
  EDGE_LOG_BYTES,
  KEY_CALLS_PER_START,
  LIBRARY_GB,
  MAIL_MS,
  MONTH_DAYS,
  MONTH_MINUTES,
  MONTH_SECONDS,
  PACKED,
  ROUND_MS,
  SWEEP_MS,
  SWEEP_QUERIES,
  SWEEP_QUERY_UNITS,
  TABLE_MONTHS,
  TRACED_BEYOND,
} from "./assumed.js";
import type { Choices, Line } from "./bill.js";
import { type Counted, weighedOf } from "./counts.js";
import {
  ANSWER_BYTES,
  callsPerOpen,
  deliveriesPerOpen,
  DOCUMENT_BYTES,
  downloadsPerOpen,
  followsPerOpen,
  PAGE_BYTES,
  pagesPerOpen,
  perOpen,
} from "./opening.js";
import { GB, MILLION, PRICES } from "./prices.js";
import {
  billedMs,
  coldGbSeconds,
  coldStarts,
  memoryOf,
  type Program,
  programsOf,
  runsOf,
  workerMb,
} from "./programs.js";
import { total } from "./total.js";

/** Metrics that alarms look at: two for each function, and all others of `lib/alarms.ts`. */
const ALARM_METRICS_PER_FUNCTION = 2;
const OTHER_ALARM_METRICS = 29;

/** What else stands in every environment; a test looks whether it does. */
const CUSTOM_METRICS = 2;
const KEYS = 2;
const SECRETS = 2;

/** Every line of the bill of an environment with these choices. */
export function billOf(counted: Counted, choices: Choices): Line[] {
  const programs = programsOf(counted, choices);
  return [
    ...lambdaLines(counted, choices, programs),
    gatewayLine(),
    ...tableLines(counted),
    ...bucketLines(counted, choices),
    ...edgeLines(counted),
    { service: "SES", name: "mails", perOpen: followsPerOpen("mails"), price: PRICES.mails },
    ...keyLines(programs),
    ...watchLines(counted, choices),
    ...traceLines(choices, programs),
  ];
}

function lambdaLines(counted: Counted, choices: Choices, programs: readonly Program[]): Line[] {
  const service = "Lambda";
  const time = PRICES.time[choices.architecture];
  const workerGb = workerMb(counted) / 1024;
  const followed =
    followsPerOpen("requests") * ROUND_MS + followsPerOpen("mails") * MAIL_MS + deliveriesPerOpen() * DELIVERY_MS;
  return [
    { service, name: "calls", perOpen: callsPerOpen(), price: PRICES.invocations, free: MILLION },
    {
      service,
      name: "time of calls",
      perOpen: perOpen(([route]) => {
        const memoryMb = memoryOf(counted, choices, route);
        return (billedMs(counted, route, memoryMb) / 1000) * (memoryMb / 1024);
      }),
      price: time,
      free: 400_000,
    },
    {
      service,
      name: "deliveries to the worker",
      perOpen: deliveriesPerOpen(),
      perMonth: MONTH_MINUTES,
      price: PRICES.invocations,
    },
    {
      service,
      name: "time of the worker",
      perOpen: (followed / 1000) * workerGb,
      perMonth: MONTH_MINUTES * (SWEEP_MS / 1000) * workerGb,
      price: time,
    },
    {
      service,
      name: "cold starts",
      bound: {
        words: `${COLD_START_MS} ms a start`,
        units: (opens) => total(programs, (program) => coldStarts(program, opens) * coldGbSeconds(program)),
      },
      price: time,
    },
  ];
}

export function gatewayLine(): Line {
  return { service: "HTTP API", name: "calls", perOpen: callsPerOpen(), price: PRICES.calls };
}

function tableLines(counted: Counted): Line[] {
  const service = "DynamoDB";
  const kept = { service, perOpen: followsPerOpen("bytes") / GB, months: TABLE_MONTHS };
  return [
    {
      service,
      name: "reads",
      perOpen: perOpen(([route]) => weighedOf(counted, route).read) + followsPerOpen("read"),
      perMonth: MONTH_MINUTES * SWEEP_QUERIES * SWEEP_QUERY_UNITS,
      price: PRICES.reads,
    },
    {
      service,
      name: "writes",
      perOpen: perOpen(([route]) => weighedOf(counted, route).write) + followsPerOpen("write"),
      price: PRICES.writes,
    },
    { ...kept, name: "what it keeps", price: PRICES.table, free: 25 },
    { ...kept, name: "recovery to any second", price: PRICES.recovery },
  ];
}

function bucketLines({ pageLoad }: Counted, { logDays }: Choices): Line[] {
  const service = "S3";
  return [
    { service, name: "files and pages read", perOpen: downloadsPerOpen() + pagesPerOpen(), price: PRICES.gets },
    {
      service,
      name: "downloads",
      perOpen: (downloadsPerOpen() * DOCUMENT_BYTES) / GB,
      price: PRICES.downloads,
      free: 100,
    },
    { service, name: "documents", perMonth: LIBRARY_GB, price: PRICES.bucket },
    {
      service,
      name: "the edge's log",
      perOpen: ((callsPerOpen() + pageLoad.requests) * EDGE_LOG_BYTES) / GB,
      months: logDays / MONTH_DAYS,
      price: PRICES.bucket,
    },
  ];
}

function edgeLines({ pageLoad }: Counted): Line[] {
  const requests = callsPerOpen() + pageLoad.requests;
  const bytes = pageLoad.bytes + pagesPerOpen() * PAGE_BYTES + callsPerOpen() * ANSWER_BYTES;
  return [
    {
      service: "CloudFront",
      name: "requests",
      perOpen: requests,
      price: PRICES.edgeRequests,
      free: 10 * MILLION,
    },
    { service: "CloudFront", name: "bytes", perOpen: bytes / GB, price: PRICES.edgeBytes, free: 1000 },
    { service: "CloudFront", name: "its functions", perOpen: requests, price: PRICES.edgeFunctions, free: 2 * MILLION },
    { service: "WAF", name: "web ACL", perMonth: 1, price: PRICES.acl },
    { service: "WAF", name: "rules", perMonth: RULE_NAMES.length, price: PRICES.rule },
    { service: "WAF", name: "requests", perOpen: requests, price: PRICES.inspected },
  ];
}

function keyLines(programs: readonly Program[]): Line[] {
  const allStarts = (opens: number) => total(programs, (program) => coldStarts(program, opens));
  return [
    { service: "Secrets Manager", name: "secrets", perMonth: SECRETS, price: PRICES.secret },
    {
      service: "Secrets Manager",
      name: "read at each cold start",
      bound: { words: "1 a start", units: allStarts },
      price: PRICES.secretCalls,
    },
    { service: "KMS", name: "keys", perMonth: KEYS, price: PRICES.key },
    {
      service: "KMS",
      name: "requests",
      bound: { words: `${KEY_CALLS_PER_START} a start`, units: (opens) => KEY_CALLS_PER_START * allStarts(opens) },
      price: PRICES.keyCalls,
      free: 20_000,
    },
  ];
}

function watchLines(counted: Counted, choices: Choices): Line[] {
  const service = "CloudWatch";
  const logs = (callsPerOpen() * CALL_LOG_BYTES + deliveriesPerOpen() * DELIVERY_LOG_BYTES) / GB;
  const sweeps = (MONTH_MINUTES * DELIVERY_LOG_BYTES) / GB;
  const months = choices.logDays / MONTH_DAYS;
  return [
    { service, name: "logs taken in", perOpen: logs, perMonth: sweeps, price: PRICES.logsIn, free: 5 },
    {
      service,
      name: "logs kept",
      perOpen: logs * PACKED,
      months,
      perMonth: sweeps * PACKED * months,
      price: PRICES.logsKept,
    },
    { service, name: "alarms", perMonth: alarmMetrics(counted, choices), price: PRICES.alarmMetric, free: 10 },
    { service, name: "metrics out of logs", perMonth: CUSTOM_METRICS, price: PRICES.customMetric },
    { service, name: "dashboard", perMonth: 1, price: PRICES.dashboard, free: 3 },
  ];
}

function traceLines({ traces }: Choices, programs: readonly Program[]): Line[] {
  if (!traces) return [];
  const traced = (runs: number) => Math.min(runs, MONTH_SECONDS) + TRACED_BEYOND * Math.max(0, runs - MONTH_SECONDS);
  return [
    {
      service: "X-Ray",
      name: "traces",
      bound: {
        words: "1 a second and 5 % beyond, of each function",
        units: (opens) => total(programs, (program) => traced(runsOf(program, opens))),
      },
      price: PRICES.traces,
      free: 100_000,
    },
  ];
}

/** Metrics in all alarms together, which is what alarms are billed by. */
export function alarmMetrics({ routes }: Counted, { functions }: Pick<Choices, "functions">): number {
  const names = functions === "area" ? new Set(routes.map(areaOf)) : new Set(routes);
  return names.size * ALARM_METRICS_PER_FUNCTION + OTHER_ALARM_METRICS;
}
