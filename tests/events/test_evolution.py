"""A consumer of version n still reads: each kind of change is planted, and each is seen."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from events import evolution, shapes
from events.catalogue import UPCASTS
from events.evolution import (
    Edition,
    Published,
    extended,
    published,
    read,
    rewritten,
    unread,
    version_of,
    written,
)
from events.shapes import event_shapes
from tests.house.tree import ROOT, breaking_names

Shape = dict[str, Any]
Change = Callable[[Shape], object]
NAME = "FacilityRegistered"
SHAPES: Mapping[str, Shape] = event_shapes()["$defs"]
NOTE: Shape = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
STEP = {(NAME, 1)}


def planted() -> Shape:
    """A shape of the catalogue, with what no shape of it has: a list of objects, and a bound."""
    shape = deepcopy(SHAPES[NAME])
    data(shape)["notes"] = {"type": "array", "items": deepcopy(NOTE)}
    shape["properties"]["data"]["required"].append("notes")
    shape["properties"]["version"]["maximum"] = 9
    return shape


def data(shape: Shape) -> Shape:
    """The fields of the fact itself."""
    found: Shape = shape["properties"]["data"]["properties"]
    return found


FIRST: Published = {NAME: (Edition(version=1, release="2026.11.0", shape=planted()),)}


def changed(change: Change, version: int = 2) -> Mapping[str, Shape]:
    shape = planted()
    shape["properties"]["schema"]["const"] = version
    change(shape)
    return {NAME: shape}


def dropped(shape: Shape) -> None:
    del data(shape)["name"]
    shape["properties"]["data"]["required"].remove("name")


def renamed(shape: Shape) -> None:
    data(shape)["title"] = data(shape)["name"]
    dropped(shape)


def added(shape: Shape) -> None:
    data(shape)["phone"] = {"type": "string"}
    shape["properties"]["data"]["required"].append("phone")


UNREAD: Mapping[str, tuple[Change, list[str]]] = {
    "a field taken away": (dropped, [".data.name: is gone"]),
    "a field renamed": (renamed, [".data.name: is gone"]),
    "a field that may be missing": (
        lambda shape: shape["properties"]["data"]["required"].remove("name"),
        [".data.name: may be missing now"],
    ),
    "null where there was none": (
        lambda shape: data(shape).update(name={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        [".data.name: may be null now"],
    ),
    "another type": (
        lambda shape: data(shape).update(name={"type": "integer"}),
        [".data.name: was string and is integer"],
    ),
    "a value where null was promised": (
        lambda shape: shape["properties"].update(budgetYear={"type": "integer"}),
        [".budgetYear: was always null"],
    ),
    "a word more": (
        lambda shape: data(shape)["legalForm"]["enum"].append("SOLE_TRADER"),
        [".data.legalForm: may be SOLE_TRADER now"],
    ),
    "a list opened": (
        lambda shape: data(shape).update(legalForm={"type": "string"}),
        [".data.legalForm: is no longer one of a closed list"],
    ),
    "another spelling": (
        lambda shape: shape["properties"]["stream"].update(pattern="^factory-"),
        [".stream: has another pattern"],
    ),
    "a spelling given up": (
        lambda shape: shape["properties"]["recordedAt"].pop("format"),
        [".recordedAt: has another format"],
    ),
    "a lower bound": (
        lambda shape: shape["properties"]["version"].update(minimum=0),
        [".version: may be below 1 now"],
    ),
    "a higher bound": (
        lambda shape: shape["properties"]["version"].pop("maximum"),
        [".version: may be above 9 now"],
    ),
    "deep inside a list": (
        lambda shape: data(shape)["notes"]["items"]["properties"].pop("text"),
        [".data.notes[].text: is gone"],
    ),
    "deep inside": (
        lambda shape: data(shape)["sector"]["properties"].pop("code"),
        [".data.sector.code: is gone"],
    ),
    "deep inside a value that may be null": (
        lambda shape: shape["properties"]["authority"]["anyOf"][0]["required"].remove("date"),
        [".authority.date: may be missing now"],
    ),
}
READ: Mapping[str, Change] = {
    "a field more": added,
    "a word fewer": lambda shape: data(shape)["legalForm"]["enum"].pop(),
    "never null any more": lambda shape: data(shape).update(taxCode={"type": "string"}),
    "other words for people": lambda shape: shape.update(description="Something else."),
    "one of a list where any text was": lambda shape: data(shape).update(name={"enum": ["A"]}),
    "always null where it was now and then": (
        lambda shape: data(shape).update(taxCode={"type": "null"})
    ),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_a_promise_taken_back_is_named(kind: str) -> None:
    change, said = UNREAD[kind]
    assert list(unread(FIRST, changed(change))) == [f"{NAME}{each}" for each in said]
    assert list(rewritten(FIRST, changed(change), STEP)) == []


@pytest.mark.parametrize("kind", READ)
def test_what_a_consumer_passes_over_is_not_named(kind: str) -> None:
    assert list(unread(FIRST, changed(READ[kind]))) == []


def test_a_published_version_never_changes_its_shape() -> None:
    """Not even by a field more: bytes that were recorded do not have it."""
    for change in (added, *(change for change, _ in UNREAD.values())):
        (said,) = rewritten(FIRST, changed(change, version=1), UPCASTS)
        assert said.startswith(f"{NAME}: version 1 of 2026.11.0 changed: ")


def test_the_place_of_a_change_is_named() -> None:
    (said,) = rewritten(FIRST, changed(UNREAD["a word more"][0], version=1), UPCASTS)
    assert said.endswith(": data.legalForm.enum")


def test_what_is_said_of_a_field_and_the_order_of_words_may_change() -> None:
    def said_otherwise(shape: Shape) -> None:
        data(shape)["name"]["description"] = "What it is called."
        data(shape)["legalForm"]["enum"].reverse()

    assert list(rewritten(FIRST, changed(said_otherwise, version=1), UPCASTS)) == []


def test_a_type_that_is_gone_is_named() -> None:
    assert list(rewritten(FIRST, {}, UPCASTS)) == [
        f"{NAME}: is gone; the log keeps such events for ever"
    ]


def test_a_version_without_an_upcast_and_one_that_went_back_are_named() -> None:
    third = changed(added, version=3)
    assert list(rewritten(FIRST, third, STEP)) == [
        f"{NAME}: nothing turns version 2 into version 3"
    ]
    twice = extended(FIRST, changed(added), "2027.01.0")
    first = changed(lambda _: None, version=1)
    assert list(rewritten(twice, first, STEP)) == [f"{NAME}: went back from version 2 to 1"]


def test_a_release_adds_to_what_was_published_and_takes_nothing_away() -> None:
    second = extended(FIRST, changed(added), "2027.01.0")
    assert [(each.version, each.release) for each in second[NAME]] == [
        (1, "2026.11.0"),
        (2, "2027.01.0"),
    ]
    assert second[NAME][0] == FIRST[NAME][0]
    assert extended(second, changed(added), "2027.02.0") == second
    assert read(written(second, "2027.01.0")) == second


def test_only_the_last_version_is_what_consumers_are_held_to() -> None:
    """A break that a changelog named once is not named again with every version after it."""
    second = extended(FIRST, changed(dropped), "2027.01.0")
    assert list(unread(second, changed(dropped, version=3))) == []


def test_what_was_published_stands() -> None:
    assert list(rewritten(published(), SHAPES, UPCASTS)) == []


def test_no_consumer_of_the_last_release_is_lost_unless_the_changelog_says_so() -> None:
    """By the place: - `SchemeProposed.data.title`: use … instead."""
    named = breaking_names((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    lost = [each for each in unread(published(), SHAPES) if each.partition(": ")[0] not in named]
    assert lost == []


def test_the_snapshot_is_that_of_the_last_release() -> None:
    told = json.loads(evolution.FILE.read_text(encoding="utf-8"))
    graphql = (ROOT / "docs" / "reference" / "released.graphql").read_text(encoding="utf-8")
    assert graphql.startswith(f"# The schema as released in {told['release']}.\n")


def test_a_release_publishes_every_fact_of_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "FILE", tmp_path / "released.json")
    shapes.publish("2099.01.0")
    after = read((tmp_path / "released.json").read_text(encoding="utf-8"))
    assert after.keys() == SHAPES.keys()
    assert all(after[name][: len(was)] == was for name, was in published().items())
    assert {version_of(SHAPES[name]) for name in after} == {
        each[-1].version for each in after.values()
    }
