"""How a scheme comes about: proposed, approved with ceilings, given beneficiaries, judged."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import EndsBeforeStart, InvalidYear
from events.facility import FACILITY, FacilityIsClosed, UnknownFacility
from events.money import Figure, InvalidAmount, Vnd
from events.organisation import ORGANISATION, UnknownOrganisation
from events.period import PERIOD, PeriodClosed, PeriodIsClosed, UnknownPeriod
from events.scheme import (
    SCHEME,
    ApprovalDiffers,
    ApproveScheme,
    AssignBeneficiary,
    BeneficiaryAssigned,
    CeilingRepeated,
    ContentMissing,
    CriteriaEvaluated,
    EvaluateCriteria,
    FocalRule,
    PeriodNotCovering,
    ProposeScheme,
    SchemeDiffers,
    SchemeNotProposed,
)
from events.source import SOURCE, UnknownSource
from events.vocabulary import Activity, Criterion, FundingSource, SchemeClass, Verdict
from tests.spec import Spec, fold
from tests.world import (
    ARTICLE,
    CENTRE,
    LAO_CAI_NOW,
    MACHINING,
    PERIOD_CODE,
    SCHEME_ID,
    SMITH,
    WEAVER,
    YEN_BAI,
    approved,
    article,
    assigned,
    centre,
    opened,
    proposed,
    smith,
    weaver,
    weaver_closed,
)

NEIGHBOURS = {
    "period-2018-2020": fold(PERIOD, [opened]),
    "organisation-centre-1": fold(ORGANISATION, [centre]),
    "facility-weaver": fold(FACILITY, [weaver]),
    "facility-smith": fold(FACILITY, [smith]),
    "source-article": fold(SOURCE, [article]),
}
check = Spec(SCHEME, NEIGHBOURS)
propose = ProposeScheme(
    scheme_id=SCHEME_ID,
    period=PERIOD_CODE,
    title=proposed.title,
    scheme_class=SchemeClass.FOCAL,
    contents=proposed.contents,
    starts_on=proposed.starts_on,
    ends_on=proposed.ends_on,
    implementer=CENTRE,
)
approve = ApproveScheme(
    scheme_id=SCHEME_ID, ceilings=approved.ceilings, legal_regime=approved.legal_regime
)
assign = AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER)
evaluate = EvaluateCriteria(
    scheme_id=SCHEME_ID,
    criterion=Criterion.SCALE,
    verdict=Verdict.MET,
    rule_version="TT 17/2018/TT-BCT",
    evidence="Hội nghị đánh giá 2020-11-05",
    source=ARTICLE,
)
evaluated = CriteriaEvaluated(
    scheme_id=SCHEME_ID,
    criterion=Criterion.SCALE,
    verdict=Verdict.MET,
    rule_version="TT 17/2018/TT-BCT",
    evidence="Hội nghị đánh giá 2020-11-05",
    source=ARTICLE,
)


def test_a_closed_period_takes_no_further_scheme() -> None:
    closed = fold(PERIOD, [opened, PeriodClosed(code=PERIOD_CODE)])
    refuses = Spec(SCHEME, {**NEIGHBOURS, "period-2018-2020": closed})
    refuses(given=[], when=propose, then=PeriodIsClosed(period=PERIOD_CODE))
    refuses(given=[proposed], when=propose, then=[])


def test_a_scheme_is_proposed_once() -> None:
    check(given=[], when=propose, then=[proposed])
    check(given=[proposed], when=propose, then=[])
    other = replace(propose, title="Đề án khác")
    check(given=[proposed], when=other, then=SchemeDiffers(scheme_id=SCHEME_ID))


def test_a_proposal_needs_its_period_and_its_implementer() -> None:
    no_period = {k: v for k, v in NEIGHBOURS.items() if not k.startswith("period")}
    no_centre = {k: v for k, v in NEIGHBOURS.items() if not k.startswith("organisation")}
    unknown = UnknownPeriod(period=PERIOD_CODE)
    check(given=[], when=propose, then=unknown, neighbours=no_period)
    unknown_centre = UnknownOrganisation(organisation_id=CENTRE)
    check(given=[], when=propose, then=unknown_centre, neighbours=no_centre)


def test_a_scheme_runs_within_its_period_and_has_a_content() -> None:
    not_covering = PeriodNotCovering(
        period=PERIOD_CODE, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31)
    )
    check(given=[], when=replace(propose, ends_on=date(2021, 1, 1)), then=not_covering)
    check(given=[], when=replace(propose, starts_on=date(2017, 12, 31)), then=not_covering)
    backwards = EndsBeforeStart(starts_on=date(2018, 1, 1), ends_on=date(2017, 12, 31))
    check(given=[], when=replace(propose, ends_on=date(2017, 12, 31)), then=backwards)
    check(given=[], when=replace(propose, contents=()), then=ContentMissing(scheme_id=SCHEME_ID))


def test_a_scheme_is_approved_once() -> None:
    check(given=[], when=approve, then=SchemeNotProposed(scheme_id=SCHEME_ID))
    check(given=[proposed], when=approve, then=[approved])
    check(given=[proposed, approved], when=approve, then=[])
    other = replace(approve, ceilings=())
    check(given=[proposed, approved], when=other, then=ApprovalDiffers(scheme_id=SCHEME_ID))


def test_a_ceiling_is_a_positive_amount_of_one_source_in_one_year() -> None:
    (ceiling,) = approved.ceilings
    twice = replace(approve, ceilings=(ceiling, replace(ceiling, amount=Vnd(5))))
    repeated = CeilingRepeated(source=FundingSource.NATIONAL_GRANT, budget_year=2019)
    check(given=[proposed], when=twice, then=repeated)
    nothing = replace(approve, ceilings=(replace(ceiling, amount=Vnd(0)),))
    zero = InvalidAmount(field="ceiling", amount=Figure(0))
    check(given=[proposed], when=nothing, then=zero)
    ancient = replace(approve, ceilings=(replace(ceiling, budget_year=1954),))
    check(given=[proposed], when=ancient, then=InvalidYear(field="budget_year", year=1954))


@pytest.mark.parametrize(
    ("ends_on", "is_focal"),
    [
        (date(2019, 12, 30), False),
        (date(2019, 12, 31), True),
        (date(2020, 12, 31), True),
        (date(2021, 1, 1), False),
    ],
)
def test_a_focal_scheme_lasts_two_to_three_years(ends_on: date, *, is_focal: bool) -> None:
    refused = FocalRule(contents=3, starts_on=date(2018, 1, 1), ends_on=ends_on)
    given = [replace(proposed, ends_on=ends_on)]
    check(given=given, when=approve, then=[approved] if is_focal else refused)


def test_a_focal_scheme_has_two_different_contents() -> None:
    one = (Activity.ADVANCED_MACHINERY, Activity.ADVANCED_MACHINERY)
    refused = FocalRule(contents=1, starts_on=date(2018, 1, 1), ends_on=date(2020, 12, 31))
    check(given=[replace(proposed, contents=one)], when=approve, then=refused)


@pytest.mark.parametrize("scheme_class", [SchemeClass.NORMAL, SchemeClass.GROUP])
def test_other_schemes_may_be_short_and_of_one_content(scheme_class: SchemeClass) -> None:
    short = replace(
        proposed,
        scheme_class=scheme_class,
        contents=(Activity.CONSULTANCY,),
        ends_on=date(2018, 6, 30),
    )
    check(given=[short], when=approve, then=[approved])


def test_a_beneficiary_is_kept_as_it_was_on_that_day() -> None:
    check(given=[proposed], when=assign, then=[assigned])
    check(given=[proposed, assigned], when=assign, then=[])


def test_a_facility_of_yen_bai_assigned_after_the_merger_lies_in_the_new_lao_cai() -> None:
    ask = replace(assign, facility_id=SMITH)
    snapshot = BeneficiaryAssigned(
        scheme_id=SCHEME_ID,
        facility_id=SMITH,
        name=smith.name,
        province=YEN_BAI,
        sector=MACHINING,
    )
    check(given=[proposed], when=ask, then=[snapshot], on=date(2025, 6, 30))
    moved = replace(snapshot, province=LAO_CAI_NOW)
    check(given=[proposed], when=ask, then=[moved], on=date(2025, 7, 1))


def test_only_an_operating_facility_becomes_a_beneficiary() -> None:
    closed = {"facility-weaver": fold(FACILITY, [weaver, weaver_closed])}
    shut = FacilityIsClosed(facility_id=WEAVER)
    check(given=[proposed], when=assign, then=shut, neighbours=closed)
    unknown = UnknownFacility(facility_id=WEAVER)
    check(given=[proposed], when=assign, then=unknown, neighbours={})


def test_a_verdict_names_its_document_and_may_be_given_again() -> None:
    check(given=[proposed], when=evaluate, then=[evaluated])
    check(given=[proposed, evaluated], when=evaluate, then=[])
    again = replace(evaluate, verdict=Verdict.NOT_MET)
    revised = replace(evaluated, verdict=Verdict.NOT_MET)
    check(given=[proposed, evaluated], when=again, then=[revised])
    unknown = UnknownSource(source_id=ARTICLE)
    check(given=[proposed], when=evaluate, then=unknown, neighbours={})
