"""The whole record, verified: bytes, tree, signatures; read models by folding; sums of money.

    verdicts = await verified(url, Asked(), told)
    [each for each in verdicts if each.state is not State.OK]      # [] : nothing is wrong

What could not be looked at is never counted as right.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, LiteralString, TypeAlias

import asyncpg

from events.catalogue import UnknownEventError
from events.codec import BodyBrokenError
from events.log import Log
from events.rules import value
from events.seal.announced import Announced, announcements
from events.seal.audit import Audit, Kind, Trust, audited
from events.seal.memory import Memory, NoKeyError
from events.seal.note import NoteBrokenError, NotSignedError, VerifierKey
from projections.catalogue import PROJECTIONS
from projections.identities import IDENTITIES, identities, moments
from projections.projection import MissingRowError
from projections.rebuild import Progress, RebuildStoppedError, checked
from service.database import connected
from service.pools import reading

CONNECTIONS = 3
"""Two that compare, one that reads the log."""
RECORD: Final[LiteralString] = """
    INSERT INTO seal.verification (events, seconds, found)
    VALUES ($1, $2, $3)
"""
_OF_SIGNATURES = frozenset({Kind.SIGNATURE, Kind.ROOT, Kind.BEHIND, Kind.UNSIGNED})


class State(Enum):
    """What came of a part."""

    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"


class Part(Enum):
    """What may be verified by itself."""

    LOG = "log"
    MODELS = "models"
    MONEY = "money"


@value
class Verdict:
    """One line of the answer."""

    what: str
    checked: int
    unit: str
    state: State
    found: str = ""
    """What is wrong, at the first place where it is."""


@value
class Asked:
    """What is to be verified, and what the auditor brings along."""

    parts: frozenset[Part] = frozenset(Part)
    keys: Sequence[VerifierKey] = ()
    notes: Sequence[str] = ()


Told: TypeAlias = Callable[[Part, int, int], None]
"""How far a part is: done, of so many."""


async def verified(url: str, asked: Asked, told: Told) -> Sequence[Verdict]:
    """Verify what is asked, at the moment the log stands at."""
    verdicts: list[Verdict] = []
    async with reading(url, CONNECTIONS) as pool:
        log = Log(pool)
        if Part.LOG in asked.parts:
            verdicts += await _log(url, log, asked, told)
        if any(each.state is State.BAD for each in verdicts):
            return verdicts  # what is folded from another log says nothing
        if Part.MODELS in asked.parts:
            verdicts.append(await _models(pool, log, told))
        if Part.MONEY in asked.parts:
            verdicts.append(await _money(pool))
    return verdicts


async def record(url: str, events: int, seconds: float, verdicts: Sequence[Verdict]) -> None:
    """Note what came of it, for the probe and the metric."""
    found = [f"{each.what}: {each.found}" for each in verdicts if each.state is State.BAD]
    async with connected(url) as connection:
        await connection.execute(RECORD, events, seconds, found)


def remembered(memory: Memory) -> Sequence[str]:
    """What the signer of this machine signed last, if there is one: nothing may fall behind it."""
    try:
        last = memory.last_signed() if memory.is_there else None
    except (NoKeyError, NotSignedError, NoteBrokenError, PermissionError):
        return ()
    return () if last is None else (last[1],)


async def _log(url: str, log: Log, asked: Asked, told: Told) -> Sequence[Verdict]:
    head = (await log.head()).position
    trust = Trust(pinned=asked.keys, announced=await _announced(log), notes=asked.notes)
    async with connected(url) as connection:
        audit = await audited(connection, trust, lambda done: told(Part.LOG, done, head))
    rows = [
        _of_audit(audit, "events", audit.events, lambda kind: kind not in _OF_SIGNATURES),
        _of_audit(audit, "checkpoints", audit.checkpoints, lambda kind: kind in _OF_SIGNATURES),
    ]
    if asked.notes:
        rows.append(
            Verdict(
                what="checkpoints kept elsewhere",
                checked=audit.kept,
                unit="notes",
                state=State.OK if audit.kept == len(asked.notes) else State.BAD,
                found="" if audit.kept == len(asked.notes) else "not of this log, or not signed",
            )
        )
    return rows


async def _announced(log: Log) -> Sequence[Announced]:
    try:
        return await announcements(log)
    except (asyncpg.DataCorruptedError, BodyBrokenError, UnknownEventError, NoteBrokenError):
        return ()  # what is wrong there is found by whoever hashes it


def _of_audit(audit: Audit, what: str, count: int, speaks: Callable[[Kind], bool]) -> Verdict:
    flaws = sorted((each for each in audit.flaws if speaks(each.kind)), key=lambda f: f.position)
    unknown = bool(flaws) and all(each.kind is Kind.UNSIGNED for each in flaws)
    return Verdict(
        what=what,
        checked=count,
        unit="events" if what == "events" else "notes",
        state=State.UNKNOWN if unknown else State.BAD if flaws else State.OK,
        found="; ".join(map(str, flaws)),
    )


async def _models(pool: asyncpg.Pool, log: Log, told: Told) -> Verdict:
    def say(progress: Progress) -> None:
        told(Part.MODELS, progress.done, progress.total)

    try:
        differing = await checked(pool, log, say)
    except (RebuildStoppedError, MissingRowError) as error:
        return Verdict(
            what="read models", checked=0, unit="models", state=State.UNKNOWN, found=str(error)
        )
    return Verdict(
        what="read models",
        checked=len(PROJECTIONS),
        unit="models",
        state=State.BAD if differing else State.OK,
        found="; ".join(f"{name} differs: {row}" for name, row in differing.items()),
    )


async def _money(pool: asyncpg.Pool) -> Verdict:
    tried = await moments(pool)
    broken = await identities(pool, tried)
    return Verdict(
        what="money identities",
        checked=len(IDENTITIES) * len(tried),
        unit="looks",
        state=State.BAD if broken else State.OK,
        found="; ".join(
            f"not so: {each.name}: {each.subject} at position {each.position}, {each.day}"
            for each in broken
        ),
    )
