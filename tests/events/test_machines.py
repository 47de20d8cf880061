"""Machines by lot: installed together, moved together, disposed of piece by piece."""

from dataclasses import replace
from datetime import date

from events.dates import FutureEffectiveDate
from events.facility import (
    FACILITY,
    DisposeEquipment,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    FacilityDuplicateMerged,
    FacilityIsClosed,
    FacilityMerged,
    LotExceeded,
    MoveEquipment,
    UnknownFacility,
    UnknownLot,
)
from events.facility import stream as facility_stream
from events.money import Figure, InvalidAmount
from tests.spec import TODAY, Spec, fold
from tests.world import SMITH, WEAVER, smith, weaver, weaver_closed

TOMORROW = date(2020, 11, 6)
LOT = 2
SMITHY = {facility_stream(SMITH): fold(FACILITY, [smith])}
check = Spec(FACILITY, SMITHY)
installed = EquipmentInstalled(
    facility_id=WEAVER, name="Máy dệt kim", origin=None, made_in=None, quantity=3, value=None
)
move = MoveEquipment(facility_id=WEAVER, lot=LOT, moved_to=SMITH)
moved = EquipmentMoved(facility_id=WEAVER, lot=LOT, moved_from=WEAVER, moved_to=SMITH)
dispose = DisposeEquipment(facility_id=WEAVER, lot=LOT, quantity=2, reason="Hỏng")
disposed = EquipmentDisposed(facility_id=WEAVER, lot=LOT, quantity=2, reason="Hỏng")


def test_a_lot_moves_as_a_whole_and_may_come_back() -> None:
    check(given=[weaver, installed], when=move, then=[moved])
    check(given=[weaver, installed, moved], when=move, then=[])
    back = EquipmentMoved(facility_id=WEAVER, lot=LOT, moved_from=SMITH, moved_to=WEAVER)
    home = replace(move, moved_to=WEAVER)
    check(given=[weaver, installed, moved], when=home, then=[back])
    check(given=[weaver, installed], when=home, then=[])


def test_a_lot_is_known_by_the_version_of_the_event_that_installed_it() -> None:
    second = EquipmentMoved(facility_id=WEAVER, lot=4, moved_from=WEAVER, moved_to=SMITH)
    given = [weaver, installed, disposed, installed]
    check(given=given, when=replace(move, lot=4), then=[second])
    for lot in (0, 1, 3, 5):
        ask = replace(move, lot=lot)
        check(given=given, when=ask, then=UnknownLot(facility_id=WEAVER, lot=lot))


def test_machines_go_to_a_facility_that_works() -> None:
    nowhere = UnknownFacility(facility_id=SMITH)
    check(given=[weaver, installed], when=move, neighbours={}, then=nowhere)
    shut = fold(FACILITY, [smith, replace(weaver_closed, facility_id=SMITH)])
    closed = FacilityIsClosed(facility_id=SMITH)
    near = {facility_stream(SMITH): shut}
    check(given=[weaver, installed], when=move, neighbours=near, then=closed)
    merger = FacilityDuplicateMerged(facility_id=SMITH, survivor=WEAVER, reason="Trùng")
    near = {facility_stream(SMITH): fold(FACILITY, [smith, merger])}
    duplicate = FacilityMerged(facility_id=SMITH, survivor=WEAVER)
    check(given=[weaver, installed], when=move, neighbours=near, then=duplicate)


def test_what_a_closed_facility_has_may_leave_it() -> None:
    given = [weaver, installed, weaver_closed]
    check(given=given, when=move, then=[moved])
    check(given=given, when=dispose, then=[disposed])
    back = replace(move, moved_to=WEAVER)
    given = [weaver, installed, moved, weaver_closed]
    check(given=given, when=back, then=FacilityIsClosed(facility_id=WEAVER))


def test_no_more_is_disposed_of_than_is_left_of_the_lot() -> None:
    check(given=[weaver, installed], when=dispose, then=[disposed])
    once = [weaver, installed, disposed]
    too_many = LotExceeded(facility_id=WEAVER, lot=LOT, requested=2, left=1)
    check(given=once, when=dispose, then=too_many)
    assert "2" in too_many.message_vi
    last = replace(dispose, quantity=1)
    check(given=once, when=last, then=[replace(disposed, quantity=1)])
    none_left = LotExceeded(facility_id=WEAVER, lot=LOT, requested=1, left=0)
    check(given=[*once, replace(disposed, quantity=1)], when=move, then=none_left)
    nothing = InvalidAmount(field="quantity", amount=Figure(0))
    check(given=once, when=replace(dispose, quantity=0), then=nothing)
    unknown = UnknownLot(facility_id=WEAVER, lot=LOT)
    check(given=[weaver], when=dispose, then=unknown)


def test_nothing_is_moved_or_disposed_of_tomorrow() -> None:
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    for ask in (move, dispose):
        check(given=[weaver, installed], when=ask, on=TOMORROW, then=future)
