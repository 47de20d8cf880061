"""A service for the tests to kill: holds a PostgreSQL, says where it is, and waits for ever.

python postgres_holder.py FOLDER [HTTP-URL]
"""

import asyncio
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from service.postgres import Postgres


async def main(folder: str, address: str = "") -> None:
    """Hold the folder until killed."""
    async with Postgres(Path(folder), no_sync=True) as postgres:
        if address:
            postgres.announce(address)
        url = postgres.url("socai_service")
        found = {"service": os.getpid(), "postmaster": postgres.pid, "url": url}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        await postgres.until_lost()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
