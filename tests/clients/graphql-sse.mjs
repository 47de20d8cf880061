// The client of GraphQL over SSE, in both modes: a stream for each operation, and one for all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-sse";

const url = process.argv[2];
const authorization = `Bearer ${process.argv[3]}`;
const headers = { authorization };

const FEED = `
  subscription Feed($after: Position!) {
    events(after: $after, batchSize: 5) { cursor events { position } }
  }`;

// The next answer of an operation; leaving the loop ends the operation.
async function first(client, request) {
  for await (const answer of client.iterate(request)) return answer;
}

for (const [mode, singleConnection] of [
  ["a stream for each operation", false],
  ["one stream for all operations", true],
]) {
  test(`${mode}: a query is answered`, async () => {
    const client = createClient({ url, headers, singleConnection, retryAttempts: 0 });
    const query = `{ period(code: "2018-2020") { facilityCount } }`;
    const { data } = await first(client, { query });
    assert.deepEqual(data, { period: { facilityCount: 63 } });
    client.dispose();
  });

  test(`${mode}: a reader resumes at its cursor`, async () => {
    const client = createClient({ url, headers, singleConnection, retryAttempts: 0 });
    const positions = [];
    let cursor = "0";
    for (let visit = 0; visit < 3; visit += 1) {
      const { data } = await first(client, { query: FEED, variables: { after: cursor } });
      positions.push(...data.events.events.map((event) => Number(event.position)));
      cursor = data.events.cursor;
    }
    assert.deepEqual(positions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    client.dispose();
  });

  test(`${mode}: several operations at once`, async () => {
    const client = createClient({ url, headers, singleConnection, retryAttempts: 0 });
    const starts = ["0", "5", "10"];
    const answers = await Promise.all(
      starts.map((start) => first(client, { query: FEED, variables: { after: start } })),
    );
    assert.deepEqual(
      answers.map(({ data }) => Number(data.events.cursor)),
      [5, 10, 15],
    );
    client.dispose();
  });

  test(`${mode}: a wrong document is refused, and the next one is answered`, async () => {
    const client = createClient({ url, headers, singleConnection, retryAttempts: 0 });
    const said = await first(client, { query: "{ nowhere }" }).catch((error) => error);
    // Into the one stream goes what is executed; the client keeps but the status of what is not.
    if (singleConnection) assert.ok([200, 400].includes(said.response.status), String(said));
    else assert.match(said.errors[0].message, /nowhere/);
    const { data } = await first(client, { query: "{ __typename }" });
    assert.equal(data.__typename, "Query");
    client.dispose();
  });
}
