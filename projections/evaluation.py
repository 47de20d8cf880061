"""Evaluations (đánh giá): conferences as each source tells them, claims, findings of auditors."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    NarrativeClaimRecorded,
)
from events.facility.facts import FacilityEvent
from events.identity import (
    ClaimId,
    EvaluationId,
    FindingId,
    PeriodCode,
    SchemeId,
    SourceId,
)
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import ClaimTopic
from projections.projection import Projection


class Evaluation(NamedTuple):
    """An evaluation, which a conference or a finding began."""

    evaluation_id: EvaluationId
    period: PeriodCode
    synthetic: bool


class Conference(NamedTuple):
    """The conference, as one source tells it."""

    evaluation_id: EvaluationId
    source_id: SourceId
    held_on: date
    convenor: str
    place: str | None
    quote: str
    synthetic: bool


class Claim(NamedTuple):
    """What a source claims without a number."""

    evaluation_id: EvaluationId
    claim_id: ClaimId
    topic: ClaimTopic
    subject: str
    quote: str
    source_id: SourceId
    synthetic: bool


class Finding(NamedTuple):
    """What auditors found, and what became of it."""

    evaluation_id: EvaluationId
    finding_id: FindingId
    scheme_id: SchemeId | None
    findings: str
    amount: Vnd | None
    action: str
    source_id: SourceId
    found_on: date
    resolution: str | None
    resolution_source_id: SourceId | None
    resolved_on: date | None
    synthetic: bool


def _begun(
    event: Recorded[EvaluationConferenceHeld] | Recorded[AuditFindingRecorded],
) -> Evaluation:
    return Evaluation(
        evaluation_id=event.fact.evaluation_id,
        period=event.fact.period,
        synthetic=event.synthetic,
    )


def _held(event: Recorded[EvaluationConferenceHeld]) -> Conference:
    fact = event.fact
    return Conference(
        evaluation_id=fact.evaluation_id,
        source_id=fact.source_id,
        held_on=fact.held_on,
        convenor=fact.convenor,
        place=fact.place,
        quote=fact.quote,
        synthetic=event.synthetic,
    )


def _claimed(event: Recorded[NarrativeClaimRecorded]) -> Claim:
    fact = event.fact
    return Claim(
        evaluation_id=fact.evaluation_id,
        claim_id=fact.claim_id,
        topic=fact.topic,
        subject=fact.subject,
        quote=fact.quote,
        source_id=fact.source_id,
        synthetic=event.synthetic,
    )


def _found(event: Recorded[AuditFindingRecorded]) -> Finding:
    fact = event.fact
    return Finding(
        evaluation_id=fact.evaluation_id,
        finding_id=fact.finding_id,
        scheme_id=fact.scheme_id,
        findings=fact.findings,
        amount=fact.amount,
        action=fact.action,
        source_id=fact.source_id,
        found_on=event.effective_on,
        resolution=None,
        resolution_source_id=None,
        resolved_on=None,
        synthetic=event.synthetic,
    )


def _resolved(row: Finding, event: Recorded[AuditFindingResolved]) -> Finding:
    fact = event.fact
    return row._replace(
        resolution=fact.action,
        resolution_source_id=fact.source_id,
        resolved_on=event.effective_on,
    )


_IGNORED = (
    PeriodEvent,
    OrganisationEvent,
    FacilityEvent,
    SchemeEvent,
    SourceEvent,
    MandateEvent,
    MaintenanceEvent,
    SigningEvent,
    PolicyEvent,
    PlanEvent,
    BooksEvent,
    GeographyEvent,
)

evaluation = Projection(
    row=Evaluation,
    version=1,
    key=("evaluation_id",),
    opens=dict.fromkeys((EvaluationConferenceHeld, AuditFindingRecorded), _begun),
    ignores=(NarrativeClaimRecorded, AuditFindingResolved, *_IGNORED),
    lookups=(("period",),),
)

conference = Projection(
    row=Conference,
    version=1,
    key=("evaluation_id", "source_id"),
    is_fresh=True,
    opens={EvaluationConferenceHeld: _held},
    ignores=(NarrativeClaimRecorded, AuditFindingRecorded, AuditFindingResolved, *_IGNORED),
    lookups=(("source_id",),),
)

claim = Projection(
    row=Claim,
    version=1,
    key=("evaluation_id", "claim_id"),
    is_fresh=True,
    opens={NarrativeClaimRecorded: _claimed},
    ignores=(EvaluationConferenceHeld, AuditFindingRecorded, AuditFindingResolved, *_IGNORED),
    lookups=(("source_id",),),
)

finding = Projection(
    row=Finding,
    version=1,
    key=("evaluation_id", "finding_id"),
    is_fresh=True,
    opens={AuditFindingRecorded: _found},
    changes={AuditFindingResolved: _resolved},
    ignores=(EvaluationConferenceHeld, NarrativeClaimRecorded, *_IGNORED),
    lookups=(("scheme_id",), ("source_id",)),
)
