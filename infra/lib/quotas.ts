/** What AWS allows an account: enough for a stage, or a sentence. */

import { aws } from "./aws.js";
import { programsOf } from "./routes.js";
import type { Settings } from "./settings.js";

/** Functions at once that a stage does with; new accounts are often given 10. */
const AT_ONCE_MIN = 100;

/** What AWS gives accounts by default; new ones have to ask for it. */
const AT_ONCE_USUAL = 1000;

/** What Lambda keeps of the account's limit for functions that reserve nothing ("Configuring reserved concurrency"). */
const AT_ONCE_UNRESERVED = 100;

const WHERE_TO_ASK = "under Service Quotas, AWS Lambda, Concurrent executions";

/** One sentence for each limit that is too low. What AWS does not tell is no reason to stop. */
export function quotaProblems(settings: Settings): string[] {
  const limit = atOnceLimit(settings);
  if (limit === undefined) return [];
  if (limit < AT_ONCE_MIN) {
    return [
      `Lambda runs ${limit} functions at once for this account in ${settings.region}, and ${settings.stage} needs ${AT_ONCE_MIN}: request ${AT_ONCE_USUAL} ${WHERE_TO_ASK}.`,
    ];
  }
  return reservationProblems(settings, limit, `which this account has ${limit} of in ${settings.region}`);
}

/** One sentence for each thing that a deployment goes through without, and people miss afterwards. */
export function quotaWarnings(settings: Settings): string[] {
  const unusual = reservationProblems(settings, AT_ONCE_USUAL, `which accounts usually have ${AT_ONCE_USUAL} of`);
  const isKnown = 0 < unusual.length && atOnceLimit(settings) !== undefined;
  return [...(isKnown ? [] : unusual), ...sandboxWarnings(settings)];
}

/** Where every function reserves its own, they must all fit into the account's limit. */
function reservationProblems(settings: Settings, limit: number, having: string): string[] {
  const { reservedConcurrency, stage } = settings;
  if (reservedConcurrency === undefined) return [];
  const functions = [...programsOf(settings).values()].flat().length;
  const needed = functions * reservedConcurrency + AT_ONCE_UNRESERVED;
  if (needed <= limit) return [];
  return [
    `\`reservedConcurrency\` ${reservedConcurrency} of ${stage} for ${functions} functions, and ${AT_ONCE_UNRESERVED} that Lambda keeps back, come to ${needed} at once, ${having}: lower it, or request more ${WHERE_TO_ASK}.`,
  ];
}

function sandboxWarnings({ region }: Settings): string[] {
  if (asked(["sesv2", "get-account", "--query", "ProductionAccessEnabled"], region) !== false) return [];
  return [
    `SES in ${region} is still in its sandbox, where mails reach verified addresses only: request production access (SES, Account dashboard).`,
  ];
}

/** Functions that run at once at the most; unknown where AWS does not tell. */
function atOnceLimit({ region }: Settings): number | undefined {
  const limit = asked(["lambda", "get-account-settings", "--query", "AccountLimit.ConcurrentExecutions"], region);
  return typeof limit === "number" ? limit : undefined;
}

function asked(question: readonly string[], region: string): unknown {
  const answer = aws([...question, "--region", region, "--output", "json"]);
  return answer.isGood ? JSON.parse(answer.stdout || "null") : undefined;
}
