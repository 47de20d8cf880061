"""Random valid histories of the fund: orders that the rules accepted, and the facts they caused.

`histories()` is the hypothesis strategy; `tell(Random(seed), steps)` is the same without
hypothesis. Effective dates jump back and forth over the mergers of 2025, facilities move and close,
payments are reversed, commitments reduced and cancelled. One order in five is anybody's, whoever
has the duty. A refused order is not part of a history.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from random import Random
from typing import TypeAlias
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from events.catalogue import Command, Fact, aggregate_of, aggregate_of_stream
from events.codec import seal, unseal
from events.duties import NOBODY, Hands, checked_hands, joined
from events.entry import held
from events.envelope import Authority, Order, Recorded
from events.rules import Occasion, Refusal
from events.scheme import ApproveStep, ProposeStep, Scheme
from tests.actors import EVERYBODY, actor_of
from tests.moves import MOVES, prelude
from tests.stage import Cast

Moves: TypeAlias = Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]]
"""Name to a move, and how often it is made."""

TODAY = date(2026, 11, 1)
UNHURRIED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Settings of every property test: no verdict depends on how busy the machine is."""
_FIRST_DAY = date(2018, 1, 1)
_BEGUN = datetime(2026, 11, 1, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class History:
    """What was asked, in order, and what the log would hold, in order."""

    orders: tuple[Order[Command], ...]
    recorded: tuple[Recorded[Fact], ...]


@dataclass(slots=True)
class Memory:
    """A ledger without a database: the same rules, one list of facts."""

    states: dict[str, object] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    hands: dict[str, Hands] = field(default_factory=dict)
    reserved: set[str] = field(default_factory=set)
    orders: list[Order[Command]] = field(default_factory=list)
    recorded: list[Recorded[Fact]] = field(default_factory=list)

    def ask(self, order: Order[Command], today: date = TODAY) -> tuple[Recorded[Fact], ...]:
        """Record what the rules answer. Refusals pass through; nothing is changed by them."""
        command = order.command
        aggregate = aggregate_of(command)
        stream = aggregate.stream(command)
        recalls = aggregate.recalls(command)
        past = [each for each in self.recorded if each.stream == stream] if recalls else ()
        read = (*aggregate.reads(command), *aggregate.further(command, self.states.get(stream)))
        occasion = Occasion(
            effective_on=order.effective_on,
            today=today,
            neighbours={name: self.states.get(name) for name in read},
            past=past,
        )
        facts = aggregate.decide(command, self.states.get(stream), occasion)
        checked_hands(facts, stream, self.hands.get(stream, NOBODY), order.actor)
        state = self.states.get(stream)
        before = set(aggregate.holds(state))
        after = set(aggregate.holds(reduce(aggregate.evolve, facts, state)))
        keys = [*(key for fact in facts for key in aggregate.reserves(fact)), *(after - before)]
        for key in sorted(keys):
            if key in self.reserved:
                raise held(key)
        self.reserved.update(keys)
        self.reserved -= before - after
        self.orders.append(order)
        return tuple(self._record(stream, fact, order) for fact in facts)

    def day_of(self, command: Command) -> date | None:
        """The day on which a correction takes effect: that of the event that it corrects."""
        if isinstance(command, ApproveStep):
            scheme = self.states[f"scheme-{command.scheme_id}"]
            assert isinstance(scheme, Scheme)
            return scheme.steps[command.step_id].proposal.takes_effect_on
        if not isinstance(command, ProposeStep) or command.step.correct_entry is None:
            return None
        correction = command.step.correct_entry
        at = (f"scheme-{correction.scheme_id}", correction.corrects_version)
        return next(e.effective_on for e in self.recorded if (e.stream, e.version) == at)

    def _record(self, stream: str, fact: Fact, order: Order[Command]) -> Recorded[Fact]:
        position = len(self.recorded) + 1
        version = self.versions.get(stream, 0) + 1
        sealed = seal(fact, id=UUID(int=position), stream=stream, version=version, order=order)
        moment = _BEGUN + timedelta(microseconds=1_700_000 * position)
        written = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        body = sealed.before + f'"{written}"'.encode() + sealed.after
        recorded = unseal(position, body)
        self.states[stream] = aggregate_of_stream(stream).evolve(self.states.get(stream), fact)
        self.versions[stream] = version
        self.hands[stream] = joined(self.hands.get(stream, NOBODY), recorded)
        self.recorded.append(recorded)
        return recorded


def tell(random: Random, steps: int, moves: Moves = MOVES) -> History:
    """A history of about this many steps after its prelude. The same seed tells the same."""
    memory = Memory()
    cast = Cast(states=memory.states)
    for command in prelude(random, cast):
        order = order_of(random, len(memory.orders), command, date(2018, 1, 1))
        memory.ask(replace(order, actor=actor_of(type(command))))
    names, weights = list(moves), [weight for _, weight in moves.values()]
    for step in range(steps):
        move = moves[random.choices(names, weights)[0]][0]
        command = move(random, cast)
        if command is None:
            continue
        try:
            day = memory.day_of(command) or day_of(random)
            memory.ask(order_of(random, 1_000 + step, command, day))
        except Refusal:
            continue
    return History(orders=tuple(memory.orders), recorded=tuple(memory.recorded))


@st.composite
def histories(draw: st.DrawFn, steps_max: int = 200) -> History:
    """Random valid histories; hypothesis drives every choice and shrinks what fails."""
    steps = draw(st.integers(min_value=0, max_value=steps_max))
    return tell(draw(st.randoms(use_true_random=False)), steps)


def order_of(random: Random, number: int, command: Command, on: date) -> Order[Command]:
    named = random.random() < 0.5
    return Order(
        command=command,
        command_id=UUID(int=(7 << 76) | (2 << 62) | number),
        effective_on=on,
        actor=actor_of(type(command)) if random.random() < 0.8 else random.choice(EVERYBODY),
        authority=Authority(instrument=f"QĐ {number}/QĐ-KC", date=on) if named else None,
        synthetic=random.random() < 0.5,
    )


def day_of(random: Random) -> date:
    """Mostly within the period, sometimes after the mergers of 2025; in no order at all."""
    if random.random() < 0.2:
        return date(2025, 6, 25) + timedelta(days=random.randrange(490))
    return _FIRST_DAY + timedelta(days=random.randrange(1_095))
