/** What must hold before anything is deployed. */

import { ARTEFACTS, isPackaged } from "./artefacts.js";
import { aws } from "./aws.js";
import { quotaProblems } from "./quotas.js";
import { EDGE_REGION, originKeyNameOf, type Settings } from "./settings.js";

/** How what `cdk.json` comes with ends: a top-level domain that nobody can own (RFC 2606), or a zone that is none. */
const EXAMPLE = /example$/i;

/** Where `cdk bootstrap` leaves word that it was there. */
const BOOTSTRAP_MARK = "/cdk-bootstrap/hnb659fds/version";

/** One sentence for each thing that is missing. */
export function missing(settings: Settings): string[] {
  const problems = [...programProblems(settings), ...nameProblems(settings)];
  const credentials = credentialProblem(settings);
  // Who has no credentials cannot ask what is bootstrapped, or allowed.
  if (credentials) return [...problems, credentials];
  return [...problems, ...bootstrapProblems(settings), ...quotaProblems(settings), ...originKeyProblems(settings)];
}

function programProblems({ architecture }: Settings): string[] {
  return ARTEFACTS.filter((artefact) => !isPackaged(artefact, architecture)).map(
    (artefact) => `The program ${artefact} is not packaged for ${architecture}: run \`make package\`.`,
  );
}

function nameProblems({ stage, domain, zone, mailFrom, alarmsTo }: Settings): string[] {
  const names = { domain, zoneId: zone?.id ?? "", mailFrom, alarmsTo: alarmsTo ?? "" };
  return Object.entries(names)
    .filter(([, name]) => EXAMPLE.test(name))
    .map(([setting, name]) => `${name} is an example: set \`${setting}\` of ${stage} in infra/cdk.json to your own.`);
}

function credentialProblem({ stage }: Settings): string | undefined {
  const howTo = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  const caller = aws(["sts", "get-caller-identity", "--output", "json"]);
  if (caller.isInstalled) {
    return caller.isGood ? undefined : `AWS does not know you: ${howTo}. It said: ${caller.stderr}`;
  }
  const { AWS_PROFILE: profile, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env;
  return profile || (id && secret) ? undefined : `There are no AWS credentials to deploy ${stage} with: ${howTo}.`;
}

/** Both regions: the edge's stack lies in one of its own. Without the AWS CLI the deployment itself finds out. */
function bootstrapProblems(settings: Settings): string[] {
  return [...new Set([settings.region, EDGE_REGION])].flatMap((region) => {
    const mark = aws(["ssm", "get-parameter", "--name", BOOTSTRAP_MARK, "--region", region]);
    if (mark.isGood || !mark.isInstalled) return [];
    if (!mark.stderr.includes("ParameterNotFound"))
      return [`AWS does not say whether ${region} is ready: ${mark.stderr}`];
    return [
      `${region} is not ready for deployments: run \`npx cdk bootstrap aws://YOUR_ACCOUNT/${region}\` in infra/.`,
    ];
  });
}

/** Between two versions of the origin key, whatever is deployed would take the newer one by itself, and not the rest. */
function originKeyProblems(settings: Settings): string[] {
  const { stage, region, originKeyVersion } = settings;
  if (originKeyVersion !== undefined) return [];
  const secret = ["--secret-id", originKeyNameOf(settings), "--region", region];
  const question = ["--query", "VersionIdsToStages", "--output", "json"];
  const told = aws(["secretsmanager", "describe-secret", ...secret, ...question]);
  // Before the first deployment there is none.
  if (!told.isGood) return [];
  const versions: Record<string, string[]> = JSON.parse(told.stdout || "{}") ?? {};
  const before = Object.keys(versions).find((version) => versions[version]?.includes("AWSPREVIOUS"));
  if (!before) return [];
  return [
    `The origin key of ${stage} has a new version, which no deployment may take by chance: set \`originKeyVersion\` in infra/cdk.json as RUNBOOK.md tells under *Rotate the root keys*; ${before} is in use.`,
  ];
}
