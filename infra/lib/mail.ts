/** The domain that mails come from, and the set of rules that SES sends them under. */

import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as route53 from "aws-cdk-lib/aws-route53";
import * as ses from "aws-cdk-lib/aws-ses";
import type { Construct } from "constructs";

import type { Settings } from "./settings.js";

/** What the worker hears of each mail; that somebody opened one or followed a link is not asked for. */
const EVENTS = [
  ses.EmailSendingEvent.SEND,
  ses.EmailSendingEvent.DELIVERY,
  ses.EmailSendingEvent.BOUNCE,
  ses.EmailSendingEvent.COMPLAINT,
  ses.EmailSendingEvent.REJECT,
  ses.EmailSendingEvent.DELIVERY_DELAY,
  ses.EmailSendingEvent.RENDERING_FAILURE,
];

/** How long resolvers keep the records; short, since they change while a domain is set up. */
const RECORD_LIFE = Duration.minutes(30);

/** A record of the mail domain. */
interface MailRecord {
  /** Names it in the template. */
  readonly id: string;
  readonly type: route53.RecordType;
  /** The whole name, without the dot at its end. */
  readonly name: string;
  /** As a zone file writes it. */
  readonly value: string;
}

export interface MailStackProps extends StackProps {
  readonly settings: Settings;
}

/** SES for one environment: mails are signed for the domain, sent by TLS only, and told about on the event bus. */
export class MailStack extends Stack {
  readonly configurationSetName: string;
  readonly identity: ses.EmailIdentity;

  constructor(scope: Construct, id: string, props: MailStackProps) {
    super(scope, id, props);
    const { settings } = props;

    const rules = new ses.ConfigurationSet(this, "Rules", {
      configurationSetName: settings.name,
      tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    // A name rather than a reference, so that nothing waits for this stack to give an export up.
    this.configurationSetName = settings.name;
    rules.addEventDestination("News", {
      destination: ses.EventDestination.eventBus(events.EventBus.fromEventBusName(this, "DefaultBus", "default")),
      events: EVENTS,
    });

    this.identity = new ses.EmailIdentity(this, "Domain", {
      identity: ses.Identity.domain(settings.mailDomain),
      configurationSet: rules,
      dkimIdentity: ses.DkimIdentity.easyDkim(ses.EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain: bounceDomain(settings),
      // A mail from the domain of SES is better than none while the record spreads.
      mailFromBehaviorOnMxFailure: ses.MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
    });
    this.publish(settings);
  }

  /** Writes the records into the zone if it covers the mail domain; else shows them, to be entered by hand. */
  private publish(settings: Settings): void {
    const records = [...this.signingRecords(), ...senderRecords(settings)];
    const { zone } = settings;
    if (!zone || !covers(zone.name, settings.mailDomain)) {
      for (const { id, type, name, value } of records) {
        new CfnOutput(this, `${id}Record`, {
          description: "Enter it at the domain's DNS",
          value: `${name} ${type} ${value}`,
        });
      }
      return;
    }
    for (const { id, type, name, value } of records) {
      new route53.CfnRecordSet(this, `${id}Record`, {
        hostedZoneId: zone.id,
        name: `${name}.`,
        type,
        ttl: String(RECORD_LIFE.toSeconds()),
        resourceRecords: [value],
      });
    }
  }

  /** The keys that readers' mail servers check signatures against. */
  private signingRecords(): MailRecord[] {
    return this.identity.dkimRecords.map(({ name, value }, index) => ({
      id: `Dkim${index + 1}`,
      type: route53.RecordType.CNAME,
      name,
      value,
    }));
  }
}

/** Where mails that cannot be delivered come back to, so that SPF aligns with the domain in `From`. */
function bounceDomain(settings: Settings): string {
  return `bounce.${settings.mailDomain}`;
}

/**
 * Who may send for the domain, and what is done with mails of others. DMARC binds everybody who sends for the domain and
 * for those below it: give the product a mail domain of its own. Where the zone holds a record of such a name already,
 * CloudFormation takes over none: the deployment stops, names the record, and is rolled back. Then choose another mail
 * domain, or delete the record where nobody but the product sends for it.
 */
function senderRecords(settings: Settings): MailRecord[] {
  const bounce = bounceDomain(settings);
  return [
    {
      id: "MailFrom",
      type: route53.RecordType.MX,
      name: bounce,
      value: `10 feedback-smtp.${settings.region}.amazonses.com`,
    },
    { id: "Spf", type: route53.RecordType.TXT, name: bounce, value: '"v=spf1 include:amazonses.com -all"' },
    {
      id: "Dmarc",
      type: route53.RecordType.TXT,
      name: `_dmarc.${settings.mailDomain}`,
      value: '"v=DMARC1; p=quarantine"',
    },
  ];
}

/** Whether names of `domain` are the zone's to hold. */
function covers(zone: string, domain: string): boolean {
  return domain === zone || domain.endsWith(`.${zone}`);
}
