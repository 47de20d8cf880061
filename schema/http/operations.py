"""The operations that one connection carries side by side, each under the id its client gave it."""

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any

from schema.http.refusals import RefusedError, refusal

OPERATIONS_MAX = 20

_log = logging.getLogger("socai.graphql")


class Operations:
    """Tasks by id."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def __contains__(self, identity: str) -> bool:
        return identity in self._tasks

    @property
    def is_full(self) -> bool:
        """Whether the connection carries as many as it may."""
        return len(self._tasks) >= OPERATIONS_MAX

    def start(self, identity: str, work: Coroutine[Any, Any, None]) -> None:
        """Carry it out; the id is free again when it has ended."""
        task = self._tasks[identity] = asyncio.create_task(work)
        task.add_done_callback(partial(self._ended, identity))

    def stop(self, identity: str) -> None:
        """The client has had enough, or never knew of it: both are well."""
        task = self._tasks.pop(identity, None)
        if task is not None:
            task.cancel()

    def end(self) -> None:
        """Stop them all."""
        for identity in tuple(self._tasks):
            self.stop(identity)

    def _ended(self, identity: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(identity) is task:
            del self._tasks[identity]
        error = None if task.cancelled() else task.exception()
        # A client that has gone, or takes nothing, is found out by its connection.
        if error is not None and not isinstance(error, OSError | TimeoutError):
            _log.error("operation %s", identity, exc_info=error)


def too_many() -> RefusedError:
    """One connection, more operations than we carry."""
    return refusal(
        "TOO_MANY_OPERATIONS",
        f"One connection carries {OPERATIONS_MAX} operations.",
        f"Mỗi kết nối có tối đa {OPERATIONS_MAX} thao tác.",
        status=429,
        operationsMax=OPERATIONS_MAX,
    )
