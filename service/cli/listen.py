"""`socai listen`: bring the ledger's events to an address on one's own machine, as a webhook would.

For whoever writes a receiver: the same envelope, the same signature, the same order; an event is
sent again until it is taken. Nothing of it is kept: the command says where to go on.
"""

import asyncio
import secrets
import shlex
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Final

from cyclopts import Parameter

from events.log import Log
from events.seal.kept import Seal
from events.seal.newest import Newest
from schema.feed.audience import WHOLE
from schema.feed.cloud import cloud
from schema.feed.feed import Feed, Page
from schema.feed.filters import Filter
from schema.feed.item import Item
from schema.planner.refusals import QueryRefusedError
from service.cli.common import DataFolder, program, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import say, text, write
from service.config import Config
from service.consumers.addresses import EVERYWHERE, AddressError, web_address
from service.courier.means import pause
from service.courier.sending import Message, Sender
from service.database import database
from service.pools import reading
from service.runtime import following
from service.webhooks import KEY_BYTES, NoWebhookKeyError, secret, written

PAUSE_SECONDS_MAX: Final = 10.0
"""Whoever is just mending his receiver does not wait for longer."""
ENDPOINT: Final = "listen"
GENERATION: Final = 0
"""That no registered webhook has, whatever its id."""


def listen(
    *,
    forward_to: Annotated[str, Parameter(help="Address to send to: http://127.0.0.1:3000/hooks.")],
    start: Annotated[
        int | None, Parameter(name="--from", help="After this position; default: the head.")
    ] = None,
    kinds: Annotated[
        Sequence[str],
        Parameter(name="--type", help="Only events of this type; may be given several times."),
    ] = (),
    limit: Annotated[int | None, Parameter(help="Stop after so many events.")] = None,
    data: DataFolder = None,
) -> None:
    """Send every event after a position to an address, then each as it is recorded, in order.

    Each attempt is one line: position, type, status or what went wrong, milliseconds. The secret to
    verify with is printed on stderr; with our own data folder it is always the same. Whoever may
    read the database is sent every field; a registered webhook is sent what its owner may see.
    """
    try:
        web_address(forward_to)
        wanted = Filter.read({"types": list(kinds)} if kinds else {})
    except AddressError as error:
        raise Stop(Exit.USAGE, f"--forward-to: {error.reason}") from None
    except QueryRefusedError as error:
        raise Stop(Exit.USAGE, f"--type: {error.message}") from None
    forwarder = Forwarder(forward_to, wanted, limit)
    try:
        run(forwarder.follow(settings(data=data), start))
    finally:
        if forwarder.position is not None:
            again = [program(), "listen", "--forward-to", shlex.quote(forward_to)]
            again += [f"--type {each}" for each in kinds]
            say(f"last position {forwarder.position}; go on with:")
            say(f"  {' '.join(again)} --from {forwarder.position}")


class Forwarder:
    """Whoever brings events along, and how far he has come."""

    def __init__(self, url: str, wanted: Filter, limit: int | None) -> None:
        self.position: int | None = None
        self._url, self._wanted, self._left = url, wanted, limit

    async def follow(self, config: Config, start: int | None) -> None:
        """Forward until told to stop, or until there were as many as were asked for."""
        sender = Sender(replace(config.webhooks, networks=EVERYWHERE))
        async with database(config, share=True) as found, reading(found.service_url, 2) as pool:
            key, log = _secret(config), Log(pool)
            self.position = (await log.head()).position if start is None else start
            say(f"secret {written(key)}")
            say(f"forwarding from position {self.position} to {self._url}")
            async with following(found.service_url, log) as follower:
                feed = Feed(follower, log, pool, Newest(Seal(log)))
                async with aclosing(feed.follow(self.position)) as pages:
                    async for page in pages:
                        if not await self._forward(page, feed, sender, key):
                            return

    async def _forward(self, page: Page, feed: Feed, sender: Sender, key: bytes) -> bool:
        """False: there were as many as were asked for."""
        for item in await feed.shown(page, self._wanted, WHOLE):
            if self._left == 0:
                return False
            await self._send(item, sender, key)
            self.position = item.position
            if self._left is not None:
                self._left -= 1
        if self._left != 0:
            self.position = page.last
        return self._left != 0

    async def _send(self, item: Item, sender: Sender, key: bytes) -> None:
        """Until it is taken."""
        message = Message(id=item.event_id, body=cloud(item, WHOLE))
        failures = 0
        while True:
            outcome = await sender.post(self._url, message, [key])
            said = outcome.error or outcome.status
            write("\t".join(text(each) for each in (item.position, item.type, said, outcome.ms)))
            if outcome.is_taken:
                return
            if outcome.is_gone:
                raise Stop(Exit.NEGATIVE, "the receiver wants nothing more: 410")
            failures += 1
            pausing = max(outcome.later_s, min(pause(failures), PAUSE_SECONDS_MAX))
            await asyncio.sleep(pausing)


def _secret(config: Config) -> bytes:
    """The same each time, where there is a key; otherwise one for this time."""
    try:
        key = config.webhooks.key(None if config.database_url else config.data)
    except NoWebhookKeyError:
        return secrets.token_bytes(KEY_BYTES)
    return secret(key, ENDPOINT, GENERATION)
