/** A deployment says what is missing, shows what would change, asks, and only then begins. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { programsOf } from "../lib/routes.js";
import { StandIns } from "./stand_ins.js";

/** An account in order: known to AWS, and bootstrapped. */
const AWS_IN_ORDER = 'console.log("{}");';

/** A `cdk` that puts out what ours does. */
const CDK = `
const at = args.indexOf("--outputs-file");
const outputs = {
  "vestibule-dev-edge": { Url: "https://dev.vestibule.test" },
  "vestibule-dev-worker": { OperatorFunction: "vestibule-dev-operator" },
};
if (at !== -1) fs.writeFileSync(args[at + 1], JSON.stringify(outputs));
`;

/** An account where two stacks of dev failed to be made, one with another inside it, and one of another stage. */
const FAILED_STACKS = `
const inRegion = { "eu-central-1": ["dev-api", "prod-api"], "us-east-1": ["dev-edge"] }[args[args.indexOf("--region") + 1]] ?? [];
const named = (name) => ({ StackName: "vestibule-" + name });
const StackSummaries = [...inRegion.map(named), { ...named("dev-api-contactsNestedStack-1A2B"), ParentId: "arn" }];
console.log(args[1] === "list-stacks" ? JSON.stringify({ StackSummaries }) : "{}");
`;

/** An account where Lambda runs this many functions at once. */
function runningAtOnce(limit: number): string {
  return `console.log(args[0] === "lambda" ? "${limit}" : "{}");`;
}

const OWN_NAMES = [
  "domain=dev.vestibule.test",
  "zoneId=Z0123456789",
  "zoneName=vestibule.test",
  "mailFrom=no-reply@vestibule.test",
];

/** A machine with everything; the programs are packaged for one processor. */
function machine({ aws = AWS_IN_ORDER, processor = "x86_64" } = {}): StandIns {
  return packaged(new StandIns().command("aws", aws).command("cdk", CDK), processor);
}

function packaged(on: StandIns, processor: string): StandIns {
  return on.file(`dist/${processor}/functions/bootstrap`, "").file(`dist/${processor}/worker/bootstrap`, "");
}

/** Deploys dev, with names of one's own unless `settings` say otherwise. */
function deploy(on: StandIns, environment: Record<string, string> = {}, settings: readonly string[] = OWN_NAMES) {
  return on.run("bin/deploy.ts", ["dev", ...settings], { DIST: `${on.folder}/dist`, ...environment });
}

describe("a deployment", () => {
  it("shows what would change, deploys, and tells the address", () => {
    const on = machine();
    const ran = deploy(on, { YES: "1" });
    assert.deepEqual(ran, {
      status: 0,
      stdout: "url: https://dev.vestibule.test\noperator function: vestibule-dev-operator\n",
      stderr: "",
    });
    const context =
      "--context stage=dev --context domain=dev.vestibule.test --context zoneId=Z0123456789 --context zoneName=vestibule.test --context mailFrom=no-reply@vestibule.test";
    const [diff, go, ...others] = on.calls.filter((call) => call.startsWith("cdk"));
    assert.equal(diff, `cdk diff ${context}`);
    assert.match(
      String(go),
      /^cdk deploy --all --require-approval never --import-existing-resources --outputs-file \S+ --context stage=dev /,
    );
    assert.deepEqual(others, []);
  });

  it("lets go of stacks whose creation failed, after it was told to and before it needs them gone", () => {
    const on = machine({ aws: FAILED_STACKS });
    const ran = deploy(on, { YES: "1" });
    const said = ["api", "edge"].map((part) => `vestibule-dev-${part} failed when it was made, and is made anew.\n`);
    assert.deepEqual([ran.status, ran.stderr], [0, said.join("")]);
    const release = "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name";
    assert.deepEqual(
      on.calls.filter((call) => !/^aws (sts|ssm|lambda|sesv2|secretsmanager)|list-stacks/.test(call)).slice(0, 3),
      [
        on.calls.find((call) => call.startsWith("cdk diff")),
        `${release} vestibule-dev-api --region eu-central-1`,
        `${release} vestibule-dev-edge --region us-east-1`,
      ],
    );
    const filter = "--stack-status-filter ROLLBACK_COMPLETE ROLLBACK_FAILED";
    assert.ok(on.calls.includes(`aws cloudformation list-stacks ${filter} --region us-east-1 --output json`));
  });

  it("leaves it to the CDK where AWS does not tell which those are", () => {
    const aws = 'if (args[0] === "cloudformation") { console.error("AccessDenied"); process.exit(254); }';
    const ran = deploy(machine({ aws }), { YES: "1" });
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
  });

  it("warns that mails in the sandbox of SES reach few", () => {
    const ran = deploy(machine({ aws: 'console.log(args[0] === "sesv2" ? "false" : "{}");' }), { YES: "1" });
    const warning =
      "SES in eu-central-1 is still in its sandbox, where mails reach verified addresses only: request production access (SES, Account dashboard).\n";
    assert.deepEqual([ran.status, ran.stderr], [0, warning]);
  });

  it("stops where nobody is there to say yes", () => {
    const on = machine({ aws: FAILED_STACKS });
    const ran = deploy(on);
    assert.ok(!on.calls.some((call) => call.startsWith("aws cloudformation")));
    assert.equal(ran.status, 1);
    assert.equal(ran.stderr, "Nobody is there to be asked: set YES=1 to deploy without a question.\n");
    assert.ok(!on.calls.some((call) => call.startsWith("cdk deploy")));
  });

  it("stops where the changes cannot be shown", () => {
    const on = machine().command("cdk", "process.exit(3);");
    const ran = deploy(on, { YES: "1" });
    assert.deepEqual([ran.status, ran.stderr], [1, "`cdk diff` failed.\n"]);
    assert.ok(!on.calls.some((call) => call.startsWith("cdk deploy")));
  });

  it("knows every setting that it is told", () => {
    const ran = deploy(machine(), { YES: "1" }, ["domian=dev.vestibule.test"]);
    assert.deepEqual([ran.status, ran.stderr], [1, "There is no setting `domian`.\n"]);
  });

  it("asks which stage", () => {
    const ran = machine().run("bin/deploy.ts", []);
    assert.deepEqual([ran.status, ran.stderr], [1, "Say which stage: make deploy STAGE=dev\n"]);
  });
});

describe("what is missing before a deployment", () => {
  /** The sentences, of which none lets the command line of the CDK begin. */
  function missing(on: StandIns, environment: Record<string, string> = {}, settings?: readonly string[]): string[] {
    const ran = deploy(on, { YES: "1", ...environment }, settings);
    assert.equal(ran.status, 1);
    assert.ok(!on.calls.some((call) => call.startsWith("cdk")));
    return ran.stderr.trim().split("\n");
  }

  it("is the programs, where nobody packaged them", () => {
    const on = machine();
    assert.deepEqual(missing(on, { DIST: `${on.folder}/elsewhere` }), [
      "The program functions is not packaged for x86_64: run `make package`.",
      "The program worker is not packaged for x86_64: run `make package`.",
    ]);
  });

  it("is programs for the processor that the settings name", () => {
    const [first] = missing(machine({ processor: "aarch64" }));
    assert.equal(first, "The program functions is not packaged for x86_64: run `make package`.");
    const ran = deploy(machine({ processor: "aarch64" }), { YES: "1" }, [...OWN_NAMES, "architecture=arm64"]);
    assert.equal(ran.status, 0);
  });

  it("is a domain of one's own", () => {
    assert.deepEqual(missing(machine(), {}, ["alarmsTo=operators@vestibule.example"]), [
      "dev.vestibule.example is an example: set `domain` of dev in infra/cdk.json to your own.",
      "Z00000000EXAMPLE is an example: set `zoneId` of dev in infra/cdk.json to your own.",
      "no-reply@dev.vestibule.example is an example: set `mailFrom` of dev in infra/cdk.json to your own.",
      "operators@vestibule.example is an example: set `alarmsTo` of dev in infra/cdk.json to your own.",
    ]);
  });

  it("is whoever AWS knows", () => {
    const aws = 'console.error("Unable to locate credentials"); process.exit(253);';
    assert.deepEqual(missing(machine({ aws })), [
      "AWS does not know you: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. It said: Unable to locate credentials",
    ]);
  });

  it("is a bootstrapped account, in both regions", () => {
    const aws = 'if (args[0] === "ssm") { console.error("(ParameterNotFound)"); process.exit(254); }';
    assert.deepEqual(missing(machine({ aws })), [
      "eu-central-1 is not ready for deployments: run `npx cdk bootstrap aws://YOUR_ACCOUNT/eu-central-1` in infra/.",
      "us-east-1 is not ready for deployments: run `npx cdk bootstrap aws://YOUR_ACCOUNT/us-east-1` in infra/.",
    ]);
  });

  it("is room for functions at once, of which a new account has ten", () => {
    const on = machine({ aws: runningAtOnce(10) });
    assert.deepEqual(missing(on), [
      "Lambda runs 10 functions at once for this account in eu-central-1, and dev needs 100: request 1000 under Service Quotas, AWS Lambda, Concurrent executions.",
    ]);
    assert.ok(
      on.calls.includes(
        "aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions --region eu-central-1 --output json",
      ),
    );
    assert.equal(deploy(machine({ aws: runningAtOnce(100) }), { YES: "1" }).status, 0);
    const denied = 'if (args[0] === "lambda") { console.error("AccessDenied"); process.exit(254); }';
    assert.equal(deploy(machine({ aws: denied }), { YES: "1" }).status, 0);
  });

  it("is room for what every function reserves", () => {
    const reserving = (mode: "route" | "area", n: number) => [
      ...OWN_NAMES,
      `functions=${mode}`,
      `reservedConcurrency=${n}`,
    ];
    const on = machine({ aws: runningAtOnce(1000) });
    for (const mode of ["route", "area"] as const) {
      const functions = [...programsOf({ functions: mode }).values()].flat().length;
      const fitting = Math.floor(900 / functions);
      assert.equal(deploy(on, { YES: "1" }, reserving(mode, fitting)).status, 0);
      const tooMany = fitting + 1;
      const sentence = `\`reservedConcurrency\` ${tooMany} of dev for ${functions} functions, and 100 that Lambda keeps back, come to ${functions * tooMany + 100} at once, which`;
      const more = "lower it, or request more under Service Quotas, AWS Lambda, Concurrent executions.";
      const fresh = machine({ aws: runningAtOnce(1000) });
      assert.deepEqual(missing(fresh, {}, reserving(mode, tooMany)), [
        `${sentence} this account has 1000 of in eu-central-1: ${more}`,
      ]);
      // Where AWS does not tell, it may be more than usual.
      const untold = deploy(machine(), { YES: "1" }, reserving(mode, tooMany));
      assert.deepEqual([untold.status, untold.stderr], [0, `${sentence} accounts usually have 1000 of: ${more}\n`]);
    }
  });

  it("is which of two versions of the origin key is meant", () => {
    const [before, after] = ["a".repeat(36), "b".repeat(36)] as [string, string];
    const versions = (stages: object) =>
      `console.log(args[0] === "secretsmanager" ? '${JSON.stringify(stages)}' : "{}");`;
    const aws = versions({ [after]: ["AWSCURRENT"], [before]: ["AWSPREVIOUS"] });
    assert.deepEqual(missing(machine({ aws })), [
      `The origin key of dev has a new version, which no deployment may take by chance: set \`originKeyVersion\` in infra/cdk.json as RUNBOOK.md tells under *Rotate the root keys*; ${before} is in use.`,
    ]);
    const named = [...OWN_NAMES, `originKeyVersion=${after}`, `originKeyVersionBefore=${before}`];
    assert.equal(deploy(machine({ aws }), { YES: "1" }, named).status, 0);
    assert.equal(deploy(machine({ aws: versions({ [before]: ["AWSCURRENT"] }) }), { YES: "1" }).status, 0);
  });

  it("is credentials, where there is no AWS CLI to ask", () => {
    const without = () => packaged(new StandIns().command("cdk", CDK), "x86_64");
    assert.deepEqual(missing(without()), [
      "There are no AWS credentials to deploy dev with: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ]);
    assert.equal(deploy(without(), { YES: "1", AWS_PROFILE: "acme" }).status, 0);
  });
});
