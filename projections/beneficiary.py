"""Beneficiaries (đơn vị thụ hưởng): facilities as they were on the day a scheme chose them."""

from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.identity import FacilityId, PeriodCode, SchemeId
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
from events.sectors import group_of
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import sort_key
from events.vocabulary import SchemeClass
from projections.projection import Look, Projection
from projections.scheme import Scheme, scheme


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


def _assigned(event: Recorded[BeneficiaryAssigned], of: Scheme) -> Beneficiary:
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
        sector_group=group_of(fact.sector),
        assigned_on=event.effective_on,
        synthetic=event.synthetic,
    )


beneficiary = Projection(
    row=Beneficiary,
    version=1,
    key=("scheme_id", "facility_id"),
    is_fresh=True,
    opens={BeneficiaryAssigned: _assigned},
    looks={BeneficiaryAssigned: (Look(scheme, scheme.key_of_fact),)},
    ignores=(
        SchemeProposed,
        SchemeApproved,
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
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("facility_id",), ("period",), ("province_code", "province_from"), ("sector_group",)),
)
