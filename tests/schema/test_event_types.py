"""The catalogue of events, asked over GraphQL: total, true, and cheap."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import FieldNode, get_operation_ast, parse
from jsonschema import Draft202012Validator

from events.catalogue import AGGREGATES, FACTS, facts_of
from events.codec import unseal
from events.evolution import published, version_of
from events.examples import examples
from events.scheme import SchemeApproved
from events.shapes import event_shapes
from events.vocabulary import Role
from schema.access.policy import readers
from schema.contract.fields import _walk, fields_of
from schema.contract.kinds import kinds
from schema.contract.sights import EventPublication, audience_of, item_of_example
from schema.contract.told import _teller
from schema.feed.cloud import cloud
from schema.planner.fields import Fields
from schema.planner.given import Given
from schema.planner.scope import ForbiddenError, Scope
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.conftest import Ask
from tests.schema.plans import DOCUMENTS
from tests.schema.test_access import asking

EVERYTHING = """
    name aggregate description cloudEventType version schema example publication publishedBy readers
    versions { version release dataschema schema }
    fields { name type description readers }
"""


async def test_every_fact_is_there_in_the_order_of_the_catalogue(ask: Ask) -> None:
    body = await ask("{ eventTypes { name aggregate version } }")
    assert body["data"]["eventTypes"] == [
        {
            "name": fact.__name__,
            "aggregate": aggregate.name,
            "version": version_of(event_shapes()["$defs"][fact.__name__]),
        }
        for aggregate in AGGREGATES
        for fact in facts_of(aggregate)
    ]
    assert {each["name"] for each in body["data"]["eventTypes"]} == FACTS.keys()


async def test_a_kind_says_all_of_itself(ask: Ask) -> None:
    body = await ask(f'{{ eventType(name: "FacilityRegistered") {{ {EVERYTHING} }} }}')
    told = body["data"]["eventType"]
    assert told["description"].endswith("(đăng ký cơ sở).")
    assert told["cloudEventType"] == "vn.socai.FacilityRegistered"
    assert told["publication"] == "LATER"
    assert told["publishedBy"] == ["BeneficiaryAssigned"]
    assert told["example"].encode() == examples()["FacilityRegistered"]
    assert json.loads(told["schema"]) == event_shapes()["$defs"]["FacilityRegistered"]
    fields = {each["name"]: each for each in told["fields"]}
    assert fields["taxCode"]["type"] == "text, or null"
    assert "PUBLIC" not in fields["taxCode"]["readers"]
    assert fields["province.validFrom"]["type"] == "date"
    (version,) = told["versions"]
    assert version["release"] == published()["FacilityRegistered"][0].release
    assert version["dataschema"] == "urn:socai:event:FacilityRegistered:1"
    assert version["schema"] == told["schema"]


async def test_aliases_fragments_and_switches_are_followed(ask: Ask) -> None:
    asked = """
        query ($short: Boolean!) {
            a: eventTypes { ...Named version @skip(if: $short) }
            b: eventType(name: "PeriodOpened") { __typename kind: name fields { ...Line } }
            c: eventType(name: "Nothing") { name }
            ledger { position }
        }
        fragment Named on EventKind { name fields @include(if: $short) { name } }
        fragment Line on EventField { n: name }
    """
    told = (await ask(asked, short=True))["data"]
    assert told["a"][0] == {
        "name": "PeriodOpened",
        "fields": [{"name": "code"}, {"name": "name"}, {"name": "startsOn"}, {"name": "endsOn"}],
    }
    assert told["b"]["__typename"] == "EventKind"
    assert (told["b"]["kind"], told["b"]["fields"][0]) == ("PeriodOpened", {"n": "code"})
    assert told["c"] is None
    assert told["ledger"]["position"] > 0


async def test_everybody_reads_the_catalogue(empty: Runtime) -> None:
    ask = asking(empty, Known())
    for who in EVERY_CALLER:
        body = await ask(f"{{ eventTypes {{ {EVERYTHING} }} }}", who)
        assert len(body["data"]["eventTypes"]) == len(FACTS)


async def test_it_is_answered_at_the_root_alone(ask: Ask) -> None:
    body = await ask("{ asOf(position: 1) { eventTypes { name } } }")
    assert body["errors"][0]["extensions"]["code"] == "ONLY_AT_THE_ROOT"


async def test_twenty_times_all_of_it_is_answered_at_once(ask: Ask) -> None:
    """The executor would take ten seconds for that, and nobody else would be answered meanwhile."""
    many = " ".join(f"a{n}: eventTypes {{ {EVERYTHING} }}" for n in range(20))
    began = time.perf_counter()
    body = await ask(f"{{ {many} }}")
    assert len(body["data"]) == 20
    assert time.perf_counter() - began < 3


def test_the_table_of_access_holds_inside_the_catalogue_too() -> None:
    """Everybody may read all of it today; the door is there for the day when somebody may not."""
    operation = get_operation_ast(parse("{ eventTypes { fields { readers } } }"))
    assert operation
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    scope = Scope(may_read=lambda type_, name: (type_, name) != ("EventField", "readers"))
    fields = Fields(DOCUMENTS.schema, {}, Given(scope=scope))
    with pytest.raises(ForbiddenError, match=r"EventField\.readers"):
        _teller(DOCUMENTS.schema.type_map["EventKind"], [field], fields)


@pytest.mark.parametrize("name", FACTS)
def test_its_schema_is_one_and_its_example_is_valid(name: str) -> None:
    kind = kinds()[name]
    schema = {**json.loads(kind.schema), "$schema": "https://json-schema.org/draft/2020-12/schema"}
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(kind.example))
    assert unseal(1, kind.example.encode()).type == name


def leaves(told: Any, place: str = "") -> Mapping[str, Any]:
    """Every field of a JSON object, by its path."""
    found: dict[str, Any] = {}
    for name, got in told.items():
        found[place + name] = got
        inner, below = (got[0], "[]") if isinstance(got, list) and got else (got, "")
        if isinstance(inner, dict):
            found |= leaves(inner, f"{place}{name}{below}.")
    return found


@pytest.mark.parametrize("role", Role)
def test_who_reads_a_field_is_who_is_sent_it(role: Role) -> None:
    """The catalogue against the feed: what a role is shown of each example."""
    audience = audience_of(role)
    for name, kind in kinds().items():
        sent = json.loads(cloud(item_of_example(name), audience))["data"]["data"]
        promised = {each.name for each in kind.fields if role in each.readers}
        whole = leaves(json.loads(kind.example)["data"])
        assert leaves(sent).keys() == {each for each in promised if each in whole}


def test_every_field_that_an_example_has_is_in_the_table() -> None:
    for name, kind in kinds().items():
        told = [each.name for each in kind.fields]
        assert leaves(json.loads(kind.example)["data"]).keys() <= set(told), name
        assert len(told) == len(set(told))


def test_what_stands_in_a_field_is_read_by_nobody_who_does_not_read_the_field() -> None:
    shape = event_shapes()["$defs"]["SchemeApproved"]["properties"]["data"]
    auditors = frozenset({Role.AUDITOR})
    walked = _walk(SchemeApproved, shape, "", auditors)
    assert {each.readers for each in walked} == {auditors}


CHANGES = ("[].after", "[].before", "[].field")
_CORRECTION = (
    "changes",
    "changes[].after",
    "changes[].field",
    "correctsVersion",
    "reason",
    "schemeId",
)
STEP = (".correctEntry", *(f".correctEntry.{each}" for each in _CORRECTION))
"""What waits for a second person is for those who work with files."""


def test_what_is_restricted_is_restricted_by_the_table_of_access() -> None:
    found = {
        f"{name}.{each.name}"
        for name, fact in FACTS.items()
        for each in fields_of(fact)
        if Role.PUBLIC not in each.readers
    }
    assert found == {
        "AdvancePaid.voucher",
        "ContactErased.facilityId",
        "ContactErased.ground",
        "ContactErased.personId",
        "ContactRecorded.facilityId",
        "ContactRecorded.imprints",
        "ContactRecorded.imprints[].field",
        "ContactRecorded.imprints[].hmac",
        "ContactRecorded.personId",
        "DisbursementPaid.voucher",
        *(f"EntryCorrected.changes{each}" for each in ("", *CHANGES)),
        "FacilityRegistered.taxCode",
        "RecoveryReceived.voucher",
        *(f"StepProposed.step{each}" for each in ("", *STEP)),
    }
    assert readers("AdvancePaid", "voucher") == frozenset(Role) - {Role.PUBLIC, Role.ADMIN}


def test_when_events_are_published_follows_from_what_is_recorded() -> None:
    told = {each.aggregate: (each.publication, each.published_by) for each in kinds().values()}
    at_once: tuple[EventPublication, list[str]] = (EventPublication.AT_ONCE, [])
    assert told == {
        "period": at_once,
        "plan": at_once,
        "books": at_once,
        "policy": at_once,
        "geography": at_once,
        "evaluation": at_once,
        "organisation": at_once,
        "facility": (EventPublication.LATER, ["BeneficiaryAssigned"]),
        "scheme": (EventPublication.LATER, ["SchemeApproved"]),
        "source": at_once,
        "mandate": (EventPublication.NEVER, []),
        "maintenance": at_once,
        "signing": at_once,
    }
    assert Role.PUBLIC in kinds()["SchemeApproved"].readers
    assert Role.PUBLIC not in kinds()["ContactRecorded"].readers
    assert [each.name for each in kinds()["MandateProposed"].readers] == [
        "APPROVER",
        "ACCOUNTANT",
        "AUDITOR",
        "INTEGRATOR",
        "ADMIN",
    ]
