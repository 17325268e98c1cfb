/** What becomes of things when their stack goes. */

import { RemovalPolicy } from "aws-cdk-lib";

import type { Settings } from "./settings.js";

/** Of whatever somebody would miss. */
export function removalPolicyOf({ isProtected }: Pick<Settings, "isProtected">): RemovalPolicy {
  return isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/**
 * Of logs, whose names are fixed. What a failed creation leaves behind would stand in the way of the next try, so that
 * alone is deleted with it; `cdk deploy` takes up again what any other change leaves (`bin/deploy.ts`).
 *
 * The table and what belongs to it have no names that could be in the way. Deleting a protected table would fail, and
 * with it the rolling back.
 */
export function logRemovalPolicyOf({ isProtected }: Pick<Settings, "isProtected">): RemovalPolicy {
  return isProtected ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
