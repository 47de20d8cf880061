"""Whose a stream is (thuộc phạm vi nào): what decides who may see the events in it.

Everything that the fund publishes is `published`. A scheme is when it is approved, a facility when
a scheme chooses it; until then they are the business of their centre, of their province.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from events import facility as facilities
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
from events.identity import OrganisationId
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.mandate import MandateConfirmed, MandateProposed, MandateRevoked
from events.organisation import CentreTerritorySet, OrganisationRegistered
from events.period import PeriodClosed, PeriodOpened
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
from events.signing import SigningKeyIntroduced, SigningKeyRetired
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from projections.projection import Key, Projection


class Subject(NamedTuple):
    """A stream, and who may see what is in it."""

    stream: str
    published: bool
    province_code: str | None
    province_from: date | None
    centre: OrganisationId | None
    synthetic: bool


def _everybodys(event: Recorded[Any]) -> Subject:
    return Subject(
        stream=event.stream,
        published=True,
        province_code=None,
        province_from=None,
        centre=None,
        synthetic=event.synthetic,
    )


def _nobodys(event: Recorded[Any]) -> Subject:
    """Those alone see it who see everything."""
    return _everybodys(event)._replace(published=False)


def _of_province(event: Recorded[FacilityRegistered]) -> Subject:
    province = event.fact.province
    return _nobodys(event)._replace(province_code=province.code, province_from=province.valid_from)


def _of_centre(event: Recorded[SchemeProposed]) -> Subject:
    return _nobodys(event)._replace(centre=event.fact.implementer)


def _moved(row: Subject, event: Recorded[FacilityRelocated]) -> Subject:
    province = event.fact.province
    return row._replace(province_code=province.code, province_from=province.valid_from)


def _published(row: Subject, _: Recorded[Any]) -> Subject:
    return row._replace(published=True)


def _own(event: Recorded[Any]) -> Iterable[Key]:
    return ((event.stream,),)


def _chosen(event: Recorded[BeneficiaryAssigned]) -> Iterable[Key]:
    return ((facilities.stream(event.fact.facility_id),),)


_OPENS = {
    PeriodOpened: _everybodys,
    OrganisationRegistered: _everybodys,
    SourceDocumentRegistered: _everybodys,
    FacilityRegistered: _of_province,
    SchemeProposed: _of_centre,
    MandateProposed: _nobodys,
    MaintenanceOpened: _everybodys,
    SigningKeyIntroduced: _everybodys,
}
_CHANGES = {
    FacilityRelocated: _moved,
    SchemeApproved: _published,
    BeneficiaryAssigned: _published,
}

subject = Projection(
    row=Subject,
    version=1,
    key=("stream",),
    opens=_OPENS,
    changes=_CHANGES,
    keys={**dict.fromkeys((*_OPENS, *_CHANGES), _own), BeneficiaryAssigned: _chosen},
    ignores=(
        CentreTerritorySet,
        ReportedFigureRecorded,
        FacilityUpdated,
        FacilityClosed,
        EquipmentInstalled,
        ContactRecorded,
        ContactErased,
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
        MandateConfirmed,
        MandateRevoked,
        MaintenanceClosed,
        SigningKeyRetired,
        PeriodClosed,
    ),
)
