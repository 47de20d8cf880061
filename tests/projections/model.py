"""A walk of random commands over a ledger in memory, with the sheet of sums beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from events.catalogue import Command, Fact
from events.envelope import Order, Recorded
from events.rules import Refusal
from projections.balance import balance
from projections.ceiling import ceiling
from projections.columns import INFINITY
from projections.commitment import commitment
from projections.entry import EntryKind, entry
from projections.plan import plan
from projections.posting import Posting, posting
from projections.projection import Key
from projections.recovery import recovery
from projections.replay import Replay
from tests.histories import Memory, day_of, order_of
from tests.moves import MOVES, prelude
from tests.stage import Cast
from tests.sums import Sheet

Event = Recorded[Fact]
PAIRS = 3
GRANTED = {
    EntryKind.COMMITMENT,
    EntryKind.REDUCTION,
    EntryKind.CANCELLATION,
    EntryKind.REALLOCATION_OUT,
    EntryKind.REALLOCATION_IN,
}
PARTS: tuple[Callable[[Any], object], ...] = (
    lambda each: (each.province_code, each.province_from),
    lambda each: each.sector_group,
    lambda each: each.scheme_id,
    lambda each: each.facility_id,
    lambda each: each.period,
    lambda each: (each.source, each.budget_year),
)
_NAMES = list(MOVES)
_OFTEN = {"tests.money_moves", "tests.plan_moves", "tests.correction_moves"}
_OF_ALL = [max(weight, 10) for _, weight in MOVES.values()]
"""What is rare comes as often as most, in half of the walks."""
OF_MONEY = [
    w * (4 if move.__module__ in _OFTEN or name in {"approve", "assign", "supplement"} else 1)
    for name, (move, w) in MOVES.items()
]
"""Where money moves, and what it needs, comes four times as often as in other histories."""


class Walk:
    """A ledger, its read models and the sheet, which go on together."""

    def __init__(self, seed: int, weights: Sequence[int] | None = None) -> None:
        self.seeds, self.random = seed, Random(seed)
        self.memory = Memory()
        self.cast = Cast(states=self.memory.states)
        self.sheet = Sheet()
        self.replay = Replay()
        self.balance: Counter[str] = Counter()
        self.number = 0
        self.weights = weights or self.random.choice((OF_MONEY, _OF_ALL))
        for command in prelude(self.random, self.cast):
            self._ask(command, self.random, date(2018, 1, 1))

    def step(self, seed: int) -> None:
        """One random command of somebody, accepted or refused.

        What it is hangs on all seeds so far: hypothesis makes most walks by changing a few steps
        of another one, and what follows those steps is to be another walk.
        """
        self.seeds = hash((self.seeds, seed))
        random = Random(self.seeds)
        move: Callable[[Random, Cast], Command | None]
        move = MOVES[random.choices(_NAMES, self.weights)[0]][0]
        command = move(random, self.cast)
        if command is not None:
            self._ask(command, random, self.memory.day_of(command) or day_of(random))
            self.check()

    def check(self) -> None:
        """The sheet and the ledger say the same, and nothing that cannot be."""
        assert list(self.sheet.flaws()) == []
        told = {name: amount for name, amount in self.sheet.balances().items() if amount}
        assert told == {name: amount for name, amount in self.balance.items() if amount}
        assert self.balance.total() == 0

    def finish(self) -> None:
        """Row by row at the head; and the identities at some pairs."""
        self._check_rows()
        recorded = self.memory.recorded
        for _ in range(PAIRS):
            day = self.random.choice((INFINITY, day_of(self.random), _late(self.random, recorded)))
            replay = Replay(effective=day)
            replay.play(recorded[: self.random.randint(0, len(recorded))])
            check_identities(replay)

    def _ask(self, command: Command, random: Random, on: date) -> None:
        self.number += 1
        self.asked(order_of(random, self.number, command, on))

    def asked(self, order: Order[Command]) -> bool:
        """Whether it was accepted; the sheet and the read models follow."""
        memory = self.memory
        before = dict(memory.states), dict(memory.versions), len(memory.recorded)
        try:
            facts = memory.ask(order)
        except Refusal:
            after = dict(memory.states), dict(memory.versions), len(memory.recorded)
            assert after == before, "a refused command changes nothing"
            return False
        if facts:
            versions = [(each.stream, each.version) for each in facts]
            is_money = self.sheet.add(order.command, versions)
            posted = any(self._posted(each) for each in facts)
            assert is_money == posted, f"the sheet knows no {type(order.command).__name__}"
        self._play(facts)
        return True

    def _play(self, events: Iterable[Event]) -> None:
        for event in events:
            self.replay.play([event])
            for key in self._posted(event):
                line: Posting = self.replay.table(posting)[key]
                self.balance[line.account.name] += line.debit - line.credit

    def _posted(self, event: Event) -> Sequence[Key]:
        return posting.touches(event) if type(event.fact) in posting.arms else ()

    def _check_rows(self) -> None:
        sheet = self.sheet
        rows: list[Any] = list(self.replay.table(commitment).values())
        assert {
            (row.scheme_id, row.commitment_id): (
                row.committed - row.taken_back,
                row.advanced + row.disbursed - row.reversed,
                row.submitted or 0,
                row.settled or 0,
                (row.claimed, row.recovered, row.written_off),
            )
            for row in rows
        } == {
            each: (
                amount,
                sheet.paid(each),
                sheet.submitted[each],
                sheet.settled[each],
                (sheet.claimed[each], sheet.recovered[each], sheet.written_off[each]),
            )
            for each, amount in sheet.committed.items()
        }
        approved: list[Any] = list(self.replay.table(ceiling).values())
        assert sheet.ceiling == {
            (row.scheme_id, row.source.name, row.budget_year): row.amount for row in approved
        }
        left_over: Counter[Any] = Counter()
        moved: list[Any] = list(self.replay.table(balance).values())
        for row in moved:
            left_over[row.scheme_id, row.source.name, row.budget_year] += row.amount
        assert sheet.left_over == left_over
        claims: list[Any] = list(self.replay.table(recovery).values())
        assert sheet.claim == {
            (row.scheme_id, row.recovery_id): (row.scheme_id, row.commitment_id) for row in claims
        }
        plans: list[Any] = list(self.replay.table(plan).values())
        assert sheet.plan == {row.budget_year: row.amount for row in plans}


def check_identities(replay: Replay) -> None:
    """Of a position and a day: the accounts balance; parts are the whole; rows are their lines."""
    lines: list[Any] = list(replay.table(posting).values())
    of_year: Counter[Any] = Counter()
    open_: Counter[Any] = Counter()
    paid: Counter[Any] = Counter()
    for each in lines:
        amount = each.debit - each.credit
        of_year[each.source, each.budget_year] += amount
        promise = each.scheme_id, each.commitment_id
        open_[promise] += amount * (each.account.name == "COMMITTED")
        paid[promise] += amount * (each.account.name in {"ADVANCED", "DISBURSED"})
    assert not any(of_year.values())
    rows: list[Any] = list(replay.table(commitment).values())
    for row in rows:
        promise = row.scheme_id, row.commitment_id
        assert paid[promise] == row.advanced + row.disbursed - row.reversed
        assert open_[promise] + paid[promise] == row.committed - row.taken_back
    lined: list[Any] = [each for each in replay.table(entry).values() if each.kind in GRANTED]
    assert sum(open_.values()) + sum(paid.values()) == sum(each.amount for each in lined)
    known = {(row.scheme_id, row.commitment_id) for row in rows}
    own = [each for each in lined if (each.scheme_id, each.commitment_id) in known]
    for key in PARTS:
        parts: Counter[object] = Counter()
        for each in own:
            parts[key(each)] += each.amount
        for row in rows:
            parts[key(row)] -= row.committed - row.taken_back
        assert not any(parts.values()), "a part of the lines is not that of the rows"


def _late(random: Random, recorded: list[Event]) -> date:
    """The day of something that was recorded, or the day before."""
    return random.choice(recorded).effective_on - timedelta(days=random.randrange(2))
