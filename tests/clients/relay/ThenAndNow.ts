// Two moments of one node in one answer; and a refusal as what it is, whichever it is.
import { graphql } from "relay-runtime";

export const query = graphql`
  query ThenAndNowQuery($id: ID!, $day: Date!) {
    then: asOf(effectiveOn: $day) { node(id: $id) { ...ThenAndNow_scheme @alias } }
    now: node(id: $id) { ...ThenAndNow_scheme @alias }
  }
`;

export const scheme = graphql`
  fragment ThenAndNow_scheme on Scheme {
    status
    totals { grant disbursed }
  }
`;

export const approve = graphql`
  mutation ThenAndNowApproveMutation(
    $commandId: UUID!
    $input: ApproveSchemeInput!
    $circumstances: Circumstances!
  ) {
    approveScheme(commandId: $commandId, input: $input, circumstances: $circumstances) {
      __typename
      ... on Recorded { position }
      ... on Refusal { code message messageVi }
    }
  }
`;

export const feed = graphql`
  subscription ThenAndNowSubscription($after: Position!) {
    events(after: $after) { cursor events { position type } }
  }
`;
