"""A published document (nguồn) and the figures it reports. Claims are not money."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import TypeAlias, assert_never

from events import period
from events.identity import InvalidCode, PeriodCode, SourceId, stream_of
from events.money import AMOUNT_MAX, Figure, InvalidAmount
from events.period import Period, UnknownPeriod
from events.rules import (
    Aggregate,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.text import InvalidText, optional, required
from events.vocabulary import Measure


@fact
class SourceDocumentRegistered:
    """A published document was registered with the hash of its bytes (đăng ký tài liệu)."""

    source_id: SourceId
    title: str
    publisher: str
    author: str | None
    published_at: datetime
    sha256: str
    """SHA-256 of the document, in hexadecimal, lower case (mã băm)."""


@fact
class ReportedFigureRecorded:
    """A figure that a document states was recorded (số liệu công bố)."""

    source_id: SourceId
    period: PeriodCode
    measure: Measure
    value: Figure
    """Whole đồng for money, a count for everything else (giá trị)."""
    quote: str


@command
class RegisterSourceDocument:
    """Register a published document with the hash of its bytes (đăng ký tài liệu)."""

    source_id: SourceId
    title: str
    publisher: str
    author: str | None = None
    published_at: datetime
    sha256: str


@command
class RecordReportedFigure:
    """Record a figure that a document states about a period (ghi số liệu công bố)."""

    source_id: SourceId
    period: PeriodCode
    measure: Measure
    value: Figure
    quote: str


@refusal(rule="a document is registered once")
class SourceDiffers(Refusal):
    """Document {source_id} is registered already, with other content.

    Tài liệu {source_id} đã được đăng ký với nội dung khác.
    """

    source_id: SourceId


@refusal(rule="a claim names the document that makes it")
class UnknownSource(Refusal):
    """No document {source_id} is registered.

    Chưa đăng ký tài liệu {source_id}.
    """

    source_id: SourceId


@refusal(rule="a document states one figure for one measure of one period")
class FigureDiffers(Refusal):
    """Document {source_id} was already recorded as stating {known} for {measure} of {period}.

    Tài liệu {source_id} đã được ghi nhận với số liệu {known} cho {measure} của giai đoạn {period}.
    """

    source_id: SourceId
    period: PeriodCode
    measure: Measure
    known: Figure


@refusal(rule="the hash of a document is SHA-256 in 64 hexadecimal digits")
class InvalidHash(Refusal):
    """Not a SHA-256 hash in lower-case hexadecimal: "{sha256}".

    "{sha256}" không phải là mã băm SHA-256 dạng hệ mười sáu chữ thường.
    """

    sha256: str


@refusal(rule="an instant names its time zone")
class ZoneMissing(Refusal):
    """{field} has no time zone.

    {field} thiếu múi giờ.
    """

    field: str


SourceEvent: TypeAlias = SourceDocumentRegistered | ReportedFigureRecorded
SourceCommand: TypeAlias = RegisterSourceDocument | RecordReportedFigure
SourceRefusal: TypeAlias = (
    SourceDiffers
    | UnknownSource
    | FigureDiffers
    | InvalidHash
    | ZoneMissing
    | UnknownPeriod
    | InvalidAmount
    | InvalidText
    | InvalidCode
)

_HASH = re.compile(r"[0-9a-f]{64}")


@value
class Source:
    """A document as the rules see it."""

    registration: SourceDocumentRegistered
    figures: Mapping[tuple[PeriodCode, Measure], ReportedFigureRecorded] = field(
        default_factory=dict
    )


def stream(source_id: SourceId) -> str:
    """The stream of a document."""
    return stream_of("source", source_id)


def reads(command: SourceCommand) -> Iterable[str]:
    """A figure is about a period that must exist."""
    return (period.stream(command.period),) if isinstance(command, RecordReportedFigure) else ()


def decide(
    command: SourceCommand, source: Source | None, occasion: Occasion
) -> Sequence[SourceEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case RegisterSourceDocument():
            return _register(command, source)
        case RecordReportedFigure():
            return _record_figure(command, source, occasion)
        case _:
            assert_never(command)


def evolve(source: Source | None, event: SourceEvent) -> Source:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case SourceDocumentRegistered():
            return Source(registration=event)
        case ReportedFigureRecorded(period=code, measure=measure):
            begun = _begun(source)
            return replace(begun, figures={**begun.figures, (code, measure): event})
        case _:
            assert_never(event)


def _register(command: RegisterSourceDocument, source: Source | None) -> Sequence[SourceEvent]:
    if _HASH.fullmatch(command.sha256) is None:
        raise InvalidHash(sha256=command.sha256)
    if command.published_at.tzinfo is None:
        raise ZoneMissing(field="published_at")
    registration = SourceDocumentRegistered(
        source_id=command.source_id,
        title=required("title", command.title),
        publisher=required("publisher", command.publisher),
        author=optional("author", command.author),
        published_at=command.published_at.astimezone(UTC),
        sha256=command.sha256,
    )
    if source is None:
        return (registration,)
    if source.registration == registration:
        return ()
    raise SourceDiffers(source_id=command.source_id)


def _record_figure(
    command: RecordReportedFigure, source: Source | None, occasion: Occasion
) -> Sequence[SourceEvent]:
    if source is None:
        raise UnknownSource(source_id=command.source_id)
    if occasion.neighbour(period.stream(command.period), Period) is None:
        raise UnknownPeriod(period=command.period)
    if not 0 <= command.value <= AMOUNT_MAX:
        raise InvalidAmount(field="value", amount=command.value)
    figure = ReportedFigureRecorded(
        source_id=command.source_id,
        period=command.period,
        measure=command.measure,
        value=command.value,
        quote=required("quote", command.quote),
    )
    known = source.figures.get((command.period, command.measure))
    if known is None:
        return (figure,)
    if known == figure:
        return ()
    raise FigureDiffers(
        source_id=command.source_id,
        period=command.period,
        measure=command.measure,
        known=known.value,
    )


def _begun(source: Source | None) -> Source:
    if source is None:
        raise HistoryBrokenError("a document begins with its registration")
    return source


SOURCE: Aggregate[SourceCommand, Source, SourceEvent] = Aggregate(
    name="source",
    stream=lambda command: stream(command.source_id),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
