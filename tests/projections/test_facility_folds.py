"""The register of facilities as read models: rows after each fact."""

from typing import Any

from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityOwnershipChanged,
    FacilityPlaced,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.identity import (
    FacilityId,
    PersonId,
    SectorRef,
)
from events.personal import Imprint
from events.places import DistrictRef
from events.vocabulary import (
    ErasureGround,
    Ownership,
    UnitKind,
)
from projections.contact import ContactStatus, contact
from projections.equipment import equipment
from projections.facility import FacilityStatus, facility
from projections.projection import Projection, Row
from projections.replay import Replay
from tests.projections.facts import (
    DAY,
    FACILITY,
    HA_NOI,
    REGISTERED,
    played,
)
from tests.world import HAI_HAU


def only(replay: Replay, projection: Projection) -> Any:
    (row,) = replay.table(projection).values()
    return row


def rows(replay: Replay, projection: Projection) -> list[Row]:
    return list(replay.table(projection).values())


def test_a_facility_keeps_what_an_update_does_not_mention() -> None:
    update = FacilityUpdated(
        facility_id=FACILITY, name="May Ý Yên 2", sector=None, capacity=None, ownership=None
    )
    row = only(played(REGISTERED, update), facility)
    assert (row.name, row.sector_code, row.status) == ("May Ý Yên 2", "1410", FacilityStatus.OPEN)


def test_a_facility_is_what_was_last_said_of_it_one_thing_at_a_time() -> None:
    said = (
        FacilityRenamed(facility_id=FACILITY, name="Cơ khí Ý Yên"),
        FacilitySectorReclassified(
            facility_id=FACILITY, sector=SectorRef(version="VSIC_2018", code="2592")
        ),
        FacilityCapacityUpdated(facility_id=FACILITY, capacity="500 tấn/năm"),
        FacilityOwnershipChanged(facility_id=FACILITY, ownership=Ownership.STATE),
    )
    before, row = only(played(REGISTERED), facility), only(played(REGISTERED, *said), facility)
    assert (row.name, row.name_fold) == ("Cơ khí Ý Yên", "co khi y yen")
    assert (row.sector_code, row.sector_group) == ("2592", "ENGINEERING")
    assert (row.capacity, row.ownership) == ("500 tấn/năm", Ownership.STATE)
    assert (row.address, row.status) == (before.address, before.status)


def test_a_facility_that_works_again_is_open() -> None:
    closed = FacilityClosed(facility_id=FACILITY, reason="giải thể")
    reopened = FacilityReopened(facility_id=FACILITY, reason="có đơn hàng")
    row = only(played(REGISTERED, closed, reopened), facility)
    assert (row.status, row.closed_on) == (FacilityStatus.OPEN, None)


def test_a_facility_lies_in_its_commune_until_it_moves() -> None:
    placed = FacilityPlaced(
        facility_id=FACILITY, commune=HAI_HAU, district=DistrictRef(code="366", name="Hải Hậu")
    )
    moved = FacilityRelocated(facility_id=FACILITY, province=HA_NOI, address=None)
    row = only(played(REGISTERED, placed), facility)
    assert (row.commune_code, row.commune_name) == (HAI_HAU.code, HAI_HAU.name)
    assert (row.commune_kind, row.district_code, row.district_name) == (
        UnitKind.COMMUNE,
        "366",
        "Hải Hậu",
    )
    assert only(played(REGISTERED, placed, moved), facility).commune_code is None
    assert only(played(REGISTERED, placed, moved), facility).district_name is None


def test_a_facility_that_moved_and_closed_says_where_and_when() -> None:
    moved = FacilityRelocated(facility_id=FACILITY, province=HA_NOI, address=None)
    closed = FacilityClosed(facility_id=FACILITY, reason="giải thể")
    row = only(played(REGISTERED, moved, closed), facility)
    assert (row.province_code, row.address) == ("01", None)
    assert (row.status, row.closed_on) == (FacilityStatus.CLOSED, DAY)


def test_machines_are_lots_by_the_event_that_tells_of_them() -> None:
    lot = EquipmentInstalled(
        facility_id=FACILITY, name="máy may", origin=None, made_in=2018, quantity=5, value=None
    )
    assert [row[1] for row in rows(played(REGISTERED, lot, lot), equipment)] == [2, 3]


def test_a_lot_says_who_has_it_and_how_much_is_left_of_it() -> None:
    lot = EquipmentInstalled(
        facility_id=FACILITY, name="máy may", origin=None, made_in=2018, quantity=5, value=None
    )
    other = FacilityId("other")
    moved = EquipmentMoved(facility_id=FACILITY, lot=2, moved_from=FACILITY, moved_to=other)
    disposed = EquipmentDisposed(facility_id=FACILITY, lot=2, quantity=2, reason="hỏng")
    row = only(played(REGISTERED, lot, moved, disposed), equipment)
    assert (row.installed_at, row.facility_id, row.moved_on) == (FACILITY, other, DAY)
    assert (row.quantity, row.disposed) == (3, 2)


def test_a_duplicate_says_what_it_is_a_duplicate_of() -> None:
    merged = FacilityDuplicateMerged(
        facility_id=FACILITY, survivor=FacilityId("other"), reason="hai lần"
    )
    row = only(played(REGISTERED, merged), facility)
    assert (row.status, row.merged_into) == (FacilityStatus.MERGED, "other")


def test_a_contact_is_an_id_with_imprints_and_stays_when_it_is_erased() -> None:
    person = PersonId("0f9c2b1e-6c1d-4b7a-9d61-0a3f5c9e7b21")
    recorded = ContactRecorded(
        facility_id=FACILITY, person_id=person, imprints=(Imprint(field="name", hmac="ab"),)
    )
    erased = ContactErased(facility_id=FACILITY, person_id=person, ground=ErasureGround.REQUEST)
    before = only(played(REGISTERED, recorded), contact)
    assert (before.name_imprint, before.phone_imprint) == ("ab", None)
    assert (before.status, before.position, before.erased_on) == (ContactStatus.KEPT, 2, None)
    after = only(played(REGISTERED, recorded, erased), contact)
    assert after == before._replace(status=ContactStatus.ERASED, erased_on=DAY)
