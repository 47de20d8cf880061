// GraphQL Code Generator: TypeScript types of the schema and of every document that is given.
//
//     node codegen.mjs schema.graphql one.graphql two.graphql ... > generated.ts
import { readFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const [schema, ...documents] = process.argv
  .slice(2)
  .map((location) => ({ location, document: parse(readFileSync(location, "utf8")) }));

// What each scalar is in JSON: said once, for Relay's compiler too.
const relay = new URL("relay/relay.config.json", import.meta.url);
const scalars = JSON.parse(readFileSync(relay, "utf8")).customScalarTypes;

const text = await codegen({
  filename: "generated.ts",
  schema: schema.document,
  documents,
  config: { scalars, strictScalars: true, immutableTypes: true, useTypeImports: true },
  plugins: [{ typescript: {} }, { operations: {} }],
  pluginMap: { typescript, operations },
});

process.stdout.write(text);
