"""Sectors that were issued (mã ngành đã ban hành): what facilities look their group up in.

What the ledger ships with is in no event, and needs no look.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import SectorRef
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import (
    AdvanceLimitSet,
    EligiblePlaceSet,
    SectorCodesIssued,
    SupportCapSet,
    sectors_of,
)
from events.scheme.facts import SchemeEvent
from events.sectors import checked_sector, sector
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Key, Look, Projection


class SectorCode(NamedTuple):
    """One class of a classification, and the group that it is of."""

    version: str
    code: str
    sector_group: str
    synthetic: bool


def _issued(event: Recorded[SectorCodesIssued]) -> Sequence[SectorCode]:
    return tuple(
        SectorCode(each.ref.version, each.ref.code, each.group, event.synthetic)
        for each in sectors_of(event.fact)
    )


def _keys(event: Recorded[SectorCodesIssued]) -> Iterator[Key]:
    for each in event.fact.lines:
        yield event.fact.version, each.code


sector_code = Projection(
    row=SectorCode,
    version=1,
    key=("version", "code"),
    spreads={SectorCodesIssued: _issued},
    keys={SectorCodesIssued: _keys},
    ignores=(
        SupportCapSet,
        AdvanceLimitSet,
        EligiblePlaceSet,
        PeriodEvent,
        PlanEvent,
        BooksEvent,
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        EvaluationEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        GeographyEvent,
    ),
)


def look(fact: Any) -> Key | None:  # noqa: ANN401 - a fact that names a sector
    """Where the group of its sector stands; None: it ships with the ledger, or there is none."""
    ref: SectorRef | None = fact.sector
    return None if ref is None or sector(ref) is not None else (ref.version, ref.code)


def group_of(ref: SectorRef, issued: SectorCode | None) -> str:
    """The code of the group that a sector belongs to, by the list or by what was issued."""
    if issued is not None:
        return issued.sector_group
    return checked_sector(ref).group


LOOK = Look(sector_code, look)
"""What a fact that names a sector is shown of it."""
