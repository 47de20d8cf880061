"""What came of it, as IATI has results: who was reached, what was accepted, how it was judged."""

from collections.abc import Sequence
from datetime import date

from projections.commitment import CommitmentStatus
from projections.criterion import Criterion
from projections.period import Period
from projections.source import Figure
from service.export import identifiers as ids
from service.export.dossiers import Dossier
from service.export.xml import narrative, tag

OUTPUT, OTHER = "1", "9"
UNIT, QUALITATIVE = "1", "5"
_DELIVERED = frozenset({CommitmentStatus.ACCEPTED, CommitmentStatus.SETTLED})


def results(of: Dossier) -> str:
    """Facilities that were chosen, works that were accepted of those promised, verdicts."""
    row = of.scheme
    span = (row.starts_on, row.ends_on)
    live = [each for each in of.commitments if each.status is not CommitmentStatus.CANCELLED]
    delivered = sum(each.status in _DELIVERED for each in live)
    reached = _counted(
        "Số cơ sở thụ hưởng", "Facilities chosen as beneficiaries", span, len(of.beneficiaries)
    )
    accepted = _counted(
        "Số hạng mục đã nghiệm thu", "Supported items accepted", span, delivered, len(live)
    )
    told = _result(OUTPUT, "Kết quả hỗ trợ", "Support delivered", reached, accepted)
    if of.criteria:
        verdicts = [_verdict(each, span) for each in of.criteria]
        told += _result(
            OTHER, "Đánh giá tiêu chí đề án điểm", "Criteria of focal schemes", *verdicts
        )
    return told


def figures(of: Period, claims: Sequence[Figure]) -> str:
    """What was published of a period, as it was published: a claim, beside the transactions."""
    if not claims:
        return ""
    span = (of.starts_on, of.ends_on)
    told = [_claim(each, span) for each in claims]
    return _result(OTHER, "Số liệu công bố", "Figures as published, not of this ledger", *told)


def _result(kind: str, vietnamese: str, english: str, *indicators: str) -> str:
    title = tag("title", {}, narrative(vietnamese, english))
    return tag("result", {"type": kind, "aggregation-status": "false"}, title, *indicators)


def _counted(
    vietnamese: str, english: str, span: tuple[date, date], actual: int, target: int | None = None
) -> str:
    aim = "" if target is None else tag("target", {"value": target})
    told = _period(span, aim, tag("actual", {"value": actual}))
    title = tag("title", {}, narrative(vietnamese, english))
    return tag("indicator", {"measure": UNIT, "ascending": "true"}, title, told)


def _verdict(of: Criterion, span: tuple[date, date]) -> str:
    said = ids.marked(f"{of.verdict.value}: {of.evidence}", synthetic=of.synthetic)
    comment = tag("comment", {}, narrative(said, ids.english(of.verdict)))
    title = tag("title", {}, narrative(of.criterion.value, ids.english(of.criterion)))
    ruled = tag("description", {}, narrative(of.rule_version))
    told = _period(span, tag("actual", {}, comment))
    return tag("indicator", {"measure": QUALITATIVE}, title, ruled, told)


def _claim(of: Figure, span: tuple[date, date]) -> str:
    said = ids.marked(of.quote, synthetic=of.synthetic)
    title = tag("title", {}, narrative(of.measure.value, ids.english(of.measure)))
    source = tag("description", {}, narrative(f"Nguồn: {of.source_id}", f"Source: {of.source_id}"))
    comment = tag("comment", {}, narrative(said))
    told = _period(span, tag("actual", {"value": of.value}, comment))
    return tag("indicator", {"measure": UNIT, "ascending": "true"}, title, source, told)


def _period(span: tuple[date, date], *inside: str) -> str:
    starts, ends = span
    begin, end = tag("period-start", {"iso-date": starts}), tag("period-end", {"iso-date": ends})
    return tag("period", {}, begin, end, *inside)
