"""The table that README quotes."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.query.load import Sample
from benchmarks.query.questions import Question
from benchmarks.query.usage import Memory

NAMES = {
    "ours": "ours",
    "off": "planner off",
    "postgraphile": "PostGraphile 5",
    "raw": "SQL over raw ASGI",
}
Found = Mapping[tuple[Question, str], Sample]


def table(questions: Sequence[Question], found: Found) -> Iterator[str]:
    """One line a question: requests/s, p50 / p99 ms, CPU of server + PostgreSQL in µs."""
    yield f"| | {' | '.join(NAMES.values())} | × PostGraphile | × raw | × head |"
    yield f"|---|{'--:|' * (len(NAMES) + 3)}"
    heads = {each.name: each for each in questions if not each.as_of}
    for question in questions:
        cells = [_cell(found.get((question, name))) for name in NAMES]
        cells += [_ratio(found, question, name) for name in ("postgraphile", "raw")]
        head = heads.get(question.name) if question.as_of else None
        cells.append(_times(found, question, head) if head else "")
        yield f"| {question.title} | {' | '.join(cells)} |"


def others(found: Mapping[str, Mapping[str, Sample]]) -> Iterator[str]:
    """What only some can do: cold documents, answers from the cache, answers not sent again."""
    yield f"| | {NAMES['ours']} | {NAMES['postgraphile']} |"
    yield "|---|--:|--:|"
    for title, samples in found.items():
        yield f"| {title} | {_cell(samples.get('ours'))} | {_cell(samples.get('postgraphile'))} |"


def memories(found: Mapping[str, Sequence[Memory]]) -> str:
    """Of the largest process of each contestant."""
    told = (
        f"{NAMES.get(name, name)} {max(each.own for each in each_process):.0f}"
        f" ({max(each.shared_fairly for each in each_process):.0f})"
        for name, each_process in found.items()
    )
    return f"Memory of a serving process, USS (PSS) in MB: {', '.join(told)}."


def _cell(sample: Sample | None) -> str:
    if sample is None:
        return "–"
    errors = f" · {sample.errors} errors" if sample.errors else ""
    return (
        f"{sample.rate:,.0f} · {sample.p50_ms:.1f}/{sample.p99_ms:.1f}"
        f" · {sample.server_us:,.0f}+{sample.postgres_us:,.0f}{errors}"
    )


def _ratio(found: Found, question: Question, peer: str) -> str:
    ours, theirs = found.get((question, "ours")), found.get((question, peer))
    if not ours or not theirs:
        return "–"
    return f"{ours.rate / theirs.rate:.2f}" if theirs.rate else "it gave no answer"


def _times(found: Found, question: Question, head: Question) -> str:
    """How many times as long as at the head."""
    here, there = found.get((question, "ours")), found.get((head, "ours"))
    return f"{there.rate / here.rate:.2f}" if here and there else "–"
