"""What a question costs, counted when it is planned: the objects that its answer may hold.

Every object counts one, times the rows of each list around it. A page counts as many rows as it may
have, a list that is short by nature `MANY`, a sum over entries `SUM`, one over running totals
`TALLIED`. What depends on a variable is left open and worked out at each request, in a microsecond.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod

from schema.planner.given import Variables
from schema.planner.inputs import Getter
from schema.planner.refusals import QueryRefusedError

COST_MAX = 20_000
"""A thousand rows with a dozen related objects each; some 100 ms of the database's time."""
MANY = 10
SUM = 50
TALLIED = 20
"""Of a sum that the running totals answer (`tallied.py`)."""


@dataclass(slots=True)
class Cost:
    """Grows while a question is compiled."""

    terms: Counter[tuple[Getter, ...]] = field(default_factory=Counter)
    """Weight of what stands inside lists whose lengths are these."""
    _lengths: tuple[Getter, ...] = ()
    _times: int = 1

    def add(self, weight: int = 1) -> None:
        """One more object here, or what weighs as much."""
        self.terms[self._lengths] += weight * self._times

    @contextmanager
    def inside(self, length: int | Getter) -> Iterator[None]:
        """What is added meanwhile stands in a list of this length."""
        before = self._lengths, self._times
        if isinstance(length, int):
            self._times *= length
        else:
            self._lengths = (*self._lengths, length)
        try:
            yield
        finally:
            self._lengths, self._times = before

    def of(self, variables: Variables) -> int:
        """The cost of one request."""
        return sum(
            weight * prod(_whole(length(variables)) for length in lengths)
            for lengths, weight in self.terms.items()
        )


def within(cost: int, most: int = COST_MAX) -> int:
    """Refuse what costs too much, before the database hears of it."""
    if cost > most:
        raise QueryRefusedError(
            "COST_TOO_HIGH",
            f"This question costs {cost:,} points; {most:,} are allowed. Ask for smaller pages.",
            f"Câu hỏi tốn {cost:,} điểm; cho phép {most:,}. Hãy yêu cầu trang nhỏ hơn.",
            limit=most,
            value=cost,
        )
    return cost


def _whole(length: object) -> int:
    return length if isinstance(length, int) and length > 0 else 0
