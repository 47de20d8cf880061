"""Limits on advances are recorded: one ends the one before, and payments ask for that of a day."""

from dataclasses import replace
from datetime import date

import pytest

from events.advances import ADVANCE_RULES, advance_limit_on
from events.dates import EndsBeforeStart
from events.facility import FACILITY
from events.money import Vnd
from events.policy import (
    ADVANCE_LIMITS,
    POLICY,
    AdvanceLimits,
    AdvanceLimitSet,
    AdvanceShareOutOfRange,
    SetAdvanceLimit,
    ValidityGap,
    ValidityOverlaps,
    limits_in,
)
from events.rules import Occasion
from events.scheme import SCHEME, AdvanceLimit, EntryCorrected
from events.scheme.room import Room, RoomKind, rooms
from events.text import InvalidText
from events.vocabulary import Activity, Certainty
from tests.events.test_scheme_corrections import (
    NEXT,
    approve,
    approved_step,
    correct,
    corrected,
    proposed_step,
)
from tests.events.test_scheme_payments import READY, advance, advanced
from tests.spec import TODAY, Spec, fold
from tests.world import COMMITMENT, weaver

MACHINERY = Activity.ADVANCED_MACHINERY
SHIPPED = "TT 36/2013/TT-BCT"
new_law = date(2019, 1, 1)
check = Spec(POLICY)
halved = SetAdvanceLimit(activity=MACHINERY, share_pct=50, legal_basis="TT 9/2018/TT-BCT Đ2")


def told(command: SetAdvanceLimit, on: date) -> AdvanceLimitSet:
    return AdvanceLimitSet(
        activity=command.activity,
        share_pct=command.share_pct,
        needs_progress=command.needs_progress,
        valid_from=on,
        valid_to=command.valid_to,
        legal_basis=command.legal_basis,
        certainty=command.certainty,
    )


def shares(found: AdvanceLimits | None, *days: date) -> list[int | None]:
    limits = [advance_limit_on(MACHINERY, day, limits_in(found)) for day in days]
    return [each.share_pct if each else None for each in limits]


def test_a_new_limit_ends_the_one_before_on_its_first_day() -> None:
    check(given=[], when=halved, on=new_law, then=[told(halved, new_law)])
    found = fold(POLICY, [told(halved, new_law)])
    days = date(2014, 2, 9), date(2014, 2, 10), date(2018, 12, 31), new_law
    assert shares(found, *days) == [None, 70, 70, 50]
    assert shares(None, *days) == [None, 70, 70, 70]


def test_what_the_ledger_ships_with_may_be_recorded_and_changes_nothing() -> None:
    given: list[AdvanceLimitSet] = []
    for rule in ADVANCE_RULES:
        command = SetAdvanceLimit(
            activity=rule.activity,
            share_pct=rule.share_pct,
            needs_progress=rule.needs_progress,
            valid_to=rule.valid_to,
            legal_basis=rule.legal_basis,
            certainty=rule.certainty,
        )
        on = rule.valid_from
        check(given=given, when=command, on=on, then=[told(command, on)])
        given.append(told(command, on))
        check(given=given, when=command, on=on, then=[])
    assert set(limits_in(fold(POLICY, given))) == set(ADVANCE_RULES)


def test_whoever_has_read_the_circular_says_so_of_the_shipped_line() -> None:
    on = date(2014, 2, 10)
    read = replace(halved, share_pct=70, legal_basis=SHIPPED, certainty=Certainty.SOURCED)
    check(given=[], when=read, on=on, then=[told(read, on)])
    found = advance_limit_on(MACHINERY, on, limits_in(fold(POLICY, [told(read, on)])))
    assert found is not None
    assert found.certainty is Certainty.SOURCED


def test_two_limits_never_hold_on_one_day_and_none_leaves_a_gap() -> None:
    other = replace(halved, share_pct=40, legal_basis="TT 10/2018/TT-BCT")
    check(
        given=[told(halved, new_law)],
        when=other,
        on=new_law,
        then=ValidityOverlaps(legal_basis=halved.legal_basis, valid_from=new_law, on=new_law),
    )
    short = replace(halved, valid_to=date(2014, 1, 1))
    check(
        given=[],
        when=short,
        on=date(2013, 1, 1),
        then=ValidityGap(
            legal_basis=halved.legal_basis,
            ends_on=date(2014, 1, 1),
            starts_on=date(2014, 2, 10),
        ),
    )
    check(
        given=[],
        when=replace(halved, valid_to=new_law),
        on=new_law,
        then=EndsBeforeStart(starts_on=new_law, ends_on=new_law),
    )


@pytest.mark.parametrize("share_pct", [0, -1, 101])
def test_an_advance_is_a_share_of_one_to_a_hundred_per_cent(share_pct: int) -> None:
    check(
        given=[],
        when=replace(halved, share_pct=share_pct),
        then=AdvanceShareOutOfRange(activity=MACHINERY, share_pct=share_pct),
    )
    for allowed in (1, 100):
        command = replace(halved, share_pct=allowed)
        check(given=[], when=command, on=new_law, then=[told(command, new_law)])


def test_a_limit_names_its_paper() -> None:
    check(given=[], when=replace(halved, legal_basis=" "), then=InvalidText(field="legal_basis"))


def near(*limits: AdvanceLimitSet) -> dict[str, object]:
    return {
        "facility-weaver": fold(FACILITY, [weaver]),
        ADVANCE_LIMITS: fold(POLICY, limits),
    }


def above(requested: int, available: int) -> AdvanceLimit:
    return AdvanceLimit(
        commitment_id=COMMITMENT,
        activity=MACHINERY,
        legal_basis=halved.legal_basis,
        share_pct=available * 2,
        progress=0,
        requested=Vnd(requested),
        available=Vnd(available),
    )


def test_an_advance_is_held_to_the_recorded_limit_of_its_day() -> None:
    payments = Spec(SCHEME, near(told(halved, new_law)))
    payments(given=READY, when=advance(35), on=date(2018, 12, 31), then=[advanced(35)])
    payments(given=READY, when=advance(25), on=new_law, then=[advanced(25)])
    payments(given=READY, when=advance(26), on=new_law, then=above(26, 25))


def test_works_that_a_recorded_limit_wants_half_done_are_advanced_nothing_before() -> None:
    strict = told(replace(halved, needs_progress=True), new_law)
    Spec(SCHEME, near(strict))(given=READY, when=advance(1), on=new_law, then=above(1, 0))


def test_a_corrected_advance_is_held_to_the_recorded_limit_of_its_day() -> None:
    """Proposed, and decided once more by whoever approves it."""
    steps = Spec(SCHEME, near(told(halved, new_law)))
    given, wrong, right = [*READY, advanced(20)], correct(NEXT, amount=26), correct(NEXT, amount=25)
    steps(given=given, when=wrong, then=above(26, 25))
    steps(given=given, when=right, then=[proposed_step(right)])
    agreed = Spec(SCHEME, near())
    agreed(given=[*given, proposed_step(wrong)], when=approve(), then=[approved_step, amended(26)])
    steps(given=[*given, proposed_step(wrong)], when=approve(), then=above(26, 25))


def amended(amount: int) -> EntryCorrected:
    return corrected(NEXT, "AdvancePaid", ("amount", 20, amount))


def test_the_room_under_the_limit_is_told_of_an_advance() -> None:
    scheme = fold(SCHEME, [*READY, advanced(20)])
    occasion = Occasion(effective_on=new_law, today=TODAY, neighbours=near(told(halved, new_law)))
    found = {each.kind: each for each in rooms([advanced(20)], scheme, occasion)}
    assert found[RoomKind.ADVANCE] == Room(
        kind=RoomKind.ADVANCE,
        subject=COMMITMENT,
        limit=Vnd(25),
        used=Vnd(20),
        left=Vnd(5),
        rule=halved.legal_basis,
    )
    assert RoomKind.ADVANCE.value == "mức tạm ứng"
