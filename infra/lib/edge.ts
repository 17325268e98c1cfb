/** What visitors reach: one address for the pages and the API, kept at CloudFront's places around the world. */

import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import * as acm from "aws-cdk-lib/aws-certificatemanager";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as origins from "aws-cdk-lib/aws-cloudfront-origins";
import * as route53 from "aws-cdk-lib/aws-route53";
import * as targets from "aws-cdk-lib/aws-route53-targets";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as deployment from "aws-cdk-lib/aws-s3-deployment";
import type { Construct } from "constructs";

import type { ApiStack } from "./api.js";
import { CLOSED } from "./bucket.js";
import type { DataStack } from "./data.js";
import { edgeHeaders } from "./edge_headers.js";
import { EdgeLog } from "./edge_log.js";
import { explainEdgeFindings } from "./edge_nag.js";
import { Firewall } from "./firewall.js";
import { ASSET_TYPES, PAGES_FOLDER, pagesFunction, visitorFunction } from "./pages.js";
import type { Settings } from "./settings.js";

/** Proves to the functions that a request came through here. */
export const ORIGIN_KEY_HEADER = "x-origin-key";

/**
 * The visitor's address, without a port. A header of our own: to all that a visitor sent CloudFront adds its
 * `CloudFront-Viewer-Address` only with `Host` among it, which the HTTP API refuses.
 */
export const VISITOR_HEADER = "x-vestibule-visitor";

/**
 * Errors that CloudFront would keep for ten seconds and give to everybody who asks for the same path, whatever their
 * cookies: of these it heeds no `no-store` ("Control how long CloudFront caches errors").
 */
const PASSING_ERRORS = [500, 502, 503, 504];

/** Longest wait for the API; a function's own limit is shorter than what the HTTP API waits, 30 s. */
const API_WAIT = Duration.seconds(30);

export interface EdgeStackProps extends StackProps {
  readonly settings: Settings;
  readonly api: ApiStack;
  readonly data: DataStack;
}

/** Distribution, firewall, certificate, names and the pages' bucket of one environment. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props);
    const { settings } = props;
    const zone = this.zone(settings);
    const pages = this.pagesBucket();
    const distribution = this.distribution(props, pages, this.certificate(settings, zone));
    const log = new EdgeLog(this, "Log", { settings, distribution });
    const upload = this.uploadPages(pages, distribution);
    if (zone) this.pointHere(settings, zone, distribution);
    new CfnOutput(this, "Url", { value: `https://${settings.domain}` });
    new CfnOutput(this, "Target", {
      description: "What the domain's CNAME names, where records are made by hand",
      value: distribution.distributionDomainName,
    });
    new CfnOutput(this, "LogBucket", { value: log.bucket.bucketName });
    explainEdgeFindings({ pages, log: log.bucket, distribution, upload });
  }

  private zone({ zone }: Settings): route53.IHostedZone | undefined {
    if (!zone) return undefined;
    return route53.HostedZone.fromHostedZoneAttributes(this, "Zone", { hostedZoneId: zone.id, zoneName: zone.name });
  }

  /** The one that the settings name, else a new one; then they name the zone that proves it. */
  private certificate(settings: Settings, zone: route53.IHostedZone | undefined): acm.ICertificate {
    if (settings.certificate) {
      return acm.Certificate.fromCertificateArn(this, "Certificate", settings.certificate);
    }
    return new acm.Certificate(this, "Certificate", {
      domainName: settings.domain,
      validation: acm.CertificateValidation.fromDns(zone),
    });
  }

  /** Holds nothing that is not in the repository, so it goes with its stack; S3 deletes no bucket that holds something. */
  private pagesBucket(): s3.Bucket {
    return new s3.Bucket(this, "Pages", {
      ...CLOSED,
      encryption: s3.BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
  }

  private distribution(
    props: EdgeStackProps,
    pages: s3.Bucket,
    certificate: acm.ICertificate,
  ): cloudfront.Distribution {
    const { settings, data } = props;
    const headers = edgeHeaders(this, settings, `https://${data.bucket.bucketRegionalDomainName}`);
    const files: cloudfront.BehaviorOptions = {
      origin: origins.S3BucketOrigin.withOriginAccessControl(pages),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      // Kept here until the next upload; how long browsers keep them is said by the headers.
      cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      functionAssociations: [this.onRequest("PathToPage", pagesFunction())],
    };
    return new cloudfront.Distribution(this, "Distribution", {
      comment: settings.name,
      domainNames: [settings.domain],
      certificate,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      priceClass:
        settings.stage === "prod" ? cloudfront.PriceClass.PRICE_CLASS_ALL : cloudfront.PriceClass.PRICE_CLASS_100,
      errorResponses: PASSING_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      webAclId: new Firewall(this, "Firewall", settings).arn,
      defaultBehavior: { ...files, responseHeadersPolicy: headers.pages },
      additionalBehaviors: {
        "/assets/*": { ...files, responseHeadersPolicy: headers.assets },
        "/v1/*": { ...this.apiBehavior(props), responseHeadersPolicy: headers.api },
      },
    });
  }

  /** Everything the visitor sent reaches the functions, but `Host`, by which the HTTP API finds itself. */
  private apiBehavior({ settings, api, data }: EdgeStackProps): cloudfront.BehaviorOptions {
    return {
      origin: new origins.HttpOrigin(`${api.api.apiId}.execute-api.${settings.region}.${Aws.URL_SUFFIX}`, {
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        readTimeout: API_WAIT,
        // CloudFormation puts the secret in when it deploys; no template shows it.
        customHeaders: { [ORIGIN_KEY_HEADER]: data.originKeyValue.unsafeUnwrap() },
      }),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [this.onRequest("TellVisitor", visitorFunction(VISITOR_HEADER))],
    };
  }

  private onRequest(id: string, code: string): cloudfront.FunctionAssociation {
    return {
      eventType: cloudfront.FunctionEventType.VIEWER_REQUEST,
      function: new cloudfront.Function(this, id, {
        code: cloudfront.FunctionCode.fromInline(code),
        runtime: cloudfront.FunctionRuntime.JS_2_0,
      }),
    };
  }

  /**
   * The pages at the root, and what they ask for below `assets/`; one upload for each kind, to say its media type. The
   * pages come last, once what they ask for is there, and then the edge forgets all old files at once: it takes minutes
   * each time, and fails now and then. Returns the pages' own; one function carries out all of them.
   */
  private uploadPages(bucket: s3.Bucket, distribution: cloudfront.Distribution): deployment.BucketDeployment {
    const upload = (ending: string, contentType: string, more: Partial<deployment.BucketDeploymentProps>) =>
      new deployment.BucketDeployment(this, `Upload-${ending}`, {
        sources: [deployment.Source.asset(PAGES_FOLDER, { exclude: ["package.json"] })],
        destinationBucket: bucket,
        exclude: ["*"],
        include: [`*.${ending}`],
        contentType,
        ...more,
      });
    const assets = Object.entries(ASSET_TYPES).map(([ending, type]) =>
      upload(ending, type, { destinationKeyPrefix: "assets" }),
    );
    const pages = upload("html", "text/html; charset=utf-8", { distribution, distributionPaths: ["/*"] });
    pages.node.addDependency(...assets);
    return pages;
  }

  private pointHere(settings: Settings, zone: route53.IHostedZone, distribution: cloudfront.Distribution): void {
    const record = {
      zone,
      // With the dot: a whole name, to which no zone is added.
      recordName: `${settings.domain}.`,
      target: route53.RecordTarget.fromAlias(new targets.CloudFrontTarget(distribution)),
    };
    new route53.ARecord(this, "Ipv4", record);
    new route53.AaaaRecord(this, "Ipv6", record);
  }
}
