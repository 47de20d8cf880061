"""The ledger's own PostgreSQL: started with the service, gone with the service.

Read in this order: `supervisor` (start, watch, mend, stop), `postmaster` (one server process),
`launch` (the last steps before it), `leftovers` (what an earlier one left), `cluster` (what is made
once in an empty folder), `binaries` and `account` (what is run, and as whom), `lock` (who holds the
folder), `version` (is another's server new enough), `faults` (what can go wrong).

Why not the wheel's own `get_server()`: it leaves the server behind when the service is killed, runs
it without passwords, and as root opens every parent folder to everybody. We take only its binaries.
"""

from service.postgres.cluster import VAULT
from service.postgres.faults import (
    FolderHeldError,
    FolderOwnerError,
    NoBinariesError,
    OtherVersionError,
    PostgresError,
    PostgresLostError,
    PostgresStartError,
    ServerTooOldError,
)
from service.postgres.supervisor import Notice, NoticeKind, Postgres
from service.postgres.version import server_version_check

__all__ = [
    "VAULT",
    "FolderHeldError",
    "FolderOwnerError",
    "NoBinariesError",
    "Notice",
    "NoticeKind",
    "OtherVersionError",
    "Postgres",
    "PostgresError",
    "PostgresLostError",
    "PostgresStartError",
    "ServerTooOldError",
    "server_version_check",
]
