"""A child process that leaves with its parent, however that ends."""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).parents[1]


def leave_with(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the parent dies, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the parent is gone")


def command(module: str, *arguments: str) -> list[str]:
    """The command line of `module.main`, whose arguments are whole numbers.

    Not `-m`: installed, our rooms are not on the path of a new interpreter.
    """
    program = (
        f"import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; "
        "main(*map(int, sys.argv[2:]))"
    )
    return [sys.executable, "-c", program, str(ROOT), *arguments]
