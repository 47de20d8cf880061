"""What happens to the facility of a sample (cơ sở công nghiệp nông thôn)."""

from events.catalogue import Command
from events.facility import (
    CloseFacility,
    DisposeEquipment,
    EraseContact,
    InstallEquipment,
    MergeDuplicate,
    MoveEquipment,
    PlaceFacility,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    ReopenFacility,
    UpdateFacility,
)
from events.identity import SectorRef
from events.money import Vnd
from events.personal import Personal
from events.places import CommuneRef
from events.sectors import VSIC_2018
from events.vocabulary import ErasureGround, LegalForm, Ownership, UnitKind
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


def rename(cast: Cast) -> Command:
    return UpdateFacility(facility_id=cast.facility_id, name=f"Cơ sở minh họa mới {cast.tag}")


def reclassify(cast: Cast) -> Command:
    dairy = SectorRef(version=VSIC_2018, code="1050")
    return UpdateFacility(facility_id=cast.facility_id, sector=dairy)


def enlarge(cast: Cast) -> Command:
    return UpdateFacility(facility_id=cast.facility_id, capacity="500 tấn/năm")


def change_hands(cast: Cast) -> Command:
    return UpdateFacility(facility_id=cast.facility_id, ownership=Ownership.PRIVATE)


def relocate(cast: Cast) -> Command:
    return RelocateFacility(facility_id=cast.facility_id, province=cast.provinces[1])


def place(cast: Cast) -> Command:
    commune = CommuneRef(code="00000", name="Xã Minh Họa", unit_kind=UnitKind.COMMUNE)
    return PlaceFacility(facility_id=cast.facility_id, commune=commune)


def install(cast: Cast) -> Command:
    return InstallEquipment(
        facility_id=cast.facility_id,
        name="lò sấy nông sản",
        made_in=cast.year,
        quantity=2,
        value=Vnd(400_000_000),
    )


FIRST_LOT = 2
"""The version of what was installed straight after the registration."""


def move(cast: Cast) -> Command:
    return MoveEquipment(
        facility_id=cast.facility_id, lot=FIRST_LOT, moved_to=cast.other.facility_id
    )


def dispose(cast: Cast) -> Command:
    return DisposeEquipment(
        facility_id=cast.facility_id, lot=FIRST_LOT, quantity=1, reason="hỏng, minh họa"
    )


def merge(cast: Cast) -> Command:
    return MergeDuplicate(
        facility_id=cast.facility_id,
        survivor=cast.other.facility_id,
        reason="đăng ký hai lần, minh họa",
    )


def close(cast: Cast) -> Command:
    return CloseFacility(facility_id=cast.facility_id, reason="ngừng sản xuất, minh họa")


def reopen(cast: Cast) -> Command:
    return ReopenFacility(facility_id=cast.facility_id, reason="sản xuất trở lại, minh họa")


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
