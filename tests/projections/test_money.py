"""The identities that an auditor runs again: at every position, on every day."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.ceiling import ceiling
from projections.columns import INFINITY
from projections.commitment import Commitment, commitment
from projections.entry import Entry, EntryKind, entry
from projections.payment import payment
from projections.replay import Replay
from tests.histories import History, histories

GRANTED = {
    EntryKind.COMMITMENT,
    EntryKind.REDUCTION,
    EntryKind.CANCELLATION,
    EntryKind.REALLOCATION_OUT,
    EntryKind.REALLOCATION_IN,
}
PAID = {EntryKind.ADVANCE, EntryKind.DISBURSEMENT, EntryKind.REVERSAL}
TOTAL = GRANTED | {EntryKind.PLEDGE}


@given(
    history=histories(),
    cut=st.integers(0, 10_000),
    day=st.one_of(st.just(INFINITY), st.dates(date(2018, 1, 1), date(2026, 10, 1))),
)
@settings(max_examples=40, deadline=None)
def test_lines_of_the_account_add_up_to_every_balance(
    history: History, cut: int, day: date
) -> None:
    position = cut % (len(history.recorded) + 1)
    replay = Replay(effective=day)
    replay.play(history.recorded[:position])
    lines: list[Any] = list(replay.table(entry).values())
    for row in replay.table(commitment).values():
        assert isinstance(row, Commitment)
        own = [each for each in lines if _of(each, row)]
        assert row.committed - row.taken_back == _sum(own, GRANTED)
        assert row.advanced + row.disbursed - row.reversed == _sum(own, PAID)
    whole = _sum(lines, TOTAL)
    keys: tuple[Callable[[Entry], object], ...] = (
        lambda each: (each.province_code, each.province_from),
        lambda each: each.sector_group,
        lambda each: each.scheme_id,
        lambda each: each.period,
        lambda each: each.facility_id,
        lambda each: (each.source, each.budget_year),
    )
    for key in keys:
        assert sum(_by(lines, key).values()) == whole


@given(history=histories())
@settings(max_examples=40, deadline=None)
def test_at_the_head_nobody_is_paid_more_than_promised_nor_promised_more_than_approved(
    history: History,
) -> None:
    replay = Replay()
    replay.play(history.recorded)
    promised: Counter[tuple[Any, ...]] = Counter()
    for row in replay.table(commitment).values():
        assert isinstance(row, Commitment)
        left = row.committed - row.taken_back
        paid = row.advanced + row.disbursed - row.reversed
        assert 0 <= paid <= left, "committed = paid + undisbursed, and neither is below nothing"
        assert row.recovered <= paid
        assert row.recovered + row.written_off <= row.claimed
        promised[row.scheme_id, row.source, row.budget_year] += left
        own = [each for each in replay.table(payment).values() if _of(each, row)]
        assert sum(each.amount for each in own) == row.advanced + row.disbursed
        assert sum(each.reversed for each in own) == row.reversed
    for key, amount in promised.items():
        assert amount <= replay.table(ceiling)[key].amount


def _of(line: Any, row: Commitment) -> bool:
    return (line.scheme_id, line.commitment_id) == (row.scheme_id, row.commitment_id)


def _sum(lines: Iterable[Entry], kinds: set[EntryKind]) -> int:
    return sum(each.amount for each in lines if each.kind in kinds)


def _by(lines: Iterable[Entry], key: Callable[[Entry], object]) -> Counter[object]:
    sums: Counter[object] = Counter()
    for each in lines:
        if each.kind in TOTAL:
            sums[key(each)] += each.amount
    return sums
