"""The HTTP port: taken before anything else starts, so that a taken one is said at once."""

import errno
import socket
from pathlib import Path

TCP_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LISTENING = "0A"
"""The state of a listening socket in the kernel's table."""


class PortTakenError(Exception):
    """Somebody else listens there. The message says who, and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Take the port. Early callers wait in its queue until the service is ready."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        # Two sockets may both bind where neither listens; only listening settles whose it is.
        taken.listen(0)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(_sentence(host, port)) from None
        if error.errno in {errno.EADDRNOTAVAIL, errno.EACCES}:
            raise PortTakenError(f"cannot listen on {host}:{port}: {error.strerror}") from None
        raise
    taken.set_inheritable(True)
    return taken


def url(taken: socket.socket) -> str:
    """Where the service is to be found, as typed into a browser."""
    host, port = taken.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _sentence(host: str, port: int) -> str:
    who = _holder(port)
    held = f"by {who}" if who else "by another process"
    return f"port {port} on {host} is taken {held}; choose another with --port, or --port 0 for any"


def _holder(port: int) -> str | None:
    """The process that listens on `port`, as far as this user may see; Linux only."""
    inodes = {f"socket:[{inode}]" for inode in _listening(port)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(fd.readlink()) in inodes for fd in (process / "fd").iterdir()):
                name = (process / "comm").read_text(encoding="utf-8").strip()
                return f"{name} (process {process.name})"
        except OSError:
            continue  # ended meanwhile, or another user's
    return None


def _listening(port: int) -> list[str]:
    found: list[str] = []
    for table in TCP_TABLES:
        if not table.exists():
            continue
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            cells = line.split()
            if cells[3] == LISTENING and int(cells[1].rpartition(":")[2], 16) == port:
                found.append(cells[9])
    return found
