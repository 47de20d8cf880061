"""Schemes (đề án khuyến công); their money is in `ceiling`, `commitment`, `payment`, `entry`."""

from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import OrganisationId, PeriodCode, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import (
    SchemeGrassrootsAppraised,
    SchemeMinistryAppraised,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.scheme.balance import BalanceEvent
from events.scheme.contract import ContractEvent
from events.scheme.correction import EntryCorrected, instead
from events.scheme.delivery import DeliveryEvent
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
from events.scheme.halt import SchemeCompleted, SchemeResumed, SchemeStopped, SchemeSuspended
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodEvent
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.release import ReleaseEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import fold, sort_key
from events.vocabulary import Activity, SchemeClass
from projections.projection import Key, Projection


class SchemeStatus(Enum):
    """Trạng thái đề án."""

    PROPOSED = "đã đăng ký"
    GRASSROOTS_APPRAISED = "đã thẩm định cấp cơ sở"
    MINISTRY_APPRAISED = "đã thẩm định cấp Bộ"
    RETURNED = "yêu cầu bổ sung"
    REJECTED = "từ chối"
    APPROVED = "đã phê duyệt"
    SUSPENDED = "tạm dừng"
    STOPPED = "ngừng"
    COMPLETED = "hoàn thành"


class Scheme(NamedTuple):
    """A scheme."""

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


def _resubmitted(row: Scheme, event: Recorded[SchemeResubmitted]) -> Scheme:
    fact = event.fact
    return row._replace(
        status=SchemeStatus.PROPOSED,
        title=fact.title,
        title_sort=sort_key(fact.title),
        title_fold=fold(fact.title),
        contents=fact.contents,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
    )


def _adjusted(row: Scheme, event: Recorded[SchemeAdjusted]) -> Scheme:
    """What its kind changes alone: one that is entered late leaves the others as they are."""
    after = event.fact.after
    return row._replace(
        contents=after.contents or row.contents,
        starts_on=after.starts_on or row.starts_on,
        ends_on=after.ends_on or row.ends_on,
        implementer=after.implementer or row.implementer,
    )


def _supplemented(row: Scheme, event: Recorded[SchemeSupplemented]) -> Scheme:
    return row._replace(contents=(*row.contents, *event.fact.contents))


def _to(status: SchemeStatus) -> Callable[[Scheme, Recorded[Any]], Scheme]:
    return lambda row, _: row._replace(status=status)


def _corrected(row: Scheme, event: Recorded[EntryCorrected]) -> Scheme:
    title = instead(event.fact, "SchemeProposed", "title", row.title)
    return row._replace(title=title, title_sort=sort_key(title), title_fold=fold(title))


def _of(event: Recorded[EntryCorrected]) -> Iterator[Key]:
    if event.fact.corrects_type == "SchemeProposed":
        yield (event.fact.scheme_id,)


AFTER_APPROVAL = (
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
    DeliveryEvent,
    ProgressEvent,
    SettlingEvent,
    RecoveryEvent,
    ReallocationEvent,
    CounterpartInvested,
    PriorPeriodEvent,
)

scheme = Projection(
    row=Scheme,
    version=2,
    key=("scheme_id",),
    is_fresh=True,
    opens={SchemeProposed: _proposed},
    changes={
        SchemeApproved: _approved,
        SchemeGrassrootsAppraised: _to(SchemeStatus.GRASSROOTS_APPRAISED),
        SchemeMinistryAppraised: _to(SchemeStatus.MINISTRY_APPRAISED),
        SchemeReturned: _to(SchemeStatus.RETURNED),
        SchemeResubmitted: _resubmitted,
        SchemeRejected: _to(SchemeStatus.REJECTED),
        SchemeSuspended: _to(SchemeStatus.SUSPENDED),
        SchemeResumed: _to(SchemeStatus.APPROVED),
        SchemeStopped: _to(SchemeStatus.STOPPED),
        SchemeCompleted: _to(SchemeStatus.COMPLETED),
        EntryCorrected: _corrected,
        SchemeAdjusted: _adjusted,
        SchemeSupplemented: _supplemented,
    },
    keys={EntryCorrected: _of},
    ignores=(
        *AFTER_APPROVAL,
        ReleaseEvent,
        ContractEvent,
        EvaluationEvent,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BalanceEvent,
        BooksEvent,
        StepEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
    lookups=(("period", "scheme_class"), ("implementer",)),
)
