"""The 2018–2020 evaluation, recorded as anybody would record it: by commands.

`orders()` is the whole story in its order; `record` hands it to the ledger. Recording it twice
changes nothing: `story.py`.

What the article states is recorded as it stands. What it does not state (names, the split by
scheme, place, source and year, every payment) is invented within the caps and marked synthetic:
`support.py`, `funding.py`. So is the registration of the document: of the article we keep only an
excerpt of its figures, and the hash is that of the excerpt.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from events.catalogue import Command
from events.dates import VIETNAM
from events.envelope import Order
from events.facility import InstallEquipment, RegisterFacility
from events.geography import live
from events.identity import OrganisationId, PeriodCode, SourceId
from events.ledger import Ledger
from events.log import IdempotencyMismatch
from events.money import Figure, read_amount
from events.organisation import RegisterOrganisation, SetCentreTerritory
from events.period import OpenPeriod
from events.scheme import EvaluateCriteria
from events.source import RecordReportedFigure, RegisterSourceDocument
from events.vocabulary import Criterion, Measure, OrganisationKind, Verdict
from service.seed.funding import ACCEPTED_UNTIL, scheme
from service.seed.story import step
from service.seed.support import TRADES, Support, supports

PERIOD = PeriodCode("2018-2020")
OPENED, ENDS = date(2018, 1, 1), date(2020, 12, 31)
ARTICLE = SourceId("bao-nam-dinh-2020-11-05")
CLAIMS = Path(__file__).with_name("claims.vi.txt")
PUBLISHED_AT = datetime(2020, 11, 5, 7, 11, tzinfo=VIETNAM)
CENTRE = OrganisationId("tt-khuyen-cong-1")
ORGANISATIONS = (
    ("bo-cong-thuong", "Bộ Công Thương", OrganisationKind.MINISTRY),
    ("cuc-cong-thuong-dia-phuong", "Cục Công Thương địa phương", OrganisationKind.DEPARTMENT),
    (
        CENTRE,
        "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp 1",
        OrganisationKind.CENTRE,
    ),
)
FIGURES = (
    (Measure.TOTAL_FUNDING, None, "181 tỷ 946,9 triệu đồng"),
    (Measure.SCHEMES, 3, "3"),
    (Measure.FACILITIES, 63, "63"),
    (Measure.PROVINCES, 9, "9/28"),
    (Measure.TERRITORY, 28, "9/28"),
)
"""As `claims.vi.txt` has them; None: what the quote says when it is read as money."""
RULES = "TT 36/2013/TT-BCT Đ2k3, TT 17/2018/TT-BCT"
EVIDENCE = {
    Criterion.SCALE: "Tổng kinh phí của đề án minh họa",
    Criterion.CONTENT: "Bốn nội dung hoạt động, tối thiểu hai",
    Criterion.LOCALITY: "Cơ sở thụ hưởng tại các địa bàn đủ điều kiện, tối thiểu hai",
    Criterion.TIME: "Từ 15/3/2018 đến 31/12/2020, trong khoảng hai đến ba năm",
}


async def record(ledger: Ledger) -> int:
    """Hand the story to the ledger; how many of its commands were new to it."""
    new = 0
    for order in orders():
        # Told by an earlier release, under the same id but by another actor: it stands as it is.
        with suppress(IdempotencyMismatch):
            receipt = await ledger.handle(order)
            new += not receipt.repeated
    return new


def orders() -> Iterator[Order[Command]]:
    """The whole evaluation, in the order in which it is recorded."""
    chosen = supports()
    yield from _frame()
    yield from (_facility(each) for each in chosen)
    for trade in TRADES:
        its = tuple(each for each in chosen if each.trade == trade)
        yield from scheme(trade, PERIOD, CENTRE, its)
        yield from (_equipment(each) for each in its if _delivered(each))
    yield _article()
    yield from _figures()
    yield from _verdicts()


def _frame() -> Iterator[Order[Command]]:
    """What was there before any scheme: the period, the bodies, the territory."""
    yield step(
        "period",
        OpenPeriod(code=PERIOD, name="Giai đoạn 2018–2020", starts_on=OPENED, ends_on=ENDS),
        OPENED,
        synthetic=False,
    )
    for identity, name, kind in ORGANISATIONS:
        yield step(
            f"organisation {identity}",
            RegisterOrganisation(organisation_id=OrganisationId(identity), name=name, kind=kind),
            OPENED,
            synthetic=False,
        )
    provinces = tuple(each.ref for each in live(OPENED) if each.northern_28)
    yield step(
        "territory",
        SetCentreTerritory(organisation_id=CENTRE, provinces=provinces),
        OPENED,
        synthetic=False,
    )


def _facility(support: Support) -> Order[Command]:
    return step(
        f"{support.facility_id} registered",
        RegisterFacility(
            facility_id=support.facility_id,
            name=support.name,
            tax_code=None,
            legal_form=support.legal_form,
            ownership=support.ownership,
            province=support.province,
            address=None,
            sector=support.sector,
            capacity=None,
        ),
        date(2018, 2, 1),
        synthetic=True,
    )


def _delivered(support: Support) -> bool:
    return support.committed_on <= ACCEPTED_UNTIL


def _equipment(support: Support) -> Order[Command]:
    return step(
        f"{support.facility_id} equipped",
        InstallEquipment(
            facility_id=support.facility_id,
            name=support.trade.machine,
            origin=None,
            made_in=support.budget_year,
            quantity=1 + support.number % 4,
            value=None,
        ),
        support.committed_on + timedelta(days=75),
        synthetic=True,
    )


def _article() -> Order[Command]:
    return step(
        "article",
        RegisterSourceDocument(
            source_id=ARTICLE,
            title=(
                "Đánh giá kết quả thực hiện Đề án Khuyến công Quốc gia điểm…"
                " (bản trích số liệu; sha256 là của bản trích claims.vi.txt)"
            ),
            publisher="Báo Nam Định điện tử",
            author="Thanh Thúy",
            published_at=PUBLISHED_AT,
            sha256=sha256(CLAIMS.read_bytes()).hexdigest(),
        ),
        PUBLISHED_AT.date(),
        synthetic=True,
    )


def _figures() -> Iterator[Order[Command]]:
    for measure, number, quote in FIGURES:
        yield step(
            f"figure {measure.name}",
            RecordReportedFigure(
                source_id=ARTICLE,
                period=PERIOD,
                measure=measure,
                value=Figure(read_amount(quote) if number is None else number),
                quote=quote,
            ),
            PUBLISHED_AT.date(),
            synthetic=False,
        )


def _verdicts() -> Iterator[Order[Command]]:
    for trade in TRADES:
        for criterion in Criterion:
            yield step(
                f"{trade.scheme_id} {criterion.name}",
                EvaluateCriteria(
                    scheme_id=trade.scheme_id,
                    criterion=criterion,
                    verdict=Verdict.MET,
                    rule_version=RULES,
                    evidence=EVIDENCE[criterion],
                    source=ARTICLE,
                ),
                PUBLISHED_AT.date(),
                synthetic=True,
            )
