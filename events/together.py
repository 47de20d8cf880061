"""Many commands at once, all of them or none (ghi sổ trọn gói).

    receipts = await Together(log, appender, states, today).handle(orders)

Each is decided on what those before it would leave behind; then all are recorded in one call, in
their order and with nothing between them. Is one refused, none is recorded: `NotTogetherError`
says which it was.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Final, LiteralString
from uuid import UUID

import asyncpg
import orjson

from events.appender import DURABLE, PATIENCE_SECONDS, Appender, OutcomeUnknownError
from events.catalogue import Fact
from events.codec import fingerprint
from events.deciding import AnyOrder, Deciding, Look, Reads, foreseen
from events.entry import Entry, Placed, Preview, Receipt, answer, arguments, recorded, waves
from events.envelope import Recorded
from events.log import IdempotencyMismatch, Known, Log, VersionConflict, is_outage
from events.rules import AlreadyReserved, LedgerError, Refusal, refusal, value
from events.seal.kept import HALTED, LedgerHalted
from events.states import Seen, following
from events.vault import Vault, freshly_salted

ATTEMPTS_MAX = 20
"""Others must come between in every one of them; then the caller is told of the conflict."""
TOGETHER: Final[LiteralString] = """
    SELECT place, 'recorded', first_position, last_position, recorded_at, NULL, NULL
    FROM ledger.append_together(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
    )
    ORDER BY place
"""
NOT_TOGETHER: Final = "SL002"
"""The SQLSTATE of commands of which one could not be recorded."""
_NOT_YET = Placed(first=0, last=0, recorded_at=datetime.min.replace(tzinfo=UTC), repeated=False)


class NotTogetherError(LedgerError):
    """One of the commands was refused, so that none was recorded."""

    def __init__(self, nth: int, refusal: Refusal) -> None:
        super().__init__(f"command {nth}: {refusal}")
        self.nth, self.refusal = nth, refusal


@refusal(rule="all or nothing: the commands of one request stand or fall together")
class NotCarriedOut(Refusal):
    """Command {nth} of this request was refused, so that none of them is recorded.

    Lệnh thứ {nth} của yêu cầu này bị từ chối nên không lệnh nào được ghi sổ.
    """

    nth: int
    """Which one, from 1 (thứ tự)."""


@value
class _Draft:
    """A command that was decided, and is not recorded yet."""

    nth: int
    entry: Entry
    facts: tuple[Fact, ...]


class _Ahead:
    """Streams as the commands so far would leave them."""

    def __init__(self, states: Reads) -> None:
        self._states = states
        self._ahead: dict[str, Seen] = {}
        self._told: dict[str, list[Recorded[Fact]]] = {}

    async def of(self, streams: Iterable[str], *, anew: bool) -> dict[str, Seen]:
        """As they would stand; each is read from the log once."""
        names = tuple(streams)
        unseen = [name for name in names if name not in self._ahead]
        if unseen:
            self._ahead |= await self._states.of(unseen, anew=anew)
        return {name: self._ahead[name] for name in names}

    async def past(self, stream: str) -> Sequence[Recorded[Fact]]:
        """Every event of a stream, with those that are not recorded yet."""
        return [*await self._states.past(stream), *self._told.get(stream, ())]

    def move(self, stream: str, seen: Seen, told: Iterable[Recorded[Fact]]) -> None:
        """The next command finds it so."""
        self._ahead[stream] = seen
        self._told.setdefault(stream, []).extend(told)


@dataclass(slots=True)
class _Drafts:
    """What is to be recorded, worked out command by command."""

    ahead: _Ahead
    deciding: Deciding
    made: dict[UUID, _Draft] = field(default_factory=dict)
    so_already: dict[UUID, tuple[str, int]] = field(default_factory=dict)
    """Commands that find nothing to do: the stream, and its version."""
    prints: dict[UUID, bytes] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    async def add(self, nth: int, order: AnyOrder, known: Known | None) -> Look:
        """Decide one more; raises its refusal. What it looked at."""
        own = fingerprint(order)
        before = known.fingerprint if known else self.prints.setdefault(order.command_id, own)
        if before != own:
            raise IdempotencyMismatch(command_id=order.command_id)
        look = await self.deciding.look(order, anew=True)
        if known or order.command_id in self.made or order.command_id in self.so_already:
            return look
        decided = self.deciding.decide(order, look)
        if isinstance(decided, Refusal):
            raise decided
        if not decided:
            self.so_already[order.command_id] = look.stream, look.own.version
            return look
        entry = self.deciding.entry(order, look, decided)
        for key in entry.keys:
            if key in self.keys:
                raise AlreadyReserved(key=key)
            self.keys.add(key)
        now = look.own
        told = [recorded(fact, _NOT_YET, entry, nth, order) for nth, fact in enumerate(decided)]
        for event in told:
            now = following(now, event)
        self.ahead.move(look.stream, now, told)
        self.made[order.command_id] = _Draft(nth=nth, entry=entry, facts=tuple(decided))
        return look


class Together:
    """The door for many commands that stand or fall together."""

    def __init__(
        self, log: Log, appender: Appender, states: Reads, today: Callable[[], date]
    ) -> None:
        self._log, self._appender, self._states, self._today = log, appender, states, today
        self._vault = Vault(log)

    async def handle(self, orders: Sequence[AnyOrder]) -> Sequence[Receipt]:
        """A receipt for each, in their order; raises NotTogetherError."""
        kept = [await self._vault.keep(freshly_salted(order)) for order in orders]
        for _ in range(ATTEMPTS_MAX - 1):
            try:
                return await self._attempt(kept)
            except NotTogetherError as error:
                conflict, promised = error.refusal, kept[error.nth].expected_version
                if not isinstance(conflict, VersionConflict) or promised is not None:
                    raise
        return await self._attempt(kept)

    async def foresee(self, orders: Sequence[AnyOrder]) -> Sequence[Preview | Refusal]:
        """What each would record if they came now in this order; what is refused is passed over.

        Nothing is recorded.
        """
        ahead = _Ahead(self._states)
        drafts = _Drafts(ahead, Deciding(ahead, self._today))
        known = await self._log.commands([each.command_id for each in orders])
        told: list[Preview | Refusal] = []
        for nth, order in enumerate(map(freshly_salted, orders)):
            try:
                look = await drafts.add(nth, order, known.get(order.command_id))
                draft = drafts.made.get(order.command_id)
                is_new = draft is not None and draft.nth == nth
                entry, facts = (draft.entry, draft.facts) if draft and is_new else (None, ())
                if entry and entry.keys and (held := await self._log.reserved(entry.keys)):
                    raise AlreadyReserved(key=held[0])
                told.append(foreseen(look, entry, facts))
            except Refusal as refusal:
                told.append(refusal)
        return told

    async def _attempt(self, orders: Sequence[AnyOrder]) -> Sequence[Receipt]:
        known = await self._log.commands([each.command_id for each in orders])
        ahead = _Ahead(self._states)
        drafts = _Drafts(ahead, Deciding(ahead, self._today))
        for nth, order in enumerate(orders):
            try:
                await drafts.add(nth, order, known.get(order.command_id))
            except Refusal as refusal:
                raise NotTogetherError(nth, refusal) from None
        made = list(drafts.made.values())
        told = await self._append([each.entry for each in made])
        for draft, placed in zip(made, told, strict=True):
            if isinstance(placed, Refusal):
                raise NotTogetherError(draft.nth, placed)
        at = {each.entry.command_id: one for each, one in zip(made, told, strict=True)}
        head = (await self._log.head()).position
        receipts = []
        for nth, order in enumerate(orders):
            draft, placed = drafts.made.get(order.command_id), at.get(order.command_id)
            if draft is not None and isinstance(placed, Placed):
                receipts.append(_receipt(draft, placed, order, repeated=draft.nth != nth))
            elif order.command_id in drafts.so_already:
                receipts.append(_nothing(*drafts.so_already[order.command_id], head))
            else:
                receipts.append(await self._before(order, known[order.command_id]))
        return receipts

    async def _append(self, entries: Sequence[Entry]) -> Sequence[Placed | Refusal | None]:
        """Where each stands now; or nothing for any of them, and for one the refusal.

        On a connection of its own, so that nobody waits behind them but for the lock on the head.
        What is lost on the way is not asked for again: who sends it again is told of it.
        """
        if not entries:
            return ()
        turns = waves(entries)
        each_line = [turn for one, turn in zip(entries, turns, strict=True) for _ in one.lines]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                connection = await asyncpg.connect(self._appender.url)
                try:
                    await connection.execute(DURABLE)
                    rows = await connection.fetch(TOGETHER, each_line, *arguments(entries))
                finally:
                    connection.terminate()
        except asyncpg.PostgresError as error:
            return _refused(entries, error)
        except (TimeoutError, OSError) as error:
            raise OutcomeUnknownError(f"{len(entries)} commands: {error!r}") from error
        return [answer(entry, row) for entry, row in zip(entries, rows, strict=True)]

    async def _before(self, order: AnyOrder, known: Known) -> Receipt:
        """It was carried out before: that answer again."""
        await self._vault.compare(order)
        facts = await self._log.read(known.first - 1, known.last - known.first + 1)
        last = facts[-1]
        return Receipt(
            facts=tuple(facts),
            stream=last.stream,
            version=last.version,
            position=last.position,
            repeated=True,
        )


def _refused(
    entries: Sequence[Entry], error: asyncpg.PostgresError
) -> Sequence[Placed | Refusal | None]:
    """Which of them was in the way of all."""
    if error.sqlstate == HALTED:
        raise LedgerHalted(reason=str(error)) from None
    if error.sqlstate != NOT_TOGETHER:
        if is_outage(error):
            raise OutcomeUnknownError(f"{len(entries)} commands: {error!r}") from error
        raise error
    place, outcome, subject, actual = orjson.loads(str(error.detail))
    nth = list(accumulate((len(each.lines) for each in entries), initial=1)).index(place)
    refused = answer(entries[nth], (place, outcome, None, None, None, subject, actual))
    return [refused if each == nth else None for each in range(len(entries))]


def _receipt(draft: _Draft, placed: Placed, order: AnyOrder, *, repeated: bool) -> Receipt:
    facts = tuple(
        recorded(fact, placed, draft.entry, place, order) for place, fact in enumerate(draft.facts)
    )
    return Receipt(
        facts=facts,
        stream=draft.entry.stream,
        version=facts[-1].version,
        position=placed.last,
        repeated=repeated,
    )


def _nothing(stream: str, version: int, head: int) -> Receipt:
    return Receipt(facts=(), stream=stream, version=version, position=head, repeated=False)
