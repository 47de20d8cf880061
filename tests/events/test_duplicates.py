"""Two records of one facility: one stays, the other takes nothing new."""

from dataclasses import replace
from datetime import date

from events.dates import FutureEffectiveDate
from events.facility import (
    FACILITY,
    CloseFacility,
    FacilityDuplicateMerged,
    FacilityMerged,
    InstallEquipment,
    MergeDuplicate,
    NotADuplicate,
    RelocateFacility,
    ReopenFacility,
    UnknownFacility,
    UpdateFacility,
)
from events.facility import stream as facility_stream
from events.scheme import SCHEME, AssignBeneficiary
from tests.spec import TODAY, Spec, fold
from tests.world import (
    NAM_DINH,
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    assigned,
    commit,
    pledged,
    proposed,
    smith,
    weaver,
    weaver_closed,
)

TOMORROW = date(2020, 11, 6)
check = Spec(FACILITY, {facility_stream(SMITH): fold(FACILITY, [smith])})
merge = MergeDuplicate(facility_id=WEAVER, survivor=SMITH, reason="Đăng ký hai lần")
merged = FacilityDuplicateMerged(facility_id=WEAVER, survivor=SMITH, reason="Đăng ký hai lần")
refused = FacilityMerged(facility_id=WEAVER, survivor=SMITH)


def test_a_duplicate_is_merged_once() -> None:
    check(given=[weaver], when=merge, then=[merged])
    check(given=[weaver, weaver_closed], when=merge, then=[merged])
    check(given=[weaver, merged], when=merge, then=[])
    check(given=[weaver, merged], when=replace(merge, reason="Cùng mã số thuế"), then=refused)
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=[weaver], when=merge, on=TOMORROW, then=future)


def test_a_facility_is_no_duplicate_of_itself() -> None:
    itself = replace(merge, survivor=WEAVER)
    check(given=[weaver], when=itself, then=NotADuplicate(facility_id=WEAVER))


def test_what_stays_is_registered_and_no_duplicate_itself() -> None:
    check(given=[weaver], when=merge, neighbours={}, then=UnknownFacility(facility_id=SMITH))
    back = FacilityDuplicateMerged(facility_id=SMITH, survivor=WEAVER, reason="Trùng")
    near = {facility_stream(SMITH): fold(FACILITY, [smith, back])}
    circle = FacilityMerged(facility_id=SMITH, survivor=WEAVER)
    check(given=[weaver], when=merge, neighbours=near, then=circle)


def test_a_duplicate_takes_nothing_new() -> None:
    for ask in (
        UpdateFacility(facility_id=WEAVER, name="Tên mới"),
        RelocateFacility(facility_id=WEAVER, province=NAM_DINH),
        InstallEquipment(facility_id=WEAVER, name="Máy", quantity=1),
        CloseFacility(facility_id=WEAVER, reason="Giải thể"),
        ReopenFacility(facility_id=WEAVER, reason="Đơn hàng"),
    ):
        check(given=[weaver, merged], when=ask, then=refused)
    assert SMITH in refused.message_vi


def test_a_duplicate_is_neither_chosen_nor_promised_anything() -> None:
    near = {facility_stream(WEAVER): fold(FACILITY, [weaver, merged])}
    ask = Spec(SCHEME, near)
    assign = AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER)
    ask(given=[proposed], when=assign, then=refused)
    ask(given=[proposed, approved, assigned, pledged(50)], when=commit(50), then=refused)
