"""The event as the log holds it: envelope and fact."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, LiteralString, get_args
from uuid import UUID

import strawberry

from events import catalogue
from events.envelope import Actor, Authority
from schema.mirror import fact_type, union_of
from schema.planner.declare import column, document, expression, one, planned
from schema.planner.source import ByNodeId, Table, Time
from schema.relay import Node
from schema.scalars import Position
from schema.seal import PROOF, SIZE, InclusionProof

if TYPE_CHECKING:
    from schema.entry import Entry
    from schema.facility import Facility
    from schema.scheme import Scheme

SCHEME_OF: LiteralString = (
    "{other}.scheme_id = CASE WHEN starts_with({self}.stream, 'scheme-')"
    " THEN substr({self}.stream, 8) END"
)
_DATA: LiteralString = "(convert_from({self}.body, 'UTF8')::jsonb -> 'data')"
FACILITY_OF: LiteralString = (
    """{other}.facility_id = CASE
        WHEN starts_with({self}.stream, 'facility-') THEN substr({self}.stream, 10)
        WHEN starts_with({self}.stream, 'scheme-') THEN coalesce(
            """
    + _DATA
    + """ ->> 'facilityId',
            (
                SELECT c.facility_id
                FROM model.commitment AS c
                WHERE c.scheme_id = substr({self}.stream, 8)
                  AND c.commitment_id = """
    + _DATA
    + """ ->> 'commitmentId'
                LIMIT 1
            )
        )
    END"""
)
"""By its stream; of money, by whom the commitment is to, which never changes."""

Fact: Any = union_of(
    [fact_type(fact) for fact in get_args(catalogue.Fact)],
    "Fact",
    "What happened: one type for each kind of event.",
)


@strawberry.type(description="A recorded event (sự kiện): what happened, and how it is known.")
class Event(Node):
    """Appended once, never changed."""

    table: ClassVar = Table(rows="ledger.event", key=("position::bigint",), time=Time.LOG)
    by_id: ClassVar = (
        "{other}.position = CASE WHEN length({id}) < 25"
        " THEN substring({id} FROM '^event-([1-9][0-9]*)$')::bigint END"
    )

    id: strawberry.ID = expression("'event-' || {self}.position", "Global identity (mã toàn cục).")
    position: Position = column("Its place in the ledger: n is followed by n + 1.")
    event_id: UUID = column("The event's own identity (UUIDv7).")
    type: str = column("Kind of event: the name of its fact's type.")
    stream: str = column("The stream it belongs to.")
    version: int = column("Its place in the stream: 1 is the first.")
    recorded_at: datetime = column("When the ledger learned it (thời điểm ghi sổ).")
    effective_on: date = column("When it is true in law (ngày hiệu lực).")
    budget_year: int | None = column("Budget year (niên độ ngân sách); null if it has none.")
    command_id: UUID = column("The request that caused it.")
    actor: fact_type(Actor) = document("Who acted (người thực hiện).")  # type: ignore[valid-type]
    authority: fact_type(Authority) | None = document("What it rests on (căn cứ).")  # type: ignore[valid-type]
    causation: UUID | None = document("The event that led to it; null if none.")
    correlation: UUID | None = document("The business case it belongs to; null if none.")
    synthetic: bool = document("Invented for demonstration (dữ liệu minh hoạ).")
    leaf: str = expression(
        "encode({self}.leaf, 'hex')", "SHA-256 of 0x00 and the event's bytes (RFC 6962 §2.1)."
    )
    proof: InclusionProof | None = one(
        "true",
        "That it is under a signed root (bằng chứng): of the first checkpoint after it, which stays"
        " the same for ever, unless a larger one is asked for. Null until it is sealed.",
        rows=PROOF,
        weight=1,
        arguments=(SIZE,),
    )
    body: str = expression(
        "convert_from({self}.body, 'UTF8')", "The exact recorded bytes, as text."
    )
    subject: Node | None = planned(
        ByNodeId("{self}.stream"), "What it is about, as it is at the moment asked for."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        SCHEME_OF, "The scheme it is about (đề án); null if none."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        FACILITY_OF, "The facility it is about, or whose money it moves (cơ sở); null if none."
    )
    entry: Annotated["Entry", strawberry.lazy("schema.entry")] | None = one(
        "{other}.position = {self}.position", "The line of the account it made; null if none."
    )
    fact: Fact = document("What happened.", "data")  # type: ignore[valid-type]
