"""One server process: launched, signalled and always reaped, by a thread that lives as long as it.

A thread of its own for two reasons. Linux sends the parent-death signal when the *thread* that
forked dies, so a worker of a pool will not do. And a thread that does nothing but wait notices a
death at once and leaves no zombie, whatever the event loop is busy with.
"""

import signal
import subprocess
import threading
from concurrent.futures import Future

from service.postgres.account import environment
from service.postgres.cluster import NO_SYNC, Cluster, last_lines


class Postmaster:
    """A running server."""

    def __init__(self, cluster: Cluster, port: int) -> None:
        self.port = port
        self.exited: Future[int] = Future()
        self.exited.set_running_or_notify_cancel()  # so that nobody who waits can cancel it
        self._cluster = cluster
        self._log_start = 0
        self._started: Future[subprocess.Popen[bytes]] = Future()
        threading.Thread(target=self._keep, name="postgres", daemon=True).start()
        self._server = self._started.result()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._server.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it was reaped already and its pid may be another's."""
        self._server.send_signal(number)

    def said(self) -> str:
        """The last lines it wrote to the log."""
        with self._cluster.log.open("rb") as log:
            log.seek(self._log_start)
            return last_lines(log.read().decode(errors="replace"))

    def _keep(self) -> None:
        try:
            server = self._launch()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the start
            self._started.set_exception(error)
            return
        self._started.set_result(server)
        self.exited.set_result(server.wait())

    def _launch(self) -> subprocess.Popen[bytes]:
        cluster = self._cluster
        data = cluster.pgdata
        arguments = ["-D", cluster.place(data), "-p", str(self.port)]
        arguments += NO_SYNC if cluster.no_sync else ()
        command = cluster.account.command(cluster.binaries.program("postgres"), arguments)
        with cluster.log.open("ab") as log:
            self._log_start = log.tell()
            # A session of its own: Ctrl-C in the terminal is ours to answer, after draining.
            return subprocess.Popen(
                command, cwd=data, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=environment(), start_new_session=True,
            )  # fmt: skip
