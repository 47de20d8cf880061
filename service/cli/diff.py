"""`socai diff`: every figure and status that changed between two moments, and by which events.

It asks what anybody may ask of GraphQL, `diff { figures … statuses … recorded … }`, so that the two
cannot differ.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final

import asyncpg
import orjson
from cyclopts import Parameter

from service.cli.asking import asked
from service.cli.common import DataFolder, run, settings
from service.cli.moments import EVER, Effective, day, position_of
from service.cli.output import Format, Output, Row, say, show, write
from service.config import Config
from service.database import database
from service.runtime import running

SHOWN_MAX = 4
"""Events named in one cell of a table; -o json has up to a hundred, and how many there are."""
_MARKS = "position type effectiveOn recordedAt isLate corrects { position }"
_EVENTS = f"events(first: 100) {{ totalCount nodes {{ {_MARKS} }} }}"
ASKED: Final[Mapping[str, str]] = {
    "figures": "(first: 50, after: $after)"
    f" {{ nodes {{ measure subjectId before after change {_EVENTS} }}",
    "statuses": f"(first: 50, after: $after) {{ nodes {{ subjectId before after {_EVENTS} }}",
    "recorded": f"(first: 500, after: $after) {{ nodes {{ {_MARKS} }}",
}
"""Part of a diff -> what is asked of a page of it."""
TITLES: Final[Mapping[str, str]] = {
    "figures": "Số liệu thay đổi · figures that changed",
    "statuses": "Trạng thái thay đổi · statuses that changed",
    "recorded": "Ghi muộn, đính chính · recorded late, or correcting something",
}


def diff(
    *,
    from_: Annotated[str, Parameter(name="--from", help="`head`, a position, or a recorded time.")],
    to: Annotated[str, Parameter(help="Likewise; `head` if nothing is said.")] = "head",
    effective: Effective = None,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Show what changed between two moments: each figure before and after, and the events of it.

    Money is in đồng. Late is what took effect by the day on which --from was recorded. Times
    without a zone are Vietnam's; a day means its end.
    """
    told = run(_told(settings(data=data), from_, to, day(effective)))
    _show(told, output)
    marked = told["recorded"]
    late = sum(bool(row["isLate"]) for row in marked)
    corrections = sum(row["corrects"] is not None for row in marked)
    say(
        f"{len(told['figures'])} figures and {len(told['statuses'])} statuses changed;"
        f" {late} events were late, {corrections} correct something"
    )


async def _told(
    config: Config, from_: str, to: str, effective: date
) -> Mapping[str, Sequence[Row]]:
    async with (
        database(config, share=True) as found,
        running(found.service_url, projecting=False) as runtime,
    ):
        first = await position_of(runtime.log, from_, "--from")
        last = await position_of(runtime.log, to, "--to")
        await runtime.projector.prepare()
        await runtime.projector.advance()
        given = {"from": first, "to": last, "day": None if effective == EVER else effective}
        parts = {name: await every(runtime.pool, name, given) for name in ASKED}
    marked = [_marked(each) for each in parts["recorded"]]
    return {
        "figures": [_figure(each) for each in parts["figures"]],
        "statuses": [_status(each) for each in parts["statuses"]],
        "recorded": [each for each in marked if each["isLate"] or each["corrects"] is not None],
    }


async def every(
    pool: asyncpg.Pool, part: str, given: Mapping[str, object]
) -> Sequence[Mapping[str, Any]]:
    """All rows of one part of a diff, page by page. Given: `from`, `to` and `day`."""
    source = (
        "query ($from: Position!, $to: Position!, $day: Date, $after: String)"
        " { asOf(effectiveOn: $day) { diff(from: $from, to: $to) {"
        f" {part}{ASKED[part]} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
    )
    rows: list[Mapping[str, Any]] = []
    after: str | None = None
    while True:
        answer = await asked(pool, source, {**given, "after": after})
        page = answer["asOf"]["diff"][part]
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = page["pageInfo"]["endCursor"]


def _figure(each: Mapping[str, Any]) -> Row:
    return {
        "subject": each["subjectId"],
        "measure": each["measure"],
        "before": int(each["before"]),
        "after": int(each["after"]),
        "change": int(each["change"]),
        "eventCount": each["events"]["totalCount"],
        "events": [_marked(event) for event in each["events"]["nodes"]],
    }


def _status(each: Mapping[str, Any]) -> Row:
    return {
        "subject": each["subjectId"],
        "before": each["before"],
        "after": each["after"],
        "eventCount": each["events"]["totalCount"],
        "events": [_marked(event) for event in each["events"]["nodes"]],
    }


def _marked(event: Mapping[str, Any]) -> Row:
    corrects = event["corrects"]
    return {
        "position": event["position"],
        "type": event["type"],
        "effectiveDate": event["effectiveOn"],
        "recordedAt": event["recordedAt"],
        "isLate": event["isLate"],
        "corrects": None if corrects is None else corrects["position"],
    }


def _show(told: Mapping[str, Sequence[Row]], output: Format | None) -> None:
    """One document for a program, three tables for a person."""
    if output == "json":
        write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return
    for name, rows in told.items():
        if output == "ndjson":
            show([{"part": name, **row} for row in rows], output)
        else:
            show([_short(row) for row in rows], output, title=TITLES[name])


def _short(row: Row) -> Row:
    """With its events in one cell."""
    events = row.get("events")
    if not isinstance(events, list):
        return row
    count = row["eventCount"]
    assert isinstance(count, int)  # noqa: S101 - a count
    said = ", ".join(_said(each) for each in events[:SHOWN_MAX])
    more = f" … +{count - SHOWN_MAX}" if count > SHOWN_MAX else ""
    kept = {name: value for name, value in row.items() if name not in {"events", "eventCount"}}
    return {**kept, "subject": row["subject"] or "fund", "events": said + more}


def _said(event: Row) -> str:
    late = " late" if event["isLate"] else ""
    corrects = event["corrects"]
    return f"{event['position']}{late}{'' if corrects is None else f' corrects {corrects}'}"
