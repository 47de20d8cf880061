"""What happens to the facility of a sample (cơ sở công nghiệp nông thôn)."""

from events.catalogue import Command
from events.facility import (
    CloseFacility,
    EraseContact,
    InstallEquipment,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.identity import SectorRef
from events.money import Vnd
from events.personal import Personal
from events.sectors import VSIC_2018
from events.vocabulary import ErasureGround, LegalForm, Ownership
from service.seed.sample.cast import Cast


def register(cast: Cast) -> Command:
    return RegisterFacility(
        facility_id=cast.facility_id,
        name=f"Cơ sở minh họa {cast.tag}",
        legal_form=LegalForm.COOPERATIVE,
        ownership=Ownership.COLLECTIVE,
        province=cast.provinces[0],
        sector=SectorRef(version=VSIC_2018, code="1030"),
    )


def update(cast: Cast) -> Command:
    return UpdateFacility(facility_id=cast.facility_id, capacity="500 tấn/năm")


def relocate(cast: Cast) -> Command:
    return RelocateFacility(facility_id=cast.facility_id, province=cast.provinces[1])


def install(cast: Cast) -> Command:
    return InstallEquipment(
        facility_id=cast.facility_id,
        name="lò sấy nông sản",
        made_in=cast.year,
        quantity=2,
        value=Vnd(400_000_000),
    )


def close(cast: Cast) -> Command:
    return CloseFacility(facility_id=cast.facility_id, reason="ngừng sản xuất, minh họa")


def record_contact(cast: Cast) -> Command:
    """Nobody's: no subscriber number begins with four zeros."""
    return RecordContact(
        facility_id=cast.facility_id,
        person_id=cast.person_id,
        name=Personal("Người Liên Hệ Minh Họa"),
        phone=Personal("0000 000 000"),
    )


def erase_contact(cast: Cast) -> Command:
    return EraseContact(
        facility_id=cast.facility_id, person_id=cast.person_id, ground=ErasureGround.REQUEST
    )
