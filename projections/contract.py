"""Contracts to carry out a scheme (hợp đồng thực hiện), as their annexes left them."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import OrganisationId, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.adjustment import AdjustmentEvent
from events.scheme.appraisal import AppraisalEvent
from events.scheme.balance import BalanceEvent
from events.scheme.contract import (
    ContractId,
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
)
from events.scheme.correction import EntryCorrected
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
from events.scheme.halt import HaltEvent
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
from events.vocabulary import FundingSource
from projections.projection import Projection


class ContractStatus(Enum):
    """Trạng thái hợp đồng."""

    ACTIVE = "đang thực hiện"
    LIQUIDATED = "đã thanh lý"


class Contract(NamedTuple):
    """A contract between the Department and whoever carries the scheme out."""

    scheme_id: SchemeId
    contract_id: ContractId
    number: str
    signed_on: date
    client: OrganisationId
    contractor: OrganisationId
    amount: Vnd
    annexes: int
    source: FundingSource
    budget_year: int
    status: ContractStatus
    liquidated_on: date | None
    synthetic: bool


def _signed(event: Recorded[ImplementationContractSigned]) -> Contract:
    fact = event.fact
    return Contract(
        scheme_id=fact.scheme_id,
        contract_id=fact.contract_id,
        number=fact.number,
        signed_on=fact.signed_on,
        client=fact.client,
        contractor=fact.contractor,
        amount=fact.amount,
        annexes=0,
        source=fact.source,
        budget_year=fact.budget_year,
        status=ContractStatus.ACTIVE,
        liquidated_on=None,
        synthetic=event.synthetic,
    )


def _amended(row: Contract, event: Recorded[ImplementationContractAmended]) -> Contract:
    return row._replace(amount=event.fact.amount, annexes=row.annexes + 1)


def _liquidated(row: Contract, event: Recorded[ImplementationContractLiquidated]) -> Contract:
    return row._replace(status=ContractStatus.LIQUIDATED, liquidated_on=event.fact.signed_on)


contract = Projection(
    row=Contract,
    version=1,
    key=("scheme_id", "contract_id"),
    is_fresh=True,
    opens={ImplementationContractSigned: _signed},
    changes={
        ImplementationContractAmended: _amended,
        ImplementationContractLiquidated: _liquidated,
    },
    ignores=(
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        BalanceEvent,
        BooksEvent,
        PriorPeriodEvent,
        SchemeApproved,
        AppraisalEvent,
        AdjustmentEvent,
        HaltEvent,
        SchemeProposed,
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
        ProgressEvent,
        StepEvent,
        EntryCorrected,
        ReleaseEvent,
        PeriodEvent,
        PolicyEvent,
        PlanEvent,
        EvaluationEvent,
        DeliveryEvent,
        GeographyEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("contractor",),),
)
