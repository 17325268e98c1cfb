/** How mails leave, what is told of them, and which records the domain gets. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Match, Template } from "aws-cdk-lib/assertions";

import { MailStack } from "../lib/mail.js";
import { offlineApp } from "../lib/offline.js";
import type { Settings } from "../lib/settings.js";
import { placeOf, settingsWith, settingsWithout } from "./fixture.js";

function build(settings: Settings) {
  const app = offlineApp({});
  const stack = new MailStack(app, "mail", { settings, env: placeOf(settings) });
  return { stack, template: Template.fromStack(stack) };
}

const whole = build(settingsWith());

test("the domain signs its mails and has bounces come back to itself", () => {
  whole.template.hasResourceProperties("AWS::SES::EmailIdentity", {
    EmailIdentity: "mail.example.com",
    DkimSigningAttributes: { NextSigningKeyLength: "RSA_2048_BIT" },
    MailFromAttributes: { MailFromDomain: "bounce.mail.example.com" },
    ConfigurationSetAttributes: { ConfigurationSetName: Match.anyValue() },
  });
});

test("mails go by TLS, and not to addresses that bounced or complained", () => {
  assert.equal(whole.stack.configurationSetName, "vestibule-prod");
  whole.template.hasResourceProperties("AWS::SES::ConfigurationSet", {
    Name: "vestibule-prod",
    DeliveryOptions: { TlsPolicy: "REQUIRE" },
    ReputationOptions: { ReputationMetricsEnabled: true },
    SuppressionOptions: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  });
});

test("all news of mails goes to the default event bus, and nobody is watched reading", () => {
  whole.template.resourceCountIs("AWS::SES::ConfigurationSetEventDestination", 1);
  whole.template.hasResourceProperties("AWS::SES::ConfigurationSetEventDestination", {
    EventDestination: {
      Enabled: true,
      EventBridgeDestination: { EventBusArn: "arn:aws:events:eu-central-1:123456789012:event-bus/default" },
      MatchingEventTypes: ["send", "delivery", "bounce", "complaint", "reject", "deliveryDelay", "renderingFailure"],
    },
  });
  whole.template.resourceCountIs("AWS::SNS::Topic", 0);
});

test("a zone that covers the mail domain gets all of its records", () => {
  const records = Object.values(whole.template.findResources("AWS::Route53::RecordSet")).map(
    ({ Properties: { Type, Name, ResourceRecords } }) => (Type === "CNAME" ? Type : [Type, Name, ...ResourceRecords]),
  );
  assert.deepEqual(records, [
    "CNAME",
    "CNAME",
    "CNAME",
    ["MX", "bounce.mail.example.com.", "10 feedback-smtp.eu-central-1.amazonses.com"],
    ["TXT", "bounce.mail.example.com.", '"v=spf1 include:amazonses.com -all"'],
    ["TXT", "_dmarc.mail.example.com.", '"v=DMARC1; p=quarantine"'],
  ]);
  assert.deepEqual(whole.template.findOutputs("*"), {});
});

test("without a zone, or with another domain's, the records are shown", () => {
  const elsewhere = settingsWith({ mailFrom: "hello@notexample.com", mailDomain: "notexample.com" });
  for (const settings of [settingsWithout("zone"), elsewhere]) {
    const { template } = build(settings);
    template.resourceCountIs("AWS::Route53::RecordSet", 0);
    const outputs = template.findOutputs("*");
    assert.deepEqual(Object.keys(outputs), [
      "Dkim1Record",
      "Dkim2Record",
      "Dkim3Record",
      "MailFromRecord",
      "SpfRecord",
      "DmarcRecord",
    ]);
    assert.equal(outputs["DmarcRecord"]?.["Value"], `_dmarc.${settings.mailDomain} TXT "v=DMARC1; p=quarantine"`);
  }
});
