/** What the Rust side wrote is read whole or not at all, and an area needs what its routes need. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { byArea, oneForAll, parseNeeds, type Route } from "../lib/routes.js";

function route(name: string, memoryMb: number, needs: object): Route {
  return { name, method: "GET", path: `/v1/${name}`, memoryMb, timeoutSeconds: 10, needs: parseNeeds(name, needs) };
}

describe("the needs of a program", () => {
  it("are nothing where nothing is written", () => {
    assert.deepEqual(parseNeeds("a.b", {}), { table: {}, indexes: {}, bucket: {}, secrets: {}, mail: [] });
  });

  it("are refused where a word is not known", () => {
    for (const written of [
      { queue: ["SendMessage"] },
      { secrets: { origin_key: ["GetSecretValue"] } },
      { table: { "ses#*": ["*"] } },
      { bucket: { "{ulid}/{ulid}": ["PutObjectAcl"] } },
      { secrets: { root_keys: ["DeleteSecret"] } },
      { mail: ["SendBulkEmail"] },
    ]) {
      assert.throws(() => parseNeeds("a.b", written), /^Error: `a\.b` needs `/);
    }
  });

  it("hold a scan only where it hides nothing else", () => {
    assert.ok(parseNeeds("operator", { table: { "*": ["Scan"] } }));
    assert.throws(() => parseNeeds("a.b", { table: { "{ulid}#*": ["Scan"] } }), /stands alone/);
    assert.throws(() => parseNeeds("a.b", { table: { "*": ["Scan", "GetItem"] } }), /stands alone/);
  });
});

describe("an area", () => {
  const list = route("contacts.list", 512, {
    table: { "ses#*": ["GetItem"], "{ulid}#con#*": ["Query"] },
    indexes: { created: ["{ulid}#list#*"] },
    secrets: { root_keys: ["GetSecretValue"] },
  });
  const create = route("contacts.create", 1769, {
    table: { "ses#*": ["GetItem", "UpdateItem"] },
    indexes: { inverse: ["{ulid}#obj#*"], created: ["{ulid}#list#*"] },
    bucket: { "{ulid}/{ulid}": ["PutObject"] },
    secrets: { root_keys: ["GetSecretValue"] },
  });

  it("needs what its routes need, each once, and is as large as the largest", () => {
    const { name, memoryMb, needs } = oneForAll("contacts", [list, create]);
    assert.deepEqual([name, memoryMb], ["contacts.*", 1769]);
    assert.deepEqual(needs, {
      table: { "ses#*": ["GetItem", "UpdateItem"], "{ulid}#con#*": ["Query"] },
      indexes: { created: ["{ulid}#list#*"], inverse: ["{ulid}#obj#*"] },
      bucket: { "{ulid}/{ulid}": ["PutObject"] },
      secrets: { root_keys: ["GetSecretValue"] },
      mail: [],
    });
  });

  it("is the part of names before the dot", () => {
    assert.deepEqual([...byArea([list, route("me.read", 512, {}), create]).keys()], ["contacts", "me"]);
  });
});
