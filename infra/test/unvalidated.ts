/**
 * Imported for what it does: apps are synthesized without the CDK's own rules, which take ten seconds to load.
 * `findings.test.ts` alone runs them.
 */

process.env["CDK_VALIDATION"] = "false";
