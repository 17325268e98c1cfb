/** List prices of AWS, and where each is from. */

/** What AWS asks on one of its pages: `dollars` for every `per` of something. */
export interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly of: string;
  readonly page: string;
  /** The month of which it is. */
  readonly asOf: string;
}

/** What makes prices of one page. */
function onPage(page: string, asOf: string): (dollars: number, per: number, of: string) => Price {
  return (dollars, per, of) => ({ dollars, per, of, page, asOf });
}

export const MILLION = 1_000_000;

/** Bytes of what AWS bills as one. */
export const GB = 1e9;

const lambda = onPage("AWS Lambda Pricing", "2026-11");
const gateway = onPage("Amazon API Gateway Pricing", "2026-11");
const dynamo = onPage("Amazon DynamoDB Pricing for On-Demand Capacity", "2026-11");
const s3 = onPage("Amazon S3 Pricing", "2026-11");
const cloudfront = onPage("Amazon CloudFront Pricing", "2026-11");
const waf = onPage("AWS WAF Pricing", "2026-11");
const ses = onPage("Amazon SES Pricing", "2026-11");
const secrets = onPage("AWS Secrets Manager Pricing", "2026-11");
const kms = onPage("AWS Key Management Service Pricing", "2026-11");
const cloudwatch = onPage("Amazon CloudWatch Pricing", "2026-11");
const xray = onPage("AWS X-Ray Pricing", "2026-11");

/** List prices of us-east-1 on demand, each of its first tier. */
export const PRICES = {
  invocations: lambda(0.2, MILLION, "requests"),
  time: { x86_64: lambda(0.0000166667, 1, "GB-s"), arm64: lambda(0.0000133334, 1, "GB-s") },
  calls: gateway(1, MILLION, "requests"),
  reads: dynamo(0.125, MILLION, "read units"),
  writes: dynamo(0.625, MILLION, "write units"),
  table: dynamo(0.25, 1, "GB"),
  recovery: dynamo(0.2, 1, "GB"),
  gets: s3(0.0004, 1000, "GETs"),
  downloads: s3(0.09, 1, "GB"),
  bucket: s3(0.023, 1, "GB"),
  edgeRequests: cloudfront(0.01, 10_000, "requests"),
  edgeBytes: cloudfront(0.085, 1, "GB"),
  edgeFunctions: cloudfront(0.1, MILLION, "runs"),
  acl: waf(5, 1, "web ACL"),
  rule: waf(1, 1, "rule or group"),
  inspected: waf(0.6, MILLION, "requests"),
  mails: ses(0.1, 1000, "mails"),
  secret: secrets(0.4, 1, "secret"),
  secretCalls: secrets(0.05, 10_000, "calls"),
  key: kms(1, 1, "key"),
  keyCalls: kms(0.03, 10_000, "requests"),
  logsIn: cloudwatch(0.5, 1, "GB"),
  logsKept: cloudwatch(0.03, 1, "GB"),
  alarmMetric: cloudwatch(0.1, 1, "metric"),
  customMetric: cloudwatch(0.3, 1, "metric"),
  dashboard: cloudwatch(3, 1, "dashboard"),
  traces: xray(5, MILLION, "traces"),
} as const;
