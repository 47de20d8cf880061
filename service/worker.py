"""One of several serving processes: started by `workers.py`, on a port its parent has taken."""

import ctypes
import os
import signal
import socket
import sys

import uvloop

from service.config import Config
from service.server import serve

_PR_SET_PDEATHSIG = 1


def main(descriptor: int, parent: int) -> None:
    """Serve until told to leave, or until the parent dies."""
    _leave_with(parent)
    config = Config.from_env(os.environ)
    if config.database_url is None:
        sys.exit("a worker is given SOCAI_DATABASE_URL by its parent")
    taken = socket.socket(fileno=descriptor)
    uvloop.run(serve(config.database_url, taken, config))


def _leave_with(parent: int) -> None:
    """Ask the kernel for a SIGTERM when the parent dies, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the parent is gone")
