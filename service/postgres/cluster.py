"""What is made once in an empty folder, and what is written before every start.

    DIR/lock            who holds the folder
    DIR/passwords       0600, in the form of PGPASSFILE: a random one for each role
    DIR/postgres.log    what the server says
    DIR/postgres/       the data, mode 0700, of the user the server runs as

Four roles log in, all by SCRAM over 127.0.0.1, none by `trust`: `postgres` (superuser),
`socai_owner` (owns the database and the log, runs migrations), `socai_service` (what the running
service is) and `socai_signer` (reads the log and keeps its seal). Nobody logs in as `socai_vault`,
which owns what is known of persons; a migration gives it that, and for this the owner may become
it.

TCP and not a socket file: one address serves every client, worker and tool; a socket's path may
have 107 bytes, which a folder of a test or of a deep home exceeds; and a socket that our own user
and the server's user may both enter would need a folder of its own somewhere else. SCRAM keeps the
other users of the machine out, as a 0700 folder would.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from service.postgres.account import Account, environment, name_of
from service.postgres.binaries import Binaries
from service.postgres.faults import FolderOwnerError, OtherVersionError, PostgresStartError

DATABASE = "socai"
ROLES = ("postgres", "socai_owner", "socai_service", "socai_signer")
NO_SYNC = ("-c", "fsync=off", "-c", "full_page_writes=off")
"""For tests only: a power cut would destroy the folder. A `kill -9` loses nothing, because commits
are still handed to the kernel: synchronous_commit stays on."""

LOG_BYTES_MAX = 16 * 2**20
"""A longer log is put aside at the next start; only one is kept so."""

_BUILTIN_LOCALE_SINCE = 17
_CONFIGURATION = """\
# Written by socai before every start. Your own settings: ALTER SYSTEM, which is read after this.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 200

synchronous_commit = on                      # an acknowledged command is on the disk
idle_in_transaction_session_timeout = '60s'  # a stopped client cannot hold a lock for ever
tcp_keepalives_idle = 60
client_connection_check_interval = '10s'     # nor go on computing for one that has gone

shared_buffers = '256MB'                     # a laptop's share
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'                         # a seeded million of events in few checkpoints
checkpoint_timeout = '15min'
random_page_cost = 1.1                       # flash, not a turning disk
jit = off                                    # compiling costs more than our short statements take

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
log_statement = 'ddl'
log_parameter_max_length = 0                 # a parameter may be somebody's name
log_parameter_max_length_on_error = 0
"""
_ACCESS = """\
# Written by socai before every start. Nobody comes in without a password.
# TYPE  DATABASE  USER  ADDRESS       METHOD
host    all       all   127.0.0.1/32  scram-sha-256
"""
VAULT = """\
CREATE ROLE socai_vault NOLOGIN;
GRANT socai_vault TO socai_owner WITH INHERIT FALSE;
"""
SIGNER = """\
CREATE ROLE socai_signer LOGIN;
GRANT CONNECT ON DATABASE socai TO socai_signer;
"""
"""Younger than the other roles: made later in clusters that are older."""
_IN_POSTGRES = f"""\
CREATE ROLE socai_owner LOGIN;
CREATE ROLE socai_service LOGIN;
{VAULT}\
CREATE DATABASE socai OWNER socai_owner;
REVOKE ALL ON DATABASE socai, postgres, template1 FROM PUBLIC;
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE socai TO socai_service;
{SIGNER}\
"""
_IN_SOCAI = """\
REVOKE ALL ON SCHEMA public FROM PUBLIC;
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder, the programs that serve it, and the user they run as."""

    folder: Path
    binaries: Binaries
    account: Account
    no_sync: bool = False

    @property
    def pgdata(self) -> Path:
        """The folder of the data: PGDATA."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "postgres.log"

    def prepare(self) -> None:
        """Make the cluster if the folder is empty; check it and configure it in any case."""
        if not self.pgdata.exists():
            self._make()
        self._check()
        self._complete_roles()
        _replace(self.pgdata / "socai.conf", _CONFIGURATION, 0o644)
        _replace(self.pgdata / "pg_hba.conf", _ACCESS, 0o644)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))

    def password(self, role: str) -> str:
        """The random password of a role."""
        for line in (self.folder / "passwords").read_text().splitlines():
            *_, name, password = line.split(":")
            if name == role:
                return password
        raise KeyError(role)

    def place(self, data: Path) -> str:
        """How to name the data folder to a program that is started in it."""
        return self.account.folder or str(data)

    def _make(self) -> None:
        # Beside its place, renamed when whole: a kill in the middle leaves no half of a cluster.
        for left in self.folder.glob("postgres.new.*"):
            shutil.rmtree(left)
        data = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=self.folder))
        if not self.account.is_ours:
            os.chown(data, self.account.uid, self.account.gid)
        self._initdb(data)
        _replace(data / "socai.conf", _CONFIGURATION, 0o644)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'socai.conf'\n")
        self._single_user(data, "postgres", _IN_POSTGRES)
        self._single_user(data, DATABASE, _IN_SOCAI)
        self._give_passwords(data)
        data.rename(self.pgdata)
        _sync(self.folder)

    def _complete_roles(self) -> None:
        """Every role has its password; a folder of an older version lacks the younger roles."""
        path = self.folder / "passwords"
        lines = path.read_text().splitlines() if path.exists() else []
        known = {line.split(":")[3] for line in lines}
        if known and "socai_signer" not in known:
            self._single_user(self.pgdata, "postgres", SIGNER)
        if not set(ROLES) <= known:
            self._give_passwords(self.pgdata)

    def _initdb(self, data: Path) -> None:
        builtin = self.binaries.major >= _BUILTIN_LOCALE_SINCE
        # The same order of texts on every machine, whatever the LANG of whoever starts it.
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if builtin else ["--locale=C"]
        arguments = ["-D", self.place(data), "-U", "postgres", "-E", "UTF8", *locale]
        # Nobody comes in until `prepare` has written who may.
        arguments += ["--data-checksums", "--auth-local=reject", "--auth-host=reject"]
        arguments += ["--no-instructions"]
        arguments += ["--no-sync"] if self.no_sync else []
        self._run(data, "initdb", arguments, said="", doing="making its data folder")

    def _give_passwords(self, data: Path) -> None:
        passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        statements = [f"ALTER ROLE {role} PASSWORD '{word}';" for role, word in passwords.items()]
        self._single_user(data, "postgres", "\n".join(statements) + "\n")
        lines = [f"127.0.0.1:*:*:{role}:{word}\n" for role, word in passwords.items()]
        _replace(self.folder / "passwords", "".join(lines), 0o600)

    def _single_user(self, data: Path, database: str, statements: str) -> None:
        """Run one statement a line without a server: nobody can connect before passwords are."""
        arguments = ["--single", "-D", self.place(data), "-c", "exit_on_error=true"]
        arguments += ["-c", "log_statement=none", *(NO_SYNC if self.no_sync else ()), database]
        self._run(data, "postgres", arguments, said=statements, doing="making its roles")

    def _run(self, data: Path, name: str, arguments: list[str], *, said: str, doing: str) -> None:
        command = self.account.command(self.binaries.program(name), arguments)
        ran = subprocess.run(
            command, input=said, capture_output=True, text=True, check=False, cwd=data,
            env=environment(), start_new_session=True,
        )  # fmt: skip
        if ran.returncode != 0:
            raise PostgresStartError(doing, self.log, last_lines(ran.stderr or ran.stdout))

    def _check(self) -> None:
        owner = self.pgdata.stat().st_uid
        if owner != self.account.uid:
            wanted = name_of(self.account.uid)
            raise FolderOwnerError(self.pgdata, owner=name_of(owner), wanted=wanted)
        written_by = int((self.pgdata / "PG_VERSION").read_text())
        if written_by != self.binaries.major:
            raise OtherVersionError(
                self.pgdata, written_by=written_by, binaries=self.binaries.major
            )


def last_lines(text: str, count: int = 3) -> str:
    """The end of a log, on one line."""
    return " | ".join(line.strip() for line in text.strip().splitlines()[-count:])


def _replace(path: Path, text: str, mode: int) -> None:
    """Write a whole file or nothing, following no link that the folder's owner may have left."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    Path(name).replace(path)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
