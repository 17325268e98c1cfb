/** What a failed first deployment leaves in the way of the next. */

import { aws } from "./aws.js";
import { EDGE_REGION, type Settings } from "./settings.js";

/** How a stack stands whose creation failed. `cdk deploy` deletes it and begins anew. */
const FAILED_CREATIONS = ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"];

/** A stack as CloudFormation lists it. */
interface Summary {
  readonly StackName: string;
  readonly ParentId?: string;
}

/**
 * Switches off what protects stacks of the stage whose creation failed, and calls `say` for each. The command line of
 * the CDK protects a stack before it fills it, and could not delete it afterwards; there is nothing in it to protect.
 * What AWS does not tell or allow, that command line finds out.
 */
export function releaseFailedCreations({ name, region }: Settings, say: (line: string) => void): void {
  for (const place of new Set([region, EDGE_REGION])) {
    for (const stack of failedCreations(name, place)) {
      const protection = ["--no-enable-termination-protection", "--stack-name", stack, "--region", place];
      const released = aws(["cloudformation", "update-termination-protection", ...protection]);
      if (released.isGood) say(`${stack} failed when it was made, and is made anew.`);
    }
  }
}

/** Names of the stage's own stacks; nested ones go with theirs. */
function failedCreations(name: string, region: string): string[] {
  const statuses = ["--stack-status-filter", ...FAILED_CREATIONS];
  const listed = aws(["cloudformation", "list-stacks", ...statuses, "--region", region, "--output", "json"]);
  if (!listed.isGood) return [];
  const { StackSummaries: stacks = [] }: { StackSummaries?: Summary[] } = JSON.parse(listed.stdout || "{}");
  return stacks
    .filter(({ StackName, ParentId }) => StackName.startsWith(`${name}-`) && !ParentId)
    .map(({ StackName }) => StackName);
}
