/** Orders to the operator function: what only whoever runs the product may have done. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { aws } from "./aws.js";
import { functionNameOf, type Settings } from "./settings.js";

/** An order as the function reads it (`worker/src/orders.rs`), such as `{"export": {"slug": "acme"}}`. */
export type Order = Readonly<Record<string, object>>;

/** What the operator function answers. */
interface Answer {
  /** What was done, in a sentence without its full stop. */
  readonly deed: string;
  /** The new password of whoever was let in. */
  readonly password?: string;
  /** What the same order goes on with, if there is more to do. */
  readonly cursor?: string;
}

/** The order was not carried out; the message is a sentence for the operator. */
export class OrderFailed extends Error {}

/** Parts of one order at the most. */
const PARTS_MAX = 10_000;

/** What each order is about, as `make` has it. */
const ORDERS: Readonly<Record<string, (settings: NodeJS.ProcessEnv) => object>> = {
  admin: ({ TENANT: slug, EMAIL: email }) => {
    if (slug && email) return { slug, email };
    throw new OrderFailed("Say whom to let in where: make admin STAGE=prod TENANT=acme EMAIL=you@example.com");
  },
  plan: ({ TENANT: slug, PUBLIC_LINKS: links }) => {
    if (slug && (links === "yes" || links === "no")) return { slug, plan: { public_links: links === "yes" } };
    throw new OrderFailed("Say whose plan holds what: make plan STAGE=prod TENANT=acme PUBLIC_LINKS=yes, or no");
  },
  export: ({ TENANT: slug }) => {
    if (slug) return { slug };
    throw new OrderFailed("Say whose: make export STAGE=prod TENANT=acme");
  },
  // Nothing brings back what is erased, so its name is asked for twice.
  erase: ({ TENANT: slug, CONFIRM: confirmed }) => {
    if (slug && confirmed === slug) return { slug };
    throw new OrderFailed("Say twice whom to erase for good: make erase STAGE=prod TENANT=acme CONFIRM=acme");
  },
  rotate: () => ({}),
};

/**
 * The order `name` about what `settings` say.
 *
 * @throws {OrderFailed} telling what is missing.
 */
export function readOrder(name: string | undefined, settings: NodeJS.ProcessEnv): Order {
  const about = ORDERS[name ?? ""];
  if (!name || !about) throw new OrderFailed(`There is ${Object.keys(ORDERS).join(", ")}, but no \`${name ?? ""}\`.`);
  return { [name]: about(settings) };
}

/**
 * Has an order carried out, part by part, telling `say` what came of it.
 *
 * @throws {OrderFailed} if it was refused or the function broke.
 */
export function carryOut(order: Order, settings: Pick<Settings, "name" | "region">, say: (line: string) => void): void {
  let cursor: string | undefined;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const answer = invoke({ order, cursor }, settings);
    cursor = answer.cursor;
    if (cursor === undefined) {
      say(`Done: ${answer.deed}.`);
      if (answer.password) say(`  password ${answer.password} (shown this once)`);
      return;
    }
    say(`  so far ${answer.deed}`);
  }
  throw new OrderFailed(`The order was not done after ${PARTS_MAX} parts; give it again.`);
}

/** Calls the operator function once and waits for its answer. */
function invoke(
  payload: { order: Order; cursor: string | undefined },
  settings: Pick<Settings, "name" | "region">,
): Answer {
  // Only for this user's eyes, and only for as long as the call takes: the answer may hold a password.
  const folder = mkdtempSync(join(tmpdir(), "vestibule-order-"));
  // With a listener, Ctrl-C ends the call but not this process, which then cleans up.
  const keepOn = () => {};
  process.on("SIGINT", keepOn);
  try {
    const [input, output] = [join(folder, "order.json"), join(folder, "answer.json")];
    writeFileSync(input, JSON.stringify(payload));
    const called = aws([
      ...["lambda", "invoke", "--function-name", functionNameOf(settings, "operator"), "--region", settings.region],
      // The function may take its fifteen minutes.
      ...["--cli-read-timeout", "0", "--payload", `fileb://${input}`, "--output", "json", output],
    ]);
    if (!called.isInstalled) throw new OrderFailed("There is no `aws` command: install the AWS CLI.");
    if (!called.isGood) throw new OrderFailed(called.stderr || "The call was interrupted.");
    const answer = JSON.parse(readFileSync(output, "utf8"));
    if (JSON.parse(called.stdout).FunctionError) throw new OrderFailed(`The order broke: ${answer.errorMessage}`);
    if (answer.refused) throw new OrderFailed(answer.refused);
    return answer;
  } finally {
    process.off("SIGINT", keepOn);
    rmSync(folder, { recursive: true });
  }
}
