"""Write events/guard.json anew: how the migrations make the log's tables, on a fresh PostgreSQL."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from events.guard import FILE, state, written
from service.database import Database
from service.maintenance import migrated
from service.postgres import Postgres


async def _made() -> str:
    with TemporaryDirectory() as folder:
        async with Postgres(Path(folder)) as postgres:
            superuser = postgres.url("postgres")
            owner = postgres.url("socai_owner")
            await migrated(Database(service_url="", owner_url=owner, superuser_url=superuser))
            root = await asyncpg.connect(superuser)
            try:
                return written(await state(root))
            finally:
                await root.close()


if __name__ == "__main__":
    FILE.write_text(asyncio.run(_made()), encoding="utf-8")
