"""Write events/guard.json anew: how the migrations make the log's tables, on a fresh PostgreSQL."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from events.guard import FILE, state, written
from events.migrate import migrate
from service.postgres import Postgres


async def _made() -> str:
    with TemporaryDirectory() as folder:
        async with Postgres(Path(folder)) as postgres:
            owner = await asyncpg.connect(postgres.url("socai_owner"))
            try:
                await migrate(owner)
                return written(await state(owner))
            finally:
                await owner.close()


if __name__ == "__main__":
    FILE.write_text(asyncio.run(_made()), encoding="utf-8")
