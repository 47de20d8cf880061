// GraphQL-ESLint reads the committed SDL: its recommended rules for schemas, and Relay's.
// A rule is changed only with the reason beside it.
import graphql from "@graphql-eslint/eslint-plugin";

const SDL = "schema/schema.graphql";

export default [
  {
    files: [SDL],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: SDL } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,

      // Only a Node has an identity, and there the interface demands it. Facts, refusals, totals
      // and other values are known by what they say.
      "@graphql-eslint/strict-id-in-types": "off",

      // `Event.eventId`: `id` is the node's, and this one is in the recorded bytes. The rule knows
      // no exceptions.
      "@graphql-eslint/no-typename-prefix": "off",

      "@graphql-eslint/relay-edge-types": [
        "error",
        {
          // A beneficiary is a relation of a scheme and a facility. Relay's specification asks for
          // no identity; this option goes beyond it.
          shouldImplementNode: false,
          // What grows is a connection; what is short by nature, as the sectors of a period, is a
          // list.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
];
