"""A history with a fact that one read model cannot bear."""

from dataclasses import replace
from random import Random
from typing import Any

from events.scheme.facts import AdvancePaid
from projections.catalogue import PROJECTIONS
from projections.commitment import commitment
from projections.entry import entry
from projections.model import Model
from projections.projection import Projection
from tests.histories import tell

HISTORY = tell(Random(11), 800)
POISON = [each.position for each in HISTORY.recorded if each.type == "AdvancePaid"][3]


def _broken(row: Any, event: Any) -> Any:
    if event.position == POISON:
        raise ZeroDivisionError("đồng")
    return commitment.changes[AdvancePaid](row, event)


def poisoned() -> Model:
    """The read models, with an arm of `commitment` that one event breaks."""
    broken = replace(commitment, changes={**commitment.changes, AdvancePaid: _broken})
    looks = {
        fact: tuple(look._replace(at=broken) if look.at is commitment else look for look in all_)
        for fact, all_ in entry.looks.items()
    }
    swapped: dict[Projection, Projection] = {commitment: broken, entry: replace(entry, looks=looks)}
    return Model(projections=tuple(swapped.get(each, each) for each in PROJECTIONS))
