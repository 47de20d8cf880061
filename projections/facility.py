"""Rural industrial facilities (cơ sở công nghiệp nông thôn) as the register has them."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityClosed,
    FacilityRegistered,
    FacilityRelocated,
    FacilityUpdated,
)
from events.identity import FacilityId
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
from events.text import fold, sort_key
from events.vocabulary import LegalForm, Ownership
from projections.projection import Projection


class FacilityStatus(Enum):
    """Trạng thái của cơ sở."""

    OPEN = "đang hoạt động"
    CLOSED = "ngừng hoạt động"


class Facility(NamedTuple):
    """A facility as it is."""

    facility_id: FacilityId
    name: str
    name_sort: str
    name_fold: str
    tax_code: str | None
    legal_form: LegalForm
    ownership: Ownership
    province_code: str
    province_from: date
    address: str | None
    sector_version: str
    sector_code: str
    sector_group: str
    capacity: str | None
    status: FacilityStatus
    registered_on: date
    closed_on: date | None
    published: bool
    """Whether a scheme chose it (đã được chọn): until then it is its province's business."""
    synthetic: bool


def _registered(event: Recorded[FacilityRegistered]) -> Facility:
    fact = event.fact
    return Facility(
        facility_id=fact.facility_id,
        name=fact.name,
        name_sort=sort_key(fact.name),
        name_fold=fold(fact.name),
        tax_code=fact.tax_code,
        legal_form=fact.legal_form,
        ownership=fact.ownership,
        province_code=fact.province.code,
        province_from=fact.province.valid_from,
        address=fact.address,
        sector_version=fact.sector.version,
        sector_code=fact.sector.code,
        sector_group=group_of(fact.sector),
        capacity=fact.capacity,
        status=FacilityStatus.OPEN,
        registered_on=event.effective_on,
        closed_on=None,
        published=False,
        synthetic=event.synthetic,
    )


def _updated(row: Facility, event: Recorded[FacilityUpdated]) -> Facility:
    fact = event.fact
    if fact.name is not None:
        row = row._replace(name=fact.name, name_sort=sort_key(fact.name), name_fold=fold(fact.name))
    if fact.sector is not None:
        row = row._replace(
            sector_version=fact.sector.version,
            sector_code=fact.sector.code,
            sector_group=group_of(fact.sector),
        )
    if fact.capacity is not None:
        row = row._replace(capacity=fact.capacity)
    if fact.ownership is not None:
        row = row._replace(ownership=fact.ownership)
    return row


def _relocated(row: Facility, event: Recorded[FacilityRelocated]) -> Facility:
    return row._replace(
        province_code=event.fact.province.code,
        province_from=event.fact.province.valid_from,
        address=event.fact.address,
    )


def _closed(row: Facility, event: Recorded[FacilityClosed]) -> Facility:
    return row._replace(status=FacilityStatus.CLOSED, closed_on=event.effective_on)


def _chosen(row: Facility, _: Recorded[BeneficiaryAssigned]) -> Facility:
    return row._replace(published=True)


facility = Projection(
    row=Facility,
    version=2,
    key=("facility_id",),
    is_fresh=True,
    opens={FacilityRegistered: _registered},
    changes={
        FacilityUpdated: _updated,
        FacilityRelocated: _relocated,
        FacilityClosed: _closed,
        BeneficiaryAssigned: _chosen,
    },
    ignores=(
        EquipmentInstalled,
        ContactRecorded,
        ContactErased,
        PeriodEvent,
        OrganisationEvent,
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
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    orders=(
        ("name_sort", "facility_id"),
        ("province_code", "name_sort", "facility_id"),
        ("sector_group", "name_sort", "facility_id"),
    ),
)
