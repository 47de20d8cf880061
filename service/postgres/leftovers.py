"""What an earlier server may have left in the folder, and how it is cleared before a start.

We hold the folder's lock, so whatever still runs in it is nobody's. Linux only: elsewhere there is
no /proc to look into, PostgreSQL's own checks refuse the start, and the supervisor says so.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_NO_SUCH_PID = 2**31 - 2
"""Above every pid_max there is."""
_TELL_EVERY_S = 5.0


async def clear(data: Path, stop_s: float, say: Callable[[str], None]) -> None:
    """Wait until nothing of an earlier server lives, then let a new one start."""
    began = told = time.monotonic()
    while left := await asyncio.to_thread(living, data):
        now = time.monotonic()
        _ask_to_leave(data, left, is_late=now - began > stop_s)
        if told == began or now - told >= _TELL_EVERY_S:
            told = now
            say(f"An earlier PostgreSQL (pid {left[0]}) is still leaving {data}.")
        await asyncio.sleep(0.1)
    disown(data)


def _ask_to_leave(data: Path, left: list[int], *, is_late: bool) -> None:
    head = _written_pid(data)
    if head in left and not is_late:
        _send([head], signal.SIGINT)  # its children are its own to stop
    else:
        _send(left, signal.SIGQUIT)


def living(data: Path) -> list[int]:
    """Processes of a server that stood in this folder before us.

    A server whose service was killed may still be shutting down; a killed server's children may
    still be busy. A zombie does not live: it only waits for somebody to read how it ended.
    """
    found: list[int] = []
    if sys.platform != "linux":
        return found
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            is_postgres = (entry / "comm").read_text().startswith("postgres")
            is_zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if is_postgres and not is_zombie and (entry / "cwd").samefile(data):
                found.append(int(entry.name))
        except OSError:
            continue  # gone meanwhile, or another user's
    return found


def _send(pids: list[int], number: signal.Signals) -> None:
    """Signal processes that may be gone by now."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def disown(data: Path) -> None:
    """Let a new server start where `postmaster.pid` names a process that is not a living server.

    It may be a zombie that nobody reaps (a container whose first process does not), or another
    program that was given the same pid after a restart. PostgreSQL sees only "the pid exists" and
    refuses. The file is kept and only its pid is replaced: its other lines let PostgreSQL check
    that no child of the dead server still has the shared memory. Call it only when nothing is
    `living`.
    """
    path = data / "postmaster.pid"
    if sys.platform != "linux" or path.is_symlink() or not path.exists():
        return
    _, _, rest = path.read_text().partition("\n")
    owner = path.stat()
    staging = path.with_name("postmaster.pid.new")
    staging.unlink(missing_ok=True)
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{_NO_SUCH_PID}\n{rest}")
        if os.geteuid() == 0:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
    staging.replace(path)


def _written_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None
