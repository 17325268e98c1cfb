/** What the edge refuses before anything of ours runs: known attackers, known attacks, and too many tries. */

import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import * as logs from "aws-cdk-lib/aws-logs";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

import { logRemovalPolicyOf } from "./removal.js";
import type { Settings } from "./settings.js";

/** How far back the requests of an address are counted. */
const WINDOW = Duration.minutes(5);

/** Requests from one address within {@link WINDOW} to where a secret could be guessed: some twenty people behind one. */
const GUESSES_PER_ADDRESS = 100;

/**
 * Where a password, a code or a token is tried, or one is asked for; as AWS WAF reads regular expressions. All of it
 * is POST.
 */
export const GUESSING_PATHS =
  "^/v1/(sessions(/current/proof)?|me/totp/confirm|invitations/accept|password-resets(/.*)?|guest/[^/]+/(verify|verify-with-account|code|not-me)|portal/(verify|code))/?$";

/** Headers that prove who somebody is; no log keeps them. */
const SECRET_HEADERS = ["authorization", "cookie"];

/**
 * The groups of rules that AWS keeps, and of each those that read bodies. These count, and do not block: people write
 * about addresses, scripts and attacks in messages, and are to get an answer rather than the firewall's page; a picture's
 * bytes look like anything, and one is longer than the first 8 KiB. The functions themselves parse each body strictly and
 * limit its length.
 */
const MANAGED_RULES = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
  ],
};

/** Names of all rules, in their order, and of their metrics. */
export const RULE_NAMES = ["guesses", "requests", ...Object.keys(MANAGED_RULES)];

/** The key of the answer that {@link tooMany} gives. */
const TOO_MANY = "too-many-requests";

/** The name of the rules and of their metrics, by which the dashboard finds them. */
export function firewallName(settings: Settings): string {
  return `${settings.name}-edge`;
}

/** The web ACL in front of the distribution, with a log of what it refused. */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const name = firewallName(settings);
    const acl = new wafv2.CfnWebACL(this, "Rules", {
      name,
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      customResponseBodies: {
        [TOO_MANY]: { contentType: "APPLICATION_JSON", content: JSON.stringify(tooManyProblem()) },
      },
      rules: [
        rateRule("guesses", GUESSES_PER_ADDRESS, onGuessingPaths()),
        rateRule("requests", settings.requestsPerAddress, besidesAssets()),
        ...Object.entries(MANAGED_RULES).map(([group, counted]) => managedRules(group, counted)),
      ].map((rule, priority) => ({ ...rule, priority })),
    });
    this.arn = acl.attrArn;
    this.log(acl, settings);
  }

  /** Keeps what was blocked or counted. What was let through is in the log of the distribution. */
  private log(acl: wafv2.CfnWebACL, settings: Settings): void {
    const group = new logs.LogGroup(this, "Log", {
      // AWS WAF writes only to groups whose names begin so.
      logGroupName: `aws-waf-logs-${firewallName(settings)}`,
      retention: settings.logDays,
      removalPolicy: logRemovalPolicyOf(settings),
    });
    new wafv2.CfnLoggingConfiguration(this, "Logging", {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: "logs",
          resource: "log-group",
          resourceName: group.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: SECRET_HEADERS.map((name) => ({ singleHeader: { Name: name } })),
      loggingFilter: {
        DefaultBehavior: "DROP",
        Filters: [
          {
            Behavior: "KEEP",
            Requirement: "MEETS_ANY",
            Conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
              ActionCondition: { Action: action },
            })),
          },
        ],
      },
    });
  }
}

type Rule = Omit<wafv2.CfnWebACL.RuleProperty, "priority">;

/** Refuses an address for as long as it sends more than `limit` of the requests that `scope` describes. */
function rateRule(name: string, limit: number, scope: wafv2.CfnWebACL.StatementProperty): Rule {
  return {
    name,
    visibilityConfig: visibility(name),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        evaluationWindowSec: WINDOW.toSeconds(),
        limit,
        scopeDownStatement: scope,
      },
    },
    action: { block: { customResponse: tooMany() } },
  };
}

/** A group of rules that AWS keeps up to date, of which those in `counted` block nothing. */
function managedRules(name: string, counted: readonly string[]): Rule {
  return {
    name,
    visibilityConfig: visibility(name),
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    overrideAction: { none: {} },
  };
}

/**
 * All but the scripts of pages: one page asks for dozens, each time it is opened, and the edge answers without us. A
 * path that is written in any other way counts.
 */
function besidesAssets(): wafv2.CfnWebACL.StatementProperty {
  const assets: wafv2.CfnWebACL.StatementProperty = {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: "STARTS_WITH",
      searchString: "/assets/",
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
  return { notStatement: { statement: assets } };
}

/** Paths are read as a server would read them, so that writing one differently is no way around. */
function onGuessingPaths(): wafv2.CfnWebACL.StatementProperty {
  const post: wafv2.CfnWebACL.StatementProperty = {
    byteMatchStatement: {
      fieldToMatch: { method: {} },
      positionalConstraint: "EXACTLY",
      searchString: "POST",
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  };
  const path: wafv2.CfnWebACL.StatementProperty = {
    regexMatchStatement: {
      fieldToMatch: { uriPath: {} },
      regexString: GUESSING_PATHS,
      textTransformations: [
        { priority: 0, type: "URL_DECODE" },
        { priority: 1, type: "NORMALIZE_PATH" },
      ],
    },
  };
  return { andStatement: { statements: [post, path] } };
}

/** The answer to too many requests; pages show the time that it names. */
function tooMany(): wafv2.CfnWebACL.CustomResponseProperty {
  return {
    responseCode: 429,
    customResponseBodyKey: TOO_MANY,
    responseHeaders: [{ name: "Retry-After", value: String(WINDOW.toSeconds()) }],
  };
}

/** As the functions write a problem, without the id of a request: none reached them. */
function tooManyProblem(): object {
  return {
    type: `https://vestibule.dev/problems/${TOO_MANY}`,
    title: "Too many requests",
    status: 429,
    detail: "Too many requests came from your network. Wait some minutes, then try again.",
  };
}

function visibility(metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
