"""Rural industrial facilities (cơ sở công nghiệp nông thôn) as the register has them."""

from datetime import date
from enum import Enum
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import (
    ContactEvent,
    EquipmentEvent,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityOwnershipChanged,
    FacilityPlaced,
    FacilityRegistered,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.identity import FacilityId, SectorRef
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.balance import BalanceEvent
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
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
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodEvent
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import fold, sort_key
from events.vocabulary import LegalForm, Ownership, UnitKind
from projections.projection import Projection
from projections.sectorcode import LOOK, SectorCode, group_of


class FacilityStatus(Enum):
    """Trạng thái của cơ sở."""

    OPEN = "đang hoạt động"
    CLOSED = "ngừng hoạt động"
    MERGED = "đã gộp vào cơ sở khác"


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
    commune_code: str | None
    commune_name: str | None
    commune_kind: UnitKind | None
    district_code: str | None
    district_name: str | None
    sector_version: str
    sector_code: str
    sector_group: str
    capacity: str | None
    status: FacilityStatus
    registered_on: date
    closed_on: date | None
    merged_into: FacilityId | None
    """The facility of which it was a duplicate."""
    published: bool
    """Whether a scheme chose it (đã được chọn): until then it is its province's business."""
    synthetic: bool


def _registered(event: Recorded[FacilityRegistered], of: SectorCode | None) -> Facility:
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
        commune_code=None,
        commune_name=None,
        commune_kind=None,
        district_code=None,
        district_name=None,
        sector_version=fact.sector.version,
        sector_code=fact.sector.code,
        sector_group=group_of(fact.sector, of),
        capacity=fact.capacity,
        status=FacilityStatus.OPEN,
        registered_on=event.effective_on,
        closed_on=None,
        merged_into=None,
        published=False,
        synthetic=event.synthetic,
    )


def _updated(row: Facility, event: Recorded[FacilityUpdated], of: SectorCode | None) -> Facility:
    fact = event.fact
    if fact.name is not None:
        row = _named(row, fact.name)
    if fact.sector is not None:
        row = _of_sector(row, fact.sector, of)
    if fact.capacity is not None:
        row = row._replace(capacity=fact.capacity)
    if fact.ownership is not None:
        row = row._replace(ownership=fact.ownership)
    return row


def _renamed(row: Facility, event: Recorded[FacilityRenamed]) -> Facility:
    return _named(row, event.fact.name)


def _reclassified(
    row: Facility, event: Recorded[FacilitySectorReclassified], of: SectorCode | None
) -> Facility:
    return _of_sector(row, event.fact.sector, of)


def _capable(row: Facility, event: Recorded[FacilityCapacityUpdated]) -> Facility:
    return row._replace(capacity=event.fact.capacity)


def _owned(row: Facility, event: Recorded[FacilityOwnershipChanged]) -> Facility:
    return row._replace(ownership=event.fact.ownership)


def _named(row: Facility, name: str) -> Facility:
    return row._replace(name=name, name_sort=sort_key(name), name_fold=fold(name))


def _of_sector(row: Facility, sector: SectorRef, of: SectorCode | None) -> Facility:
    return row._replace(
        sector_version=sector.version,
        sector_code=sector.code,
        sector_group=group_of(sector, of),
    )


def _relocated(row: Facility, event: Recorded[FacilityRelocated]) -> Facility:
    """In which commune it lies now, nobody has said yet."""
    return row._replace(
        province_code=event.fact.province.code,
        province_from=event.fact.province.valid_from,
        address=event.fact.address,
        commune_code=None,
        commune_name=None,
        commune_kind=None,
        district_code=None,
        district_name=None,
    )


def _placed(row: Facility, event: Recorded[FacilityPlaced]) -> Facility:
    commune, district = event.fact.commune, event.fact.district
    return row._replace(
        commune_code=commune.code,
        commune_name=commune.name,
        commune_kind=commune.unit_kind,
        district_code=district.code if district else None,
        district_name=district.name if district else None,
    )


def _closed(row: Facility, event: Recorded[FacilityClosed]) -> Facility:
    return row._replace(status=FacilityStatus.CLOSED, closed_on=event.effective_on)


def _reopened(row: Facility, _: Recorded[FacilityReopened]) -> Facility:
    return row._replace(status=FacilityStatus.OPEN, closed_on=None)


def _merged(row: Facility, event: Recorded[FacilityDuplicateMerged]) -> Facility:
    return row._replace(status=FacilityStatus.MERGED, merged_into=event.fact.survivor)


def _chosen(row: Facility, _: Recorded[BeneficiaryAssigned]) -> Facility:
    return row._replace(published=True)


facility = Projection(
    row=Facility,
    version=4,
    key=("facility_id",),
    is_fresh=True,
    opens={FacilityRegistered: _registered},
    changes={
        FacilityUpdated: _updated,
        FacilityRelocated: _relocated,
        FacilityPlaced: _placed,
        FacilityRenamed: _renamed,
        FacilitySectorReclassified: _reclassified,
        FacilityCapacityUpdated: _capable,
        FacilityOwnershipChanged: _owned,
        FacilityClosed: _closed,
        FacilityReopened: _reopened,
        FacilityDuplicateMerged: _merged,
        BeneficiaryAssigned: _chosen,
    },
    looks=dict.fromkeys((FacilityRegistered, FacilityUpdated, FacilitySectorReclassified), (LOOK,)),
    ignores=(
        EquipmentEvent,
        ContactEvent,
        EvaluationEvent,
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
        EntryCorrected,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        DeliveryEvent,
        ProgressEvent,
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        CourseEvent,
        PriorPeriodEvent,
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
    lookups=(("merged_into",),),
    orders=(
        ("name_sort", "facility_id"),
        ("province_code", "name_sort", "facility_id"),
        ("sector_group", "name_sort", "facility_id"),
    ),
)
