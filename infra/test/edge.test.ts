/** What visitors reach: names, pages, the way to the API, headers, the firewall, and what is written down. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Match, Template } from "aws-cdk-lib/assertions";

import { EdgeStack, ORIGIN_KEY_HEADER, VISITOR_HEADER } from "../lib/edge.js";
import { GUESSING_PATHS } from "../lib/firewall.js";
import { GUESSED_ROUTES } from "../lib/log_metrics.js";
import { offlineApp } from "../lib/offline.js";
import { ASSET_TYPES } from "../lib/pages.js";
import { readRoutes } from "../lib/routes.js";
import { EDGE_REGION, type Settings } from "../lib/settings.js";
import { placeOf, settingsWith, settingsWithout, standInApi, standInData } from "./fixture.js";

/** Ids of policies that AWS keeps. */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-0000-4000-8000-000000000000";

function build(settings: Settings) {
  const app = offlineApp({});
  const stack = new EdgeStack(app, "edge", {
    settings,
    api: standInApi(app, settings, ["health.read"]),
    data: standInData(app, settings),
    env: { ...placeOf(settings), region: EDGE_REGION },
    crossRegionReferences: true,
  });
  return Template.fromStack(stack);
}

const whole = build(settingsWith());
const distribution = only("AWS::CloudFront::Distribution").DistributionConfig;
const firewall = only("AWS::WAFv2::WebACL");

/** The properties of the only resource of a type. */
function only(type: string): any {
  const found = Object.values(whole.findResources(type));
  assert.equal(found.length, 1, type);
  return found[0]?.["Properties"];
}

/** The headers that a behaviour adds, by their names in lower case. */
function headersOf(behavior: any): Record<string, any> {
  const { Properties } = whole.findResources("AWS::CloudFront::ResponseHeadersPolicy")[
    behavior.ResponseHeadersPolicyId.Ref
  ] as any;
  const { SecurityHeadersConfig: secure, CustomHeadersConfig: custom } = Properties.ResponseHeadersPolicyConfig;
  return {
    csp: secure.ContentSecurityPolicy?.ContentSecurityPolicy,
    tlsSeconds: secure.StrictTransportSecurity?.AccessControlMaxAgeSec,
    isNosniff: secure.ContentTypeOptions?.Override,
    referrer: secure.ReferrerPolicy?.ReferrerPolicy,
    cache: custom?.Items.find((item: any) => item.Header === "Cache-Control")?.Value,
  };
}

function rule(name: string): any {
  return firewall.Rules.find((each: any) => each.Name === name);
}

test("the edge speaks TLS 1.2 and newer, HTTP/2 and 3, IPv4 and 6, behind the firewall", () => {
  assert.deepEqual(distribution.Aliases, ["trust.example.com"]);
  assert.equal(distribution.HttpVersion, "http2and3");
  assert.equal(distribution.IPV6Enabled, true);
  assert.equal(distribution.ViewerCertificate.MinimumProtocolVersion, "TLSv1.2_2021");
  assert.ok(distribution.WebACLId);
});

test("the world is served in production, and the cheaper half of it elsewhere", () => {
  assert.equal(distribution.PriceClass, "PriceClass_All");
  for (const stage of ["dev", "staging"] as const) {
    build(settingsWith({ stage })).hasResourceProperties("AWS::CloudFront::Distribution", {
      DistributionConfig: { PriceClass: "PriceClass_100" },
    });
  }
});

test("pages and what they ask for come from a bucket that only the distribution reads", () => {
  const [assets] = distribution.CacheBehaviors;
  assert.equal(assets.PathPattern, "/assets/*");
  for (const behavior of [distribution.DefaultCacheBehavior, assets]) {
    assert.equal(behavior.ViewerProtocolPolicy, "redirect-to-https");
    assert.equal(behavior.AllowedMethods, undefined); // GET and HEAD
    assert.equal(behavior.FunctionAssociations[0].EventType, "viewer-request");
    const origin = distribution.Origins.find((each: any) => each.Id === behavior.TargetOriginId);
    assert.ok(origin.OriginAccessControlId);
  }
  whole.allResourcesProperties("AWS::S3::Bucket", {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
  whole.hasResourceProperties("AWS::S3::BucketPolicy", {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: "s3:GetObject",
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Condition: { StringEquals: { "AWS:SourceArn": Match.anyValue() } },
        }),
      ]),
    },
  });
});

test("the API gets all that a visitor sent but Host, and the key that nobody else has; nothing is kept", () => {
  const behavior = distribution.CacheBehaviors[1];
  assert.equal(behavior.PathPattern, "/v1/*");
  assert.equal(behavior.ViewerProtocolPolicy, "https-only");
  assert.equal(behavior.AllowedMethods.length, 7);
  assert.equal(behavior.CachePolicyId, CACHING_DISABLED);
  assert.equal(behavior.OriginRequestPolicyId, ALL_VIEWER_EXCEPT_HOST);
  assert.equal(behavior.FunctionAssociations[0].EventType, "viewer-request");
  const origin = distribution.Origins.find((each: any) => each.Id === behavior.TargetOriginId);
  assert.equal(origin.CustomOriginConfig.OriginProtocolPolicy, "https-only");
  assert.deepEqual(origin.CustomOriginConfig.OriginSSLProtocols, ["TLSv1.2"]);
  assert.deepEqual(origin.OriginCustomHeaders, [
    {
      HeaderName: ORIGIN_KEY_HEADER,
      HeaderValue: "{{resolve:secretsmanager:vestibule-prod-origin-key:SecretString:::}}",
    },
  ]);
});

test("an error of the API is over with the request that had it", () => {
  assert.deepEqual(
    distribution.CustomErrorResponses,
    [500, 502, 503, 504].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
  );
});

test("the bucket of pages is emptied when it goes, and no other", () => {
  const [pages] = Object.entries(whole.findResources("AWS::S3::Bucket")).find(
    ([, { Metadata }]) => Metadata["aws:cdk:path"] === "edge/Pages/Resource",
  ) ?? [""];
  assert.deepEqual(only("Custom::S3AutoDeleteObjects").BucketName, { Ref: pages });
});

test("the functions look for the very headers that the edge sends", () => {
  const reception = readFileSync(new URL("../../crates/app/src/serving/reception.rs", import.meta.url), "utf8");
  for (const [name, header] of [
    ["ORIGIN_KEY", ORIGIN_KEY_HEADER],
    ["VISITOR", VISITOR_HEADER],
  ]) {
    assert.ok(reception.includes(`static ${name}: HeaderName = HeaderName::from_static("${header}");`), header);
  }
});

test("answers have the laptop's headers, and come by TLS for two years", () => {
  const [assets, api] = distribution.CacheBehaviors;
  const common = { tlsSeconds: 2 * 365 * 24 * 3600, isNosniff: true };
  const { csp, ...pages } = headersOf(distribution.DefaultCacheBehavior);
  assert.deepEqual(pages, { ...common, referrer: "no-referrer", cache: "no-store" });
  assert.match(JSON.stringify(csp), /default-src 'none'.*img-src 'self' https:\/\/.*connect-src 'self' https:\/\//);
  const bare = { ...common, csp: undefined, referrer: undefined };
  assert.deepEqual(headersOf(assets), { ...bare, cache: "no-cache" });
  assert.deepEqual(headersOf(api), { ...bare, cache: undefined });
});

test("each kind of file is uploaded to its place with its media type, and then old ones are forgotten at the edge, once", () => {
  const found = whole.findResources("Custom::CDKBucketDeployment");
  const uploads = Object.values(found).map(({ Properties }) => Properties);
  for (const { Exclude, Prune } of uploads) assert.deepEqual([Exclude, Prune], [["*"], true]);
  const kinds = uploads.map((upload) => [
    upload["Include"][0],
    upload["DestinationBucketKeyPrefix"],
    upload["SystemMetadata"]["content-type"],
  ]);
  assert.deepEqual(kinds.sort(), [
    ["*.css", "assets", ASSET_TYPES["css"]],
    ["*.html", undefined, "text/html; charset=utf-8"],
    ["*.js", "assets", ASSET_TYPES["js"]],
    ["*.svg", "assets", ASSET_TYPES["svg"]],
  ]);
  const [[last, { Properties: pages, DependsOn }] = assert.fail(), ...others] = Object.entries(found).filter(
    ([, { Properties }]) => Properties.DistributionId,
  );
  assert.deepEqual([others, pages.Include, pages.DistributionPaths], [[], ["*.html"], ["/*"]]);
  assert.ok(Object.keys(found).every((id) => id === last || DependsOn.includes(id)));
});

test("a zone gets the names, and proves the certificate", () => {
  for (const Type of ["A", "AAAA"]) {
    whole.hasResourceProperties("AWS::Route53::RecordSet", { Type, Name: "trust.example.com." });
  }
  whole.hasResourceProperties("AWS::CertificateManager::Certificate", {
    DomainName: "trust.example.com",
    ValidationMethod: "DNS",
  });
});

test("a certificate that is there is taken, and needs no zone", () => {
  const template = build({ ...settingsWithout("zone"), certificate: CERTIFICATE });
  template.resourceCountIs("AWS::CertificateManager::Certificate", 0);
  template.resourceCountIs("AWS::Route53::RecordSet", 0);
  template.hasResourceProperties("AWS::CloudFront::Distribution", {
    DistributionConfig: { ViewerCertificate: { AcmCertificateArn: CERTIFICATE } },
  });
  template.hasOutput("Target", {});
});

test("the firewall counts tries before requests, and both before it reads them", () => {
  assert.equal(firewall.Scope, "CLOUDFRONT");
  const names = firewall.Rules.map(({ Name, Priority }: any) => `${Priority} ${Name}`);
  assert.deepEqual(names, [
    "0 guesses",
    "1 requests",
    "2 AWSManagedRulesAmazonIpReputationList",
    "3 AWSManagedRulesKnownBadInputsRuleSet",
    "4 AWSManagedRulesCommonRuleSet",
  ]);
  const limits = ["guesses", "requests"].map((name) => rule(name).Statement.RateBasedStatement);
  assert.deepEqual(
    limits.map(({ Limit, EvaluationWindowSec, AggregateKeyType }: any) => [
      Limit,
      EvaluationWindowSec,
      AggregateKeyType,
    ]),
    [
      [100, 300, "IP"],
      [1000, 300, "IP"],
    ],
  );
  const { FieldToMatch, PositionalConstraint, SearchString } =
    limits[1].ScopeDownStatement.NotStatement.Statement.ByteMatchStatement;
  assert.deepEqual([FieldToMatch, PositionalConstraint, SearchString], [{ UriPath: {} }, "STARTS_WITH", "/assets/"]);
});

test("who sends too much is told when to come back, in the API's own words", () => {
  for (const name of ["guesses", "requests"]) {
    const { ResponseCode, ResponseHeaders, CustomResponseBodyKey } = rule(name).Action.Block.CustomResponse;
    assert.equal(ResponseCode, 429);
    assert.deepEqual(ResponseHeaders, [{ Name: "Retry-After", Value: "300" }]);
    const problem = JSON.parse(firewall.CustomResponseBodies[CustomResponseBodyKey].Content);
    assert.equal(problem.type, "https://vestibule.dev/problems/too-many-requests");
  }
});

test("rules that read bodies only count, since people write what they like", () => {
  const counted = (group: string): string[] =>
    rule(group).Statement.ManagedRuleGroupStatement.RuleActionOverrides.map(({ Name, ActionToUse }: any) => {
      assert.deepEqual(ActionToUse, { Count: {} });
      return Name;
    });
  // Every rule of the two groups that reads a body; the third reads addresses only.
  assert.deepEqual(counted("AWSManagedRulesCommonRuleSet").sort(), [
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "SizeRestrictions_BODY",
  ]);
  assert.deepEqual(counted("AWSManagedRulesKnownBadInputsRuleSet").sort(), [
    "JavaDeserializationRCE_BODY",
    "Log4JRCE_BODY",
    "ReactJSRCE_BODY",
  ]);
});

test("the strict limit holds exactly for the routes that try or send a secret", () => {
  const isGuess = new RegExp(GUESSING_PATHS);
  const guesses = readRoutes()
    .filter(({ method, path }) => method === "POST" && isGuess.test(path))
    .map(({ name }) => name);
  assert.deepEqual(guesses.sort(), [
    "guest.code",
    "guest.not_me",
    "guest.verify",
    "guest.verify_with_account",
    "invitations.accept",
    "me.confirm_totp",
    "password_resets.complete",
    "password_resets.create",
    "portal.code",
    "portal.verify",
    "sessions.create",
    "sessions.prove",
  ]);
  assert.ok(GUESSED_ROUTES.every((name) => guesses.includes(name)));
  const { Statements } = rule("guesses").Statement.RateBasedStatement.ScopeDownStatement.AndStatement;
  assert.equal(Statements[0].ByteMatchStatement.SearchString, "POST");
  assert.equal(Statements[1].RegexMatchStatement.RegexString, GUESSING_PATHS);
});

test("the firewall's log keeps what was refused, without cookies and tokens", () => {
  const { RedactedFields, LoggingFilter } = only("AWS::WAFv2::LoggingConfiguration");
  assert.deepEqual(RedactedFields, [{ SingleHeader: { Name: "authorization" } }, { SingleHeader: { Name: "cookie" } }]);
  assert.equal(LoggingFilter.DefaultBehavior, "DROP");
  whole.hasResourceProperties("AWS::Logs::LogGroup", {
    LogGroupName: "aws-waf-logs-vestibule-prod-edge",
    RetentionInDays: 90,
  });
});

test("the edge's log keeps no cookie, query or referrer, and is deleted in time", () => {
  const { RecordFields } = only("AWS::Logs::Delivery");
  assert.ok(RecordFields.includes("sc-status"));
  for (const secret of ["cs(Cookie)", "cs-uri-query", "cs(Referer)"]) assert.ok(!RecordFields.includes(secret), secret);
  whole.hasResourceProperties("AWS::S3::Bucket", {
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: "Enabled" }] },
  });
});
