/** What becomes of things when their stack goes. */

import { RemovalPolicy } from "aws-cdk-lib";

import type { Settings } from "./settings.js";

/** Of whatever somebody would miss. */
export function removalPolicyOf({ isProtected }: Pick<Settings, "isProtected">): RemovalPolicy {
  return isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
