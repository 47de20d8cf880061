"""What the AsyncAPI document says of a message is what the feed makes, whoever reads it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from events.catalogue import FACTS
from events.evolution import Edition, published
from events.shapes import event_shapes
from events.vocabulary import Role
from schema.contract import envelope
from schema.contract.asyncapi import asyncapi
from schema.contract.envelope import cloud_example, cloud_shape
from schema.contract.sights import audience_of, item_of_example
from schema.feed.audience import PUBLIC_AUDIENCE, WHOLE
from schema.feed.cloud import cloud
from service.runtime import Runtime

DOCUMENT: Mapping[str, Any] = asyncapi()
SCHEMAS = DOCUMENT["components"]["schemas"]


def validator(name: str) -> Draft7Validator:
    Draft7Validator.check_schema(SCHEMAS[name])
    return Draft7Validator(SCHEMAS[name], format_checker=FormatChecker())


VALIDATORS = {name: validator(name) for name in FACTS}


def references(tree: Any) -> Iterator[str]:
    """Every place that the document points at."""
    if isinstance(tree, Mapping):
        if isinstance(tree.get("$ref"), str):
            yield tree["$ref"]
        for each in tree.values():
            yield from references(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from references(each)


def at(place: str) -> Any:
    found: Any = DOCUMENT
    for step in place.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert len(found) > 2 * len(FACTS)
    assert all(at(each) for each in found)


def test_every_door_tells_of_every_kind_of_event() -> None:
    for name, channel in DOCUMENT["channels"].items():
        assert set(channel["messages"]) - {"Batch"} == FACTS.keys(), name
    assert DOCUMENT["channels"]["jetstream"]["parameters"]["type"]["enum"] == list(FACTS)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", FACTS)
def test_what_the_feed_makes_of_an_example_is_valid_for_every_role(name: str, role: Role) -> None:
    told = json.loads(cloud(item_of_example(name), audience_of(role), b"proof"))
    assert [each.message for each in VALIDATORS[name].iter_errors(told)] == []
    assert told.keys() == SCHEMAS[name]["properties"].keys()


async def test_what_is_recorded_is_valid_as_it_is_sent(fund: Runtime) -> None:
    """Every event of the evaluation, as an auditor and as the public are sent it."""
    page = await fund.feed.read(0, 600)
    assert len(page.items) > 500
    for item in page.items:
        for audience in (WHOLE, PUBLIC_AUDIENCE):
            told = json.loads(cloud(item, audience))
            assert VALIDATORS[item.type].is_valid(told), item.position


@pytest.mark.parametrize("gone", ["leaf", "sequence", "source", "dataschema", "data"])
def test_an_envelope_that_lacks_something_is_caught(gone: str) -> None:
    told = dict(cloud_example("AdvancePaid"))
    del told[gone]
    assert not VALIDATORS["AdvancePaid"].is_valid(told)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("specversion", "0.3"),
        ("type", "vn.socai.DisbursementPaid"),
        ("source", "urn:socai"),
        ("subject", "facility-x"),
        ("dataschema", "urn:socai:event:AdvancePaid:2"),
        ("sequence", "46"),
        ("leaf", "A" * 64),
        ("data", {}),
    ],
)
def test_an_envelope_that_says_something_else_is_caught(name: str, wrong: object) -> None:
    assert not VALIDATORS["AdvancePaid"].is_valid({**cloud_example("AdvancePaid"), name: wrong})


def test_a_field_that_everybody_reads_is_required_and_one_that_somebody_does_not_is_not() -> None:
    data = SCHEMAS["AdvancePaid"]["properties"]["data"]
    assert "actor" in data["required"]
    assert data["properties"]["actor"]["required"] == ["organisation", "role"]
    fact = data["properties"]["data"]
    assert set(fact["properties"]) - set(fact["required"]) == {"voucher"}
    assert SCHEMAS["ContactRecorded"]["properties"]["data"]["properties"]["data"]["required"] == []


def test_who_reads_everything_is_sent_a_whole_event() -> None:
    """For them the shape of events.json holds as well."""
    told = cloud_example("AdvancePaid")["data"]
    assert Draft7Validator(event_shapes()["$defs"]["AdvancePaid"]).is_valid(told)


def test_an_older_version_stays_in_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its events are in the log for ever, and are sent as they are."""
    old = json.loads(json.dumps(event_shapes()["$defs"]["AdvancePaid"]))
    old["properties"]["schema"]["const"] = 0
    before = {**published(), "AdvancePaid": (Edition(version=0, release="2020.01.0", shape=old),)}
    monkeypatch.setattr(envelope, "published", lambda: before)
    told = cloud_shape("AdvancePaid")
    assert told["properties"]["dataschema"]["enum"] == [
        "urn:socai:event:AdvancePaid:0",
        "urn:socai:event:AdvancePaid:1",
    ]
    assert len(told["properties"]["data"]["anyOf"]) == 2
