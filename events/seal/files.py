"""Files that must not be half written: a key, what was signed, what a witness has seen.

written(folder / "last-signed", note.encode(), 0o644)    # all of it or nothing
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.rules import LedgerError


class FolderBusyError(LedgerError):
    """Another program works with this folder."""


def written(path: Path, told: bytes, mode: int) -> None:
    """All of it or nothing, even if the power fails."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(told)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
    synced(path.parent)


def synced(path: Path) -> None:
    """A file, or the names in a folder, on the disk: what is there outlives the power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def held(folder: Path, who: str) -> Iterator[None]:
    """Alone with a folder, for the length of the block; its `lock` lies in it."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FolderBusyError(f"another {who} works with {folder}") from error
        yield
    finally:
        os.close(descriptor)
