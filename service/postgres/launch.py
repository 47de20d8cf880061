"""Become PostgreSQL: the last steps before `exec`, in a small process of their own.

    python -I -S launch.py UID GID PARENT PROGRAM [ARGUMENT …]

It gives up root, asks the kernel to be stopped when its parent dies, and turns into PROGRAM.
Not a `preexec_fn`: that runs Python between fork and exec of a process with threads, which can
hang. It imports nothing of ours: it is run as a file, without our path, and starts in 20 ms.

The limit: only Linux has a parent-death signal. On macOS a `kill -9` of the service leaves the
server running, and the next start on the folder fails and names its pid, to be stopped by hand.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
CANNOT_RUN = 126
"""The shell's own code for "found, but may not be run"."""


def main(uid: int, gid: int, parent: int, command: list[str]) -> None:
    """Never returns: ends as `command`, or with exit code 126."""
    try:
        if uid != os.geteuid():
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # After setuid, because the kernel forgets the wish whenever the user changes.
        _die_with_parent(parent)
        os.execv(command[0], command)  # noqa: S606 - becoming another program is the point
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror} (as user {uid})\n")
        raise SystemExit(CANNOT_RUN) from None


def _die_with_parent(parent: int) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    # SIGINT is PostgreSQL's fast shutdown: roll back, write a checkpoint, leave.
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if os.getppid() != parent:  # it died before the wish was made
        raise SystemExit(CANNOT_RUN)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
