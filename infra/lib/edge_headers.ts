/** The headers that the edge adds to answers: the laptop's own, and that there is no way but TLS. */

import { Duration } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";

import { contentSecurityPolicy } from "./pages.js";
import type { Settings } from "./settings.js";

/** How long a browser remembers to come by TLS only: two years, what browsers' own lists ask for. */
const TLS_ONLY_FOR = Duration.days(730);

/** What each kind of answer gets. */
export interface EdgeHeaders {
  readonly pages: cloudfront.ResponseHeadersPolicy;
  readonly assets: cloudfront.ResponseHeadersPolicy;
  readonly api: cloudfront.ResponseHeadersPolicy;
}

/**
 * @param bucketOrigin scheme and host of the documents' bucket
 */
export function edgeHeaders(scope: Construct, settings: Settings, bucketOrigin: string): EdgeHeaders {
  const policy = (id: string, more: cloudfront.ResponseHeadersPolicyProps) =>
    new cloudfront.ResponseHeadersPolicy(scope, `${id}Headers`, {
      responseHeadersPolicyName: `${settings.name}-${id.toLowerCase()}`,
      ...more,
      securityHeadersBehavior: {
        contentTypeOptions: { override: true },
        strictTransportSecurity: { accessControlMaxAge: TLS_ONLY_FOR, includeSubdomains: true, override: true },
        ...more.securityHeadersBehavior,
      },
    });
  return {
    pages: policy("Pages", {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(bucketOrigin), override: true },
        referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.NO_REFERRER, override: true },
      },
      customHeadersBehavior: cacheControl("no-store"),
    }),
    // Names stay while contents change, so a browser asks each time and is mostly answered 304.
    assets: policy("Assets", { customHeadersBehavior: cacheControl("no-cache") }),
    // The functions say the rest themselves.
    api: policy("Api", {}),
  };
}

function cacheControl(value: string): cloudfront.ResponseCustomHeadersBehavior {
  return { customHeaders: [{ header: "Cache-Control", value, override: true }] };
}
