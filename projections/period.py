"""Funding periods (giai đoạn)."""

from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import PeriodCode
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.organisation import OrganisationEvent
from events.period import PeriodOpened
from events.scheme.facts import SchemeEvent
from events.source import SourceEvent
from projections.projection import Projection


class Period(NamedTuple):
    """A funding period as it was opened."""

    code: PeriodCode
    name: str
    starts_on: date
    ends_on: date
    synthetic: bool


def _opened(event: Recorded[PeriodOpened]) -> Period:
    fact = event.fact
    return Period(
        code=fact.code,
        name=fact.name,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        synthetic=event.synthetic,
    )


period = Projection(
    row=Period,
    version=1,
    key=("code",),
    is_fresh=True,
    opens={PeriodOpened: _opened},
    ignores=(
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
    ),
)
