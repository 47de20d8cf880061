"""Everything that can be asked, happen or be refused, in one place: the unions are the registry.

A fact is known to the codec, to GraphQL, to the feed and to docs/reference as soon as its name
stands in its aggregate's union. A recorded shape never changes: it gets a successor, and a pure
function in `UPCASTS` that turns the old data into the new.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, get_args

from events.books import BOOKS, BooksCommand, BooksEvent, BooksRefusal
from events.duties import NotYours, WrongAuthority
from events.evaluation import (
    EVALUATION,
    EvaluationCommand,
    EvaluationEvent,
    EvaluationRefusal,
)
from events.facility import (
    FACILITY,
    FacilityCapacityUpdated,
    FacilityCommand,
    FacilityEvent,
    FacilityOwnershipChanged,
    FacilityRefusal,
    FacilityRenamed,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.identity import InvalidCode
from events.jurisdiction import OutsideJurisdiction
from events.maintenance import (
    MAINTENANCE,
    MaintenanceCommand,
    MaintenanceEvent,
    MaintenanceRefusal,
)
from events.mandate import MANDATE, MandateCommand, MandateEvent, MandateRefusal
from events.mergers import (
    GEOGRAPHIES,
    GeographyCommand,
    GeographyEvent,
    GeographyRefusal,
)
from events.organisation import (
    ORGANISATION,
    OrganisationCommand,
    OrganisationEvent,
    OrganisationRefusal,
)
from events.period import PERIOD, PeriodCommand, PeriodEvent, PeriodRefusal
from events.plan import PLAN, PlanCommand, PlanEvent, PlanRefusal
from events.policy import POLICY, PolicyCommand, PolicyEvent, PolicyRefusal
from events.rules import Aggregate, LedgerError, Refusal
from events.scheme import SCHEME, SchemeCommand, SchemeEvent, SchemeRefusal
from events.signing import SIGNING, SigningCommand, SigningEvent, SigningRefusal
from events.source import SOURCE, SourceCommand, SourceEvent, SourceRefusal

Fact: TypeAlias = (
    PeriodEvent
    | PlanEvent
    | BooksEvent
    | OrganisationEvent
    | FacilityEvent
    | SchemeEvent
    | SourceEvent
    | EvaluationEvent
    | MandateEvent
    | MaintenanceEvent
    | SigningEvent
    | PolicyEvent
    | GeographyEvent
)
Command: TypeAlias = (
    PeriodCommand
    | PlanCommand
    | BooksCommand
    | OrganisationCommand
    | FacilityCommand
    | SchemeCommand
    | SourceCommand
    | EvaluationCommand
    | MandateCommand
    | MaintenanceCommand
    | SigningCommand
    | PolicyCommand
    | GeographyCommand
)
NamedRefusal: TypeAlias = (
    PeriodRefusal
    | PlanRefusal
    | BooksRefusal
    | OrganisationRefusal
    | FacilityRefusal
    | SchemeRefusal
    | SourceRefusal
    | EvaluationRefusal
    | MandateRefusal
    | MaintenanceRefusal
    | SigningRefusal
    | PolicyRefusal
    | GeographyRefusal
    | WrongAuthority
    | NotYours
    | OutsideJurisdiction
)
AnyAggregate: TypeAlias = Aggregate[Any, Any, Any]
Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Upcast: TypeAlias = Callable[[dict[str, Json]], dict[str, Json]]
"""From the data of one recorded shape to the data of the next. Pure."""

AGGREGATES: tuple[AnyAggregate, ...] = (
    PERIOD,
    PLAN,
    BOOKS,
    ORGANISATION,
    FACILITY,
    SCHEME,
    SOURCE,
    EVALUATION,
    MANDATE,
    MAINTENANCE,
    SIGNING,
    POLICY,
    GEOGRAPHIES,
)

UPCASTS: Mapping[tuple[str, int], Upcast] = MappingProxyType({})
"""(type, schema) -> how its data becomes schema + 1. Every shape so far is the first."""


RETIRED: Mapping[type, tuple[type, ...]] = MappingProxyType(
    {
        FacilityUpdated: (
            FacilityRenamed,
            FacilitySectorReclassified,
            FacilityCapacityUpdated,
            FacilityOwnershipChanged,
        )
    }
)
"""Fact that no rule causes any more -> the facts that say it now. The log keeps it for ever."""


class UnknownEventError(LedgerError):
    """The log holds a fact that this version of the ledger does not know."""


def members(union: object) -> tuple[type, ...]:
    """The classes of a union, in their order; a class alone is a union of one."""
    return get_args(union) or ((union,) if isinstance(union, type) else ())


def aggregate_of(command: Command) -> AnyAggregate:
    """The aggregate that answers this command."""
    return _BY_COMMAND[type(command)]


def aggregate_of_stream(stream: str) -> AnyAggregate:
    """The aggregate whose facts this stream holds."""
    kind, _, code = stream.partition("-")
    found = _BY_NAME.get(kind)
    if found is None:
        raise InvalidCode(field="stream", text=stream)
    if not code:
        raise InvalidCode(field=kind, text=code)
    return found


def facts_of(aggregate: AnyAggregate) -> tuple[type, ...]:
    """The classes of the facts that a stream of this aggregate may hold."""
    return members(_UNIONS[aggregate.name][1])


FACTS: Mapping[str, type] = MappingProxyType({each.__name__: each for each in members(Fact)})
"""Name in the log -> class."""

COMMANDS: Mapping[str, type] = MappingProxyType({each.__name__: each for each in members(Command)})
"""Name -> class."""

REFUSALS: Mapping[str, type[Refusal]] = MappingProxyType(
    {each.__name__: each for each in members(NamedRefusal) if issubclass(each, Refusal)}
)
"""Name -> class, for every refusal that a rule of the domain raises; a few share a stable code."""

_UNIONS: Mapping[str, tuple[object, object]] = {
    PERIOD.name: (PeriodCommand, PeriodEvent),
    PLAN.name: (PlanCommand, PlanEvent),
    BOOKS.name: (BooksCommand, BooksEvent),
    ORGANISATION.name: (OrganisationCommand, OrganisationEvent),
    FACILITY.name: (FacilityCommand, FacilityEvent),
    SCHEME.name: (SchemeCommand, SchemeEvent),
    SOURCE.name: (SourceCommand, SourceEvent),
    EVALUATION.name: (EvaluationCommand, EvaluationEvent),
    MANDATE.name: (MandateCommand, MandateEvent),
    MAINTENANCE.name: (MaintenanceCommand, MaintenanceEvent),
    SIGNING.name: (SigningCommand, SigningEvent),
    POLICY.name: (PolicyCommand, PolicyEvent),
    GEOGRAPHIES.name: (GeographyCommand, GeographyEvent),
}
_BY_NAME: Mapping[str, AnyAggregate] = {each.name: each for each in AGGREGATES}
_BY_COMMAND: Mapping[type, AnyAggregate] = {
    each: _BY_NAME[name] for name, (commands, _) in _UNIONS.items() for each in members(commands)
}
