// The client of the graphql-transport-ws protocol, from the package that defines it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws"; // a browser has its own

const url = process.argv[2].replace("http:", "ws:");
const authorization = `Bearer ${process.argv[3]}`;

const connectionParams = { authorization };
const client = createClient({ url, webSocketImpl: WebSocket, lazy: false, connectionParams });
after(() => client.dispose());

const FEED = `
  subscription Feed($after: Position!) {
    events(after: $after, batchSize: 5) { cursor events { position } }
  }`;

// The next answer of an operation; leaving the loop ends the operation.
async function first(request) {
  for await (const answer of client.iterate(request)) return answer;
}

test("a query is answered over the socket", async () => {
  const { data } = await first({ query: `{ period(code: "2018-2020") { facilityCount } }` });
  assert.deepEqual(data, { period: { facilityCount: 63 } });
});

test("a reader resumes at its cursor", async () => {
  let cursor = "0";
  const positions = [];
  for (let visit = 0; visit < 3; visit += 1) {
    const { data } = await first({ query: FEED, variables: { after: cursor } });
    positions.push(...data.events.events.map((event) => Number(event.position)));
    cursor = data.events.cursor;
  }
  assert.deepEqual(positions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test("many operations share one socket", async () => {
  const starts = ["0", "5", "10"];
  const answers = await Promise.all(
    starts.map((start) => first({ query: FEED, variables: { after: start } })),
  );
  assert.deepEqual(
    answers.map(({ data }) => Number(data.events.cursor)),
    [5, 10, 15],
  );
});

test("a wrong document is answered with errors, and the socket lives on", async () => {
  let closed = false;
  const forget = client.on("closed", () => (closed = true));
  await assert.rejects(first({ query: "{ nowhere }" }), (errors) => {
    assert.match(errors[0].message, /nowhere/);
    return true;
  });
  const { data } = await first({ query: "{ __typename }" });
  assert.equal(data.__typename, "Query");
  assert.equal(closed, false);
  forget();
});

test("a ping is answered with a pong", async () => {
  const pinging = createClient({ url, webSocketImpl: WebSocket, lazy: false, keepAlive: 20 });
  const received = await new Promise((resolve) => pinging.on("pong", resolve));
  assert.equal(received, true);
  await pinging.dispose();
});
