"""Beside the signer, for ever: checkpoints are shown to witnesses and stamped with a time.

    async with anchored(url, anchors, told, every) as signed:
        signed()     # there is something new to show

It has a connection of its own and stops nobody: whatever goes wrong here, the signer signs on.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from events.log import is_outage
from service.anchors import Anchors
from service.sealing.stamping import Stamper
from service.sealing.submitting import Submitter

CONNECT_SECONDS_MAX: Final = 10.0


@asynccontextmanager
async def anchored(
    url: str, anchors: Anchors, told: Callable[[str], None], every: float
) -> AsyncIterator[Callable[[], None]]:
    """For the length of the block, once in so many seconds and whenever it is called.

    Settings are read before the block begins; what is wrong with them is an AnchorError.
    """
    policy, roots, bell = anchors.policy(), anchors.roots(), asyncio.Event()

    async def work(connection: asyncpg.Connection) -> None:
        submitter = None if policy is None else Submitter(connection, policy, told)
        stamper = None
        if anchors.tsa_url is not None:
            stamper = Stamper(connection, anchors.tsa_url, roots, hours=anchors.tsa_every_hours)
        while True:
            bell.clear()
            if submitter is not None:
                await submitter.submit()
            if stamper is not None:
                await stamper.stamp()
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), every)

    if policy is None and anchors.tsa_url is None:
        yield bell.set
        return
    working = asyncio.create_task(_for_ever(url, work, every), name="anchors")
    try:
        yield bell.set
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


async def _for_ever(
    url: str, work: Callable[[asyncpg.Connection], Awaitable[None]], every: float
) -> None:
    log = logging.getLogger("socai.seal")
    while True:
        try:
            connection = await asyncpg.connect(
                url,
                timeout=CONNECT_SECONDS_MAX,
                server_settings={"application_name": "socai-anchors"},
            )
            try:
                await work(connection)
            finally:
                connection.terminate()
        except Exception as error:  # a witness must not be able to stop the signer
            if is_outage(error):
                log.warning("the log cannot be reached, nobody is asked: %r", error)
            else:
                log.exception("a bug while witnesses and authorities were asked")
        await asyncio.sleep(every)
