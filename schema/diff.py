"""What changed in the fund between two positions of the ledger."""

from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from schema.event import Event
from schema.figures import FIGURES, MARKED_BETWEEN, STATUSES, DiffEvent, FigureChange, StatusChange
from schema.planner.declare import column, many, one, planned
from schema.planner.source import AsOf, ByNodeId, Table, Time
from schema.relay import Connection, Node
from schema.scalars import Position
from schema.totals import BETWEEN, Flows

if TYPE_CHECKING:
    from schema.query import Query

_CHANGES: LiteralString = """(
    SELECT e.stream, count(*) AS events,
        array_agg(DISTINCT e.type::text ORDER BY e.type::text) AS types,
        {self}.from_position, {self}.to_position
    FROM ledger.event AS e
    WHERE e.position > {self}.from_position AND e.position <= {self}.to_position AND {shown:e}
    GROUP BY e.stream
)"""
DIFF: LiteralString = """(
    SELECT d.from_position, d.to_position, (
        SELECT (e.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        FROM ledger.event AS e
        WHERE e.position = d.from_position
    ) AS from_day
    FROM (
        SELECT least({arg:from::bigint}, {position}) AS from_position,
            least({arg:to::bigint}, {position}) AS to_position
    ) AS d
)"""


@strawberry.type(description="One thing that changed (thay đổi): before, after, and by what.")
class Change:
    """A stream of the ledger in which something was recorded."""

    table: ClassVar = Table(rows="ledger.event", key=("stream::text",), time=Time.NONE)

    stream: str = column("The stream that was written to: the identity of what changed.")
    event_count: int = column("How many events were recorded (số sự kiện).", "events")
    types: list[str] = column("What kinds of events, each once: names of facts (loại sự kiện).")
    before: Node | None = planned(
        ByNodeId("{self}.stream", "{self}.from_position"),
        "As it was before (trước); null if it was not there.",
    )
    after: Node | None = planned(
        ByNodeId("{self}.stream", "{self}.to_position"), "As it was afterwards (sau)."
    )
    events: Connection[Event] = many(
        "{other}.stream = {self}.stream AND {other}.position > {self}.from_position"
        " AND {other}.position <= {self}.to_position",
        "The events, oldest first (sự kiện).",
    )


@strawberry.type(description="The fund at two positions, and what lies between (so sánh).")
class Diff:
    """Everything recorded after `from`, up to and with `to`."""

    table: ClassVar = Table(rows="ledger.event", key=("to_position::bigint",), time=Time.NONE)

    from_: Position = column("The earlier position (vị trí đầu).", "from_position", name="from")
    to: Position = column("The later position (vị trí cuối).", "to_position")
    before: Annotated["Query", strawberry.lazy("schema.query")] = planned(
        AsOf("{self}.from_position"), "The fund at the earlier position (trước)."
    )
    after: Annotated["Query", strawberry.lazy("schema.query")] = planned(
        AsOf("{self}.to_position"), "The fund at the later position (sau)."
    )
    flow: Flows = one("true", "What moved in between (phát sinh).", rows=BETWEEN)
    figures: Connection[FigureChange] = many(
        "true", "Every figure that changed: money and counts (số liệu thay đổi).", rows=FIGURES
    )
    statuses: Connection[StatusChange] = many(
        "true", "Every status that changed (trạng thái thay đổi).", rows=STATUSES
    )
    recorded: Connection[DiffEvent] = many(
        "true",
        "Everything recorded in between, with what was late and what corrects (ghi sổ).",
        rows=MARKED_BETWEEN,
    )
    changes: Connection[Change] = many(
        "true", "What changed, by identity (thay đổi).", rows=_CHANGES
    )
    events: Connection[Event] = many(
        "{other}.position > {self}.from_position AND {other}.position <= {self}.to_position",
        "Everything recorded in between, oldest first (sự kiện).",
    )
