// urql, with and without SSE. Told that subscriptions come over fetch, it names text/event-stream
// in the Accept header of everything it sends; ordinary queries must be answered all the same.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Client, cacheExchange, fetchExchange, gql } from "@urql/core";

const url = process.argv[2];
const authorization = `Bearer ${process.argv[3]}`;

const PERIOD = gql`
  query Period($code: String!) {
    period(code: $code) { id code totals { total } }
  }`;

const OPEN = gql`
  mutation Open($commandId: UUID!, $input: OpenPeriodInput!, $circumstances: Circumstances!) {
    openPeriod(commandId: $commandId, input: $input, circumstances: $circumstances) {
      __typename
      ... on Recorded { position }
      ... on Refusal { code message }
    }
  }`;

const FEED = gql`
  subscription Feed($after: Position!) {
    events(after: $after, batchSize: 5) { cursor events { position } }
  }`;

function connect(fetchSubscriptions, preferGetMethod = false) {
  return new Client({
    url,
    fetchSubscriptions,
    preferGetMethod,
    fetchOptions: { headers: { authorization } },
    exchanges: [cacheExchange, fetchExchange],
  });
}

// The next answer of a subscription. urql leaves a rejected promise behind when it is told to end
// while it hands over an answer; so it is told a moment later.
function first(client, document, variables) {
  return new Promise((resolve) => {
    const { unsubscribe } = client.subscription(document, variables).subscribe((result) => {
      resolve(result);
      setTimeout(() => unsubscribe());
    });
  });
}

for (const [mode, fetchSubscriptions] of [
  ["without SSE", false],
  ["with SSE", true],
]) {
  for (const method of ["GET", "POST"]) {
    test(`${mode}: a query is answered over ${method}`, async () => {
      const client = connect(fetchSubscriptions, method === "GET");
      const { data, error } = await client.query(PERIOD, { code: "2018-2020" });
      assert.equal(error?.message, undefined);
      assert.equal(data.period.totals.total, "181946900000");
    });
  }

  test(`${mode}: a refusal is an answer`, async () => {
    const { data, error } = await connect(fetchSubscriptions).mutation(OPEN, {
      commandId: randomUUID(),
      input: { code: "2041-2045", name: "Ngược", startsOn: "2045-01-01", endsOn: "2041-12-31" },
      circumstances: { effectiveOn: "2020-01-01" },
    });
    assert.equal(error?.message, undefined);
    assert.equal(data.openPeriod.__typename, "EndsBeforeStart");
  });

  test(`${mode}: a field that does not exist is a GraphQL error`, async () => {
    const { error } = await connect(fetchSubscriptions).query("{ nowhere }", {});
    assert.equal(error.networkError, undefined);
    assert.match(error.graphQLErrors[0].message, /nowhere/);
  });
}

test("with SSE: a reader resumes at its cursor", async () => {
  const client = connect(true);
  const positions = [];
  let after = "0";
  for (let visit = 0; visit < 3; visit += 1) {
    const { data, error } = await first(client, FEED, { after });
    assert.equal(error?.message, undefined);
    positions.push(...data.events.events.map((event) => Number(event.position)));
    after = data.events.cursor;
  }
  assert.deepEqual(positions, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test("with SSE: a wrong subscription is answered with an error", async () => {
  const { error } = await first(connect(true), gql`subscription { nowhere }`, {});
  assert.match(error.message, /nowhere/);
});
