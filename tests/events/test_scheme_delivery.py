"""What the money brought is told of an approved scheme: a number in its unit, or a quotation."""

from dataclasses import replace

import pytest

from events.dates import FutureEffectiveDate
from events.facility import FACILITY, FacilityIsClosed, UnknownFacility
from events.geography import UnknownUnitAtDate
from events.identity import InvalidCode, OutcomeId, ProvinceRef, SourceId
from events.money import Figure, InvalidAmount
from events.rules import Refusal
from events.scheme import (
    SCHEME,
    ActivityDelivered,
    InvalidCount,
    NotABeneficiary,
    OutcomeDiffers,
    OutcomeMeasured,
    OutcomeRevised,
    PlaceSaidTwice,
    QuoteMissing,
    RecordActivity,
    RecordOutcome,
    RecordTraining,
    ReviseOutcome,
    SchemeNotApproved,
    SchemeNotProposed,
    UnitUnfit,
    UnknownOutcome,
    WomenAbovePersons,
    WorkersTrained,
)
from events.scheme.delivering import UNITS
from events.source import SOURCE, UnknownSource
from events.text import InvalidText
from events.vocabulary import DeliveryKind, Indicator, IndicatorUnit
from tests.events.test_scheme_payments import TOMORROW
from tests.spec import TODAY, Spec, fold
from tests.world import (
    ARTICLE,
    LAO_CAI_NOW,
    NAM_DINH,
    SCHEME_ID,
    SMITH,
    WEAVER,
    approved,
    article,
    assigned,
    proposed,
    smith,
    weaver,
    weaver_closed,
)

NEIGHBOURS = {
    "facility-weaver": fold(FACILITY, [weaver]),
    "facility-smith": fold(FACILITY, [smith]),
    "source-article": fold(SOURCE, [article]),
}
check = Spec(SCHEME, NEIGHBOURS)
READY = [proposed, approved, assigned]
OUTCOME = OutcomeId("o1")
QUOTE = "năng suất, chất lượng sản phẩm tăng lên"

activity = RecordActivity(
    scheme_id=SCHEME_ID,
    facility_id=WEAVER,
    delivery=DeliveryKind.CONSULTING,
    what=" Tư vấn quản lý ",
    persons=12,
)
delivered = ActivityDelivered(
    scheme_id=SCHEME_ID,
    facility_id=WEAVER,
    delivery=DeliveryKind.CONSULTING,
    what="Tư vấn quản lý",
    persons=12,
    quote=None,
    source_id=None,
)
training = RecordTraining(
    scheme_id=SCHEME_ID, occupation="May công nghiệp", persons=20, women=15, months=3
)
trained = WorkersTrained(
    scheme_id=SCHEME_ID,
    facility_id=None,
    occupation="May công nghiệp",
    persons=20,
    women=15,
    months=3,
    quote=None,
    source_id=None,
)
measure = RecordOutcome(
    scheme_id=SCHEME_ID,
    outcome_id=OUTCOME,
    facility_id=WEAVER,
    indicator=Indicator.REVENUE,
    baseline=Figure(1_000_000_000),
    value=Figure(1_200_000_000),
    unit=IndicatorUnit.VND_PER_YEAR,
    method="Báo cáo thuế",
)
measured = OutcomeMeasured(
    scheme_id=SCHEME_ID,
    outcome_id=OUTCOME,
    facility_id=WEAVER,
    province=NAM_DINH,
    indicator=Indicator.REVENUE,
    baseline=Figure(1_000_000_000),
    value=Figure(1_200_000_000),
    unit=IndicatorUnit.VND_PER_YEAR,
    method="Báo cáo thuế",
    quote=None,
    source_id=None,
)
revise = ReviseOutcome(
    scheme_id=SCHEME_ID,
    outcome_id=OUTCOME,
    value=Figure(1_150_000_000),
    method="Quyết toán thuế",
    reason="Số liệu cuối năm",
)
revised = OutcomeRevised(
    scheme_id=SCHEME_ID,
    outcome_id=OUTCOME,
    baseline=None,
    value=Figure(1_150_000_000),
    method="Quyết toán thuế",
    quote=None,
    source_id=None,
    reason="Số liệu cuối năm",
)


def test_what_was_delivered_is_recorded_each_time_it_is_told() -> None:
    check(given=READY, when=activity, then=[delivered])
    check(given=[*READY, delivered], when=activity, then=[delivered])
    check(given=READY, when=training, then=[trained])
    check(given=[*READY, trained], when=training, then=[trained])


def test_an_outcome_is_measured_once_where_its_facility_was_chosen() -> None:
    check(given=READY, when=measure, then=[measured])
    check(given=[*READY, measured], when=measure, then=[])
    other = replace(measure, value=Figure(1))
    check(given=[*READY, measured], when=other, then=OutcomeDiffers(outcome_id=OUTCOME))


def test_an_outcome_is_revised_in_the_same_unit_and_keeps_its_first_measurement() -> None:
    check(given=[*READY, measured], when=revise, then=[revised])
    check(given=[*READY, measured, revised], when=revise, then=[])
    check(given=[*READY, measured, revised], when=measure, then=[])
    check(given=READY, when=revise, then=UnknownOutcome(outcome_id=OUTCOME))


def test_what_has_no_number_is_a_quotation_with_its_document_and_is_not_zero() -> None:
    told = replace(measure, baseline=None, value=None, quote=QUOTE, source_id=ARTICLE)
    fact = replace(measured, baseline=None, value=None, quote=QUOTE, source_id=ARTICLE)
    check(given=READY, when=told, then=[fact])
    nought = replace(measured, value=Figure(0))
    check(given=READY, when=replace(measure, value=Figure(0)), then=[nought])
    untold = replace(measure, value=None)
    check(given=READY, when=untold, then=QuoteMissing(field="value"))
    nobody = replace(training, persons=None, women=None)
    check(given=READY, when=nobody, then=QuoteMissing(field="persons"))
    check(
        given=[*READY, measured],
        when=replace(revise, value=None),
        then=QuoteMissing(field="value"),
    )


@pytest.mark.parametrize("command", [activity, training, measure])
def test_a_quotation_names_a_document_that_is_registered(
    command: RecordActivity | RecordTraining | RecordOutcome,
) -> None:
    loose = replace(command, quote=QUOTE)
    check(given=READY, when=loose, then=QuoteMissing(field="source_id"))
    unknown = replace(command, quote=QUOTE, source_id=SourceId("other"))
    check(given=READY, when=unknown, then=UnknownSource(source_id=SourceId("other")))


@pytest.mark.parametrize("indicator", Indicator)
def test_an_indicator_is_counted_in_its_own_units_alone(indicator: Indicator) -> None:
    for unit in IndicatorUnit:
        ask = replace(measure, indicator=indicator, unit=unit)
        fact = replace(measured, indicator=indicator, unit=unit)
        fits = unit in UNITS[indicator]
        check(
            given=READY,
            when=ask,
            then=[fact] if fits else UnitUnfit(indicator=indicator, unit=unit),
        )


def test_a_change_may_be_for_the_worse_and_a_count_may_not() -> None:
    less = replace(measure, value=Figure(-1))
    check(given=READY, when=less, then=InvalidAmount(field="value", amount=Figure(-1)))
    ask = replace(less, unit=IndicatorUnit.BASIS_POINT)
    fact = replace(measured, value=Figure(-1), unit=IndicatorUnit.BASIS_POINT)
    check(given=READY, when=ask, then=[fact])


def test_women_are_some_of_the_persons_and_counts_are_counts() -> None:
    check(
        given=READY,
        when=replace(training, women=21),
        then=WomenAbovePersons(women=21, persons=20),
    )
    for ask, refused in (
        (replace(training, persons=0), InvalidCount(field="persons", count=0)),
        (replace(training, women=-1), InvalidCount(field="women", count=-1)),
        (replace(training, months=0), InvalidCount(field="months", count=0)),
    ):
        check(given=READY, when=ask, then=refused)
    nobody = replace(activity, persons=0)
    check(given=READY, when=nobody, then=InvalidCount(field="persons", count=0))


def test_it_is_told_of_a_province_or_of_a_facility_which_says_its_own() -> None:
    of_province = replace(measure, facility_id=None, province=NAM_DINH)
    check(given=READY, when=of_province, then=[replace(measured, facility_id=None)])
    both = replace(measure, province=NAM_DINH)
    check(given=READY, when=both, then=PlaceSaidTwice(facility_id=WEAVER))
    later = replace(of_province, province=LAO_CAI_NOW)
    with pytest.raises(UnknownUnitAtDate):
        check(given=READY, when=later, then=[])
    nowhere = replace(of_province, province=None)
    check(given=READY, when=nowhere, then=[replace(measured, facility_id=None, province=None)])


@pytest.mark.parametrize("command", [activity, replace(training, facility_id=WEAVER), measure])
def test_the_facility_works_and_is_a_beneficiary(
    command: RecordActivity | RecordTraining | RecordOutcome,
) -> None:
    closed = {**NEIGHBOURS, "facility-weaver": fold(FACILITY, [weaver, weaver_closed])}
    check(
        given=READY,
        when=command,
        then=FacilityIsClosed(facility_id=WEAVER),
        neighbours=closed,
    )
    smiths = replace(command, facility_id=SMITH)
    check(given=READY, when=smiths, then=NotABeneficiary(facility_id=SMITH))
    gone = {name: each for name, each in NEIGHBOURS.items() if name != "facility-weaver"}
    unknown = UnknownFacility(facility_id=WEAVER)
    check(given=READY, when=command, then=unknown, neighbours=gone)


@pytest.mark.parametrize("command", [activity, training, measure, revise])
def test_the_scheme_is_approved_and_the_day_is_not_in_the_future(command: object) -> None:
    check(given=[], when=command, then=SchemeNotProposed(scheme_id=SCHEME_ID))
    check(given=[proposed], when=command, then=SchemeNotApproved(scheme_id=SCHEME_ID))
    given = [*READY, measured]
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=given, when=command, then=future, on=TOMORROW)


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        (replace(activity, what=" "), InvalidText(field="what")),
        (replace(training, occupation=""), InvalidText(field="occupation")),
        (replace(measure, method=""), InvalidText(field="method")),
        (
            replace(measure, outcome_id=OutcomeId("a b")),
            InvalidCode(field="outcome_id", text="a b"),
        ),
    ],
)
def test_what_must_be_said_is_said(command: object, refused: Refusal) -> None:
    check(given=READY, when=command, then=refused)


def test_a_place_is_one_that_stood_on_the_day() -> None:
    never = ProvinceRef(code="99", valid_from=NAM_DINH.valid_from)
    ask = replace(measure, facility_id=None, province=never)
    with pytest.raises(UnknownUnitAtDate):
        check(given=READY, when=ask, then=[])
