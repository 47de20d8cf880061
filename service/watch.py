"""The database is looked at at the start and every hour: whether it still refuses what it must.

Until it does, the process says that it is not ready, and the metric says so. It goes on answering:
what was recorded is still there to be read, and the hash tree says whether it is what it was.
With each look, what a process that died left in the vault is dropped.
"""

import asyncio
import logging
import time
from collections.abc import Sequence

import asyncpg

from events.guard import WINDOW, Drift, drift
from events.log import Log
from events.vault import Vault

EVERY_SECONDS = 3600.0
AGAIN_SECONDS = 60.0
"""After a look that the database did not answer, or that found something."""
_TEXT = """\
# HELP socai_guard_drift Things in the database that are not as the migrations made them.
# TYPE socai_guard_drift gauge
socai_guard_drift {}
# HELP socai_maintenance_open Whether a maintenance window is open.
# TYPE socai_maintenance_open gauge
socai_maintenance_open {}
# HELP socai_guard_looked_timestamp_seconds When the database was looked at last.
# TYPE socai_guard_looked_timestamp_seconds gauge
socai_guard_looked_timestamp_seconds {:.3f}
"""

_log = logging.getLogger("socai.guard")


class Watch:
    """What one process has seen of the database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.drift: Sequence[Drift] = ()
        """What is not as it should be, as of the last look."""
        self.windows: Sequence[Drift] = ()
        """The maintenance window that was open then: wanted, and recorded."""
        self.looked_at = 0.0
        """Unix time of it; 0: never yet."""

    async def look(self) -> None:
        """Look now."""
        found = await drift(self._pool)
        self.drift = [each for each in found if each.kind != WINDOW]
        self.windows = [each for each in found if each.kind == WINDOW]
        swept = await Vault(Log(self._pool)).sweep()
        if swept:
            _log.warning("dropped %d values of commands that were never carried out", swept)
        self.looked_at = time.time()
        for each in self.windows:
            _log.warning("the database may be changed: %s", each)
        for each in self.drift:
            _log.error("the database does not refuse what it must: %s", each)

    async def run(self) -> None:
        """Look again every hour, for ever; sooner while something is not as it should be."""
        is_seen = True
        while True:
            unusual = self.drift or self.windows or not is_seen
            await asyncio.sleep(AGAIN_SECONDS if unusual else EVERY_SECONDS)
            try:
                await self.look()
                is_seen = True
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                _log.warning("the database could not be looked at", exc_info=True)
                is_seen = False

    def text(self) -> str:
        """In the text format of Prometheus."""
        return _TEXT.format(len(self.drift), len(self.windows), self.looked_at)
