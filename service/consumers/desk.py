"""The desk for webhooks: who may have one, what becomes of it, and who asked for that.

    desk = WebhookDesk(pool, key)
    done = await desk.register("bo-tai-chinh", "kho-bac", contents, after=0)

Each errand is one transaction that holds the webhook, and writes down who gave it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import asyncpg

from events.identity import is_code, nfc
from events.rules import Refusal
from schema.scalars import Position
from schema.webhooks.desk import Act, Changed, Contents, Delivered, Endpoint, Errand, State, Wanted
from schema.webhooks.refusals import (
    DESCRIPTION_CHARACTERS_MAX,
    EACH_MAX,
    WAITING_MAX,
    NotSentYet,
    PositionAhead,
    TooManyRedeliveries,
    TooManyWebhooks,
    UnknownWebhook,
    WebhookAddressRefused,
    WebhookDescriptionInvalid,
    WebhookExists,
    WebhookHostUnknown,
    WebhookIdInvalid,
    WebhooksOff,
    WebhookUrlInvalid,
)
from service.consumers import acts, addresses, cursors
from service.consumers import endpoints as kept
from service.webhooks import Network, secret, written

ACQUIRE_SECONDS_MAX = 1.0
RESOLVE_SECONDS_MAX = 5.0
"""For the name in an address."""


class WebhookDesk:
    """The desk of one process."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        key: bytes | None,
        networks: Sequence[Network] = (),
    ) -> None:
        self._pool, self._key, self._networks = pool, key, networks

    async def register(self, who: str, id: str, contents: Contents, after: int | None) -> Errand:
        """Take a webhook on, unless it is there."""
        key = self._signing()
        if not is_code(id):
            raise WebhookIdInvalid(webhook=id)
        contents = _written(contents)
        async with self._connection() as connection:
            known = await kept.endpoint(connection, id)
        if known is None:
            await self._check(contents.url)  # a name is looked up: nobody is to wait for that
            async with self._connection() as connection:
                await kept.alone(connection)
                known = await kept.endpoint(connection, id)
                if known is None:
                    await self._room(connection, who)
                    await self._take_on(connection, who, id, contents, after)
                    return await self._done(connection, id, key=key)
        return Errand(
            endpoint=_same(known, who, contents),
            repeated=True,
            secret=written(secret(key, id, known.generation)),
        )

    async def update(self, who: str, id: str, contents: Contents) -> Errand:
        """Another address has to agree to be sent to, as the first one had to."""
        if not is_code(id):
            raise UnknownWebhook(webhook=id)
        contents = _written(contents)
        async with self._connection() as connection:
            before = await kept.endpoint(connection, id)
        if before is not None and before.principal == who and before.contents.url != contents.url:
            await self._check(contents.url)
        async with self._held(who, id) as (connection, held):
            if held.contents == contents:
                return Errand(endpoint=held, repeated=True)
            await kept.update(connection, id, contents)
            if held.contents.url != contents.url:
                await kept.ungrant(connection, id)
                if held.state is not State.PAUSED:
                    await cursors.turned(connection, _name(id), State.PENDING)
            await kept.changed(connection, _name(id), who, Act.UPDATED)
            return await self._done(connection, id)

    async def pause(self, who: str, id: str) -> Errand:
        """It keeps its place."""
        async with self._held(who, id) as (connection, held):
            if held.state is State.PAUSED:
                return Errand(endpoint=held, repeated=True)
            await acts.paused(connection, _name(id), who)
            return await self._done(connection, id)

    async def resume(self, who: str, id: str) -> Errand:
        """At once, whatever failed before. Who had said that he is gone is asked anew."""
        async with self._held(who, id) as (connection, held):
            if held.state in {State.LIVE, State.PENDING} and held.failures == 0:
                return Errand(endpoint=held, repeated=True)
            await acts.resumed(connection, _name(id), who)
            return await self._done(connection, id)

    async def rotate(self, who: str, id: str) -> Errand:
        """The old secret goes on beside the new one for a while (`service/courier`)."""
        key = self._signing()
        async with self._held(who, id) as (connection, _):
            await kept.rotate(connection, id)
            await kept.changed(connection, _name(id), who, Act.ROTATED)
            return await self._done(connection, id, key=key)

    async def rewind(self, who: str, id: str, after: int) -> Errand:
        """What is parked or paused stays so."""
        async with self._held(who, id) as (connection, held):
            if after > held.head:
                raise PositionAhead(position=Position(after), head=Position(held.head))
            if after == held.cursor and held.failures == 0:
                return Errand(endpoint=held, repeated=True)
            await acts.moved(connection, _name(id), who, after)
            return await self._done(connection, id)

    async def redeliver(self, who: str, id: str, position: int) -> Errand:
        """What waits already is not sent twice more."""
        async with self._held(who, id) as (connection, held):
            if not 1 <= position <= held.cursor:
                raise NotSentYet(
                    webhook=id, position=Position(position), cursor=Position(held.cursor)
                )
            if await kept.waiting(connection, id) >= WAITING_MAX:
                raise TooManyRedeliveries(webhook=id, limit=WAITING_MAX)
            if not await acts.sent_again(connection, id, position, position, who):
                return Errand(endpoint=held, repeated=True)
            return await self._done(connection, id)

    async def remove(self, who: str, id: str) -> Errand:
        """A mark: whose it was, and what was done with it, can still be told."""
        async with self._held(who, id, removed=True) as (connection, held):
            if held.removed_at is not None:
                return Errand(endpoint=held, repeated=True)
            await kept.remove(connection, id)
            await cursors.turned(connection, _name(id), State.GONE)
            await kept.changed(connection, _name(id), who, Act.REMOVED)
            return await self._done(connection, id)

    async def endpoints(self, wanted: Wanted) -> Sequence[Endpoint]:
        """The webhooks that are wanted, by their ids."""
        if not all(each is None or is_code(each) for each in (wanted.id, wanted.after)):
            return ()
        async with self._connection() as connection:
            return await kept.endpoints(connection, wanted)

    async def deliveries(
        self, ids: Sequence[str], before: int | None, limit: int
    ) -> Mapping[str, Sequence[Delivered]]:
        """The last attempts to send, the last first."""
        async with self._connection() as connection:
            return await kept.deliveries(connection, ids, before, limit)

    async def changes(
        self, ids: Sequence[str], before: int | None, limit: int
    ) -> Mapping[str, Sequence[Changed]]:
        """The last changes, the last first."""
        async with self._connection() as connection:
            return await kept.changes(connection, ids, before, limit)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection in a transaction."""
        async with (
            self._pool.acquire(timeout=ACQUIRE_SECONDS_MAX) as connection,
            connection.transaction(),
        ):
            yield connection

    @asynccontextmanager
    async def _held(
        self, who: str, id: str, *, removed: bool = False
    ) -> AsyncIterator[tuple[asyncpg.pool.PoolConnectionProxy, Endpoint]]:
        """A webhook of his, which nobody else changes for the length of the block."""
        if not is_code(id):  # the database cannot even be asked for some texts
            raise UnknownWebhook(webhook=id)
        async with self._connection() as connection:
            is_his = await kept.locked(connection, id, who)
            held = await kept.endpoint(connection, id) if is_his else None
            if held is None or (held.removed_at is not None and not removed):
                raise UnknownWebhook(webhook=id)
            yield connection, held

    async def _room(self, connection: asyncpg.pool.PoolConnectionProxy, who: str) -> None:
        if await kept.count(connection, who) >= EACH_MAX:
            raise TooManyWebhooks(limit=EACH_MAX)

    async def _take_on(
        self,
        connection: asyncpg.pool.PoolConnectionProxy,
        who: str,
        id: str,
        contents: Contents,
        after: int | None,
    ) -> None:
        head = await kept.head(connection)
        if after is not None and after > head:
            raise PositionAhead(position=Position(after), head=Position(head))
        start = head if after is None else after
        await cursors.opened(connection, _name(id), start, State.PENDING)
        await kept.register(connection, id, who, contents)
        await kept.changed(connection, _name(id), who, Act.REGISTERED, start)

    async def _done(
        self, connection: asyncpg.pool.PoolConnectionProxy, id: str, key: bytes | None = None
    ) -> Errand:
        """What it looks like now; with its secret, where there is a key."""
        held = await kept.endpoint(connection, id)
        if held is None:
            raise UnknownWebhook(webhook=id)
        told = None if key is None else written(secret(key, id, held.generation))
        return Errand(endpoint=held, repeated=False, secret=told)

    async def _check(self, url: str) -> None:
        """Refuse an address that nothing may be sent to: so that whoever errs learns it at once.

        It is looked at again with every delivery; a name may lead elsewhere tomorrow.
        """
        try:
            async with asyncio.timeout(RESOLVE_SECONDS_MAX):
                await addresses.vetted(url, self._networks)
        except addresses.AddressError as error:
            raise _refusal(error) from None
        except TimeoutError:
            host = addresses.web_address(url).hostname or ""
            raise WebhookHostUnknown(host=host, reason="no answer in time") from None

    def _signing(self) -> bytes:
        if self._key is None:
            raise WebhooksOff
        return self._key


def _same(known: Endpoint, who: str, contents: Contents) -> Endpoint:
    """The webhook that was to be registered, if it is there; a removed one is there no more."""
    if (known.principal, known.contents, known.removed_at) != (who, contents, None):
        raise WebhookExists(webhook=known.id)
    return known


def _written(contents: Contents) -> Contents:
    """In its one spelling, so that the same again is the same. Or a refusal."""
    try:
        addresses.web_address(contents.url)
    except addresses.AddressError as error:
        raise _refusal(error) from None
    description = nfc(contents.description).strip()
    if len(description) > DESCRIPTION_CHARACTERS_MAX or not (description.isprintable()):
        raise WebhookDescriptionInvalid(limit=DESCRIPTION_CHARACTERS_MAX)
    return Contents(
        url=contents.url,
        filter=contents.filter,
        proofs=contents.proofs,
        description=description,
    )


def _refusal(error: addresses.AddressError) -> Refusal:
    match error.fault:
        case addresses.Fault.WEBHOOK_URL_INVALID:
            return WebhookUrlInvalid(reason=error.reason)
        case addresses.Fault.WEBHOOK_HOST_UNKNOWN:
            return WebhookHostUnknown(host=error.host, reason=error.reason)
        case addresses.Fault.WEBHOOK_ADDRESS_REFUSED:
            return WebhookAddressRefused(host=error.host, reason=error.reason)


def _name(id: str) -> str:
    """Under which it is among the consumers."""
    return f"{cursors.WEBHOOK}{id}"
