// A page of one scheme: its commitments arrive page by page, refetched through `node(id:)`.
import { graphql } from "relay-runtime";

export const query = graphql`
  query SchemePageQuery($code: String!) {
    scheme(code: $code) {
      title
      totals { total disbursed }
      ...SchemePage_commitments
    }
  }
`;

export const commitments = graphql`
  fragment SchemePage_commitments on Scheme
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
  @refetchable(queryName: "SchemePageNextQuery") {
    commitments(first: $first, after: $after) @connection(key: "SchemePage_commitments") {
      totalCount
      edges {
        node {
          ...SchemePage_commitment
        }
      }
    }
  }
`;

export const commitment = graphql`
  fragment SchemePage_commitment on Commitment {
    code
    amount
    status
    facility { name province { name } }
  }
`;
