"""Schemes (đề án khuyến công), and the ceilings they were approved with (dự toán được duyệt)."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import OrganisationId, PeriodCode, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import fold, sort_key
from events.vocabulary import Activity, FundingSource, SchemeClass
from projections.projection import Key, Projection


class SchemeStatus(Enum):
    """Trạng thái đề án."""

    PROPOSED = "đã đăng ký"
    APPROVED = "đã phê duyệt"


class Scheme(NamedTuple):
    """A scheme; its money is in `commitment`, `payment` and `entry`."""

    scheme_id: SchemeId
    period: PeriodCode
    title: str
    title_sort: str
    title_fold: str
    scheme_class: SchemeClass
    status: SchemeStatus
    contents: tuple[Activity, ...]
    starts_on: date
    ends_on: date
    implementer: OrganisationId
    legal_regime: tuple[str, ...]
    approved_on: date | None
    synthetic: bool


class Ceiling(NamedTuple):
    """The most that may be committed from one source in one budget year."""

    scheme_id: SchemeId
    source: FundingSource
    budget_year: int
    amount: Vnd
    synthetic: bool


def _proposed(event: Recorded[SchemeProposed]) -> Scheme:
    fact = event.fact
    return Scheme(
        scheme_id=fact.scheme_id,
        period=fact.period,
        title=fact.title,
        title_sort=sort_key(fact.title),
        title_fold=fold(fact.title),
        scheme_class=fact.scheme_class,
        status=SchemeStatus.PROPOSED,
        contents=fact.contents,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        implementer=fact.implementer,
        legal_regime=(),
        approved_on=None,
        synthetic=event.synthetic,
    )


def _approved(row: Scheme, event: Recorded[SchemeApproved]) -> Scheme:
    return row._replace(
        status=SchemeStatus.APPROVED,
        legal_regime=event.fact.legal_regime,
        approved_on=event.effective_on,
    )


def _ceilings(event: Recorded[SchemeApproved]) -> tuple[Ceiling, ...]:
    return tuple(
        Ceiling(
            scheme_id=event.fact.scheme_id,
            source=each.source,
            budget_year=each.budget_year,
            amount=each.amount,
            synthetic=event.synthetic,
        )
        for each in event.fact.ceilings
    )


def _each_ceiling(event: Recorded[SchemeApproved]) -> Iterator[Key]:
    for each in event.fact.ceilings:
        yield event.fact.scheme_id, each.source, each.budget_year


_AFTER_APPROVAL = (
    BeneficiaryAssigned,
    CounterpartPledged,
    SupportCommitted,
    CommitmentReduced,
    CommitmentCancelled,
    AdvancePaid,
    DisbursementPaid,
    PaymentReversed,
    AcceptanceRecorded,
    SettlementApproved,
    CriteriaEvaluated,
)

scheme = Projection(
    row=Scheme,
    version=1,
    key=("scheme_id",),
    is_fresh=True,
    opens={SchemeProposed: _proposed},
    changes={SchemeApproved: _approved},
    ignores=(
        *_AFTER_APPROVAL,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("period", "scheme_class"), ("implementer",)),
)

ceiling = Projection(
    row=Ceiling,
    version=1,
    key=("scheme_id", "source", "budget_year"),
    is_fresh=True,
    spreads={SchemeApproved: _ceilings},
    keys={SchemeApproved: _each_ceiling},
    ignores=(
        SchemeProposed,
        *_AFTER_APPROVAL,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)
