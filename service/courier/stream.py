"""A stream of NATS JetStream, as the relay writes it: in order, once, behind a fence.

    async with joined(broker) as stream:        # made, if it is not there
        end = await stream.end()                # the last position in it, if there is one
        await stream.add([Message(type="FundingCommitted", position=7, body=body)])

Each message says which sequence of the stream it expects to follow (`Nats-Expected-Last-Sequence`),
so the server itself refuses whatever comes twice, late or from two writers. Not
`Nats-Expected-Last-Msg-Id`: after a restart, a server knows the last id only if it is younger than
the window in which it looks for duplicates (seen with 2.9.10: "wrong last msg ID: ").
"""

import asyncio
import json
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck, RawStreamMsg, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from events.rules import LedgerError, value
from schema.feed.cloud import CONTENT_TYPE
from service.broker import Broker

SUBJECT: Final = "socai.events"
DUPLICATE_SECONDS: Final = 120.0
ACK_SECONDS_MAX: Final = 30.0
"""For a window; 500 events of the largest kind over a slow line take that long."""
CONNECT_SECONDS_MAX: Final = 5
PING_SECONDS, PINGS_MAX = 5, 2
"""A server that vanished is missed after so many pings without an answer."""


class StreamError(LedgerError):
    """NATS is away, or refuses; or the stream is not as the relay left it. It says which."""


@value
class Message:
    """One event, as it is sent."""

    type: str
    """Name of the fact: the last token of the subject."""
    position: int
    body: bytes
    """A CloudEvent."""


@value
class End:
    """Where a stream ends."""

    position: int
    event_id: str
    """Of the event there, so that another ledger's stream is noticed."""


class Stream:
    """An open connection to one stream."""

    def __init__(self, jetstream: JetStreamContext, name: str, lost: asyncio.Event) -> None:
        self._jetstream, self.name, self._lost = jetstream, name, lost
        self._sequence = 0
        self.is_new = False
        """Whether it was made by us, just now: nothing was ever in it."""

    async def open(self) -> None:
        """Find it, or make it; one that is there is never changed."""
        with suppress(NotFoundError):
            await self._jetstream.stream_info(self.name)
            return
        await self._jetstream.add_stream(
            StreamConfig(
                name=self.name,
                subjects=[f"{SUBJECT}.>"],
                storage=StorageType.FILE,
                duplicate_window=DUPLICATE_SECONDS,
            )
        )
        self.is_new = True

    async def end(self) -> End | None:
        """The last message in it; whatever is added from now on comes after that."""
        with _told():
            state = (await self._jetstream.stream_info(self.name)).state
            self._sequence = sequence = state.last_seq
            while sequence >= max(state.first_seq, 1):
                with suppress(NotFoundError):  # somebody has deleted it
                    return _end(await self._jetstream.get_msg(self.name, sequence))
                sequence -= 1
        return None

    async def add(self, messages: Sequence[Message]) -> None:
        """Return when the server has stored all of them, each right after the one before."""
        with _told():
            acks = [
                await self._sent(each, self._sequence + number)
                for number, each in enumerate(messages)
            ]
            stored = await self._stored(acks)
        for ack in stored:
            if ack.duplicate or ack.seq != self._sequence + 1:
                # A purge takes a message away and not the memory of it: it was not stored again.
                raise StreamError(
                    f"it takes for a duplicate what it has or had as message {ack.seq}, and forgets"
                    " that after its duplicate window"
                )
            self._sequence += 1

    async def _sent(self, message: Message, after: int) -> "asyncio.Future[PubAck]":
        return await self._jetstream.publish_async(
            f"{SUBJECT}.{message.type}",
            message.body,
            headers={
                Header.MSG_ID: str(message.position),
                Header.EXPECTED_STREAM: self.name,
                Header.EXPECTED_LAST_SEQUENCE: str(after),
                "Content-Type": CONTENT_TYPE,
            },
        )

    async def _stored(self, acks: Sequence["asyncio.Future[PubAck]"]) -> Sequence[PubAck]:
        stored = asyncio.gather(*acks)
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait(
                {stored, lost}, timeout=ACK_SECONDS_MAX, return_when=asyncio.FIRST_COMPLETED
            )
            if stored.done():
                return stored.result()
            raise TimeoutError(f"{len(acks)} messages were not acknowledged")
        finally:
            lost.cancel()
            stored.cancel()
            await asyncio.gather(stored, lost, return_exceptions=True)


def _end(last: RawStreamMsg) -> End:
    try:
        return End(
            position=int((last.headers or {})[Header.MSG_ID]),
            event_id=json.loads(last.data or b"")["id"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise StreamError(
            f"message {last.seq} is not the relay's: the stream must be its alone"
        ) from error


@asynccontextmanager
async def joined(broker: Broker) -> AsyncIterator[Stream]:
    """A connection for the length of the block; it does not mend itself: whoever lost it rejoins.

    Messages of an earlier connection that are still under way are refused by the fence.
    """
    lost = asyncio.Event()

    async def closed() -> None:
        lost.set()

    why: list[Exception] = []

    async def failed(error: Exception) -> None:
        why.append(error)

    client = Client()
    try:
        with _told(why):
            await client.connect(
                list(broker.urls),
                name="socai-courier",
                user_credentials=None if broker.credentials is None else str(broker.credentials),
                allow_reconnect=False,
                max_reconnect_attempts=1,  # of each server, before the first connection
                reconnect_time_wait=0,
                connect_timeout=CONNECT_SECONDS_MAX,
                ping_interval=PING_SECONDS,
                max_outstanding_pings=PINGS_MAX,
                error_cb=failed,
                disconnected_cb=closed,
                closed_cb=closed,
            )
        stream = Stream(client.jetstream(), broker.stream, lost)
        with _told():
            await stream.open()
        yield stream
    finally:
        await client.close()


@contextmanager
def _told(why: Sequence[Exception] = ()) -> Generator[None]:
    """Whatever NATS or the way to it has against us, in a sentence."""
    try:
        yield
    except (NatsError, OSError, TimeoutError) as error:
        said = why[-1] if why else error
        raise StreamError(str(said) or f"NATS does not answer: {said!r}") from error
