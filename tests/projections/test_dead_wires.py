"""A wire to the database dies amid a page, in silence: one silence is waited for, not two."""

import asyncio
from random import Random
from typing import Any

import asyncpg
import pytest

from events.follower import Follower
from events.log import Log
from projections import upkeep
from projections.projector import Projector
from tests.histories import tell
from tests.projections.recording import record
from tests.proxy import Proxy

SILENCE_SECONDS = 4.0
"""How long this pool waits for the answer to a statement; the service's, a minute."""


async def test_the_rollback_is_not_waited_for_on_a_wire_that_died_amid_a_page(
    superuser_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = tell(Random(3), 200).recorded
    await record(superuser_url, history[:20])
    silence = asyncio.Event()
    async with (
        Proxy(database_url) as wire,
        asyncpg.create_pool(wire.url, command_timeout=SILENCE_SECONDS) as pool,
    ):
        written = upkeep.write

        async def dying(*told: Any) -> None:
            if not silence.is_set():
                wire.stall()
                silence.set()
            await written(*told)

        projector = Projector(pool, Log(pool))
        await projector.prepare()
        await projector.advance()
        monkeypatch.setattr(upkeep, "write", dying)
        await record(superuser_url, history[20:])
        running = asyncio.create_task(projector.run(Follower(Log(pool), poll_s=0.05)))
        await silence.wait()
        await asyncio.sleep(0.2)
        wire.resume()
        async with asyncio.timeout(SILENCE_SECONDS * 1.6):
            while projector.position < len(history):  # noqa: ASYNC110 - it asks over that wire
                await asyncio.sleep(0.05)
        running.cancel()
