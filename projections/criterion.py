"""Schemes judged against the criteria of focal schemes (đánh giá tiêu chí đề án điểm)."""

from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import PeriodCode, SchemeId, SourceId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
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
from events.vocabulary import Criterion as CriterionName
from events.vocabulary import SchemeClass, Verdict
from projections.projection import Look, Projection
from projections.scheme import Scheme, scheme


class Criterion(NamedTuple):
    """The last verdict on one criterion."""

    scheme_id: SchemeId
    criterion: CriterionName
    period: PeriodCode
    scheme_class: SchemeClass
    verdict: Verdict
    rule_version: str
    evidence: str
    source_id: SourceId
    evaluated_on: date
    synthetic: bool


def _evaluated(event: Recorded[CriteriaEvaluated], of: Scheme) -> Criterion:
    fact = event.fact
    return Criterion(
        scheme_id=fact.scheme_id,
        criterion=fact.criterion,
        period=of.period,
        scheme_class=of.scheme_class,
        verdict=fact.verdict,
        rule_version=fact.rule_version,
        evidence=fact.evidence,
        source_id=fact.source,
        evaluated_on=event.effective_on,
        synthetic=event.synthetic,
    )


criterion = Projection(
    row=Criterion,
    version=1,
    key=("scheme_id", "criterion"),
    opens={CriteriaEvaluated: _evaluated},
    looks={CriteriaEvaluated: (Look(scheme, scheme.key_of_fact),)},
    ignores=(
        SchemeProposed,
        SchemeApproved,
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
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("period", "criterion"), ("source_id",)),
)
