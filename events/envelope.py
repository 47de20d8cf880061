"""What surrounds every fact: who, when, by which authority, at whose request.

An `Order` is a command with its circumstances, as a caller hands it in. A `Recorded` is a fact as
the log holds it, at its position. The log keeps the envelope as canonical bytes: `codec.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from events.identity import OrganisationId, ProvinceRef
from events.rules import value

C = TypeVar("C", covariant=True)
F = TypeVar("F", covariant=True)


@value
class Actor:
    """Who acts (người thực hiện): identity, role and organisation."""

    id: str
    role: str
    organisation: str


@value
class Authority:
    """The paper an entry rests on (căn cứ): instrument, its date and who signed it."""

    instrument: str
    date: date
    signer: str | None = None


@value
class Jurisdiction:
    """How far a caller reaches (thẩm quyền theo địa bàn): what it does not name lies outside."""

    provinces: frozenset[ProvinceRef] = frozenset()
    """Whose facilities; each stands for what it has become since (địa bàn phụ trách)."""
    organisation: OrganisationId | None = None
    """Whose schemes: those that it implements (đơn vị thực hiện)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Generic[C]):
    """A command with its circumstances. The same `command_id` is carried out once, for ever."""

    command: C
    command_id: UUID
    effective_on: date
    actor: Actor
    authority: Authority | None = None
    causation: UUID | None = None
    correlation: UUID | None = None
    expected_version: int | None = None
    """Refuse unless the stream stands at this version; None: as the ledger finds it."""
    synthetic: bool = False
    """Invented for demonstration; marked in the event and in every answer."""
    within: Jurisdiction | None = None
    """Refuse what lies outside; None: not limited. Neither recorded nor part of the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[F]):
    """A fact as the log holds it."""

    position: int
    id: UUID
    stream: str
    version: int
    """1 for the first event of the stream."""
    type: str
    recorded_at: datetime
    effective_on: date
    budget_year: int | None
    actor: Actor
    authority: Authority | None
    command_id: UUID
    causation: UUID | None
    correlation: UUID | None
    synthetic: bool
    fact: F
