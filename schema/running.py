"""The parts of the running service that the graph reaches; `service/runtime.py` is one."""

import asyncio
from typing import Protocol

from asyncpg import Pool

from events.ledger import Ledger
from events.log import Log
from events.seal.newest import Newest
from projections.projector import Projector
from schema.access.door import Door
from schema.feed.feed import Feed


class Running(Protocol):
    """The parts of the running service that the graph reaches."""

    @property
    def reads(self) -> Pool:
        """Connections that may only read, and only for so long."""
        ...

    @property
    def log(self) -> Log:
        """The log."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Who carries out commands."""
        ...

    @property
    def feed(self) -> Feed:
        """What those follow who follow the log."""
        ...

    @property
    def projector(self) -> Projector:
        """Who keeps the read models."""
        ...

    @property
    def newest(self) -> Newest:
        """Who knows the newest checkpoint."""
        ...

    @property
    def door(self) -> Door:
        """Who knows the callers."""
        ...

    @property
    def closing(self) -> asyncio.Event:
        """Set when whoever is connected has to go."""
        ...
