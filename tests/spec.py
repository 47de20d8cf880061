"""Given facts, when a command, then facts or a refusal: how every rule is tested.

No database, no clock, no loop. `check = Spec(SCHEME)`, then `check(given=…, when=…, then=…)`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from events.rules import Aggregate, Occasion, Refusal

ON = date(2019, 3, 1)
TODAY = date(2020, 11, 5)


def fold(aggregate: Aggregate[Any, Any, Any], facts: Sequence[object]) -> Any:
    """The state that these facts lead to."""
    state = None
    for each in facts:
        state = aggregate.evolve(state, each)
    return state


class Spec:
    """The rules of one aggregate, asked one question at a time."""

    def __init__(
        self,
        aggregate: Aggregate[Any, Any, Any],
        neighbours: Mapping[str, object] | None = None,
    ) -> None:
        self._aggregate = aggregate
        self._neighbours = dict(neighbours or {})

    def __call__(
        self,
        *,
        given: Sequence[object],
        when: object,
        then: Sequence[object] | Refusal,
        on: date = ON,
        today: date = TODAY,
        neighbours: Mapping[str, object] | None = None,
    ) -> None:
        """The command has exactly this answer, and a refusal leaves the state as it was."""
        seen = self._neighbours if neighbours is None else neighbours
        before = fold(self._aggregate, given)
        state = fold(self._aggregate, given)
        if not isinstance(then, Refusal):
            facts = self._answer(when, state, on, today, seen)
            assert list(facts) == list(then)
            fold(self._aggregate, [*given, *facts])
            return
        with pytest.raises(type(then)) as refused:
            self._answer(when, state, on, today, seen)
        assert refused.value == then
        assert then.message
        assert then.message_vi
        assert state == before

    def _answer(
        self,
        when: object,
        state: object,
        on: date,
        today: date,
        neighbours: Mapping[str, object],
    ) -> Sequence[object]:
        """As the ledger asks: only the neighbours that the aggregate says it reads."""
        self._aggregate.stream(when)
        read = {name: neighbours.get(name) for name in self._aggregate.reads(when)}
        occasion = Occasion(effective_on=on, today=today, neighbours=read)
        return self._aggregate.decide(when, state, occasion)
