"""The seal: checkpoints, and the proofs that lead from an event to one and from one to the next.

Checkpoints are what is known of the log, not what stands in it: they are the same at every moment,
and everybody's. An event's proof is seen by whoever sees the event.
"""

from datetime import datetime
from typing import ClassVar, LiteralString

import strawberry

from schema.planner.declare import argument, column, expression, many, one
from schema.planner.source import Table, Time
from schema.scalars import Position

PROOF_POINTS, ROOT_POINTS = 150, 50
"""1.3 ms and 0.4 ms of the database's time among 70,000 events (measured): what lies between the
tiles is hashed anew, up to 255 hashes a level."""
SIZE = argument(
    "size",
    Position | None,
    "Of the first checkpoint of at least so many events, such as one that you kept.",
)
CHECKPOINT: LiteralString = """(
    SELECT c.*
    FROM seal.checkpoint AS c
    WHERE c.size >= coalesce({arg:size::bigint}, {sealed})
    ORDER BY c.size
    LIMIT 1
)"""
NEWEST: LiteralString = """(
    SELECT c.*
    FROM seal.checkpoint AS c
    WHERE c.size = {sealed}
)"""
_OF_EVENT: LiteralString = """
    SELECT {event}.position, {event}.leaf, c.size
    FROM seal.checkpoint AS c
    WHERE c.size >= greatest({event}.position, {arg:size::bigint})
    ORDER BY c.size
    LIMIT 1
"""
PROOF: LiteralString = "(" + _OF_EVENT.replace("{event}", "{self}") + ")"
PROOF_BY_ID: LiteralString = (
    """(
    SELECT proof.*
    FROM ledger.event AS e
    CROSS JOIN LATERAL ("""
    + _OF_EVENT.replace("{event}", "e")
    + """) AS proof
    WHERE {at:e} AND e.position = CASE WHEN length({arg:event::text}) < 25
        THEN substring({arg:event::text} FROM '^event-([1-9][0-9]*)$')::bigint END
)"""
)
CONSISTENCY: LiteralString = """(
    SELECT tree.from_size, tree.to_size
    FROM (
        SELECT {arg:from::bigint} AS from_size,
            coalesce({arg:to::bigint}, {sealed}) AS to_size
    ) AS tree
    WHERE tree.from_size <= tree.to_size AND tree.to_size <= {sealed}
)"""


@strawberry.type(description="Who else has seen a checkpoint (chữ ký chứng kiến).")
class Cosignature:
    """A witness signs what it has seen and found consistent (C2SP tlog-cosignature)."""

    table: ClassVar = Table(rows="seal.cosignature", key=("witness::text",), time=Time.NONE)

    witness: str = column("The name of the witness (bên chứng kiến).")
    line: str = column("Its line under the note, to the byte.")
    received_at: datetime = column("When it came here.")


@strawberry.type(
    description="A checkpoint (điểm niêm phong): how many events there are, and their root, signed."
)
class Checkpoint:
    """A tree head (C2SP tlog-checkpoint). Believed for its signature, not for who shows it."""

    table: ClassVar = Table(rows="seal.checkpoint", key=("size::bigint",), time=Time.NONE)

    size: Position = column("How many events: the position of the last one.")
    root: str = expression(
        "encode({self}.root, 'hex')", "The root of the tree over their leaves (RFC 6962 §2.1)."
    )
    note: str = column("The signed note, to the byte: keep it, and nobody can deny it.")
    origin: str = expression(
        "split_part({self}.note, chr(10), 1)", "The identity of the log (định danh sổ cái)."
    )
    signed_at: datetime = column("When it was signed, by the clock of this database.")
    cosignatures: list[Cosignature] = many(
        "{other}.size = {self}.size", "Who else has seen it, by name (chữ ký chứng kiến)."
    )


@strawberry.type(
    description="That an event is under the root of a checkpoint (bằng chứng có trong sổ)."
)
class InclusionProof:
    """An audit path (RFC 6962 §2.1.1). To be checked without us: see docs/how-to."""

    table: ClassVar = Table(rows="ledger.event", key=("position::bigint",), time=Time.NONE)

    position: Position = column("The event's place in the ledger.")
    size: Position = column("How many events the tree has.")
    leaf: str = expression(
        "encode({self}.leaf, 'hex')", "SHA-256 of 0x00 and the event's bytes (RFC 6962 §2.1)."
    )
    index: Position = expression("{self}.position - 1", "The leaf's place in the tree, from 0.")
    hashes: list[str] = expression(
        """ARRAY(
            SELECT encode(path.hash, 'hex')
            FROM unnest(seal.inclusion({self}.position, {self}.size))
                WITH ORDINALITY AS path(hash, n)
            ORDER BY path.n
        )""",
        "The audit path, from the leaf's neighbour upwards.",
        weight=PROOF_POINTS,
    )
    checkpoint: Checkpoint = one("{other}.size = {self}.size", "The checkpoint that it leads to.")


@strawberry.type(
    description="That the ledger only grew between two sizes (bằng chứng chỉ ghi thêm)."
)
class ConsistencyProof:
    """That the larger tree begins with the smaller one (RFC 6962 §2.1.2)."""

    table: ClassVar = Table(rows="seal.checkpoint", key=("from_size::bigint",), time=Time.NONE)

    from_size: Position = column("The earlier size; 0 is the empty tree.", name="from")
    to_size: Position = column("The later size.", name="to")
    hashes: list[str] = expression(
        """ARRAY(
            SELECT encode(path.hash, 'hex')
            FROM unnest(seal.consistency({self}.from_size, {self}.to_size))
                WITH ORDINALITY AS path(hash, n)
            ORDER BY path.n
        )""",
        "The proof; empty if both sizes are the same, or the earlier one is 0.",
        weight=PROOF_POINTS,
    )
    from_root: str = expression(
        "encode(seal.span(0, {self}.from_size), 'hex')",
        "The root of the earlier tree: hold it against the one you kept.",
        weight=ROOT_POINTS,
    )
    to_root: str = expression(
        "encode(seal.span(0, {self}.to_size), 'hex')",
        "The root of the later tree; signed if its size is that of a checkpoint.",
        weight=ROOT_POINTS,
    )
