"""A service for the tests to kill: appends without pause and says what was acknowledged.

python appending.py URL ROUND
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from events.appender import Appender
from tests.entries import entry

WRITERS = 16


async def main(url: str, round_: str) -> None:
    """Append until killed. A line is printed only after the acknowledgement."""

    async def write(appender: Appender, stream: str) -> None:
        version = 0
        while True:
            says = f"{stream}-{version}"
            placed = await appender.append(entry(stream, version, says))
            sys.stdout.write(f"{says} {placed.first}\n")
            sys.stdout.flush()
            version += 1

    async with Appender(url) as appender, asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(write(appender, f"period-r{round_}w{number}"))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
