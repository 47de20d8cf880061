"""Contact persons of facilities (người liên hệ): that there is one, and never who it is."""

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
from events.identity import FacilityId, PersonId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Projection


class ContactStatus(Enum):
    """Trạng thái dữ liệu của người liên hệ."""

    KEPT = "đang lưu giữ"
    ERASED = "đã xoá"


class Contact(NamedTuple):
    """A contact person, by an id that says nothing, and the imprints of what the vault keeps."""

    facility_id: FacilityId
    person_id: PersonId
    position: int
    name_imprint: str | None
    phone_imprint: str | None
    email_imprint: str | None
    status: ContactStatus
    recorded_on: date
    erased_on: date | None
    synthetic: bool


def _recorded(event: Recorded[ContactRecorded]) -> Contact:
    imprints = {each.field: each.hmac for each in event.fact.imprints}
    return Contact(
        facility_id=event.fact.facility_id,
        person_id=event.fact.person_id,
        position=event.position,
        name_imprint=imprints.get("name"),
        phone_imprint=imprints.get("phone"),
        email_imprint=imprints.get("email"),
        status=ContactStatus.KEPT,
        recorded_on=event.effective_on,
        erased_on=None,
        synthetic=event.synthetic,
    )


def _erased(row: Contact, event: Recorded[ContactErased]) -> Contact:
    return row._replace(status=ContactStatus.ERASED, erased_on=event.effective_on)


contact = Projection(
    row=Contact,
    version=1,
    key=("facility_id", "person_id"),
    is_fresh=True,
    opens={ContactRecorded: _recorded},
    changes={ContactErased: _erased},
    ignores=(
        FacilityRegistered,
        FacilityUpdated,
        FacilityRelocated,
        EquipmentInstalled,
        FacilityClosed,
        PeriodEvent,
        OrganisationEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)
