"""What fields mean is said in English, with the official Vietnamese term, once."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest

from events.catalogue import COMMANDS, FACTS, REFUSALS
from events.envelope import Actor, Authority
from events.log import IdempotencyMismatch, VersionConflict
from events.notes import notes, said
from events.terms import TERMS

VIETNAMESE = re.compile(r"\([^()]*[À-ỹ][^()]*\)")


def inside(cls: type) -> Iterator[type]:
    """A class and the dataclasses that its fields hold."""
    yield cls
    for hint in get_type_hints(cls).values():
        for each in (hint, *get_args(hint)):
            if is_dataclass(each) and isinstance(each, type):
                yield from inside(each)


SHOWN = sorted(
    {
        each
        for cls in (*FACTS.values(), *COMMANDS.values(), *REFUSALS.values())
        for each in inside(cls)
    }
    | {Actor, Authority, VersionConflict, IdempotencyMismatch},
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("cls", SHOWN, ids=lambda cls: cls.__name__)
def test_every_field_has_its_term_in_both_languages(cls: type) -> None:
    for each in fields(cls):
        assert VIETNAMESE.search(said(cls, each.name)), (cls.__name__, each.name)


def test_no_term_is_for_a_field_that_is_not_there() -> None:
    used = {each.name for cls in SHOWN for each in fields(cls) if each.name not in notes(cls)}
    assert set(TERMS) == used
