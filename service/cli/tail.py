"""`socai tail`: follow the log, from anywhere, and go on from there another time."""

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter

from events.log import Log, Stored
from service.cli.common import DataFolder, run, settings
from service.cli.events import line
from service.cli.output import say, text, write
from service.config import Config
from service.database import database
from service.pools import reading
from service.runtime import following


def tail(
    *,
    start: Annotated[
        int | None, Parameter(name="--from", help="After this position; default: the head.")
    ] = None,
    limit: Annotated[int | None, Parameter(help="Stop after so many events.")] = None,
    data: DataFolder = None,
    output: Annotated[
        Literal["plain", "ndjson"], Parameter(name=["--output", "-o"], help="How to print.")
    ] = "plain",
) -> None:
    """Print every event after a position, then each as it is recorded: once, in order.

    The last position is printed on stderr at the end: give it to --from to go on. With -o ndjson
    each line is the very bytes that were recorded.
    """
    reader = Reader(as_bytes=output == "ndjson", limit=limit)
    try:
        run(reader.follow(settings(data=data), start))
    finally:
        if reader.position is not None:
            say(f"last position {reader.position}; go on with: --from {reader.position}")


class Reader:
    """Whoever reads along, and how far he has come."""

    def __init__(self, *, as_bytes: bool, limit: int | None) -> None:
        self.position: int | None = None
        self._as_bytes, self._left = as_bytes, limit

    async def follow(self, config: Config, start: int | None) -> None:
        """Print until told to stop, or until there were as many as were asked for."""
        async with database(config, share=True) as found, reading(found.service_url, 2) as pool:
            log = Log(pool)
            self.position = (await log.head()).position if start is None else start
            say(f"following from position {self.position}")
            async with following(found.service_url, log) as follower:
                async for page in follower.follow(self.position):
                    self._print(page)
                    if self._left == 0:
                        return

    def _print(self, page: Sequence[Stored]) -> None:
        shown = page if self._left is None else page[: self._left]
        for event in shown:
            if self._as_bytes:
                write(event.body.decode())
            else:
                write("\t".join(text(each) for each in line(event.recorded).values()))
        self.position = shown[-1].position
        if self._left is not None:
            self._left -= len(shown)
