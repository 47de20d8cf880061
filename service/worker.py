"""One of several serving processes: started by `workers.py`, on a port its parent has taken."""

import os
import socket
import sys

import uvloop

from service.config import Config
from service.parent import leave_with
from service.server import serve


def main(descriptor: int, parent: int) -> None:
    """Serve until told to leave, or until the parent dies."""
    leave_with(parent)
    config = Config.from_env(os.environ)
    if config.database_url is None:
        sys.exit("a worker is given SOCAI_DATABASE_URL by its parent")
    taken = socket.socket(fileno=descriptor)
    uvloop.run(serve(config.database_url, taken, config))
