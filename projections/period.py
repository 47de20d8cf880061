"""Funding periods (giai đoạn)."""

from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import PeriodCode
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.organisation import OrganisationEvent
from events.period import PeriodClosed, PeriodOpened
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Projection


class Period(NamedTuple):
    """A funding period: from its opening to its closing."""

    code: PeriodCode
    name: str
    starts_on: date
    ends_on: date
    closed_on: date | None
    synthetic: bool


def _opened(event: Recorded[PeriodOpened]) -> Period:
    fact = event.fact
    return Period(
        code=fact.code,
        name=fact.name,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        closed_on=None,
        synthetic=event.synthetic,
    )


def _closed(row: Period, event: Recorded[PeriodClosed]) -> Period:
    return row._replace(closed_on=event.effective_on)


period = Projection(
    row=Period,
    version=2,
    key=("code",),
    is_fresh=True,
    opens={PeriodOpened: _opened},
    changes={PeriodClosed: _closed},
    ignores=(
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)
