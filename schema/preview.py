"""What may happen, before it happens: each mutation's twin, which decides and records nothing.

{ preview { commitSupport(input: …, circumstances: …) { … on Previewed { rooms { left } } } } }
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType, new_class
from typing import Any, ClassVar, LiteralString, get_args

import strawberry
from strawberry import UNSET

from events.deciding import uuid7
from events.envelope import Order
from events.money import Vnd
from events.scheme import Scheme, room
from schema.context import Context, span
from schema.event import Fact
from schema.mirror import command_of, input_type, union_of
from schema.mutation import Mutation
from schema.outcome import DOOR, Asks, Door, answered, asked_of
from schema.planner.arguments import Parameters
from schema.planner.declare import column, document, many
from schema.planner.moment import Moment
from schema.planner.rows import Rows
from schema.planner.source import Table, Time
from schema.scalars import RoomKind

_EVENTS: LiteralString = """(
    SELECT body, nth, document ->> 'type' AS type, (document ->> 'version')::integer AS version,
        (document ->> 'effectiveDate')::date AS effective_on,
        (document ->> 'budgetYear')::integer AS budget_year
    FROM unnest({self}.bodies) WITH ORDINALITY AS one (body, nth),
        LATERAL (SELECT convert_from(body, 'UTF8')::jsonb) AS parsed (document)
)"""


@strawberry.type(description="A limit, and how far it is used (giới hạn). In đồng.")
class Room:
    """As the rules reckon it, with the step that is previewed."""

    kind: RoomKind = strawberry.field(description="Which limit (loại giới hạn).")
    subject: str = strawberry.field(
        description="Whose: source and year, activity and facility, commitment (đối tượng)."
    )
    limit: Vnd = strawberry.field(description="The most (mức tối đa).")
    used: Vnd = strawberry.field(description="Taken of it, with this step (đã dùng).")
    left: Vnd = strawberry.field(description="What is left of it (còn lại).")
    rule: str = strawberry.field(description="What sets the limit (căn cứ).")


@strawberry.type(description="An event that would be recorded (sự kiện sẽ được ghi).")
class PreviewedEvent:
    """It has no position and no identity: it did not happen."""

    table: ClassVar = Table(rows="ledger.event", key=("nth::bigint",), time=Time.NONE)

    type: str = column("Kind of event: the name of its fact's type.")
    version: int = column("The place in the stream that it would have.")
    effective_on: date = column("When it would be true in law (ngày hiệu lực).")
    budget_year: int | None = column("Budget year (niên độ ngân sách); null if it has none.")
    synthetic: bool = document("Invented for demonstration (dữ liệu minh hoạ).")
    fact: Fact = document("What would have happened.", "data")  # type: ignore[valid-type]


def _over_bodies(parameters: Parameters) -> Rows:
    """The bodies at hand: a parameter, so that one plan serves every preview."""
    bodies = parameters.add(lambda variables: span(variables).bodies, "bytea[]")
    return Rows("span", Moment(), [f"CROSS JOIN (SELECT {bodies} AS bodies) AS span"])


@strawberry.type(description="The ledger would record this now (sẽ được ghi sổ).")
class Previewed:
    """Decided as the mutation decides it, on the ledger as it stands; nothing is recorded."""

    over: ClassVar = staticmethod(_over_bodies)

    bodies: strawberry.Private[Sequence[bytes]]
    stream: str = strawberry.field(description="The stream that would be written to.")
    version: int = strawberry.field(
        description="The version that the stream would have. Give it, less the number of events, as"
        " `expectedVersion`, to be refused if something else came first."
    )
    rooms: list[Room] = strawberry.field(
        description="The limits that it touches, and what would be left of each (còn được phép)."
    )
    events: list[PreviewedEvent] = many(
        "true",
        "What would be recorded, in order; empty if it is so already.",
        rows=_EVENTS,
        order=("nth::bigint",),
    )

    @property
    def positions(self) -> Sequence[int]:
        """As many as there are events; the log has none of them."""
        return range(len(self.bodies))


async def _foreseen(context: Context, order: Order[Any]) -> Previewed:
    seen = await context.ledger.preview(order)
    scheme = seen.state if isinstance(seen.state, Scheme) else None
    touched = room.rooms(seen.facts, scheme, seen.occasion) if scheme else ()
    return Previewed(
        bodies=seen.bodies,
        stream=seen.stream,
        version=seen.version,
        rooms=[_shown(each) for each in touched],
    )


def _shown(each: room.Room) -> Room:
    return Room(
        kind=each.kind,
        subject=each.subject,
        limit=each.limit,
        used=each.used,
        left=each.left,
        rule=each.rule,
    )


def _twin(door: Door) -> Any:
    async def resolve(
        info: Any, input: Any, circumstances: Any, expected_version: Any = UNSET
    ) -> Any:
        # The id of a command that is never carried out: nobody has it.
        asks = Asks(command_of(door.command, input), uuid7(), circumstances, expected_version)
        return await answered(info.context, info.field_name, asks, _foreseen)

    resolve.__annotations__ = {
        "info": strawberry.Info,
        **asked_of(input_type(door.command)),
        "return": _answers(door),
    }
    return strawberry.field(resolver=resolve, description=door.description)


def _answers(door: Door) -> Any:
    """`Previewed` in the place of `Recorded`, and the same refusals."""
    union, named = get_args(door.answers)[:2]
    members = (Previewed, *get_args(union)[1:])
    name = named.graphql_name.replace("Outcome", "Preview")
    return union_of(members, name, "`Previewed`, or the refusal that would prevent it.")


def _doors() -> Mapping[str, Door]:
    fields = Mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]
    return {each.python_name: each.metadata[DOOR] for each in fields if DOOR in each.metadata}


DOORS: Mapping[str, Door] = MappingProxyType(_doors())
"""Name in Python -> every mutation that records something of the fund."""

Preview: Any = strawberry.type(
    new_class(
        "Preview", exec_body=lambda ns: ns.update({name: _twin(d) for name, d in DOORS.items()})
    ),
    description="Every command, decided as it would be now and not recorded (xem trước).",
)
