"""What every read model must declare."""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from events.catalogue import FACTS
from events.money import Vnd
from events.scheme.correction import EntryCorrected
from projections.accounts import STATED, Posted
from projections.catalogue import PROJECTIONS
from projections.posting import posting
from projections.projection import Projection

EACH = pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)


@EACH
def test_every_fact_is_applied_or_ignored_out_loud(projection: Projection) -> None:
    assert projection.silent(FACTS.values()) == set()


@EACH
def test_no_fact_is_both_applied_and_ignored(projection: Projection) -> None:
    assert not projection.ignored & projection.arms.keys()
    assert projection.ignored <= set(FACTS.values())


@EACH
def test_it_looks_only_at_read_models_before_it(projection: Projection) -> None:
    """So that it sees them as they stand just after the event."""
    before = PROJECTIONS[: PROJECTIONS.index(projection)]
    assert projection.looks_at <= set(before)


@EACH
def test_only_a_fact_that_it_applies_looks_at_others(projection: Projection) -> None:
    assert projection.looks.keys() <= projection.arms.keys()
    assert projection.keys.keys() <= projection.arms.keys()


@EACH
def test_its_key_is_made_of_its_columns(projection: Projection) -> None:
    assert set(projection.key) <= set(projection.row._fields)
    assert all(
        set(names) <= set(projection.row._fields)
        for names in (*projection.lookups, *projection.orders)
    )


@EACH
def test_it_says_whether_a_row_was_invented(projection: Projection) -> None:
    assert projection.row._fields[-1] == "synthetic"


def test_every_fact_that_tells_of_money_is_posted_or_says_why_not() -> None:
    """Whoever adds a fact with an amount gives it its accounts, or a word in `STATED`."""
    telling = {each for each in FACTS.values() if _tells_money(each)}
    posted = set(get_args(Posted))
    assert telling - posted - STATED.keys() == set()
    assert not posted & STATED.keys()
    assert posted | {EntryCorrected} == set(posting.arms)
    assert posted | STATED.keys() <= telling


def _tells_money(of: Any) -> bool:
    return any(each is Vnd for each in _types(of))


def _types(of: Any) -> Iterator[Any]:
    """Every type that the fields of a fact are made of."""
    if dataclasses.is_dataclass(of):
        for each in get_type_hints(of).values():
            yield from _types(each)
    elif get_args(of):
        for each in get_args(of):
            yield from _types(each)
    else:
        yield of
