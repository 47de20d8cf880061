"""Verification without trust: every byte hashed again, every signature checked, in one pass.

    audit = await audited(connection, trust, told)
    audit.flaws            # () : the log is what was signed; else what is wrong, the first of each

Nothing that the database says of itself is taken for true: not its leaf column, not its subtrees,
not that a key is good. A key is good if it is pinned; else if it was announced under a signature of
one that is good already; the first of all by its being the first. What was retired signs no more.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Final, LiteralString, TypeAlias

import asyncpg

from events.rules import value
from events.seal.announced import Announced
from events.seal.checkpoint import Checkpoint
from events.seal.columns import SEPARATOR, said
from events.seal.note import Note, NoteBrokenError, NotSignedError, VerifierKey, opened
from events.seal.tiles import HEIGHT
from events.seal.tree import Frontier

PAGE_EVENTS: Final = 5_000

PAGE: Final[LiteralString] = """
    SELECT position, body, leaf,
           convert_to(
               concat_ws(
                   E'\\x1f',
                   coalesce(budget_year::text, 'null'),
                   command_id,
                   to_char(effective_on, 'YYYY-MM-DD'),
                   event_id,
                   to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   stream,
                   type,
                   version
               ),
               'UTF8'
           ) AS columns
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
STREAMS: Final[LiteralString] = """
    SELECT convert_to(name, 'UTF8') AS name, version, position
    FROM ledger.stream
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
    announced: Sequence[Announced] = ()
    """Keys that the log announces, in that order."""
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


@dataclass(slots=True)
class _Run:
    """How far one pass over the bytes has come."""

    frontier: Frontier = field(default_factory=Frontier)
    filled: dict[tuple[int, int], bytes] = field(default_factory=dict)
    """The subtrees that are kept, by level and index, as the bytes make them."""
    streams: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """The last version of each, and its position."""
    written: bytes = b""
    """When the last event was recorded, as its bytes say."""


_UNKNOWN: Final = (0, 0)
_Heads: TypeAlias = Mapping[int, Sequence[tuple[bytes, str]]]
"""The roots that were signed, by size: of each, where it was kept."""


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
    run = await _hashed(connection, audit, heads, told)
    await _subtrees(connection, audit, run)
    await _streams(connection, audit, run)


def _believed(audit: Audit, trust: Trust, rows: Sequence[tuple[int, bytes, str]]) -> _Heads:
    """What was signed, by a key that is good."""
    retired = {each.key: each.retired for each in trust.announced}
    good = [Announced(position=0, key=key, retired=retired.get(key)) for key in trust.pinned]
    good = good or list(trust.announced[:1])
    found: dict[int, list[tuple[bytes, str]]] = {}
    for size, root, note in rows:
        head = _opened(audit, note, good, size)
        if head is None:
            continue
        if (head.size, head.root) != (size, root):
            audit.found(Kind.ROOT, size, "the checkpoint says otherwise than its columns")
        found.setdefault(head.size, []).append((head.root, "checkpoint"))
        audit.checkpoints += 1
        known = {each.key for each in good}
        good += [
            each for each in trust.announced if each.position <= size and each.key not in known
        ]
    for note in trust.notes:
        # Whoever kept it saw whose it was; a key that was thrown away since is known to him.
        head = _opened(audit, note, [*good, *trust.announced], 0)
        if head is not None:
            found.setdefault(head.size, []).append((head.root, "kept elsewhere"))
            audit.kept += 1
    return found


def _opened(audit: Audit, note: str, keys: Sequence[Announced], position: int) -> Checkpoint | None:
    try:
        size = Checkpoint.read(Note.read(note).text).size
        return Checkpoint.read(opened(note, [each.key for each in keys if each.signs(size)]))
    except (NotSignedError, NoteBrokenError) as error:
        audit.found(Kind.SIGNATURE, position, str(error))
        return None


async def _hashed(connection: asyncpg.Connection, audit: Audit, heads: _Heads, told: Told) -> _Run:
    """One pass over all bytes; the next page is read while this one is hashed."""
    run = _Run()
    page = await connection.fetch(PAGE, 0, PAGE_EVENTS)
    while page:
        reading = asyncio.create_task(connection.fetch(PAGE, page[-1][0], PAGE_EVENTS))
        await asyncio.to_thread(_page, audit, run, heads, page)
        told(audit.events)
        page = await reading
    head = await connection.fetchval(HEAD)
    if head != audit.events:
        audit.found(Kind.HEAD, audit.events, f"the head says {head}")
    for size in sorted(heads):
        if size > audit.events:
            audit.found(Kind.BEHIND, audit.events, f"{size} events were signed")
            break
    audit.root = run.frontier.root()
    return run


def _page(audit: Audit, run: _Run, heads: _Heads, page: Sequence[asyncpg.Record]) -> None:
    expected, append, streams = audit.events, run.frontier.append, run.streams
    for position, body, leaf, columns in page:
        expected += 1
        if position != expected:
            audit.found(Kind.MISSING, expected)
            expected = position
        own = sha256(b"\x00" + body).digest()  # `leaf_of`, without the call
        if own != leaf:
            audit.found(Kind.LEAF, position)
        row = append(own)
        if len(row) > HEIGHT:
            for level in range(HEIGHT, len(row), HEIGHT):
                run.filled[level // HEIGHT, (run.frontier.size - 1) >> level] = row[level]
        if position in heads:
            _compared(audit, position, run.frontier.root(), heads[position])
        parts = said(body)
        if SEPARATOR.join(parts) != columns:
            audit.found(Kind.COLUMNS, position)
        if not parts:
            continue
        _, _, _, _, written, stream, _, version = parts
        if written < run.written:
            audit.found(Kind.TIME, position)
        run.written = written
        before = streams.get(stream, _UNKNOWN)[0]
        if version != b"%d" % (before + 1):
            audit.found(Kind.STREAM, position, f"version {version.decode()} after {before}")
        streams[stream] = (before + 1, position)
    audit.events = expected


def _compared(audit: Audit, size: int, root: bytes, told: Sequence[tuple[bytes, str]]) -> None:
    for signed, where in told:
        if signed != root:
            is_fraud = len({each for each, _ in told}) > 1
            audit.found(Kind.ROOT, size, "two roots were signed: fraud" if is_fraud else where)


async def _subtrees(connection: asyncpg.Connection, audit: Audit, run: _Run) -> None:
    """What proofs are made of must be what the bytes make; the signer may be a little behind."""
    for level, index, hash_ in await connection.fetch(SUBTREES):
        audit.subtrees += 1
        if run.filled.get((level, index)) != hash_:
            audit.found(Kind.SUBTREE, (index + 1) << (HEIGHT * level), f"level {level}")


async def _streams(connection: asyncpg.Connection, audit: Audit, run: _Run) -> None:
    """What appends rely on, of each stream its last version, must be what the bytes say."""
    kept = {row[0]: (row[1], row[2]) for row in await connection.fetch(STREAMS)}
    if kept == run.streams:
        return
    unlike = {name for name, _ in kept.items() ^ run.streams.items()}
    position, name = min(((run.streams.get(name) or kept[name])[1], name) for name in unlike)
    audit.found(Kind.STREAM, position, f"{name.decode()} ends elsewhere")
