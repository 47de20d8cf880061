"""Checkpoints on their way to witnesses, and cosignatures back (C2SP tlog-witness).

    submitter = Submitter(connection, policy, told)
    await submitter.submit()     # the newest checkpoint, to every witness that may be asked again

A witness that is away or refuses is asked again later, and nobody waits for it. One that holds
another tree against us is an alarm: somebody was shown another log than this one, or this one was
rolled back together with what its signer remembers.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, LiteralString
from urllib.parse import SplitResult, urlsplit

import asyncpg

from events.rules import value
from events.seal.cosignature import witnessed_at
from events.seal.note import Note, NoteBrokenError, NotSignedError, VerifierKey
from events.seal.policy import Policy
from events.seal.submission import SIZE_TYPE, Submission, size_of
from events.seal.tree import is_consistent
from service.fetch import Answer, FetchError, posted

ALARM: Final = "alarm"
"""What is told, with the reason behind it, each time a witness holds another tree against us."""
SECONDS_MAX: Final = 10.0
"""For one answer; all witnesses are asked at once."""
AGAIN_SECONDS: Final = 2.0
AGAIN_SECONDS_MAX: Final = 300.0
_ROUNDS: Final = 2
"""A witness that has seen another size than we thought says so, and is asked once more."""
_SAID_CHARACTERS = 200

NEWEST: Final[LiteralString] = """
    SELECT size, root, note
    FROM seal.checkpoint
    ORDER BY size DESC
    LIMIT 1
"""
KNOWN: Final[LiteralString] = """
    SELECT name, size
    FROM seal.witness
"""
OLD_ROOT: Final[LiteralString] = """
    SELECT seal.span(0, $1)
"""
PROOF: Final[LiteralString] = """
    SELECT seal.consistency($1, $2)
"""
COSIGNED: Final[LiteralString] = """
    WITH kept AS (
        INSERT INTO seal.cosignature (size, witness, line)
        VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO seal.witness (name, size, cosigned_at)
    VALUES ($2, $1, clock_timestamp())
    ON CONFLICT (name) DO UPDATE
    SET asked_at = clock_timestamp(), size = excluded.size, cosigned_at = excluded.cosigned_at,
        refusal = NULL, is_alarm = false
"""
REFUSED: Final[LiteralString] = """
    INSERT INTO seal.witness (name, refusal, is_alarm)
    VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE
    SET asked_at = clock_timestamp(), refusal = excluded.refusal, is_alarm = excluded.is_alarm
"""

_log = logging.getLogger("socai.seal")


@value
class _Head:
    """The newest checkpoint."""

    size: int
    root: bytes
    note: str


@dataclass(slots=True)
class _Asked:
    """A witness, and what is known of it."""

    key: VerifierKey
    url: SplitResult
    name: str
    seen: int
    """The largest tree that it has seen, as far as we know."""
    done: int = 0
    """The largest tree whose cosignature is kept."""
    not_before: float = 0.0
    failures: int = 0

    def fails(self, now: float) -> None:
        """It is asked again later, and later each time."""
        self.failures = min(self.failures + 1, 30)
        self.not_before = now + min(AGAIN_SECONDS * 2 ** (self.failures - 1), AGAIN_SECONDS_MAX)


class Submitter:
    """Asks the witnesses of one policy, through one connection."""

    def __init__(
        self, connection: asyncpg.Connection, policy: Policy, told: Callable[[str], None]
    ) -> None:
        self._connection, self._policy, self._told = connection, policy, told
        self._witnesses: Sequence[_Asked] | None = None

    async def submit(self) -> None:
        """Send the newest checkpoint to each witness that has not signed it; keep what it signs."""
        if self._witnesses is None:
            self._witnesses = await self._read()
        for _ in range(_ROUNDS):
            row = await self._connection.fetchrow(NEWEST)
            now = asyncio.get_running_loop().time()
            head = None if row is None else _Head(**dict(row))
            due = [each for each in self._witnesses if head and _is_due(each, head, now)]
            if head is None or not due:
                return
            bodies = [await self._body(each, head) for each in due]
            answers = await asyncio.gather(*map(_answer, due, bodies))
            for each, answer in zip(due, answers, strict=True):
                await self._take(each, head, answer)

    async def _read(self) -> Sequence[_Asked]:
        known = {row["name"]: row["size"] for row in await self._connection.fetch(KNOWN)}
        found = []
        for each in self._policy.witnesses.values():
            if each.url is not None:
                name = f"{each.key.name}+{each.key.id.hex()}"
                url = urlsplit(f"{each.url.rstrip('/')}/add-checkpoint")
                size = known.get(name, 0)
                found.append(_Asked(key=each.key, url=url, name=name, seen=size, done=size))
        return found

    async def _body(self, witness: _Asked, head: _Head) -> bytes:
        # More than is signed: nothing can be proved of it, and the answer says what it has.
        old = witness.seen if witness.seen <= head.size else 0
        proof: list[bytes] | None = None
        if 0 < old < head.size:
            proof = await self._connection.fetchval(PROOF, old, head.size)
        return str(Submission(old=old, proof=proof or [], note=head.note)).encode()

    async def _take(self, witness: _Asked, head: _Head, answer: Answer | str) -> None:
        if isinstance(answer, str):
            await self._refused(witness, answer)
        elif answer.status == HTTPStatus.OK:
            await self._cosigned(witness, head, answer.body)
        elif answer.status == HTTPStatus.CONFLICT and answer.type.startswith(SIZE_TYPE):
            await self._conflict(witness, answer.body)
        elif answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and await self._is_proved(
            witness, head
        ):
            said = f"it has seen another tree of {witness.seen} events than ours"
            await self._refused(witness, said, is_alarm=True)
        else:
            said = answer.body[:_SAID_CHARACTERS].decode("utf-8", "replace").strip()
            await self._refused(witness, f"it answers {answer.status}: {said!r}")

    async def _cosigned(self, witness: _Asked, head: _Head, body: bytes) -> None:
        """Keep its line, and nothing else that it sends."""
        try:
            note = Note.read(head.note + body.decode("utf-8"))
            seconds = witnessed_at(note, witness.key)
        except (NoteBrokenError, NotSignedError, UnicodeDecodeError) as error:
            await self._refused(witness, f"it answers with no cosignature: {error}")
            return
        if seconds is None:
            await self._refused(witness, "its cosignature is by another key than the policy has")
            return
        line = next(str(each) for each in note.signatures if each.is_by(witness.key))
        await self._connection.execute(COSIGNED, head.size, witness.name, line)
        witness.seen = witness.done = head.size
        witness.failures, witness.not_before = 0, 0.0
        _log.info("%s cosigned %s events", witness.name, head.size)

    async def _conflict(self, witness: _Asked, body: bytes) -> None:
        """It has seen another size than we thought: less, if it forgot; more, if we did."""
        try:
            size = size_of(body.decode("ascii").removesuffix("\n"))
        except (NoteBrokenError, UnicodeDecodeError):
            await self._refused(witness, "it is in conflict with no size")
            return
        row = await self._connection.fetchrow(NEWEST)
        if row is None or size > row["size"]:
            ours = 0 if row is None else row["size"]
            said = f"it has seen {size} events signed by us, and we have signed {ours}"
            await self._refused(witness, said, is_alarm=True)
        elif size == witness.seen:
            await self._refused(witness, f"it is in conflict with the size that it says: {size}")
        witness.seen = size

    async def _is_proved(self, witness: _Asked, head: _Head) -> bool:
        """Whether our own proof is right: then what the witness holds is another tree."""
        if witness.seen in {0, head.size}:
            return witness.seen != 0
        proof = await self._connection.fetchval(PROOF, witness.seen, head.size)
        old = await self._connection.fetchval(OLD_ROOT, witness.seen)
        return is_consistent(witness.seen, head.size, proof, old, head.root)

    async def _refused(self, witness: _Asked, said: str, *, is_alarm: bool = False) -> None:
        witness.fails(asyncio.get_running_loop().time())
        await self._connection.execute(REFUSED, witness.name, said, is_alarm)
        if is_alarm:
            _log.error("SPLIT VIEW: %s: %s", witness.name, said)
            self._told(f"{ALARM} {witness.name}: {said}")
        else:
            _log.warning("%s did not cosign: %s", witness.name, said)


def _is_due(witness: _Asked, head: _Head, now: float) -> bool:
    return witness.done < head.size and witness.not_before <= now


async def _answer(witness: _Asked, body: bytes) -> Answer | str:
    """What it answers, or why it does not."""
    try:
        return await posted(witness.url, body, "text/plain; charset=utf-8", SECONDS_MAX)
    except FetchError as error:
        return str(error)
