"""Start, watch, mend and stop the ledger's own PostgreSQL.

    async with Postgres(folder) as postgres:
        pool = await asyncpg.create_pool(postgres.url("socai_service"))

It dies with this process, however this process dies (see `launch`). If it dies alone it is started
again, on the same address; after too many failures in a row it is given up, loudly: `until_lost`.
Close your pools before leaving the block.
"""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import asyncpg

from events.rules import value
from service.postgres import binaries
from service.postgres.account import Account
from service.postgres.cluster import DATABASE, Cluster
from service.postgres.faults import PostgresError, PostgresLostError, PostgresStartError
from service.postgres.leftovers import clear
from service.postgres.lock import FolderLock
from service.postgres.postmaster import Postmaster

STEADY_S = 60.0
"""Up for so long, and earlier failures are forgotten: they were not in a row."""
PROGRESS_S = 5.0
"""How often a wait that may be long says that it still waits."""
CONNECT_S = 5.0
_log = logging.getLogger(__name__)


class NoticeKind(Enum):
    """What a notice is about, and how loud it is in the log."""

    WAITING = "waiting"
    READY = "ready"
    STOPPED = "stopped"
    DIED = "died"
    GIVEN_UP = "given up"

    @property
    def level(self) -> int:
        """Its level in the log."""
        loud = {NoticeKind.DIED: logging.ERROR, NoticeKind.GIVEN_UP: logging.CRITICAL}
        return loud.get(self, logging.INFO)


@value
class Notice:
    """Something about PostgreSQL that a person may want to read."""

    kind: NoticeKind
    text: str


class Postgres:
    """The ledger's own PostgreSQL, in one folder. `no_sync` is for tests: no fsync."""

    port: int

    def __init__(
        self,
        folder: Path,
        *,
        no_sync: bool = False,
        failures_max: int = 5,
        stop_s: float = 30.0,
        on_notice: Callable[[Notice], None] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._no_sync, self._failures_max, self._stop_s = no_sync, failures_max, stop_s
        self._on_notice = on_notice
        self._lock: FolderLock | None = None
        self._cluster: Cluster | None = None
        self._postmaster: Postmaster | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._lost_error: PostgresLostError | None = None

    @property
    def pid(self) -> int:
        """The server's process id; another one after each restart."""
        if self._postmaster is None:
            raise PostgresError("PostgreSQL has not been started.")
        return self._postmaster.pid

    @property
    def log(self) -> Path:
        """The file in which the server says what it does."""
        return self.folder / "postgres.log"

    def url(self, role: str, database: str = DATABASE) -> str:
        """Where and as whom to connect. It stays the same when the server is restarted."""
        if self._cluster is None:
            raise PostgresError("PostgreSQL has not been started.")
        password = self._cluster.password(role)
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def announce(self, url: str) -> None:
        """Write down where the service can be found, for whoever starts a second one."""
        if self._lock is not None:
            self._lock.announce(url)

    async def start(self) -> None:
        """Hold the folder, make the cluster if there is none, and be ready for connections."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FolderLock.hold(self.folder)
        try:
            account = Account.current()
            found = await asyncio.to_thread(binaries.find, account)
            self._cluster = Cluster(self.folder, found, account, self._no_sync)
            await clear(self._cluster.pgdata, self._stop_s, self._say_waiting)
            await asyncio.to_thread(self._cluster.prepare)
            await self._launch_first(self._cluster)
        except BaseException:
            await self.stop()
            raise
        self._lock.announce(f"postgresql://127.0.0.1:{self.port}/{DATABASE}")
        self._watcher = asyncio.create_task(self._watch(self._cluster), name="postgres watcher")

    async def stop(self) -> None:
        """Shut down fast; immediately after the deadline; reap it and give the folder back."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait({self._watcher})
            self._watcher = None
        if self._postmaster is not None and not self._postmaster.exited.done():
            await self._end(self._postmaster)
            self._say(NoticeKind.STOPPED, "PostgreSQL has stopped.")
        self._postmaster = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    async def until_lost(self) -> NoReturn:
        """Wait for ever; raise `PostgresLostError` when it is given up. Await it while serving."""
        await self._lost.wait()
        raise self._lost_error or PostgresError("PostgreSQL is no longer watched; see the log.")

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _launch_first(self, cluster: Cluster) -> None:
        """Start on a free port; on another one if somebody took it before the server did."""
        for _ in range(3):
            self.port = _free_port()
            try:
                return await self._launch(cluster)
            except PostgresStartError:
                if _is_free(self.port):
                    raise
        raise PostgresError("No TCP port of 127.0.0.1 stays free long enough to be taken.")

    async def _launch(self, cluster: Cluster) -> None:
        await clear(cluster.pgdata, self._stop_s, self._say_waiting)
        self._postmaster = Postmaster(cluster, self.port)
        await self._until_ready(cluster, self._postmaster)
        self._say(NoticeKind.READY, f"PostgreSQL is ready: pid {self.pid}, port {self.port}.")

    async def _until_ready(self, cluster: Cluster, server: Postmaster) -> None:
        """Ready is when it lets us in. Recovery after a crash may take as long as it takes."""
        began = told = time.monotonic()
        gone = asyncio.wrap_future(server.exited)
        while not await self._answers_before(gone, cluster):
            if gone.done():
                raise PostgresStartError("starting", self.log, server.said())
            now = time.monotonic()
            if now - told >= PROGRESS_S:
                told = now
                self._say_waiting(f"PostgreSQL is recovering, {now - began:.0f} s so far.")
            await asyncio.sleep(0.02 if now - began < 1 else 0.2)

    async def _answers_before(self, gone: asyncio.Future[int], cluster: Cluster) -> bool:
        """Whether it lets us in. If it died, whoever took its port may leave us waiting."""
        answer = asyncio.ensure_future(self._answers(cluster))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            return answer.done() and not gone.done() and answer.result()
        finally:
            answer.cancel()

    async def _answers(self, cluster: Cluster) -> bool:
        url = self.url("postgres", "postgres")
        try:
            connection = await asyncpg.connect(url, timeout=CONNECT_S, ssl=False)
        except asyncpg.TooManyConnectionsError:
            return True  # so many came back already
        except asyncpg.InvalidPasswordError as error:
            passwords = cluster.folder / "passwords"
            raise PostgresError(f"PostgreSQL refuses the password in {passwords}.") from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        connection.terminate()
        return True

    async def _watch(self, cluster: Cluster) -> None:
        failures = 0
        try:
            while self._postmaster is not None and not self._lost.is_set():
                ready_at = time.monotonic()
                code = await asyncio.wrap_future(self._postmaster.exited)
                failures = 0 if time.monotonic() - ready_at > STEADY_S else failures
                why = f"PostgreSQL (pid {self.pid}) {_ended(code)}"
                failures = await self._mend(cluster, failures + 1, why)
        except Exception:
            self._lost.set()  # a watcher that has failed watches nothing: whoever waits must know
            raise

    async def _mend(self, cluster: Cluster, failures: int, why: str) -> int:
        """Start it again; the number of failures in a row, or give up."""
        while failures < self._failures_max:
            self._say(NoticeKind.DIED, f"{why}. It is started again (failure {failures}).")
            try:
                await asyncio.sleep(min(0.1 * 2 ** (failures - 1), 5.0) if failures > 1 else 0)
                await self._launch(cluster)
            except (PostgresError, OSError) as error:
                failures, why = failures + 1, str(error)
            else:
                return failures
        self._lost_error = PostgresLostError(failures, self.log, why)
        self._say(NoticeKind.GIVEN_UP, str(self._lost_error))
        self._lost.set()
        return failures

    async def _end(self, server: Postmaster) -> None:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not server.exited.done():
                server.signal(number)
            done = asyncio.wrap_future(server.exited)
            with suppress(TimeoutError):
                await asyncio.wait_for(done, None if number == signal.SIGKILL else self._stop_s)
                return
            self._say_waiting(f"PostgreSQL does not stop on {number.name} within {self._stop_s} s.")

    def _say_waiting(self, text: str) -> None:
        self._say(NoticeKind.WAITING, text)

    def _say(self, kind: NoticeKind, text: str) -> None:
        _log.log(kind.level, "%s", text)
        if self._on_notice is not None:
            self._on_notice(Notice(kind=kind, text=text))


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"left with code {code}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False
