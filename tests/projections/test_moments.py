"""The versions that the engine writes, against the fold that knows no versions."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections import standing
from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY
from projections.replay import Replay
from projections.tables import Table
from tests.histories import History, histories, tell
from tests.projections.memory import Tables

DAYS = st.one_of(st.just(INFINITY), st.dates(date(2017, 12, 1), date(2026, 12, 1)))


def replayed(history: History, position: int, effective: date) -> Replay:
    replay = Replay(effective=effective)
    replay.play(event for event in history.recorded if event.position <= position)
    return replay


def same(tables: Tables, history: History, position: int, effective: date) -> None:
    replay = replayed(history, position, effective)
    for projection in PROJECTIONS:
        written = Table("model", projection).written
        expected = sorted((written(row) for row in replay.table(projection).values()), key=repr)
        assert tables.at(projection, position, effective) == expected, projection.name


@given(history=histories(), drawn=st.data())
@settings(max_examples=40, deadline=None)
def test_versions_tell_the_state_at_every_position_on_every_day(
    history: History, drawn: st.DataObject
) -> None:
    """Live (every page is written) or loading (what no longer changes), in pages of any size."""
    tables = Tables(is_lazy=drawn.draw(st.booleans()))
    events, reached = list(history.recorded), 0
    while reached < len(events):
        size = drawn.draw(st.integers(1, 60))
        tables.page(events[reached : reached + size])
        reached += size
    tables.finish()
    assert not tables.fold.stopped
    for _ in range(6):
        position = drawn.draw(st.integers(0, len(events)))
        same(tables, history, position, drawn.draw(DAYS))


@pytest.mark.parametrize("is_lazy", [False, True])
def test_what_was_forgotten_is_remembered_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, *, is_lazy: bool
) -> None:
    """A memory for two rows changes nothing but the time it takes."""
    monkeypatch.setattr(standing, "KEYS_MAX", 2)
    random = Random(3)
    history = tell(random, 400)
    tables = Tables(is_lazy=is_lazy)
    events = list(history.recorded)
    for start in range(0, len(events), 7):
        tables.page(events[start : start + 7])
    tables.finish()
    assert not tables.fold.stopped
    for _ in range(40):
        position = random.randrange(len(events) + 1)
        same(tables, history, position, date.fromordinal(random.randrange(736_600, 739_900)))
        same(tables, history, position, INFINITY)


def test_a_page_boundary_leaves_no_trace() -> None:
    """The same versions, whether the log came event by event or at once."""
    history = tell(Random(5), 300)
    whole, single = Tables(), Tables()
    whole.page(list(history.recorded))
    for event in history.recorded:
        single.page([event])
    for projection in PROJECTIONS:
        assert whole.versions[projection] == single.versions[projection]
