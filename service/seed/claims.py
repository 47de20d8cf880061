"""What the article claims without a number: recorded after the evaluation, and after all else.

    evaluation-hoi-nghi-2020-11-05    the conference as two sources tell it, eleven claims

The article is not ours to copy: `narrative.vi.txt` says its claims in our words, and is the
document that the quotations stand in. Whatever is told of a scheme is synthetic, for the schemes
are; and where the article gives no number there is none here, and never 0.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path

from events.catalogue import Command
from events.envelope import Order
from events.evaluation import RecordConference, RecordNarrativeClaim
from events.identity import ClaimId, EvaluationId, OutcomeId, SourceId
from events.ledger import Ledger
from events.log import IdempotencyMismatch
from events.rules import value
from events.scheme import RecordActivity, RecordOutcome, RecordTraining
from events.source import RegisterSourceDocument
from events.vocabulary import ClaimTopic, DeliveryKind, Indicator, IndicatorUnit
from service.seed.evaluation import PERIOD, PUBLISHED_AT
from service.seed.story import step
from service.seed.support import TRADES, Trade

EVALUATION = EvaluationId("hoi-nghi-2020-11-05")
SUMMARY = SourceId("bao-nam-dinh-2020-11-05-tom-luoc")
SECOND = SourceId("lang-nghe-viet-2020-tom-luoc")
NARRATIVE = Path(__file__).with_name("narrative.vi.txt")
CONFERENCE = Path(__file__).with_name("conference.vi.txt")
DAY: date = PUBLISHED_AT.date()
CENTRE_1 = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp 1"
METHOD = "Nhận định của bài báo, không có số liệu"
FACILITIES, CENTRES, NEXT = "Các cơ sở thụ hưởng", "Các trung tâm", "Giai đoạn 2021–2025"


@value
class Claim:
    """A claim of the article, by its number among the twenty."""

    number: str
    topic: ClaimTopic
    subject: str

    @property
    def quote(self) -> str:
        """The line of the summary that says it."""
        return line(self.number)


CLAIMS = (
    Claim(number="10", topic=ClaimTopic.INVESTMENT, subject=FACILITIES),
    Claim(number="11", topic=ClaimTopic.MANAGEMENT, subject=FACILITIES),
    Claim(number="12", topic=ClaimTopic.PRODUCTIVITY, subject=FACILITIES),
    Claim(number="13", topic=ClaimTopic.SKILLS, subject=FACILITIES),
    Claim(number="14", topic=ClaimTopic.PRODUCTION, subject="Các tỉnh có đề án"),
    Claim(number="15", topic=ClaimTopic.EMPLOYMENT, subject="Lao động nông thôn"),
    Claim(number="16", topic=ClaimTopic.CAPACITY, subject=CENTRES),
    Claim(number="17", topic=ClaimTopic.EXPANSION, subject=NEXT),
    Claim(number="18", topic=ClaimTopic.EXPANSION, subject=NEXT),
    Claim(number="19", topic=ClaimTopic.TECHNOLOGY, subject=NEXT),
    Claim(number="20", topic=ClaimTopic.COORDINATION, subject=CENTRES),
)
OUTCOMES = (
    ("12", Indicator.PRODUCTIVITY, IndicatorUnit.BASIS_POINT),
    ("12", Indicator.QUALITY, IndicatorUnit.BASIS_POINT),
    ("14", Indicator.PRODUCTION_VALUE, IndicatorUnit.VND_PER_YEAR),
    ("15", Indicator.LABOUR_SHIFT, IndicatorUnit.BASIS_POINT),
    ("15", Indicator.JOBS_NEW, IndicatorUnit.PERSON),
    ("15", Indicator.INCOME_RISE, IndicatorUnit.VND_PER_MONTH),
)
"""The number of the claim, what it says has grown, and the unit that nobody counted it in."""


async def record(ledger: Ledger) -> int:
    """Hand the claims to the ledger; how many of the commands were new to it."""
    new = 0
    for order in orders():
        # Told by an earlier release in another way: it stands as it is.
        with suppress(IdempotencyMismatch):
            receipt = await ledger.handle(order)
            new += not receipt.repeated
    return new


def orders() -> Iterator[Order[Command]]:
    """All of it, in the order in which it is recorded."""
    yield _document(
        SUMMARY,
        NARRATIVE,
        "Đánh giá kết quả thực hiện Đề án Khuyến công Quốc gia điểm… (tóm lược các nhận định)",
        "Báo Nam Định điện tử",
    )
    yield _document(
        SECOND,
        CONFERENCE,
        "Tin về hội nghị đánh giá (tóm lược; ngày công bố chưa rõ, ghi theo ngày hội nghị)",
        "langngheviet.com.vn",
    )
    yield _conference(SUMMARY, CENTRE_1, None, line("2"))
    told = CONFERENCE.read_text(encoding="utf-8").splitlines()[-1]
    yield _conference(SECOND, "Cục Công Thương địa phương", "Thành phố Nam Định", told)
    yield from (_claim(each) for each in CLAIMS)
    for trade in TRADES:
        yield from _brought(trade)


def line(number: str) -> str:
    """The words of the summary under a number of the twenty claims. KeyError: there are none."""
    text = NARRATIVE.read_text(encoding="utf-8")
    found = dict(each.split(". ", 1) for each in text.splitlines()[4:])
    return found[number]


def _document(source_id: SourceId, file: Path, title: str, publisher: str) -> Order[Command]:
    return step(
        f"document {source_id}",
        RegisterSourceDocument(
            source_id=source_id,
            title=title,
            publisher=publisher,
            published_at=PUBLISHED_AT,
            sha256=sha256(file.read_bytes()).hexdigest(),
        ),
        DAY,
        synthetic=True,
    )


def _conference(
    source_id: SourceId, convenor: str, place: str | None, quote: str
) -> Order[Command]:
    return step(
        f"conference {source_id}",
        RecordConference(
            evaluation_id=EVALUATION,
            period=PERIOD,
            held_on=DAY,
            convenor=convenor,
            place=place,
            quote=quote,
            source_id=source_id,
        ),
        DAY,
        synthetic=False,
    )


def _claim(claim: Claim) -> Order[Command]:
    return step(
        f"claim {claim.number}",
        RecordNarrativeClaim(
            evaluation_id=EVALUATION,
            claim_id=ClaimId(claim.number),
            topic=claim.topic,
            subject=claim.subject,
            quote=claim.quote,
            source_id=SUMMARY,
        ),
        DAY,
        synthetic=False,
    )


def _brought(trade: Trade) -> Iterator[Order[Command]]:
    """What the claims say of all schemes, said of this one."""
    scheme_id = trade.scheme_id
    activity = RecordActivity(
        scheme_id=scheme_id,
        delivery=DeliveryKind.CONSULTING,
        what="Tư vấn, chia sẻ kinh nghiệm quản lý (minh họa)",
        quote=line("11"),
        source_id=SUMMARY,
    )
    yield step(f"{scheme_id} advised", activity, DAY, synthetic=True)
    training = RecordTraining(
        scheme_id=scheme_id,
        occupation=f"Nghề {trade.name} (minh họa)",
        quote=line("13"),
        source_id=SUMMARY,
    )
    yield step(f"{scheme_id} trained", training, DAY, synthetic=True)
    for number, indicator, unit in OUTCOMES:
        outcome = RecordOutcome(
            scheme_id=scheme_id,
            outcome_id=OutcomeId(f"nhan-dinh-{number}-{indicator.name.lower()}"),
            indicator=indicator,
            unit=unit,
            method=METHOD,
            quote=line(number),
            source_id=SUMMARY,
        )
        yield step(f"{scheme_id} {indicator.name}", outcome, DAY, synthetic=True)
