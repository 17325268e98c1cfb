/** Every role may do what its program needs, and nothing else. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { type Program, programsOf, readWorkers } from "../../lib/routes.js";
import { expectedRights, linesOf, rightsOf, type Statement } from "../role_rights.js";
import { type Resource, Synthesized } from "../synthesized.js";

/** Longest all inline policies of a role may be together, spaces aside (IAM's quotas). */
const INLINE_POLICIES_CHARACTERS_MAX = 10_240;

/** At least as long as any ARN or name of ours that a template only refers to. */
const LONG_REFERENCE = "x".repeat(128);

const AROUND = {
  region: "eu-central-1",
  account: "000000000000",
  from: "no-reply@mail.vestibule.example",
  configurationSet: "vestibule-prod",
};

/** The parts that hold what is our own; their policies are written by us alone. */
const PARTS = ["data", "mail", "api", "worker"];

/** Roles of the CDK's own: they hand values on to the edge's region when a stack is deployed. */
const HANDERS_ON = ["api", "data"].map((part) => `${part}/Custom::CrossRegionExportWriterCustomResourceProvider/Role`);

for (const functions of ["route", "area"] as const) {
  describe(`with a function for each ${functions}`, () => {
    // Traces are off unless a stage wants them; each way is read once.
    const traces = functions === "area";
    const synthesized = Synthesized.of({ stage: "prod", functions, ...(traces && { traces }) });
    const roles = synthesized.resources("AWS::IAM::Role", ...PARTS);
    const ours = roles.filter(({ place }) => !HANDERS_ON.includes(place));
    const programs = [...programsOf({ functions }).values()].flat();
    const { worker, operator } = readWorkers();
    const places: [string, Program][] = [
      ...programs.map((program): [string, Program] => [
        `api/${program.name.split(".")[0]}/${program.name}/Role`,
        program,
      ]),
      ["worker/Worker/Role", worker],
      ["worker/Operator/Role", operator],
    ];

    it("has a role for each program and no other", () => {
      const expected = [...places.map(([place]) => place), ...HANDERS_ON];
      assert.deepEqual(roles.map(({ place }) => place).sort(), expected.sort());
    });

    for (const [place, program] of places) {
      it(`lets ${program.name} do what it needs`, () => {
        const role = ours.find((role) => role.place === place) as Resource;
        const around = { ...AROUND, place, traces, stream: program.name === "worker" };
        assert.deepEqual(rightsOf(role, synthesized), expectedRights(program.needs, around));
        assert.equal(role.Properties["ManagedPolicyArns"], undefined);
      });
    }

    it("asks each action once for all its keys, since a request must find them in one statement", () => {
      for (const role of ours) {
        const limited = role.Properties["Policies"]
          .flatMap((policy: any) => policy.PolicyDocument.Statement)
          .filter((statement: any) => statement.Condition?.["ForAllValues:StringLike"])
          .flatMap(({ Action, Resource }: any) =>
            [Action].flat().map((action: string) => `${action} ${synthesized.text(Resource, role.template)}`),
          );
        assert.deepEqual(limited, [...new Set(limited)], role.place);
      }
    });

    it("writes no policy longer than IAM takes", () => {
      for (const role of ours) {
        const text = JSON.stringify(role.Properties["Policies"], (_, value) =>
          value?.["Fn::ImportValue"] || value?.["Fn::GetAtt"] ? LONG_REFERENCE : value,
        );
        assert.ok(text.length <= INLINE_POLICIES_CHARACTERS_MAX, `${role.place}: ${text.length} characters`);
      }
    });

    it("leaves no policy beside the roles", () => {
      for (const type of ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"]) {
        assert.deepEqual(synthesized.resources(type, ...PARTS), []);
      }
    });
  });
}

describe("the reading of rights", () => {
  const allow = (Action: string, Resource: string, Condition?: Statement["Condition"]) =>
    linesOf({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) }, String);

  it("tells one right from another", () => {
    const keys = { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["ses#*", "idn#*"] } };
    assert.deepEqual(allow("dynamodb:GetItem", "table", keys), [
      "dynamodb:GetItem table ses#*",
      "dynamodb:GetItem table idn#*",
    ]);
    assert.notDeepEqual(allow("dynamodb:GetItem", "table"), allow("dynamodb:GetItem", "table", keys));
  });

  it("refuses families of actions", () => {
    assert.throws(() => allow("dynamodb:*", "table"), /family of actions/);
    assert.throws(() => allow("kms:ReEncrypt*", "key"), /family of actions/);
  });

  it("refuses everything as a resource but where AWS knows nothing narrower", () => {
    assert.throws(() => allow("s3:GetObject", "*"), /allowed everywhere/);
    assert.throws(() => allow("s3:GetObject", "*/documents"), /allowed everywhere/);
    assert.deepEqual(allow("dynamodb:ListStreams", "*"), ["dynamodb:ListStreams *"]);
  });

  it("refuses a condition that holds for less than it seems to", () => {
    const anyOf = { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["ses#*"] } };
    assert.throws(() => allow("dynamodb:GetItem", "table", anyOf), /no role of ours has/);
  });
});
