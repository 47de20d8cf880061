"""Personal data is marked on commands alone; what is recorded, read or refused can hold none."""

from typing import get_type_hints

import pytest

from events.catalogue import COMMANDS, FACTS, REFUSALS
from events.envelope import Actor, Authority, Recorded
from events.identity import PersonId
from events.log import IdempotencyMismatch, VersionConflict
from events.personal import Personal, marks
from projections.catalogue import PROJECTIONS

UNMARKED = (
    *FACTS.values(),
    *REFUSALS.values(),
    *(each.row for each in PROJECTIONS),
    Actor,
    Authority,
    Recorded,
    VersionConflict,
    IdempotencyMismatch,
)
MARKED = [each for each in COMMANDS.values() if list(marks(each))]


def places(cls: type) -> list[str]:
    return [place for hint in get_type_hints(cls).values() for place in marks(hint, cls.__name__)]


@pytest.mark.parametrize("cls", UNMARKED, ids=lambda cls: cls.__name__)
def test_what_is_recorded_read_or_refused_holds_no_personal_value(cls: type) -> None:
    assert places(cls) == []


def test_some_commands_are_marked() -> None:
    assert [each.__name__ for each in MARKED] == ["RecordContact"]


@pytest.mark.parametrize("cls", MARKED, ids=lambda cls: cls.__name__)
def test_a_marked_command_names_its_person_and_marks_whole_fields(cls: type) -> None:
    """The ledger looks for values in the fields of the command itself, and nowhere deeper."""
    hints = get_type_hints(cls)
    assert hints["person_id"] is PersonId
    assert all(hints[place] in {Personal, Personal | None} for place in marks(cls))


def test_a_mark_deep_inside_is_caught() -> None:
    class Planted:
        told: tuple[tuple[Personal, ...] | None, ...]

    assert places(Planted) == ["Planted"]
