// graphql-inspector compares two schemas: the changes that break a client, as JSON.
//
//     node inspector.mjs released.graphql schema.graphql
import { readFileSync } from "node:fs";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const [before, now] = process.argv.slice(2).map((file) => buildSchema(readFileSync(file, "utf8")));

const breaking = (await diff(before, now))
  .filter((change) => change.criticality.level === CriticalityLevel.Breaking)
  .map(({ path, message }) => ({ path, message }));

console.log(JSON.stringify(breaking));
