"""A corrected history reads, on every day, as if it had been told rightly at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from events.envelope import Recorded
from events.scheme import Correction, EntryCorrected, EventId, SchemeProposed, amended
from events.scheme.correction import CORRECTABLE, field_of, is_amount, restated
from events.vocabulary import FundingSource
from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY
from projections.entry import entry
from projections.posting import posting
from projections.replay import Replay
from tests.histories import tell
from tests.projections.facts import (
    ACCEPTED,
    ADVANCED,
    BEFORE,
    CANCELLED,
    COMMITTED,
    DISBURSED,
    FACILITY,
    PLEDGED,
    REDUCED,
    REVERSED,
    SETTLED,
    played,
)


def rightly(recorded: Sequence[Recorded[Any]]) -> list[Recorded[Any]]:
    """The same events, each as it should have been, and no correction among them."""
    streams: dict[str, list[Recorded[Any]]] = {}
    for each in recorded:
        streams.setdefault(each.stream, []).append(each)
    said = {
        event.position: replace(event, fact=fact)
        for events in streams.values()
        for event, fact in zip(events, amended([each.fact for each in events]), strict=True)
    }
    return [said[each.position] for each in recorded if not is_correction(each)]


def is_correction(event: Recorded[Any]) -> bool:
    return isinstance(event.fact, EntryCorrected)


def rows(replay: Replay) -> Mapping[str, object]:
    """Every read model; of the account its sums, for a difference is a line of its own."""
    found: dict[str, object] = {each.name: dict(replay.table(each)) for each in PROJECTIONS}
    sums: Counter[object] = Counter()
    for line in replay.table(entry).values():
        apart = line._replace(position=0, event_id=None, recorded_at=None, amount=0)
        sums[apart._replace(synthetic=False)] += line.amount
    balances: Counter[object] = Counter()
    for each in replay.table(posting).values():
        apart = each._replace(
            position=0, line=0, event_id=None, recorded_at=None, debit=0, credit=0
        )
        balances[apart._replace(synthetic=False)] += each.debit - each.credit
    return found | {entry.name: sums, posting.name: balances}


@pytest.mark.parametrize("day", [INFINITY, date(2019, 3, 1), date(2020, 1, 1)])
def test_a_correction_reads_as_if_the_event_had_said_so_from_its_day_on(day: date) -> None:
    corrected = 0
    for seed in range(12):
        recorded = tell(Random(seed), 300).recorded
        corrected += sum(map(is_correction, recorded))
        as_told, as_right = Replay(effective=day), Replay(effective=day)
        as_told.play(recorded)
        as_right.play(rightly(recorded))
        assert rows(as_told) == rows(as_right)
    assert corrected > 5


def corrected(fact: Any) -> EntryCorrected:
    """Everything of it that may be corrected, is: amounts by one đồng, words by one."""
    kind = type(fact)
    changes = []
    for field in sorted(CORRECTABLE[kind.__name__]):
        before = getattr(fact, field_of(field))
        after = before + 1 if is_amount(kind, field_of(field)) else f"{before} khác"
        changes.append(Correction(field=field, before=str(before), after=str(after)))
    moves_money = kind is not SchemeProposed
    return EntryCorrected(
        scheme_id=fact.scheme_id,
        corrects_event=EventId("0"),
        corrects_version=1,
        corrects_type=kind.__name__,
        changes=tuple(changes),
        reason="nhập nhầm",
        commitment_id=getattr(fact, "commitment_id", None),
        payment_id=getattr(fact, "payment_id", None),
        facility_id=FACILITY if moves_money else None,
        source=getattr(fact, "source", FundingSource.COUNTERPART) if moves_money else None,
        budget_year=2019 if moves_money else None,
    )


LIFE = (*BEFORE, PLEDGED, COMMITTED, REDUCED, ADVANCED, DISBURSED, REVERSED, ACCEPTED, SETTLED)


@pytest.mark.parametrize("kind", sorted(CORRECTABLE))
def test_every_correctable_field_is_restated_in_every_read_model(kind: str) -> None:
    life = (*LIFE[:-1], CANCELLED) if kind == "CommitmentCancelled" else LIFE
    fact = next(each for each in life if type(each).__name__ == kind)
    correction = corrected(fact)
    said = restated(fact, correction.changes)
    assert said != fact
    rightly_told = [said if each is fact else each for each in life]
    assert rows(played(*life, correction)) == rows(played(*rightly_told))
