"""Several serving processes on one port: started, watched, started again, told to leave.

The kernel hands each connection to whichever process accepts it first. Each has its own pool,
appender, projector and follower; the log's head row orders them. PostgreSQL, if it is ours, belongs
to the parent alone.
"""

import asyncio
import os
import signal
import socket
from asyncio.subprocess import Process

from service.config import Config
from service.parent import command

STEADY_SECONDS = 10.0
FAILURES_MAX = 5
PAUSE_SECONDS = 0.5


class WorkersLostError(Exception):
    """A serving process dies again and again."""


class Workers:
    """The processes, from `serve` until told to leave."""

    def __init__(self, config: Config, url: str, taken: socket.socket) -> None:
        self._config, self._url, self._taken = config, url, taken
        self._processes: set[Process] = set()
        self._leaving = False

    async def serve(self) -> None:
        """Keep as many processes as were asked for; return when all have left."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leave, number)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._config.workers):
                    group.create_task(self._keep())
        except* WorkersLostError as lost:
            raise lost.exceptions[0] from None
        finally:
            await self._end()

    async def _keep(self) -> None:
        """One place among the processes: whoever dies in it is replaced."""
        loop, failures = asyncio.get_running_loop(), 0
        while not self._leaving:
            began = loop.time()
            process = await self._start()
            self._processes.add(process)
            if self._leaving:  # told so while it started
                process.terminate()
            code = await process.wait()
            self._processes.discard(process)
            failures = 0 if loop.time() - began > STEADY_SECONDS else failures + 1
            if failures >= FAILURES_MAX and not self._leaving:
                raise WorkersLostError(
                    f"a serving process ended {failures} times in a row, last with code {code}"
                )
            await asyncio.sleep(0 if self._leaving else PAUSE_SECONDS)

    async def _start(self) -> Process:
        told = {
            **os.environ,
            **self._config.webhooks.variables(),
            "SOCAI_DATABASE_URL": self._url,
            "SOCAI_DRAIN_SECONDS": str(self._config.drain_seconds),
        }
        told.pop("SOCAI_DATABASE_URL_FILE", None)
        descriptor = self._taken.fileno()
        arguments = command("service.worker", str(descriptor), str(os.getpid()))
        return await asyncio.create_subprocess_exec(*arguments, pass_fds=[descriptor], env=told)

    def _leave(self, number: signal.Signals) -> None:
        self._leaving = True
        for process in self._processes:
            process.send_signal(number)

    async def _end(self) -> None:
        """Leave none behind, whatever ended the block."""
        for process in self._processes:
            process.terminate()
        for process in tuple(self._processes):
            await process.wait()
