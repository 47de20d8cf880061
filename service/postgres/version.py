"""Is the server that we were given new enough? Ours always is; SOCAI_DATABASE_URL may not be."""

from typing import Protocol

from service.postgres.faults import ServerTooOldError

OLDEST_MAJOR = 16
"""Older servers lack parts of SQL/JSON and the isolation of `CREATE` on schema public."""


class _Version(Protocol):
    @property
    def major(self) -> int: ...
    @property
    def minor(self) -> int: ...


class _Server(Protocol):
    def get_server_version(self) -> _Version: ...


def server_version_check(connection: _Server) -> None:
    """Refuse a server older than 16. Asks nothing: the server said its version on connecting."""
    version = connection.get_server_version()
    if version.major < OLDEST_MAJOR:
        raise ServerTooOldError(f"{version.major}.{version.minor}", OLDEST_MAJOR)
