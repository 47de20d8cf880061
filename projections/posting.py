"""The journal (sổ nhật ký chung): every move of money as two lines, a debit and a credit.

What posts what stands in `accounts.py`. A line is never changed. Its number counts from 1 within
its event; a debit and the credit that balances it follow one another.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple, get_args
from uuid import UUID

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import CommitmentId, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanBudgetRevised
from events.policy import PolicyEvent
from events.scheme.appraisal import AppraisalEvent
from events.scheme.contract import ContractEvent
from events.scheme.correction import EntryCorrected
from events.scheme.delivery import DeliveryEvent
from events.scheme.facts import (
    AcceptanceRecorded,
    BeneficiaryAssigned,
    CriteriaEvaluated,
    PaymentReversed,
    SchemeProposed,
)
from events.scheme.halt import HaltEvent
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.progress import ProgressEvent
from events.scheme.release import ReleaseEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource
from projections.accounts import Account, Move, Posted, moved_by, moves
from projections.payment import Payment, PaymentKind, payment
from projections.plan import Plan, plan
from projections.projection import Key, Look, Projection

_PAID = {
    PaymentKind.ADVANCE: Account.ADVANCED,
    PaymentKind.DISBURSEMENT: Account.DISBURSED,
}


class Posting(NamedTuple):
    """One line, in whole đồng: of debit and credit one is 0."""

    position: int
    line: int
    account: Account
    debit: Vnd
    credit: Vnd
    source: FundingSource
    budget_year: int
    scheme_id: SchemeId | None
    commitment_id: CommitmentId | None
    effective_on: date
    recorded_at: datetime
    event_id: UUID
    synthetic: bool


def _posted(event: Recorded[Posted]) -> Sequence[Posting]:
    return _lines(event, moves(event.fact))


def _reversed(
    event: Recorded[PaymentReversed] | Recorded[PriorPeriodAdjusted], of: Payment
) -> Sequence[Posting]:
    return _lines(event, moves(event.fact, paid=_PAID[of.kind]))


def _revised(event: Recorded[PlanBudgetRevised], of: Plan) -> Sequence[Posting]:
    return _lines(event, moves(event.fact, change=of.change))


def _corrected(event: Recorded[EntryCorrected], of: Payment | None) -> Sequence[Posting]:
    return _lines(event, moved_by(event.fact, _PAID[of.kind]) if of else moved_by(event.fact))


def _lines(
    event: Recorded[Posted] | Recorded[EntryCorrected], said: Sequence[Move]
) -> Sequence[Posting]:
    nothing = Vnd(0)
    return tuple(
        Posting(
            position=event.position,
            line=line,
            account=account,
            debit=debit,
            credit=credit,
            source=move.source,
            budget_year=move.budget_year,
            scheme_id=move.scheme_id,
            commitment_id=getattr(event.fact, "commitment_id", None),
            effective_on=event.effective_on,
            recorded_at=event.recorded_at,
            event_id=event.id,
            synthetic=event.synthetic,
        )
        for number, move in enumerate(said)
        for line, account, debit, credit in (
            (2 * number + 1, move.debit, move.amount, nothing),
            (2 * number + 2, move.credit, nothing, move.amount),
        )
    )


def _numbered(event: Recorded[Posted]) -> Iterator[Key]:
    for line in range(1, 2 * len(moves(event.fact)) + 1):
        yield event.position, line


def _both(event: Recorded[EntryCorrected]) -> Iterator[Key]:
    for line in range(1, 2 * len(moved_by(event.fact)) + 1):
        yield event.position, line


def _payment_of(fact: EntryCorrected) -> Key | None:
    return (fact.scheme_id, fact.payment_id) if fact.corrects_type == "PaymentReversed" else None


_FACTS: tuple[type, ...] = get_args(Posted)
_TAKES_BACK = (PaymentReversed, PriorPeriodAdjusted)

posting = Projection(
    row=Posting,
    version=1,
    key=("position", "line"),
    is_fresh=True,
    spreads={
        **dict.fromkeys(_FACTS, _posted),
        **dict.fromkeys(_TAKES_BACK, _reversed),
        PlanBudgetRevised: _revised,
        EntryCorrected: _corrected,
    },
    keys={**dict.fromkeys(_FACTS, _numbered), EntryCorrected: _both},
    looks={
        **dict.fromkeys(_TAKES_BACK, (Look(payment, payment.key_of_fact),)),
        PlanBudgetRevised: (Look(plan, plan.key_of_fact),),
        EntryCorrected: (Look(payment, _payment_of),),
    },
    ignores=(
        SchemeProposed,
        BeneficiaryAssigned,
        AcceptanceRecorded,
        CriteriaEvaluated,
        ProgressEvent,
        SettlingEvent,
        AppraisalEvent,
        HaltEvent,
        ContractEvent,
        ReleaseEvent,
        DeliveryEvent,
        PeriodEvent,
        PolicyEvent,
        GeographyEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        EvaluationEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BooksEvent,
        StepEvent,
    ),
    lookups=(
        ("scheme_id", "commitment_id"),
        ("account", "source", "budget_year"),
    ),
)
