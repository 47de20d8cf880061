"""Verification without trust: every byte hashed again, every signature checked, in one pass.

    audit = await audited(connection, trust, told)
    audit.flaws            # () : the log is what was signed; else what is wrong, the first of each

Nothing that the database says of itself is taken for true: not its leaf column, not its subtrees,
not that a key is good. A key is good if it is pinned; else if it was announced under a signature of
one that is good already; the first of all by its being the first.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, LiteralString, TypeAlias

import asyncpg

from events.rules import value
from events.seal.checkpoint import Checkpoint
from events.seal.note import NoteBrokenError, NotSignedError, VerifierKey, opened
from events.seal.tiles import HEIGHT
from events.seal.tree import Frontier, leaf_of

PAGE_EVENTS: Final = 5_000

PAGE: Final[LiteralString] = """
    SELECT position, body, leaf
    FROM ledger.event
    WHERE position > $1
    ORDER BY position
    LIMIT $2
"""
HEAD: Final[LiteralString] = """
    SELECT position
    FROM ledger.head
"""
CHECKPOINTS: Final[LiteralString] = """
    SELECT size, root, note
    FROM seal.checkpoint
    ORDER BY size
"""
SUBTREES: Final[LiteralString] = """
    SELECT level, index, hash
    FROM seal.subtree
"""
UNLIKE: Final[LiteralString] = """
    SELECT min(position)
    FROM ledger.event
    WHERE NOT ledger.says(
        body, event_id, stream, version, type, recorded_at, effective_on, budget_year, command_id
    )
"""
BACKWARDS: Final[LiteralString] = """
    SELECT min(position)
    FROM (
        SELECT position, recorded_at, lag(recorded_at) OVER (ORDER BY position) AS before
        FROM ledger.event
    ) AS each
    WHERE recorded_at < before
"""
HOLES: Final[LiteralString] = """
    SELECT min(found.last)
    FROM (
        SELECT stream, count(*) AS events, max(version) AS version, max(position) AS last
        FROM ledger.event
        GROUP BY stream
    ) AS found
    FULL JOIN ledger.stream AS told ON told.name = found.stream
    WHERE (found.events, found.version, found.last)
        IS DISTINCT FROM (told.version::bigint, told.version, told.position)
"""

Told: TypeAlias = Callable[[int], None]


class Kind(Enum):
    """What may be wrong: a name, and one sentence in each language."""

    MISSING = ("the event is not there", "thiếu sự kiện")
    HEAD = ("the log does not end where its head says", "sổ không kết thúc ở vị trí đã ghi")
    LEAF = ("its hash is not that of its bytes", "mã băm không khớp với nội dung đã ghi")
    COLUMNS = ("its columns say otherwise than its bytes", "các cột không khớp với nội dung")
    TIME = ("it was recorded before the one before it", "thời điểm ghi sớm hơn sự kiện trước")
    STREAM = (
        "its stream has a hole or another end",
        "luồng sự kiện bị khuyết hoặc sai vị trí cuối",
    )
    SUBTREE = ("the tree that is kept is not that of the bytes", "cây băm lưu trữ bị sai")
    SIGNATURE = ("no key that is trusted signed it", "không có chữ ký của khoá đáng tin")
    ROOT = ("the events are not those that were signed", "các sự kiện không phải là bản đã ký")
    BEHIND = ("the log ends before what was signed", "sổ kết thúc trước phần đã ký")
    PAGE = ("the database itself finds a page damaged", "trang dữ liệu bị hỏng")
    UNSIGNED = ("nothing is signed", "chưa có gì được ký")


@value
class Flaw:
    """The first place at which something is wrong."""

    kind: Kind
    position: int
    """Of the event; of a checkpoint, its size."""
    detail: str = ""

    def __str__(self) -> str:
        english, vietnamese = self.kind.value
        more = f" ({self.detail})" if self.detail else ""
        return f"position {self.position}: {english}{more} · {vietnamese}"


@value
class Trust:
    """What an auditor brings along."""

    pinned: Sequence[VerifierKey] = ()
    """Keys that he knows; none: the first that the log announces."""
    announced: Sequence[tuple[int, VerifierKey]] = ()
    """Keys that the log announces, by the position of the announcement, ascending."""
    notes: Sequence[str] = ()
    """Checkpoints that were kept elsewhere."""


@dataclass(slots=True)
class Audit:
    """What was looked at, and what was found."""

    events: int = 0
    checkpoints: int = 0
    subtrees: int = 0
    kept: int = 0
    """Checkpoints of the auditor's own that were held against the log."""
    root: bytes = b""
    flaws: list[Flaw] = field(default_factory=list)

    def found(self, kind: Kind, position: int, detail: str = "") -> None:
        """Keep the first of each kind."""
        if all(each.kind is not kind for each in self.flaws):
            self.flaws.append(Flaw(kind=kind, position=position, detail=detail))


async def audited(connection: asyncpg.Connection, trust: Trust, told: Told) -> Audit:
    """Verify the log and its seal as they stand at one moment."""
    audit = Audit()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await _looked_at(connection, audit, trust, told)
    except asyncpg.DataCorruptedError as error:
        audit.found(Kind.PAGE, audit.events + 1, str(error))
    if not audit.checkpoints and not audit.kept:
        audit.found(Kind.UNSIGNED, audit.events)
    return audit


async def _looked_at(
    connection: asyncpg.Connection, audit: Audit, trust: Trust, told: Told
) -> None:
    notes = [(row[0], row[1], row[2]) for row in await connection.fetch(CHECKPOINTS)]
    heads = _believed(audit, trust, notes)
    filled = await _hashed(connection, audit, heads, told)
    await _subtrees(connection, audit, filled)
    for kind, statement in ((Kind.COLUMNS, UNLIKE), (Kind.TIME, BACKWARDS), (Kind.STREAM, HOLES)):
        position = await connection.fetchval(statement)
        if position is not None:
            audit.found(kind, position)


def _believed(
    audit: Audit, trust: Trust, rows: Sequence[tuple[int, bytes, str]]
) -> Mapping[int, Sequence[tuple[bytes, str]]]:
    """The roots that were signed, by size: of each, where it was kept."""
    good = list(trust.pinned) or [key for _, key in trust.announced[:1]]
    found: dict[int, list[tuple[bytes, str]]] = {}
    for size, root, note in rows:
        head = _opened(audit, note, good, size)
        if head is None:
            continue
        if (head.size, head.root) != (size, root):
            audit.found(Kind.ROOT, size, "the checkpoint says otherwise than its columns")
        found.setdefault(head.size, []).append((head.root, "checkpoint"))
        audit.checkpoints += 1
        good += [key for at, key in trust.announced if at <= size and key not in good]
    for note in trust.notes:
        # Whoever kept it saw whose it was; a key that was thrown away since is known to him.
        head = _opened(audit, note, [*good, *(key for _, key in trust.announced)], 0)
        if head is not None:
            found.setdefault(head.size, []).append((head.root, "kept elsewhere"))
            audit.kept += 1
    return found


def _opened(
    audit: Audit, note: str, keys: Sequence[VerifierKey], position: int
) -> Checkpoint | None:
    try:
        return Checkpoint.read(opened(note, keys))
    except (NotSignedError, NoteBrokenError) as error:
        audit.found(Kind.SIGNATURE, position, str(error))
        return None


async def _hashed(
    connection: asyncpg.Connection,
    audit: Audit,
    heads: Mapping[int, Sequence[tuple[bytes, str]]],
    told: Told,
) -> Mapping[tuple[int, int], bytes]:
    """One pass over all bytes; the next page is read while this one is hashed."""
    frontier, filled = Frontier(), dict[tuple[int, int], bytes]()
    page = await connection.fetch(PAGE, 0, PAGE_EVENTS)
    while page:
        reading = asyncio.create_task(connection.fetch(PAGE, page[-1][0], PAGE_EVENTS))
        await asyncio.to_thread(_page, audit, frontier, heads, filled, page)
        told(audit.events)
        page = await reading
    head = await connection.fetchval(HEAD)
    if head != audit.events:
        audit.found(Kind.HEAD, audit.events, f"the head says {head}")
    for size in sorted(heads):
        if size > audit.events:
            audit.found(Kind.BEHIND, audit.events, f"{size} events were signed")
            break
    audit.root = frontier.root()
    return filled


def _page(
    audit: Audit,
    frontier: Frontier,
    heads: Mapping[int, Sequence[tuple[bytes, str]]],
    filled: dict[tuple[int, int], bytes],
    page: Sequence[asyncpg.Record],
) -> None:
    expected = audit.events
    for position, body, leaf in page:
        expected += 1
        if position != expected:
            audit.found(Kind.MISSING, expected)
            expected = position
        own = leaf_of(body)
        if own != leaf:
            audit.found(Kind.LEAF, position)
        row = frontier.append(own)
        if len(row) > HEIGHT:
            for level in range(HEIGHT, len(row), HEIGHT):
                filled[level // HEIGHT, (frontier.size - 1) >> level] = row[level]
        if position in heads:
            _compared(audit, position, frontier.root(), heads[position])
    audit.events = expected


def _compared(audit: Audit, size: int, root: bytes, told: Sequence[tuple[bytes, str]]) -> None:
    for signed, where in told:
        if signed != root:
            is_fraud = len({each for each, _ in told}) > 1
            audit.found(Kind.ROOT, size, "two roots were signed: fraud" if is_fraud else where)


async def _subtrees(
    connection: asyncpg.Connection, audit: Audit, filled: Mapping[tuple[int, int], bytes]
) -> None:
    """What proofs are made of must be what the bytes make; the signer may be a little behind."""
    for level, index, hash_ in await connection.fetch(SUBTREES):
        audit.subtrees += 1
        if filled.get((level, index)) != hash_:
            audit.found(Kind.SUBTREE, (index + 1) << (HEIGHT * level), f"level {level}")
