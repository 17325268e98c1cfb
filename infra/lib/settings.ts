/** What differs between environments: read from the context, checked, and handed to every stack. */

import { readFileSync } from "node:fs";

/** The CDK's context: what `cdk.json` holds and what `-c` added to it. */
export type Context = Readonly<Record<string, unknown>>;

/** The environments there are. */
export const STAGES = ["dev", "staging", "prod"] as const;

export type Stage = (typeof STAGES)[number];

/** One environment. */
export interface Settings {
  readonly stage: Stage;
  /** Begins the names of everything: `vestibule-prod`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Where people reach it, such as `trust.example.com`. */
  readonly domain: string;
  /** The public hosted zone that the domain lies in; without one, records are made by hand. */
  readonly zone?: { readonly id: string; readonly name: string };
  /** The ARN of a certificate for the domain in us-east-1; one is made where there is a zone to prove it by. */
  readonly certificate?: string;
  /** The version of the origin key that edge and functions have; the one of their first deployment where absent. */
  readonly originKeyVersion?: string;
  /** The version before, which the edge may still show while it is given another. */
  readonly originKeyVersionBefore?: string;
  /** The address that mails come from, and its domain. */
  readonly mailFrom: string;
  readonly mailDomain: string;
  /** Where alarms go. */
  readonly alarmsTo?: string;
  /** Whether table, bucket and keys outlive their stack, and refuse to be deleted. */
  readonly isProtected: boolean;
  /** Days that logs are kept. */
  readonly logDays: number;
  /** One function for each route, or for each area. */
  readonly functions: "route" | "area";
  /** The processor that the programs were built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Whether requests are traced by X-Ray. */
  readonly traces: boolean;
  /** Requests from one address within five minutes before the edge refuses more. */
  readonly requestsPerAddress: number;
  /** Invocations of each function of the API at once, kept for it; all of the account's for all where absent. */
  readonly reservedConcurrency?: number;
  /** Dollars a month that the budget warns at; no budget where absent. */
  readonly budgetDollars?: number;
}

/** Where CloudFront takes certificates, firewalls and log deliveries from; the edge's stack lies there. */
export const EDGE_REGION = "us-east-1";

/** The account that templates are made for when nobody says which; nothing can be deployed to it. */
const NO_ACCOUNT = "000000000000";

/** Not the caller's, as the account is: a stage whose region hung on a shell's settings would be made twice. */
const DEFAULT_REGION = "eu-central-1";

/** Days that CloudWatch can be told. Written down, since the CDK, which knows them too, takes long to load. */
export const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** AWS WAF takes no smaller and no larger limit for a rate rule. */
const REQUESTS_PER_ADDRESS = { from: 10, to: 2_000_000_000 };

const ADDRESS = /^[^\s@<>]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/;
const ORIGIN_KEY_VERSION = [/^[\w-]{32,64}$/, "the id of a version of the origin key"] as const;
const DOMAIN = /^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** The context of `cdk.json` with what `-c` would add to it. */
export function contextWith(added: Context): Context {
  const { context } = JSON.parse(readFileSync(new URL("../cdk.json", import.meta.url), "utf8"));
  return { ...context, ...added };
}

/**
 * The settings of the stage that the context names (`-c stage=prod`). Each setting comes from the context (`-c
 * domain=…`), else from the stage's row in `cdk.json`, else from here.
 *
 * @throws {Error} with one sentence for each mistake.
 */
export function readSettings(given: Context): Settings {
  const stage: unknown = given["stage"] ?? "dev";
  if (!isStage(stage)) throw new Error(`The stage \`${String(stage)}\` is none of ${STAGES.join(", ")}.`);
  const context = new StageContext(given, stage);
  const mailFrom = context.text("mailFrom", ADDRESS, "a bare address such as no-reply@example.com") ?? "";
  const settings: Settings = {
    stage,
    name: `vestibule-${stage}`,
    account: context.text("account", /^\d{12}$/, "an account's twelve digits", callersAccount()) ?? "",
    region: context.text("region", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region", DEFAULT_REGION) ?? "",
    domain: context.text("domain", DOMAIN, "a domain name in lower case") ?? "",
    zone: zoneIn(context),
    certificate: context.optionalText(
      "certificate",
      /^arn:aws:acm:us-east-1:/,
      "the ARN of a certificate in us-east-1",
    ),
    originKeyVersion: context.optionalText("originKeyVersion", ...ORIGIN_KEY_VERSION),
    originKeyVersionBefore: context.optionalText("originKeyVersionBefore", ...ORIGIN_KEY_VERSION),
    mailFrom,
    mailDomain: ADDRESS.exec(mailFrom)?.[1] ?? "",
    alarmsTo: context.optionalText("alarmsTo", ADDRESS, "a bare address"),
    isProtected: context.flag("isProtected", stage !== "dev"),
    logDays: context.number("logDays", (days) => LOG_DAYS.includes(days), "days that CloudWatch knows, such as 30", 30),
    functions: context.choice("functions", ["route", "area"]),
    architecture: context.choice("architecture", ["x86_64", "arm64"]),
    traces: context.flag("traces", false),
    requestsPerAddress: context.number("requestsPerAddress", isRate, "a number of requests from 10 on", 2000),
    reservedConcurrency: context.optionalNumber("reservedConcurrency", isCount, "a number from 1 on"),
    budgetDollars: context.optionalNumber("budgetDollars", isCount, "a number of dollars from 1 on"),
  };
  if (!settings.zone && !settings.certificate) {
    context.mistake("certificate", undefined, "the ARN of a certificate in us-east-1 where no `zoneId` is set");
  }
  context.throwMistakes();
  return settings;
}

/** The name of a program's function: `contacts.list` is `vestibule-prod-contacts-list`, `contacts.*` ends at `contacts`. */
export function functionNameOf({ name }: Pick<Settings, "name">, program: string): string {
  return `${name}-${program.replace(/\.\*$/, "").replace(".", "-")}`;
}

/** The name of the log that a program writes. */
export function logGroupNameOf(settings: Pick<Settings, "name">, program: string): string {
  return `/aws/lambda/${functionNameOf(settings, program)}`;
}

/** The name of the secret that the edge shows the API. */
export function originKeyNameOf({ name }: Pick<Settings, "name">): string {
  return `${name}-origin-key`;
}

/** What the context says of one stage, and what is wrong with it. */
class StageContext {
  private readonly mistakes: string[] = [];
  private readonly row: Context;

  constructor(
    private readonly given: Context,
    private readonly stage: Stage,
  ) {
    this.row = (given["stages"] as Record<string, Context> | undefined)?.[stage] ?? {};
    for (const name of Object.keys(this.row)) {
      if (!SETTING_NAMES.includes(name))
        this.mistakes.push(`The stage ${stage} has a setting \`${name}\`, which does not exist.`);
    }
  }

  text(name: string, shape: RegExp, means: string, fallback?: string): string | undefined {
    const value = this.value(name) ?? fallback;
    if (typeof value === "string" && shape.test(value)) return value;
    return this.mistake(name, value, means);
  }

  optionalText(name: string, shape: RegExp, means: string): string | undefined {
    return this.value(name) === undefined ? undefined : this.text(name, shape, means);
  }

  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.value(name) ?? choices[0];
    return choices.find((choice) => choice === value) ?? this.mistake(name, value, choices.join(" or ")) ?? choices[0];
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback;
    if (value === true || value === "true") return true;
    if (value !== false && value !== "false") this.mistake(name, value, "true or false");
    return false;
  }

  number(name: string, isRight: (value: number) => boolean, means: string, fallback: number): number {
    const value = this.value(name) ?? fallback;
    if (isRight(Number(value))) return Number(value);
    return this.mistake(name, value, means) ?? fallback;
  }

  optionalNumber(name: string, isRight: (value: number) => boolean, means: string): number | undefined {
    return this.value(name) === undefined ? undefined : this.number(name, isRight, means, 0);
  }

  /** Notes that a value is not what it means to be. */
  mistake(name: string, value: unknown, means: string): undefined {
    const problem = value === undefined ? "is missing" : `is \`${String(value)}\``;
    this.mistakes.push(`The setting \`${name}\` of the stage ${this.stage} ${problem}; it must be ${means}.`);
    return undefined;
  }

  throwMistakes(): void {
    if (this.mistakes.length > 0) throw new Error(this.mistakes.join("\n"));
  }

  /** What `-c name=` says, else the stage's row; an empty value takes a setting away. */
  value(name: string): unknown {
    const value: unknown = this.given[name] ?? this.row[name];
    return value === "" || value === null ? undefined : value;
  }
}

/** Every name that a stage's row may hold. */
export const SETTING_NAMES: readonly string[] = [
  "account",
  "region",
  "domain",
  "zoneId",
  "zoneName",
  "certificate",
  "originKeyVersion",
  "originKeyVersionBefore",
  "mailFrom",
  "alarmsTo",
  "isProtected",
  "logDays",
  "functions",
  "architecture",
  "traces",
  "requestsPerAddress",
  "reservedConcurrency",
  "budgetDollars",
];

function zoneIn(context: StageContext): Settings["zone"] {
  if (context.value("zoneId") === undefined && context.value("zoneName") === undefined) return undefined;
  const id = context.text("zoneId", /^Z[A-Z0-9]+$/, "a hosted zone's id, given together with zoneName") ?? "";
  const name = context.text("zoneName", DOMAIN, "the zone's domain, given together with zoneId") ?? "";
  const domain = String(context.value("domain"));
  if (domain !== name && !domain.endsWith(`.${name}`)) context.mistake("zoneName", name, `a zone that holds ${domain}`);
  return { id, name };
}

/** The account of whoever called the CDK's command line. */
function callersAccount(): string {
  return process.env["CDK_DEFAULT_ACCOUNT"] || NO_ACCOUNT;
}

function isStage(value: unknown): value is Stage {
  return STAGES.some((stage) => stage === value);
}

function isRate(value: number): boolean {
  return Number.isInteger(value) && REQUESTS_PER_ADDRESS.from <= value && value <= REQUESTS_PER_ADDRESS.to;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && 1 <= value;
}
