"""The contract as a client developer reads it: complete, described, nothing forgotten."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_introspection_type,
    is_specified_scalar_type,
)

from events.catalogue import COMMANDS, FACTS, REFUSALS, members
from events.maintenance import InvalidWindow, MaintenanceCommand, NoWindowIsOpen, WindowIsOpen
from events.signing import (
    LastSigningKey,
    SigningCommand,
    SigningKeyIsRetired,
    UnknownSigningKey,
)
from schema.planner.rows import source_of
from schema.root import build
from tests.schema.apart import APART, ERRANDS

NO_COMMANDS = {"revealContact", *ERRANDS}
"""Mutations that record something else than an event: that somebody looked, where to send."""
SUCCESSES = {"Recorded", "ContactRevealed", "WebhookChanged", "WebhookRegistered"}


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build()._schema


def undescribed(contract: GraphQLSchema) -> Iterator[str]:
    """Every type, field, argument and enum value that says nothing of itself."""
    for name, type_ in contract.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            yield name
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                if not definition.description:
                    yield f"{name}.{field}"
                for argument, described in definition.args.items():
                    if not described.description:
                        yield f"{name}.{field}({argument})"
        if isinstance(type_, GraphQLInputObjectType):
            yield from (
                f"{name}.{key}" for key, each in type_.fields.items() if not each.description
            )
        if isinstance(type_, GraphQLEnumType):
            yield from (
                f"{name}.{key}" for key, each in type_.values.items() if not each.description
            )


def test_everything_says_what_it_is(contract: GraphQLSchema) -> None:
    assert list(undescribed(contract)) == []


def test_every_fact_can_be_read(contract: GraphQLSchema) -> None:
    """The union of facts in the domain is the registry; GraphQL follows it."""
    union = contract.type_map["Fact"]
    assert isinstance(union, GraphQLUnionType)
    assert {each.name for each in union.types} == set(FACTS)


def test_every_command_has_its_door(contract: GraphQLSchema) -> None:
    """But for a maintenance window: it takes a superuser, who gives the command himself."""
    assert contract.mutation_type is not None
    doors = {
        name[0].upper() + name[1:]: field.args["input"].type
        for name, field in contract.mutation_type.fields.items()
        if name not in NO_COMMANDS
    }
    given_there = (*members(MaintenanceCommand), *members(SigningCommand))
    on_the_line = {each.__name__ for each in given_there}
    assert set(doors) == set(COMMANDS) - on_the_line
    assert all(str(asked) == f"{name}Input!" for name, asked in doors.items())


def test_every_refusal_can_be_answered(contract: GraphQLSchema) -> None:
    """Each is a member of an outcome, and implements the one interface of refusals."""
    outcomes = [
        each
        for name, each in contract.type_map.items()
        if name.endswith("Outcome") and isinstance(each, GraphQLUnionType)
    ]
    answered = {each for outcome in outcomes for each in outcome.types}
    on_the_line = {WindowIsOpen, NoWindowIsOpen, InvalidWindow}
    on_the_line |= {SigningKeyIsRetired, UnknownSigningKey, LastSigningKey}
    named = {each.__name__ for each in set(REFUSALS.values()) - on_the_line}
    assert named <= {each.name for each in answered}
    for each in answered:
        assert each.name in SUCCESSES or [i.name for i in each.interfaces] == ["Refusal"]


def test_every_read_is_planned(contract: GraphQLSchema) -> None:
    """No resolver per relation: from Query down, each field says its source to the planner."""
    assert contract.query_type is not None
    seen: set[str] = set()
    ahead = [contract.query_type]
    while ahead:
        type_ = ahead.pop()
        if type_.name in seen or type_.name.endswith(("Connection", "Edge", "PageInfo")):
            continue
        seen.add(type_.name)
        for name, field in type_.fields.items():
            source = source_of(field)
            if type_.name == "Query" and name in APART:
                continue
            assert source is not None or name == "id", f"{type_.name}.{name}"
            named = contract.type_map[str(field.type).strip("[]!")]
            if isinstance(named, GraphQLObjectType):
                ahead.append(named)
    assert {"Period", "Scheme", "Facility", "Commitment", "Event", "Coverage"} <= seen
