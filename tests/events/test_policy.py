"""The law of the fund is recorded: a cap ends the one before, and rules ask for that of a day."""

from dataclasses import replace
from datetime import date

from events.caps import CAPS, cap_on
from events.dates import EndsBeforeStart
from events.facility import FACILITY
from events.geography import UnknownUnitAtDate
from events.money import InvalidAmount, Vnd
from events.policy import (
    POLICY,
    SUPPORT_CAPS,
    CapOutOfPlace,
    CapWithoutLimit,
    Policy,
    SetSupportCap,
    SupportCapSet,
    ValidityGap,
    ValidityOverlaps,
    caps_in,
)
from events.scheme import SCHEME, CapExceeded
from events.text import InvalidText
from events.vocabulary import Activity, CapUnit, FundingSource
from tests.spec import Spec, fold
from tests.world import (
    NAM_DINH,
    OLD,
    YEN_BAI,
    approved,
    assigned,
    commit,
    committed,
    pledged,
    proposed,
    weaver,
)

MILLION = 1_000_000
MACHINERY = Activity.ADVANCED_MACHINERY
check = Spec(POLICY)
new_law = date(2027, 1, 1)
raised = SetSupportCap(
    activity=MACHINERY,
    share_pct=50,
    cap=Vnd(400_000_000),
    unit=CapUnit.FACILITY,
    legal_basis="TT 99/2026/TT-BTC Đ8",
)


def told(command: SetSupportCap, on: date) -> SupportCapSet:
    return SupportCapSet(
        activity=command.activity,
        source=command.source,
        province=command.province,
        share_pct=command.share_pct,
        cap=command.cap,
        unit=command.unit,
        valid_from=on,
        valid_to=command.valid_to,
        legal_basis=command.legal_basis,
        certainty=command.certainty,
    )


def amounts(policy: Policy | None, *days: date) -> list[int | None]:
    found = [cap_on(MACHINERY, day, caps_in(policy)) for day in days]
    return [each.amount if each else None for each in found]


def test_a_new_cap_ends_the_one_before_on_its_first_day() -> None:
    check(given=[], when=raised, on=new_law, then=[told(raised, new_law)])
    policy = fold(POLICY, [told(raised, new_law)])
    days = date(2018, 5, 10), date(2018, 5, 11), date(2026, 12, 31), new_law
    assert amounts(policy, *days) == [200_000_000, 300_000_000, 300_000_000, 400_000_000]
    assert amounts(None, *days) == [200_000_000, 300_000_000, 300_000_000, 300_000_000]


def test_what_the_ledger_ships_with_may_be_recorded_and_changes_nothing() -> None:
    given: list[SupportCapSet] = []
    for cap in CAPS:
        command = SetSupportCap(
            activity=cap.activity,
            share_pct=cap.share_pct,
            cap=cap.amount,
            unit=cap.unit,
            valid_to=cap.valid_to,
            legal_basis=cap.legal_basis,
            certainty=cap.certainty,
        )
        check(given=given, when=command, on=cap.valid_from, then=[told(command, cap.valid_from)])
        given.append(told(command, cap.valid_from))
        check(given=given, when=command, on=cap.valid_from, then=[])
    assert set(caps_in(fold(POLICY, given))) == set(CAPS)


def test_a_recorded_cap_replaces_the_shipped_one_of_its_day() -> None:
    read = replace(raised, cap=Vnd(310_000_000), legal_basis="TT 28/2018/TT-BTC Đ8k4 (đọc lại)")
    on = date(2018, 5, 11)
    check(given=[], when=read, on=on, then=[told(read, on)])
    assert amounts(fold(POLICY, [told(read, on)]), on) == [310_000_000]


def test_two_levels_never_hold_on_one_day() -> None:
    other = replace(raised, cap=Vnd(500_000_000), legal_basis="TT 100/2026/TT-BTC")
    check(
        given=[told(raised, new_law)],
        when=other,
        on=new_law,
        then=ValidityOverlaps(legal_basis=raised.legal_basis, valid_from=new_law, on=new_law),
    )
    reaching = replace(raised, valid_to=date(2018, 6, 1))
    check(
        given=[],
        when=reaching,
        on=date(2016, 1, 1),
        then=ValidityOverlaps(
            legal_basis="TT 28/2018/TT-BTC Đ8k4",
            valid_from=date(2018, 5, 11),
            on=date(2018, 5, 11),
        ),
    )


def test_a_level_leaves_no_gap_before_the_next() -> None:
    short = replace(raised, valid_to=date(2018, 1, 1))
    check(
        given=[],
        when=short,
        on=date(2016, 1, 1),
        then=ValidityGap(
            legal_basis=raised.legal_basis,
            ends_on=date(2018, 1, 1),
            starts_on=date(2018, 5, 11),
        ),
    )
    ending = replace(raised, valid_to=date(2028, 1, 1))
    after = replace(raised, legal_basis="TT 1/2029/TT-BTC")
    check(
        given=[told(ending, new_law)],
        when=after,
        on=date(2029, 1, 1),
        then=ValidityGap(
            legal_basis=raised.legal_basis,
            ends_on=date(2028, 1, 1),
            starts_on=date(2029, 1, 1),
        ),
    )


def test_a_level_ends_after_it_begins() -> None:
    check(
        given=[],
        when=replace(raised, valid_to=new_law),
        on=new_law,
        then=EndsBeforeStart(starts_on=new_law, ends_on=new_law),
    )


def test_a_cap_says_what_it_limits() -> None:
    for wrong in (
        replace(raised, share_pct=None, cap=None),
        replace(raised, share_pct=0),
        replace(raised, share_pct=101),
    ):
        check(given=[], when=wrong, then=CapWithoutLimit(activity=MACHINERY))
    check(
        given=[],
        when=replace(raised, cap=Vnd(0)),
        then=InvalidAmount(field="cap", amount=0),  # type: ignore[bad-argument-type]
    )
    check(given=[], when=replace(raised, legal_basis=" "), then=InvalidText(field="legal_basis"))


def test_the_nation_limits_its_own_money_and_a_council_that_of_its_province() -> None:
    local = replace(raised, source=FundingSource.LOCAL_GRANT, province=NAM_DINH)
    on = date(2019, 3, 1)
    check(given=[], when=local, on=on, then=[told(local, on)])
    for wrong in (
        replace(local, province=None),
        replace(local, source=FundingSource.NATIONAL_GRANT),
        replace(local, source=FundingSource.COUNTERPART, province=None),
    ):
        check(given=[], when=wrong, then=CapOutOfPlace(source=wrong.source))
    check(
        given=[],
        when=local,
        on=date(2025, 7, 1),
        then=UnknownUnitAtDate(province_code="36", valid_from=OLD, on=date(2025, 7, 1)),
    )
    caps = caps_in(fold(POLICY, [told(local, on)]))
    found = [
        cap_on(MACHINERY, on, caps, source, province)
        for source, province in (
            (FundingSource.LOCAL_GRANT, NAM_DINH),
            (FundingSource.LOCAL_GRANT, YEN_BAI),
            (FundingSource.NATIONAL_GRANT, NAM_DINH),
        )
    ]
    assert [each.amount if each else 0 for each in found] == [
        400_000_000,
        300_000_000,
        300_000_000,
    ]


def test_a_promise_is_held_to_the_recorded_cap_of_its_day() -> None:
    lowered = replace(raised, cap=Vnd(100 * MILLION), legal_basis="TT 1/2019")
    policy = fold(POLICY, [told(lowered, date(2019, 1, 1))])
    neighbours = {"facility-weaver": fold(FACILITY, [weaver]), SUPPORT_CAPS: policy}
    promises = Spec(SCHEME, neighbours)
    given = [proposed, approved, assigned, pledged(2_000 * MILLION)]
    promises(
        given=given,
        when=commit(300 * MILLION),
        on=date(2018, 12, 31),
        then=[committed(300 * MILLION)],
    )
    promises(
        given=given,
        when=commit(300 * MILLION),
        on=date(2019, 1, 1),
        then=CapExceeded(
            activity=MACHINERY,
            effective_on=date(2019, 1, 1),
            legal_basis="TT 1/2019",
            requested=Vnd(300 * MILLION),
            allowed=Vnd(100 * MILLION),
        ),
    )
