/** Every row of the API has its function, in every stage and mode, and every template keeps within CloudFormation. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { programsOf } from "../../lib/routes.js";
import { STAGES } from "../../lib/settings.js";
import { type Resource, Synthesized, type Template } from "../synthesized.js";

/** CloudFormation takes 500 resources and 200 of each of the others; the rest is room to grow. */
const RESOURCES_MAX = 450;
const OUTPUTS_MAX = 150;
const PARAMETERS_MAX = 150;

/** CloudFormation fills in no more secrets for one template; while the origin key is changed, each is there twice. */
const SECRETS_MAX = 60 / 2;

/** How a template refers to a secret, the one before included. */
const SECRET = /\{\{resolve:secretsmanager:/g;

for (const stage of STAGES) {
  for (const functions of ["route", "area"] as const) {
    describe(`${stage} with a function for each ${functions}`, () => {
      const synthesized = Synthesized.of({ stage, functions });
      const programs = [...programsOf({ functions }).values()].flat();

      it("has a function for each program, as large and as patient as it asks", () => {
        const found = synthesized
          .resources("AWS::Lambda::Function", "api")
          .filter(({ place }) => !place.includes("/Custom::"));
        assert.deepEqual(
          found
            .map(({ Properties: properties }) => [
              properties["Handler"],
              properties["MemorySize"],
              properties["Timeout"],
            ])
            .sort(),
          programs.map(({ name, memoryMb, timeoutSeconds }) => [name, memoryMb, timeoutSeconds]).sort(),
        );
      });

      it("has a log group for each function, named after it", () => {
        const groups = synthesized
          .resources("AWS::Logs::LogGroup", "api")
          .map(({ Properties }) => Properties["LogGroupName"]);
        const expected = programs.map(
          ({ name }) => `/aws/lambda/vestibule-${stage}-${name.replace(".*", "").replace(".", "-")}`,
        );
        assert.deepEqual(groups.sort(), [...expected, `/aws/apigateway/vestibule-${stage}`].sort());
      });

      it("leads each row of routes.json to its function", () => {
        assert.deepEqual(
          routesIn(synthesized).sort(),
          programs
            .flatMap((program) => program.routes.map((row) => `${row.method} ${row.path} → ${place(program.name)}`))
            .sort(),
        );
      });

      it("lets the API and nobody else call the functions", () => {
        const allowed = synthesized.resources("AWS::Lambda::Permission", "api");
        assert.deepEqual(
          allowed.map(({ Properties, template }) => synthesized.text(Properties["FunctionName"], template)).sort(),
          programs.map(({ name }) => `<${place(name)}/Function Arn>`).sort(),
        );
        for (const { Properties: properties, template } of allowed) {
          assert.equal(properties["Principal"], "apigateway.amazonaws.com");
          assert.match(synthesized.text(properties["SourceArn"], template), /^arn:aws:execute-api:[^*]+\/\*\/\*\/\*$/);
        }
      });

      it("keeps every template within CloudFormation's limits", () => {
        for (const [file, template] of synthesized.templates) {
          const count = (part: object | undefined) => Object.keys(part ?? {}).length;
          assert.ok(count(template.Resources) <= RESOURCES_MAX, `${file}: ${count(template.Resources)} resources`);
          assert.ok(count(template.Outputs) <= OUTPUTS_MAX, `${file}: ${count(template.Outputs)} outputs`);
          assert.ok(count(template.Parameters) <= PARAMETERS_MAX, `${file}: ${count(template.Parameters)} parameters`);
          const secrets = JSON.stringify(template).match(SECRET)?.length ?? 0;
          assert.ok(secrets <= SECRETS_MAX, `${file}: ${secrets} secrets`);
        }
      });

      it("changes the API in one row, the stage at its end", () => {
        const changes = ["Integration", "Route"].flatMap((type) => synthesized.resources(`AWS::ApiGatewayV2::${type}`));
        const [{ template, place } = assert.fail(), ...others] = changes;
        assert.ok(others.every((change) => change.template === template));
        assert.equal(longestRow(template), changes.length);
        const stack = nested(synthesized, place.split("/")[1] ?? "");
        const end = synthesized.only("AWS::ApiGatewayV2::Stage", "api");
        assert.deepEqual(waitsFor(end), [stack.place]);
        const areas = [...programsOf({ functions }).keys()].map((area) => nested(synthesized, area));
        assert.deepEqual(waitsFor(stack).sort(), areas.map((area) => area.place).sort());
        assert.deepEqual(areas.flatMap(waitsFor), [], "functions of different areas are made side by side");
      });

      it("knows routes by what they serve, so that a new name makes no second one", () => {
        const places = synthesized.resources("AWS::ApiGatewayV2::Route").map((route) => route.place);
        const rows = programs.flatMap((program) => program.routes);
        assert.deepEqual(
          places.sort(),
          rows.map(({ method, path }) => `api/routes/${method} ${path.replaceAll("/", "--")}`).sort(),
        );
      });
    });
  }
}

describe("a log", () => {
  it("outlives a protected stage, but for a try to make it that failed", () => {
    const policies = (stage: string) =>
      new Set(
        Synthesized.of({ stage })
          .resources("AWS::Logs::LogGroup")
          .map(({ DeletionPolicy }) => DeletionPolicy),
      );
    assert.deepEqual([...policies("prod")], ["RetainExceptOnCreate"]);
    assert.deepEqual([...policies("dev")], ["Delete"]);
  });

  it("is found again by a name that is written out, or nothing takes it up", () => {
    for (const { Properties: properties, place } of Synthesized.of({ stage: "prod" }).resources(
      "AWS::Logs::LogGroup",
    )) {
      assert.equal(typeof properties["LogGroupName"], "string", place);
    }
  });
});

describe("a function of the API", () => {
  const originKeyVersion = "2f6f2c4e-7c1b-4a62-9a55-6d1f0f7d3c11";
  const originKeyVersionBefore = "0b9f5d77-42f0-4f0e-8c55-1d9b6c2a7e30";
  const synthesized = Synthesized.of({
    stage: "prod",
    architecture: "arm64",
    reservedConcurrency: "5",
    originKeyVersion,
    originKeyVersionBefore,
  });
  const originKeyIn = (version: string) =>
    `{{resolve:secretsmanager:vestibule-prod-origin-key:SecretString:::${version}}}`;
  const originKey = originKeyIn(originKeyVersion);
  const [{ Properties: properties, template }] = synthesized.resources("AWS::Lambda::Function", "api/contacts") as [
    any,
  ];

  it("runs our program and knows where everything is", () => {
    assert.equal(properties.Runtime, "provided.al2023");
    assert.deepEqual(properties.Architectures, ["arm64"]);
    assert.equal(properties.ReservedConcurrentExecutions, 5);
    const environment = Object.entries(properties.Environment.Variables).map(([name, value]) => [
      name,
      synthesized.text(value, template),
    ]);
    assert.deepEqual(Object.fromEntries(environment), {
      TABLE_NAME: "<data/Table>",
      BUCKET: "<data/Documents>",
      BASE_URL: "https://trust.vestibule.example",
      ROOT_KEYS_SECRET: "<data/RootKeys>",
      ORIGIN_KEY: originKey,
      ORIGIN_KEY_BEFORE: originKeyIn(originKeyVersionBefore),
      RUST_LOG: "info",
    });
  });

  it("gets the same version of the origin key as the edge", () => {
    const { DistributionConfig: edge } = synthesized.only("AWS::CloudFront::Distribution", "edge").Properties;
    const headers = edge.Origins.flatMap((origin: any) => origin.OriginCustomHeaders ?? []);
    assert.deepEqual(headers, [{ HeaderName: "x-origin-key", HeaderValue: originKey }]);
  });

  it("is throttled and logged at the API's door", () => {
    const { Properties: stage } = synthesized.only("AWS::ApiGatewayV2::Stage", "api");
    assert.equal(stage["StageName"], "$default");
    assert.ok(stage["AutoDeploy"]);
    assert.deepEqual(stage["DefaultRouteSettings"], { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 500 });
    const line = JSON.parse(stage["AccessLogSettings"].Format);
    assert.equal(line.route, "$context.routeKey");
    assert.ok(!JSON.stringify(line).includes("sourceIp"), "an address is in no log");
  });
});

/** Where a program's function is. */
function place(program: string): string {
  return `api/${program.split(".")[0]}/${program}`;
}

/** Each route with the function that its integration names. */
function routesIn(synthesized: Synthesized): string[] {
  const functions = new Map(
    synthesized
      .resources("AWS::Lambda::Function", "api")
      .map(({ Properties, place }) => [Properties["FunctionName"], place.replace(/\/Function$/, "")]),
  );
  return synthesized.resources("AWS::ApiGatewayV2::Route").map(({ Properties: route, template }) => {
    assert.equal(route["AuthorizationType"], "NONE");
    // Target: "integrations/" and a reference.
    const integration = template.Resources[route["Target"]["Fn::Join"][1][1]["Ref"]]?.Properties ?? {};
    assert.equal(integration["PayloadFormatVersion"], "2.0");
    assert.equal(integration["IntegrationType"], "AWS_PROXY");
    const name = /^arn:aws:lambda:eu-central-1:000000000000:function:(.*)$/.exec(integration["IntegrationUri"])?.[1];
    return `${route["RouteKey"]} → ${functions.get(name)}`;
  });
}

/** How many resources of a template wait for one another at the most, one for the next. */
function longestRow(template: Template): number {
  const lengths = new Map<string, number>();
  const lengthTo = (id: string): number => {
    const known = lengths.get(id);
    if (known !== undefined) return known;
    const { DependsOn: waits = [], Properties } = template.Resources[id] ?? {};
    const references = [...JSON.stringify(Properties ?? {}).matchAll(/"Ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
    const before = [...waits, ...references].filter((other) => other in template.Resources);
    const length = 1 + Math.max(0, ...before.map(lengthTo));
    lengths.set(id, length);
    return length;
  };
  return Math.max(...Object.keys(template.Resources).map(lengthTo));
}

/** The nested stack of an area, or of the routes. */
function nested(synthesized: Synthesized, id: string): Resource {
  const found = synthesized
    .resources("AWS::CloudFormation::Stack", "api")
    .find(({ place }) => place === `api/${id}.NestedStack/${id}.NestedStackResource`);
  return found ?? assert.fail(id);
}

/** Places of what a resource waits for by its own word. */
function waitsFor({ DependsOn: waits = [], template }: Resource): string[] {
  return waits.map((id) => template.Resources[id]?.Metadata?.["aws:cdk:path"]?.replace(/^vestibule-\w+-/, "") ?? id);
}
