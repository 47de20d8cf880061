"""What every read model must declare."""

import pytest

from events.catalogue import FACTS
from projections.catalogue import PROJECTIONS
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
def test_only_a_fact_that_says_a_row_looks_at_others(projection: Projection) -> None:
    """An arm that changes a row is handed the row and the event, and nothing else."""
    assert not projection.looks.keys() & projection.changes.keys()
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
