"""Documents are registered with their hash; a document states one figure for one measure."""

from dataclasses import replace
from datetime import datetime

import pytest

from events.identity import PeriodCode
from events.money import Figure, InvalidAmount
from events.period import PERIOD, UnknownPeriod
from events.source import (
    SOURCE,
    FigureDiffers,
    InvalidHash,
    RecordReportedFigure,
    RegisterSourceDocument,
    ReportedFigureRecorded,
    SourceDiffers,
    UnknownSource,
    ZoneMissing,
)
from events.vocabulary import Measure
from tests.spec import Spec, fold
from tests.world import ARTICLE, PERIOD_CODE, article, opened

check = Spec(SOURCE, {"period-2018-2020": fold(PERIOD, [opened])})
register = RegisterSourceDocument(
    source_id=ARTICLE,
    title=article.title,
    publisher=article.publisher,
    author=article.author,
    published_at=datetime.fromisoformat("2020-11-05T07:11:00+07:00"),
    sha256=article.sha256,
)
record = RecordReportedFigure(
    source_id=ARTICLE,
    period=PERIOD_CODE,
    measure=Measure.TOTAL_FUNDING,
    value=Figure(181_946_900_000),
    quote="tổng kinh phí 181 tỷ 946,9 triệu đồng",
)
recorded = ReportedFigureRecorded(
    source_id=ARTICLE,
    period=PERIOD_CODE,
    measure=Measure.TOTAL_FUNDING,
    value=Figure(181_946_900_000),
    quote="tổng kinh phí 181 tỷ 946,9 triệu đồng",
)


def test_a_document_is_registered_once_at_an_instant() -> None:
    check(given=[], when=register, then=[article])
    check(given=[article], when=register, then=[])
    other = replace(register, sha256="66" * 32)
    check(given=[article], when=other, then=SourceDiffers(source_id=ARTICLE))


@pytest.mark.parametrize("sha256", ["", "55" * 31, "AB" * 32, "zz" * 32])
def test_a_hash_is_a_hash(sha256: str) -> None:
    check(given=[], when=replace(register, sha256=sha256), then=InvalidHash(sha256=sha256))


def test_an_instant_names_its_zone() -> None:
    local = register.published_at.replace(tzinfo=None)
    ask = replace(register, published_at=local)
    check(given=[], when=ask, then=ZoneMissing(field="published_at"))


def test_a_figure_is_recorded_once() -> None:
    check(given=[article], when=record, then=[recorded])
    check(given=[article, recorded], when=record, then=[])


def test_the_same_document_does_not_state_two_totals() -> None:
    check(
        given=[article, recorded],
        when=replace(record, value=Figure(1)),
        then=FigureDiffers(
            source_id=ARTICLE,
            period=PERIOD_CODE,
            measure=Measure.TOTAL_FUNDING,
            known=Figure(181_946_900_000),
        ),
    )


def test_a_figure_of_zero_is_a_figure_and_a_negative_one_is_not() -> None:
    nought = replace(recorded, value=Figure(0))
    check(given=[article], when=replace(record, value=Figure(0)), then=[nought])
    negative = InvalidAmount(field="value", amount=Figure(-1))
    check(given=[article], when=replace(record, value=Figure(-1)), then=negative)


def test_a_figure_needs_its_document_and_its_period() -> None:
    check(given=[], when=record, then=UnknownSource(source_id=ARTICLE))
    later = PeriodCode("2021-2025")
    ask = replace(record, period=later)
    check(given=[article], when=ask, then=UnknownPeriod(period=later))
