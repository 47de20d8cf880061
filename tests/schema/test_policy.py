"""The table of access, walked: every field and every command, for every role."""

from collections import deque
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from events.vocabulary import Role
from schema.access.policy import COMMANDS, FEEDS, may_read, readers, rules
from schema.access.principal import Principal
from schema.planner.scope import ForbiddenError, figure
from tests.house.test_questions import called
from tests.schema.apart import APART, ERRANDS, TYPES
from tests.schema.callers import EVERY_CALLER, caller
from tests.schema.plans import DOCUMENTS, plan_of

SCHEMA: GraphQLSchema = DOCUMENTS.schema
ROLES = tuple(Role)


def types() -> Iterator[GraphQLObjectType]:
    """Every type that says something by itself."""
    for type_ in SCHEMA.type_map.values():
        is_object = isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__")
        if is_object and not type_.name.endswith(("Connection", "Edge", "PageInfo")):
            yield type_


def is_answer(type_: GraphQLObjectType) -> bool:
    """Whether it only ever answers a command: a refusal is for whoever is refused."""
    return any(each.name == "Refusal" for each in type_.interfaces)


DOORS = {"Mutation", "Subscription", "Preview"}
COORDINATES = {
    f"{type_.name}.{field}"
    for type_ in types()
    if type_.name not in DOORS and not is_answer(type_)
    for field in type_.fields
}


def test_every_field_has_a_rule_and_every_rule_a_field() -> None:
    assert rules().keys() == COORDINATES


def test_every_command_has_a_rule_and_every_rule_a_command() -> None:
    mutation, subscription = SCHEMA.mutation_type, SCHEMA.subscription_type
    assert mutation
    assert subscription
    assert COMMANDS.keys() == mutation.fields.keys()
    assert FEEDS.keys() == subscription.fields.keys()


def test_every_command_of_the_fund_can_be_previewed_and_nothing_else() -> None:
    preview = SCHEMA.type_map["Preview"]
    assert isinstance(preview, GraphQLObjectType)
    assert preview.fields.keys() == COMMANDS.keys() - ERRANDS - {"revealContact"}


def test_what_no_rule_names_is_read_by_nobody() -> None:
    assert readers("Facility", "secret") is None
    assert not may_read(frozenset(Role), "Facility", "secret")


def test_an_auditor_commands_nothing_and_an_admin_no_money() -> None:
    given = {role: {name for name, may in COMMANDS.items() if role in may} for role in Role}
    assert given[Role.PUBLIC] == given[Role.AUDITOR] == set()
    assert given[Role.INTEGRATOR] == ERRANDS
    assert given[Role.ADMIN] == {"proposeMandate", "confirmMandate", "revokeMandate"}
    assert given[Role.ACCOUNTANT] == {"payAdvance", "payDisbursement", "reversePayment"}
    assert not given[Role.ACCOUNTANT] & given[Role.APPROVER]
    assert not given[Role.CENTRE_MANAGER] & {"approveScheme", "approveSettlement", "payAdvance"}


def ways() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """For each field of each type that a read can reach: the shortest way to ask for it."""
    assert SCHEMA.query_type
    ahead: deque[tuple[GraphQLObjectType, tuple[str, ...]]] = deque([(SCHEMA.query_type, ())])
    seen = {SCHEMA.query_type.name}
    while ahead:
        type_, way = ahead.popleft()
        for name, field in type_.fields.items():
            yield type_.name, name, (*way, called(name, field))
            below = get_named_type(field.type)
            members = below.types if isinstance(below, GraphQLUnionType) else (below,)
            for each in members:
                if isinstance(each, GraphQLObjectType) and each.name not in seen | DOORS:
                    seen.add(each.name)
                    spread = (f"... on {each.name}",) if len(members) > 1 else ()
                    ahead.append((each, (*way, called(name, field), *spread)))


def document(way: tuple[str, ...], type_: str, field: str) -> str:
    """A question for one field, and nothing else."""
    found = SCHEMA.type_map[type_]
    assert isinstance(found, GraphQLObjectType)
    is_leaf = is_leaf_type(get_named_type(found.fields[field].type))
    return "{ " + " { ".join(way) + ("" if is_leaf else " { __typename }") + " }" * len(way)


def passed(way: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The coordinates that a way leads through."""
    type_ = SCHEMA.query_type
    for step in way:
        if step.startswith("... on "):
            type_ = SCHEMA.type_map[step.removeprefix("... on ")]  # type: ignore[assignment]
            continue
        assert isinstance(type_, GraphQLObjectType)
        name = step.partition("(")[0]
        yield type_.name, name
        type_ = get_named_type(type_.fields[name].type)  # type: ignore[assignment]


WAYS = tuple(
    each
    for each in ways()
    if each[0] not in TYPES and not (each[0] == "Query" and each[1] in APART)
)


def test_the_walk_meets_every_field_of_the_fund() -> None:
    met = {f"{type_}.{field}" for type_, field, _ in WAYS}
    left = {each for each in COORDINATES - met if each.partition(".")[0] not in SPLICED | TYPES}
    assert left == {f"Query.{each}" for each in APART}


SPLICED = {
    "ContactRevealed",
    "EventBatch",
    "LedgerMove",
    "Recorded",
    "WebhookChanged",
    "WebhookRegistered",
}
"""What the executor answers: whoever has come through the door reads it."""


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_field_is_answered_or_refused_as_the_table_says(role: Role) -> None:
    who = caller(role)
    wrong = [
        f"{type_}.{field}"
        for type_, field, way in WAYS
        if is_planned(document(way, type_, field), who)
        is not all(may_read(who.roles, *each) for each in passed(way))
    ]
    assert wrong == []


def is_planned(asked: str, who: Principal) -> bool:
    try:
        plan_of(asked, scope=who.scope)
    except ForbiddenError:
        return False
    return True


CONTACT = sorted(SCHEMA.type_map["Contact"].fields)  # type: ignore[attr-defined]
RESTRICTED = sorted(each for each in rules() if Role.PUBLIC not in rules()[each])


def test_what_is_not_for_the_public() -> None:
    """So that a change of this list is seen for what it is."""
    assert [each for each in RESTRICTED if not each.startswith(("Attempt.", "Webhook"))] == [
        "Actor.id",
        "AdvancePaid.voucher",
        *(f"Contact.{each}" for each in CONTACT),
        "ContactErased.facilityId",
        "ContactErased.ground",
        "ContactErased.personId",
        "ContactRecorded.facilityId",
        "ContactRecorded.imprints",
        "ContactRecorded.personId",
        "DisbursementPaid.voucher",
        "Event.body",
        "Facility.contacts",
        "Facility.taxCode",
        "FacilityRegistered.taxCode",
        "Imprint.field",
        "Imprint.hmac",
        "Payment.voucher",
        "Query.attempts",
        "Query.mandates",
        "Query.webhook",
        "Query.webhooks",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        '{ facilities(filter: {taxCode: {like: "06%"}}) { totalCount } }',
        '{ facilities(filter: {not: {or: [{taxCode: {eq: "1"}}]}}) { totalCount } }',
        "{ facilities(filter: {taxCode: {isNull: false}}) { totalCount } }",
        "{ facilities(orderBy: [{by: TAX_CODE}]) { nodes { id } } }",
        '{ commitments(filter: {facility: {taxCode: {eq: "1"}}}) { totalCount } }',
        '{ totals(filter: {facility: {taxCode: {eq: "1"}}}) { total } }',
        '{ payments(filter: {voucher: {eq: "UNC-1"}}) { totalCount } }',
        "{ payments(orderBy: [{by: VOUCHER}]) { nodes { id } } }",
        '{ node(id: "facility-x") { ... on Facility { taxCode } } }',
        "{ hidden: facilities { nodes { n: taxCode } } }",
        "{ asOf(position: 1) { facilities { nodes { taxCode } } } }",
        "{ diff(from: 0) { changes { nodes { after { ... on Facility { taxCode } } } } } }",
        "{ mandates { totalCount } }",
        "{ events { nodes { body } } }",
        "{ events { nodes { fact { ... on AdvancePaid { voucher } } } } }",
    ],
)
def test_what_is_not_read_is_not_found_out_by_asking_otherwise(asked: str) -> None:
    with pytest.raises(ForbiddenError):
        plan_of(asked, scope=caller(Role.PUBLIC).scope)
    assert plan_of(asked, scope=caller(Role.AUDITOR).scope)


def test_what_a_variable_filters_by_is_looked_at_as_well() -> None:
    asked = "query ($f: FacilityFilter) { facilities(filter: $f) { totalCount } }"
    public, auditor = caller(Role.PUBLIC).scope, caller(Role.AUDITOR).scope
    hidden: dict[str, object] = {"f": {"taxCode": {"eq": "1"}}}
    shown: dict[str, object] = {"f": {"name": {"search": "may"}}}
    assert plan_of(asked, shown, public)
    assert plan_of(asked, hidden, auditor)
    with pytest.raises(ForbiddenError):
        plan_of(asked, hidden, public)


def test_one_scope_serves_all_callers_of_a_kind() -> None:
    """Otherwise every caller would have plans of his own."""
    assert caller(Role.OPERATOR).scope is EVERY_CALLER["neighbour"].scope
    assert caller(Role.OPERATOR).figures != EVERY_CALLER["neighbour"].figures
    assert figure("provinces") in caller(Role.OPERATOR).figures
