"""Contents and money that an approved scheme did not have are added to it (bổ sung)."""

from dataclasses import replace
from datetime import date

from events.organisation import UnknownOrganisation
from events.scheme import SCHEME, SchemeNotApproved
from events.scheme.adjustment import (
    CeilingNotYet,
    NothingSupplemented,
    SchemeSupplemented,
    SupplementScheme,
)
from events.scheme.authority import WrongApprover
from events.vocabulary import Activity, AdjustmentKind, OrganisationKind
from tests.events.test_scheme_adjustment import BILLION, LOCAL, OTHER, adjust, ceiling, check
from tests.events.test_scheme_halt import BODIES, CUC, MOIT, NEIGHBOURS, RUNNING, STOPPED
from tests.events.test_scheme_halt import stopped as stopped_scheme
from tests.spec import ON, fold
from tests.world import SCHEME_ID, commit, proposed

SUPPLEMENT = SupplementScheme(
    scheme_id=SCHEME_ID,
    approver=MOIT,
    reason="Tờ trình 13",
    contents=(Activity.TRADEMARK,),
    ceilings=(ceiling(100, source=LOCAL), ceiling(70, year=2020)),
)
supplemented = SchemeSupplemented(
    scheme_id=SCHEME_ID,
    approver=MOIT,
    reason="Tờ trình 13",
    contents=SUPPLEMENT.contents,
    ceilings=SUPPLEMENT.ceilings,
)


def test_a_supplement_adds_contents_and_money_of_another_source_or_year() -> None:
    check(given=RUNNING, when=SUPPLEMENT, then=[supplemented])
    check(given=[*RUNNING, supplemented], when=SUPPLEMENT, then=[])
    check(given=[proposed], when=SUPPLEMENT, then=SchemeNotApproved(scheme_id=SCHEME_ID))
    check(given=[*RUNNING, stopped_scheme], when=SUPPLEMENT, then=STOPPED)
    ask = replace(commit(40, id="c2"), source=LOCAL, activity=Activity.TRADEMARK)
    found = fold(SCHEME, [*RUNNING, supplemented])
    assert found.headroom(LOCAL, 2019) == 100
    assert ask.activity in found.terms.contents


def test_what_is_there_is_not_supplemented_but_increased() -> None:
    nothing = NothingSupplemented(scheme_id=SCHEME_ID)
    for wrong in (
        replace(SUPPLEMENT, contents=(), ceilings=()),
        replace(SUPPLEMENT, ceilings=(ceiling(BILLION),)),
        replace(SUPPLEMENT, contents=(Activity.CONSULTANCY,)),
    ):
        check(given=RUNNING, when=wrong, then=nothing)


def test_ceilings_do_not_change_before_they_hold() -> None:
    early = CeilingNotYet(scheme_id=SCHEME_ID, since=ON, effective_on=date(2019, 2, 28))
    check(given=RUNNING, when=SUPPLEMENT, then=early, on=date(2019, 2, 28))
    more = adjust(AdjustmentKind.INCREASE, MOIT, ceilings=(ceiling(2 * BILLION),))
    check(given=RUNNING, when=more, then=early, on=date(2019, 2, 28))


def test_a_supplement_is_for_the_ministry_to_approve() -> None:
    wrong = WrongApprover(
        scheme_id=SCHEME_ID,
        approver=CUC,
        kind=OrganisationKind.DEPARTMENT,
        needed=OrganisationKind.MINISTRY,
    )
    check(given=RUNNING, when=replace(SUPPLEMENT, approver=CUC), then=wrong)


def test_a_partner_is_registered() -> None:
    ask = adjust(AdjustmentKind.PARTNER, CUC, implementer=OTHER)
    unknown = UnknownOrganisation(organisation_id=OTHER)
    check(given=RUNNING, when=ask, then=unknown, neighbours={**NEIGHBOURS, **BODIES})
