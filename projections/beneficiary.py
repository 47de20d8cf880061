"""Beneficiaries (đơn vị thụ hưởng): facilities as they were on the day a scheme chose them."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import FacilityId, PeriodCode, SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.adjustment import AdjustmentEvent
from events.scheme.appraisal import AppraisalEvent
from events.scheme.balance import BalanceEvent
from events.scheme.contract import ContractEvent
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
from events.scheme.release import BeneficiaryReleased
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import sort_key
from events.vocabulary import SchemeClass
from projections.projection import Look, Projection
from projections.scheme import Scheme, scheme
from projections.sectorcode import LOOK, SectorCode, group_of


class Beneficiary(NamedTuple):
    """One facility in one scheme. A later move or change of trade leaves it as it was."""

    scheme_id: SchemeId
    facility_id: FacilityId
    period: PeriodCode
    scheme_class: SchemeClass
    name: str
    name_sort: str
    province_code: str
    province_from: date
    sector_version: str
    sector_code: str
    sector_group: str
    assigned_on: date
    synthetic: bool


def _assigned(
    event: Recorded[BeneficiaryAssigned], of: Scheme, trade: SectorCode | None
) -> Beneficiary:
    fact = event.fact
    return Beneficiary(
        scheme_id=fact.scheme_id,
        facility_id=fact.facility_id,
        period=of.period,
        scheme_class=of.scheme_class,
        name=fact.name,
        name_sort=sort_key(fact.name),
        province_code=fact.province.code,
        province_from=fact.province.valid_from,
        sector_version=fact.sector.version,
        sector_code=fact.sector.code,
        sector_group=group_of(fact.sector, trade),
        assigned_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _nobody(_: Recorded[BeneficiaryReleased]) -> tuple[()]:
    """The row ends: from its effective date on the facility is no beneficiary."""
    return ()


beneficiary = Projection(
    row=Beneficiary,
    version=3,
    key=("scheme_id", "facility_id"),
    opens={BeneficiaryAssigned: _assigned},
    spreads={BeneficiaryReleased: _nobody},
    looks={BeneficiaryAssigned: (Look(scheme, scheme.key_of_fact), LOOK)},
    ignores=(
        CounterpartPledged,
        CounterpartInvested,
        SchemeProposed,
        SchemeApproved,
        SupportCommitted,
        CommitmentReduced,
        CommitmentCancelled,
        AdvancePaid,
        DisbursementPaid,
        PaymentReversed,
        EntryCorrected,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        DeliveryEvent,
        ProgressEvent,
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        AppraisalEvent,
        AdjustmentEvent,
        ContractEvent,
        HaltEvent,
        PriorPeriodEvent,
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
    lookups=(("facility_id",), ("period",), ("province_code", "province_from"), ("sector_group",)),
)
