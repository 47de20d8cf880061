"""Published documents (nguồn), and the figures they report (số liệu công bố)."""

from datetime import datetime
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import PeriodCode, SourceId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.money import Figure as Number
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.vocabulary import Measure
from projections.projection import Projection


class Source(NamedTuple):
    """A document and the hash of its bytes."""

    source_id: SourceId
    title: str
    publisher: str
    author: str | None
    published_at: datetime
    sha256: str
    synthetic: bool


class Figure(NamedTuple):
    """A figure as published. A claim is not money."""

    source_id: SourceId
    period: PeriodCode
    measure: Measure
    value: Number
    quote: str
    synthetic: bool


def _registered(event: Recorded[SourceDocumentRegistered]) -> Source:
    fact = event.fact
    return Source(
        source_id=fact.source_id,
        title=fact.title,
        publisher=fact.publisher,
        author=fact.author,
        published_at=fact.published_at,
        sha256=fact.sha256,
        synthetic=event.synthetic,
    )


def _reported(event: Recorded[ReportedFigureRecorded]) -> Figure:
    fact = event.fact
    return Figure(
        source_id=fact.source_id,
        period=fact.period,
        measure=fact.measure,
        value=fact.value,
        quote=fact.quote,
        synthetic=event.synthetic,
    )


source = Projection(
    row=Source,
    version=1,
    key=("source_id",),
    is_fresh=True,
    opens={SourceDocumentRegistered: _registered},
    ignores=(
        ReportedFigureRecorded,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)

figure = Projection(
    row=Figure,
    version=1,
    key=("source_id", "period", "measure"),
    opens={ReportedFigureRecorded: _reported},
    ignores=(
        SourceDocumentRegistered,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("period",),),
)
