// Apollo Client: cached reads, refusals as union members, automatic persisted queries over GET.
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { ApolloLink, CombinedGraphQLErrors } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { buildSchema } from "graphql";

const url = process.argv[2];
const authorization = `Bearer ${process.argv[3]}`;

const PERIOD = gql`
  query Period($code: String!) {
    period(code: $code) { id code totals { total grant } }
  }`;

const OPEN = gql`
  mutation Open($commandId: UUID!, $input: OpenPeriodInput!, $circumstances: Circumstances!) {
    openPeriod(commandId: $commandId, input: $input, circumstances: $circumstances) {
      ... on Recorded { position repeated }
      ... on Refusal { code message messageVi }
    }
  }`;

const period = (code, startsOn, endsOn) => ({ code, name: "Giai đoạn", startsOn, endsOn });

const circumstances = { effectiveOn: "2020-01-01" };

// The members of each interface, so that the cache knows that `EndsBeforeStart` is a `Refusal`.
const schema = buildSchema(readFileSync("../../schema/schema.graphql", "utf8"));
const possibleTypes = Object.fromEntries(
  ["Node", "Refusal"].map((name) => [
    name,
    schema.getPossibleTypes(schema.getType(name)).map((type) => type.name),
  ]),
);

function connect(link = new HttpLink({ uri: url, headers: { authorization } })) {
  return new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });
}

// Automatic persisted queries: a document is sent once, by anybody; after that its hash will do.
function persisted(fetch) {
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  return ApolloLink.from([
    new PersistedQueryLink({ sha256, useGETForHashedQueries: true }),
    new HttpLink({ uri: url, headers: { authorization }, fetch }),
  ]);
}

// `fetch`, and a list of what was sent: its method, and whether the document was in it.
function watched() {
  const sent = [];
  async function watching(address, options) {
    const words = decodeURIComponent(address) + (options.body ?? "");
    sent.push(`${options.method} ${words.includes("query Period") ? "document" : "hash"}`);
    return fetch(address, options);
  }
  return [watching, sent];
}

test("a query is answered, and asked again it comes from the cache", async () => {
  const client = connect();
  const asked = { query: PERIOD, variables: { code: "2018-2020" } };
  const { data } = await client.query(asked);
  assert.equal(data.period.totals.total, "181946900000"); // money is a string: nothing is rounded
  assert.deepEqual(client.readQuery(asked), data);
});

test("a command is carried out once, however often it is sent", async () => {
  const client = connect();
  const input = period("2031-2035", "2031-01-01", "2035-12-31");
  const variables = { commandId: randomUUID(), input, circumstances };
  const first = await client.mutate({ mutation: OPEN, variables });
  const again = await client.mutate({ mutation: OPEN, variables });
  assert.equal(first.data.openPeriod.repeated, false);
  assert.equal(again.data.openPeriod.repeated, true);
  assert.equal(again.data.openPeriod.position, first.data.openPeriod.position);
});

test("a refusal is an answer, in English and Vietnamese", async () => {
  const input = period("2041-2045", "2045-01-01", "2041-12-31");
  const variables = { commandId: randomUUID(), input, circumstances };
  const { data } = await connect().mutate({ mutation: OPEN, variables });
  assert.equal(data.openPeriod.__typename, "EndsBeforeStart");
  assert.ok(data.openPeriod.message);
  assert.ok(data.openPeriod.messageVi);
});

test("a field that does not exist is a GraphQL error, not a network error", async () => {
  const asked = connect().query({ query: gql`{ nowhere }` });
  await assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.match(error.errors[0].message, /nowhere/);
    return true;
  });
});

test("a wrong argument is a GraphQL error with a code", async () => {
  const asked = connect().query({ query: gql`{ periods(first: 100000) { totalCount } }` });
  await assert.rejects(asked, (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.ok(error.errors[0].extensions.code);
    return true;
  });
});

test("a document is sent once; after that its hash is enough, over GET", async () => {
  const [watching, sent] = watched();
  for (const code of ["2018-2020", "2031-2035"]) {
    const client = connect(persisted(watching));
    const { data } = await client.query({ query: PERIOD, variables: { code } });
    assert.equal(data.period.code, code);
  }
  assert.deepEqual(sent, ["GET hash", "POST document", "GET hash"]);
});
