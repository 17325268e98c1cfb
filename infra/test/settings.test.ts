/** Settings come from the context, and each mistake in them is one sentence. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { RetentionDays } from "aws-cdk-lib/aws-logs";

import { type Context, contextWith, LOG_DAYS, readSettings } from "../lib/settings.js";

const read = (added: Context) => readSettings(contextWith(added));

/** The message that refuses the settings, line by line. */
function mistakes(added: Context): string[] {
  try {
    read(added);
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

describe("settings", () => {
  it("are those of dev where no stage is named", () => {
    const settings = read({});
    assert.equal(settings.name, "vestibule-dev");
    assert.equal(settings.isProtected, false);
    assert.equal(settings.region, "eu-central-1");
    assert.equal(settings.functions, "route");
    assert.equal(settings.architecture, "x86_64");
  });

  it("protect everything but dev", () => {
    assert.equal(read({ stage: "staging" }).isProtected, true);
    assert.equal(read({ stage: "prod" }).isProtected, true);
  });

  it("are taken from the command line before cdk.json, where everything is text", () => {
    const settings = read({ stage: "prod", domain: "acme.vestibule.example", logDays: "14", traces: "false" });
    assert.equal(settings.domain, "acme.vestibule.example");
    assert.equal(settings.logDays, 14);
    assert.equal(settings.traces, false);
  });

  it("can be taken away by the command line", () => {
    const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e";
    const settings = read({ stage: "prod", zoneId: "", zoneName: "", certificate, budgetDollars: "" });
    assert.equal(settings.zone, undefined);
    assert.equal(settings.budgetDollars, undefined);
  });

  it("take as days of logs what CloudWatch takes", () => {
    const days = Object.values(RetentionDays).filter((days) => typeof days === "number");
    assert.deepEqual(
      LOG_DAYS,
      days.filter((days) => days !== RetentionDays.INFINITE),
    );
  });

  it("know the domain of mails from the address", () => {
    assert.equal(read({ mailFrom: "hello@mail.example.com" }).mailDomain, "mail.example.com");
  });

  it("refuse a stage that is none", () => {
    assert.deepEqual(mistakes({ stage: "production" }), ["The stage `production` is none of dev, staging, prod."]);
  });

  it("say each mistake in a sentence", () => {
    const context = {
      stage: "prod",
      domain: "https://trust.example.com",
      mailFrom: "Vestibule <hello@example.com>",
      logDays: "31",
      functions: "one",
      traces: "perhaps",
      requestsPerAddress: "0",
      zoneId: "",
      stages: { prod: { zoneName: "example.com", colour: "red" } },
    };
    assert.deepEqual(mistakes(context), [
      "The stage prod has a setting `colour`, which does not exist.",
      "The setting `mailFrom` of the stage prod is `Vestibule <hello@example.com>`; it must be a bare address such as no-reply@example.com.",
      "The setting `domain` of the stage prod is `https://trust.example.com`; it must be a domain name in lower case.",
      "The setting `zoneId` of the stage prod is missing; it must be a hosted zone's id, given together with zoneName.",
      "The setting `logDays` of the stage prod is `31`; it must be days that CloudWatch knows, such as 30.",
      "The setting `functions` of the stage prod is `one`; it must be route or area.",
      "The setting `traces` of the stage prod is `perhaps`; it must be true or false.",
      "The setting `requestsPerAddress` of the stage prod is `0`; it must be a number of requests from 10 on.",
    ]);
  });

  it("want a zone or a certificate, by which the domain is proved to be one's own", () => {
    assert.deepEqual(mistakes({ zoneId: "", zoneName: "" }), [
      "The setting `certificate` of the stage dev is missing; it must be the ARN of a certificate in us-east-1 where no `zoneId` is set.",
    ]);
  });

  it("refuse a zone that does not hold the domain", () => {
    assert.deepEqual(mistakes({ zoneName: "example.org" }), [
      "The setting `zoneName` of the stage dev is `example.org`; it must be a zone that holds dev.vestibule.example.",
    ]);
  });
});
