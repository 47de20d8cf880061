"""Moves of a random history that are about a facility: changed, placed, equipped, closed."""

from datetime import date
from random import Random
from uuid import UUID

from events.catalogue import Command
from events.facility import (
    CloseFacility,
    DisposeEquipment,
    EraseContact,
    Facility,
    InstallEquipment,
    MergeDuplicate,
    MoveEquipment,
    PlaceFacility,
    RecordContact,
    RelocateFacility,
    ReopenFacility,
    UpdateFacility,
)
from events.geography import live
from events.identity import FacilityId, PersonId
from events.personal import Personal
from events.places import CommuneRef, DistrictRef
from events.sectors import SECTORS
from events.vocabulary import ErasureGround, Ownership, UnitKind, UrbanClass
from tests.stage import FACILITIES, NAMES, Cast, amount_of, any_of


def update(random: Random, cast: Cast) -> Command:
    return UpdateFacility(
        facility_id=random.choice(FACILITIES),
        name=random.choice((None, *NAMES)),
        sector=random.choice((None, random.choice(SECTORS).ref, *cast.issued[:1])),
        capacity=random.choice((None, "500 tấn/năm", "1.000 tấn/năm")),
        ownership=random.choice((None, *Ownership)),
    )


def relocate(random: Random, _cast: Cast) -> Command:
    day = random.choice((date(2019, 1, 1), date(2026, 10, 1)))
    return RelocateFacility(
        facility_id=random.choice(FACILITIES), province=random.choice(live(day)).ref
    )


def place(random: Random, _cast: Cast) -> Command:
    unit_kind = random.choice(list(UnitKind))
    commune = CommuneRef(
        code=f"{random.randrange(100_000):05d}",
        name="Tân Lập",
        unit_kind=unit_kind,
        urban_class=random.choice((None, *UrbanClass)) if unit_kind is UnitKind.WARD else None,
        converted_on=random.choice((None, date(2016, 1, 1))),
    )
    district = random.choice((None, DistrictRef(code="015", name="Hải Hậu")))
    return PlaceFacility(facility_id=random.choice(FACILITIES), commune=commune, district=district)


def install(random: Random, _cast: Cast) -> Command:
    return InstallEquipment(
        facility_id=random.choice(FACILITIES),
        name="Máy tiện CNC",
        quantity=random.randint(1, 9),
        value=random.choice((None, amount_of(random, 800))),
    )


def lot(random: Random, cast: Cast) -> tuple[FacilityId, int] | None:
    facility_id = random.choice(FACILITIES)
    state = cast.states.get(f"facility-{facility_id}")
    found = any_of(random, state.machines.lots if isinstance(state, Facility) else None)
    return (facility_id, found[0]) if found else None


def move(random: Random, cast: Cast) -> Command | None:
    if (found := lot(random, cast)) is None:
        return None
    return MoveEquipment(facility_id=found[0], lot=found[1], moved_to=random.choice(FACILITIES))


def dispose(random: Random, cast: Cast) -> Command | None:
    if (found := lot(random, cast)) is None:
        return None
    return DisposeEquipment(
        facility_id=found[0], lot=found[1], quantity=random.randint(1, 4), reason="Hỏng"
    )


def merge(random: Random, _cast: Cast) -> Command | None:
    if random.random() < 0.7:
        return None  # six facilities are soon one
    duplicate, survivor = random.sample(FACILITIES, 2)
    return MergeDuplicate(facility_id=duplicate, survivor=survivor, reason="Đăng ký hai lần")


def close(random: Random, _cast: Cast) -> Command:
    return CloseFacility(facility_id=random.choice(FACILITIES), reason="Giải thể")


def reopen(random: Random, _cast: Cast) -> Command:
    return ReopenFacility(facility_id=random.choice(FACILITIES), reason="Sản xuất trở lại")


def contact(random: Random, _cast: Cast) -> Command:
    def told(text: str) -> Personal:
        return Personal(text, salt=random.getrandbits(256).to_bytes(32, "big"))

    return RecordContact(
        facility_id=random.choice(FACILITIES),
        person_id=PersonId(str(UUID(int=random.getrandbits(128)))),
        name=told("Nguyễn Thị Lan"),
        phone=random.choice((None, told("0912345678"))),
    )


def erase(random: Random, cast: Cast) -> Command | None:
    facility_id = random.choice(FACILITIES)
    state = cast.states.get(f"facility-{facility_id}")
    if not isinstance(state, Facility) or state.contacts.current is None:
        return None
    return EraseContact(
        facility_id=facility_id,
        person_id=state.contacts.current,
        ground=random.choice(list(ErasureGround)),
    )
