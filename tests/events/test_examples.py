"""One event of each kind, made of the types alone: real bytes, valid, the same everywhere."""

import json
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest
import rfc8785
from jsonschema import Draft202012Validator, FormatChecker

from events.catalogue import COMMANDS, FACTS
from events.codec import unseal
from events.examples import GIVEN, NoExampleError, example, examples
from events.facility import FacilityUpdated
from events.organisation import CentreTerritorySet
from events.rules import fact
from events.shapes import event_shapes

SHAPES = event_shapes()


def test_every_fact_has_one() -> None:
    assert examples().keys() == FACTS.keys()


@pytest.mark.parametrize("name", FACTS)
def test_it_is_valid_by_the_published_shape(name: str) -> None:
    told = json.loads(examples()[name])
    schema = {**SHAPES["$defs"][name], "$schema": SHAPES["$schema"]}
    checked = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [each.message for each in checked.iter_errors(told)] == []


@pytest.mark.parametrize("name", FACTS)
def test_its_bytes_are_canonical_and_the_ledger_reads_them(name: str) -> None:
    body = examples()[name]
    assert rfc8785.dumps(json.loads(body)) == body
    read = unseal(1, body)
    assert read.fact == example(FACTS[name])
    assert read.id.version == 7
    assert read.synthetic


def test_it_is_the_same_whenever_it_is_made() -> None:
    before = dict(examples())
    examples.cache_clear()
    assert examples() == before


def test_each_is_another_event() -> None:
    made = [unseal(1, each) for each in examples().values()]
    assert len({each.id for each in made} | {each.command_id for each in made}) == 2 * len(made)
    assert len({(each.stream, each.version) for each in made}) == len(made)


def test_a_fact_that_says_too_little_by_its_types_is_told_what_is_missing() -> None:
    @fact
    class Planted:
        name: str
        nickname: str

    with pytest.raises(NoExampleError, match=r"Planted\.nickname: .* no str"):
        example(Planted)


def test_no_line_is_for_a_field_that_is_not_there() -> None:
    used: set[str] = set()

    def walk(cls: type) -> None:
        for each in fields(cls):  # type: ignore[arg-type]
            hint = get_type_hints(cls)[each.name]
            whole = f"{cls.__name__}.{each.name}"
            used.add(whole if whole in GIVEN else each.name)
            for inner in (hint, *get_args(hint)):
                if isinstance(inner, type) and is_dataclass(inner):
                    walk(inner)

    for cls in (*FACTS.values(), *COMMANDS.values()):
        walk(cls)
    assert set(GIVEN) <= used


def test_a_list_holds_one_and_what_may_be_null_is_told() -> None:
    assert len(example(CentreTerritorySet).provinces) == 1
    assert None not in (example(FacilityUpdated).sector, example(FacilityUpdated).name)
