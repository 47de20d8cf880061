"""Who holds the data folder: one socai at a time, and the others are told who.

A `flock`, because the kernel drops it when its holder dies, however it dies. The file's text is for
people: pid, since when, and the address that the holder wrote down.
"""

import fcntl
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from service.postgres.faults import FolderHeldError


class FolderLock:
    """The right to use one data folder, from `hold` until `release` or death."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self._folder, self._descriptor = folder, descriptor
        self._since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @classmethod
    def hold(cls, folder: Path) -> Self:
        """Take the folder, or raise `FolderHeldError` at once."""
        path = folder / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise _held(folder, path) from None
        held = cls(folder, descriptor)
        held.announce("")
        return held

    def announce(self, url: str) -> None:
        """Write down where the holder can be found, for whoever tries to start a second one."""
        note = {"pid": os.getpid(), "since": self._since, "url": url}
        # Overwritten in place: a lock belongs to the open file, a new file would carry none.
        text = json.dumps(note).encode() + b"\n"
        os.pwrite(self._descriptor, text, 0)
        os.ftruncate(self._descriptor, len(text))

    def release(self) -> None:
        """Give the folder back. Twice is once."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def _held(folder: Path, path: Path) -> FolderHeldError:
    try:
        note = json.loads(path.read_text())
    except (OSError, ValueError):
        note = dict[str, Any]()  # it has the lock but has not written its note yet
    return FolderHeldError(
        folder, pid=note.get("pid"), since=note.get("since", ""), url=note.get("url", "")
    )
