"""What a fact, a command and a refusal are, and how an aggregate decides.

Read `fact` and `command` first, then `Refusal`, then `Occasion` and `Aggregate`.

    Refusal                  the ledger's answer "no": typed, counted, shown to the caller
    └── VersionConflict …    (each named refusal stands beside the rule that raises it)
    LedgerError              a bug or an outage: masked outside, logged inside
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import Enum
from typing import ClassVar, Generic, TypeVar, dataclass_transform

T = TypeVar("T")
C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(cls: type[T]) -> type[T]:
    """Declare something that happened. Its docstring is the public description."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


command = fact
"""Declare something a person asks for: the mirror image of the fact it may cause."""

value = fact
"""Declare a value that facts and commands carry: equal when its parts are equal."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The ledger says no. Each docstring is the message: English, then Vietnamese."""

    code: ClassVar[str]
    rule: ClassVar[str]
    english: ClassVar[str]
    vietnamese: ClassVar[str]

    @property
    def message(self) -> str:
        """The English sentence, with this refusal's figures in it."""
        return self.english.format_map(_shown(self, lambda term: term.name))

    @property
    def message_vi(self) -> str:
        """The Vietnamese sentence, with this refusal's figures in it."""
        return self.vietnamese.format_map(_shown(self, lambda term: term.value))

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


R = TypeVar("R", bound=Refusal)


@dataclass_transform(kw_only_default=True)
def refusal(*, rule: str, code: str | None = None) -> Callable[[type[R]], type[R]]:
    """Declare a refusal that rests on `rule`: an article of law, or a rule of the ledger.

    Its stable code is its name, unless a fact has that name already.
    """

    def declare(cls: type[R]) -> type[R]:
        english, _, vietnamese = (cls.__doc__ or "").partition("\n\n")
        cls.code = code or re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()
        cls.rule = rule
        cls.english, cls.vietnamese = " ".join(english.split()), " ".join(vietnamese.split())
        # Not frozen: a frozen exception breaks when Python sets its traceback.
        return dataclass(kw_only=True, eq=True)(cls)

    return declare


@refusal(rule="one holder for each key (khoá duy nhất)")
class AlreadyReserved(Refusal):
    """Something else in the ledger already holds {key}.

    Trong sổ cái đã có đối tượng khác giữ {key}.
    """

    key: str


class LedgerError(Exception):
    """A bug or an outage. Its text never leaves the process."""


class HistoryBrokenError(LedgerError):
    """A stream does not begin with the fact that begins every stream of its kind."""


@value
class Occasion:
    """When a command acts and what else its rule must know. Time enters here alone."""

    effective_on: date
    today: date
    neighbours: Mapping[str, object] = field(default_factory=dict)
    """States of the other streams named by the aggregate's `reads`, guarded by their versions."""

    def neighbour(self, stream: str, kind: type[T]) -> T | None:
        """The state of another stream, or None if nothing was ever recorded there."""
        state = self.neighbours.get(stream)
        return state if isinstance(state, kind) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Generic[C, S, E]):
    """One consistency boundary: a kind of stream and the pure rules that guard it."""

    name: str
    stream: Callable[[C], str]
    decide: Callable[[C, S | None, Occasion], Sequence[E]]
    evolve: Callable[[S | None, E], S]
    reads: Callable[[C], Iterable[str]] = lambda _: ()
    """Other streams the rule looks at; the append is refused and retried if one moved meanwhile."""
    reserves: Callable[[E], Iterable[str]] = lambda _: ()
    """Keys that must be unique in the whole ledger, taken in the transaction of the append."""


def _shown(refused: Refusal, term: Callable[[Enum], str]) -> dict[str, object]:
    """Figures as a person reads them: amounts in groups of three, years and counts as they are."""
    shown: dict[str, object] = {}
    for each in fields(refused):  # type: ignore[arg-type]
        got = getattr(refused, each.name)
        if isinstance(got, Enum):
            shown[each.name] = term(got)
        elif type(got) is int and each.type is not int:  # Vnd, Figure: new types over int
            shown[each.name] = f"{got:,}".replace(",", ".")
        else:
            shown[each.name] = got
    return shown
