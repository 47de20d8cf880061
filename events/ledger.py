"""Carry out commands: load what the rules need, decide, append; again if it moved meanwhile.

    receipt = await Ledger(log, appender).handle(order)

States are remembered from command to command. A remembered state may be behind, for other processes
append too; the append itself finds out, so an admitted command costs one call and no look first. A
refusal is checked against the log before it is spoken, and so is "already so".
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date

from events.appender import Appender, LedgerBusyError
from events.catalogue import Fact, aggregate_of
from events.clock import today
from events.codec import fingerprint
from events.deciding import AnyOrder, Deciding, Look
from events.entry import Entry, recorded
from events.envelope import Recorded
from events.log import IdempotencyMismatch, Log, VersionConflict
from events.rules import AlreadyReserved, Occasion, Refusal, value
from events.states import States, following
from events.vault import Vault, freshly_salted

ATTEMPTS_MAX = 20
"""Another process must win every one of them; then the caller is told of the conflict."""
TURN_SECONDS_MAX = 30.0
"""Who stands in line for a stream for so long is told that the ledger is busy."""


@value
class Receipt:
    """What became of a command."""

    facts: tuple[Recorded[Fact], ...]
    """Empty if it was already so: nothing had to be recorded."""
    stream: str
    version: int
    position: int
    """Of the last fact; where nothing was recorded, of the head when that was found."""
    repeated: bool
    """The very same command had been carried out before; these are its facts."""


@value
class Preview:
    """What a command would record, if nothing moved meanwhile (xem trước)."""

    stream: str
    version: int
    """Of the stream, with the facts."""
    bodies: tuple[bytes, ...]
    """Each event as it would stand in the log, but that `recordedAt` is null."""
    facts: tuple[Fact, ...]
    """Empty: it is so already."""
    state: object
    """Of the stream, with the facts."""
    occasion: Occasion
    """What else the rules saw."""


class Ledger:
    """The door to the log for whoever wants something recorded."""

    def __init__(
        self,
        log: Log,
        appender: Appender,
        *,
        today: Callable[[], date] = today,
    ) -> None:
        self._log, self._appender = log, appender
        self._vault = Vault(log)
        self._states = States(log)
        self._deciding = Deciding(self._states, today)
        self._turns: dict[str, asyncio.Future[None]] = {}

    async def handle(self, order: AnyOrder) -> Receipt:
        """Carry out a command, once for ever; raises its refusal."""
        stream = aggregate_of(order.command).stream(order.command)
        order = freshly_salted(order)
        async with self._turn(stream):
            for attempt in range(1, ATTEMPTS_MAX + 1):
                try:
                    return await self._attempt(order)
                except VersionConflict as conflict:
                    look = await self._deciding.look(order, anew=True)
                    is_promised = conflict.stream == stream and order.expected_version is not None
                    if is_promised or attempt == ATTEMPTS_MAX:
                        # A conflict tells of the stream: not to whom it has moved away from.
                        decided = self._deciding.decide(order, look)
                        raise decided if isinstance(decided, Refusal) else conflict from None
        raise AssertionError

    async def preview(self, order: AnyOrder) -> Preview:
        """What a command would record if it came now; raises its refusal. Nothing is recorded."""
        order = freshly_salted(order)
        look = await self._deciding.look(order, anew=True)
        decided = self._deciding.decide(order, look)
        if isinstance(decided, Refusal):
            raise decided
        entry = self._deciding.entry(order, look, decided)
        if entry.keys and (held := await self._log.reserved(entry.keys)):
            raise AlreadyReserved(key=held[0])
        state = look.own.state
        for fact in decided:
            state = look.aggregate.evolve(state, fact)
        return Preview(
            stream=look.stream,
            version=look.own.version + len(decided),
            bodies=tuple(each.before + b"null" + each.after for each in entry.lines),
            facts=tuple(decided),
            state=state,
            occasion=look.occasion,
        )

    @asynccontextmanager
    async def _turn(self, stream: str) -> AsyncIterator[None]:
        """One command of a stream at a time in this process: the second would only conflict."""
        before, mine = self._turns.get(stream), asyncio.get_running_loop().create_future()
        self._turns[stream] = mine
        try:
            if before is not None:
                done, _ = await asyncio.wait((before,), timeout=TURN_SECONDS_MAX)
                if not done:
                    raise LedgerBusyError(f"too many commands for {stream}")
            yield
        finally:
            mine.set_result(None)
            if self._turns[stream] is mine:
                del self._turns[stream]

    async def _attempt(self, order: AnyOrder) -> Receipt:
        aggregate = aggregate_of(order.command)
        streams = (aggregate.stream(order.command), *aggregate.reads(order.command))
        is_new = self._states.knows_none(streams)
        look = await self._deciding.look(order, anew=is_new)
        decided = self._deciding.decide(order, look)
        if not is_new and (isinstance(decided, Refusal) or not decided):
            look = await self._deciding.look(order, anew=True)
            decided = self._deciding.decide(order, look)
        if isinstance(decided, Refusal) or not decided:
            return await self._nothing_to_record(order, look.stream, look.own.version, decided)
        return await self._record(order, look, decided)

    async def _record(self, order: AnyOrder, look: Look, facts: Sequence[Fact]) -> Receipt:
        if (kept := await self._vault.keep(order)) is not order:
            return await self._attempt(kept)
        entry = self._deciding.entry(order, look, facts)
        placed = await self._appender.append(entry)
        if placed.repeated:
            return await self._receipt(placed.first, placed.last, entry)
        events = tuple(recorded(fact, placed, entry, nth, order) for nth, fact in enumerate(facts))
        now = look.own
        for event in events:
            now = following(now, event)
        self._states.remember(look.stream, now)
        return Receipt(
            facts=events,
            stream=look.stream,
            version=now.version,
            position=placed.last,
            repeated=False,
        )

    async def _nothing_to_record(
        self, order: AnyOrder, stream: str, version: int, decided: Sequence[Fact] | Refusal
    ) -> Receipt:
        """A command that changes nothing now may be one that was carried out before."""
        known = await self._log.command(order.command_id)
        if known is not None:
            if known.fingerprint != fingerprint(order):
                raise IdempotencyMismatch(command_id=order.command_id)
            await self._vault.compare(order)
            return await self._receipt(known.first, known.last, None)
        if isinstance(decided, Refusal):
            raise decided
        head = await self._log.head()
        return Receipt(
            facts=(), stream=stream, version=version, position=head.position, repeated=False
        )

    async def _receipt(self, first: int, last: int, entry: Entry | None) -> Receipt:
        """What was recorded for a command before; or now, if only the answer had been lost."""
        facts = await self._log.read(first - 1, last - first + 1)
        is_ours = entry is not None and facts[0].id == entry.lines[0].id
        return Receipt(
            facts=tuple(facts),
            stream=facts[-1].stream,
            version=facts[-1].version,
            position=last,
            repeated=not is_ours,
        )
