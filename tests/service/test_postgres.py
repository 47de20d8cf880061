"""The ledger's own PostgreSQL on a quiet day: what it is, what it keeps, who may come in."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from service.postgres import (
    FolderOwnerError,
    OtherVersionError,
    Postgres,
    PostgresError,
    ServerTooOldError,
    server_version_check,
)
from service.postgres.cluster import LOG_BYTES_MAX, ROLES

IS_ROOT = os.geteuid() == 0


async def ask(url: str, question: str) -> object:
    """One value from a database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def process(pid: int, what: str) -> str:
    """What the kernel says of a process."""
    return Path(f"/proc/{pid}/{what}").read_text()


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_comes_in_without_the_password(cluster: Postgres, role: str) -> None:
    right = cluster.url(role)
    assert await ask(right, "SELECT current_user") == role
    wrong = right.replace(right.split(":")[2].partition("@")[0], "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(wrong)


async def test_every_way_in_asks_for_scram(cluster: Postgres) -> None:
    methods = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
    assert await ask(cluster.url("postgres"), methods) == ["scram-sha-256"]
    stored = "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin"
    assert await ask(cluster.url("postgres"), stored)


async def test_the_password_file_is_its_owners_and_any_client_can_use_it(cluster: Postgres) -> None:
    passwords = cluster.folder / "passwords"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
    connection = await asyncpg.connect(
        host="127.0.0.1", port=cluster.port, user="socai_service", database="socai",
        passfile=str(passwords),
    )  # fmt: skip
    await connection.close()


async def test_an_acknowledged_command_is_on_the_disk(folder: Path) -> None:
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "idle_in_transaction_session_timeout": "1min",
        "jit": "off",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "TimeZone": "UTC",
    }
    async with Postgres(folder) as postgres:
        connection = await asyncpg.connect(postgres.url("postgres"))
        found = {
            each: await connection.fetchval("SELECT current_setting($1)", each) for each in expected
        }
        await connection.close()
    assert found == expected


async def test_texts_have_the_same_order_on_every_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    monkeypatch.setenv("LC_COLLATE", "vi_VN.UTF-8")
    async with Postgres(tmp_path, no_sync=True) as postgres:
        locale = """
            SELECT datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding)
            FROM pg_database
            WHERE datname = 'socai'
        """
        assert await ask(postgres.url("postgres"), locale) == "b C.UTF-8 UTF8"


async def test_the_owner_owns_the_database_and_the_service_only_adds_schemas(
    cluster: Postgres,
) -> None:
    owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert await ask(cluster.url("socai_service"), owner) == "socai_owner"
    service = await asyncpg.connect(cluster.url("socai_service"))
    try:
        await service.execute("CREATE SCHEMA read_model")
        await service.execute("DROP SCHEMA read_model")
        for forbidden in (
            "CREATE ROLE intruder",
            "CREATE DATABASE other",
            "CREATE TABLE public.other (a int)",
            "ALTER DATABASE socai SET fsync = off",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(forbidden)
    finally:
        await service.close()
    powers = """
        SELECT bool_or(rolsuper OR rolcreaterole OR rolcreatedb)
        FROM pg_roles
        WHERE rolname LIKE 'socai%'
    """
    assert await ask(cluster.url("socai_owner"), powers) is False


async def test_data_and_passwords_are_kept_from_one_start_to_the_next(folder: Path) -> None:
    async with Postgres(folder, no_sync=True) as first:
        await ask(first.url("socai_owner"), "CREATE SCHEMA kept")
        passwords = (folder / "passwords").read_text()
    async with Postgres(folder, no_sync=True) as second:
        assert await ask(second.url("socai_owner"), "SELECT 'kept'::regnamespace::text") == "kept"
        assert (folder / "passwords").read_text() == passwords


async def test_lost_passwords_are_made_anew(folder: Path) -> None:
    async with Postgres(folder, no_sync=True) as first:
        old = first.url("postgres")
    (folder / "passwords").unlink()
    async with Postgres(folder, no_sync=True) as second:
        assert await ask(second.url("postgres"), "SELECT 1") == 1
        assert old.partition("@")[0] != second.url("postgres").partition("@")[0]


async def test_a_first_start_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new.half"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    async with Postgres(tmp_path, no_sync=True) as postgres:
        assert await ask(postgres.url("socai_service"), "SELECT 1") == 1
    assert not half.exists()


async def test_a_server_does_not_hear_the_terminal(cluster: Postgres) -> None:
    """Ctrl-C is for the service, which drains first and stops the server last."""
    assert os.getsid(cluster.pid) != os.getsid(0)


async def test_nothing_runs_after_the_block_and_the_folder_is_free(folder: Path) -> None:
    async with Postgres(folder, no_sync=True) as postgres:
        pid = postgres.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    async with Postgres(folder, no_sync=True) as again:
        assert again.pid != pid


async def test_data_of_another_major_version_is_refused(folder: Path) -> None:
    (folder / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(OtherVersionError, match=r"written by PostgreSQL 15 and cannot be read by"):
        await Postgres(folder).start()


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a folder to somebody else")
async def test_data_of_another_user_is_refused(folder: Path) -> None:
    os.chown(folder / "postgres", 4321, 4321)
    with pytest.raises(FolderOwnerError, match=r"belongs to uid 4321, but .* run as nobody"):
        await Postgres(folder).start()


async def test_a_folder_deeper_than_a_socket_may_lie_is_no_hindrance(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    async with Postgres(deep, no_sync=True) as postgres:
        assert await ask(postgres.url("socai_service"), "SELECT 1") == 1


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
async def test_the_server_sees_none_of_our_secrets(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCAI_KEY", "secret")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    async with Postgres(folder, no_sync=True) as postgres:
        seen = process(postgres.pid, "environ")
        assert "secret" not in seen
        assert "PGOPTIONS" not in seen
        assert postgres.url("postgres").split(":")[2].partition("@")[0] not in seen


async def test_a_link_left_in_the_data_is_replaced_and_never_followed(folder: Path) -> None:
    """Root writes the configuration into a folder of `nobody`, who may have left a trap."""
    precious = folder / "precious"
    precious.write_text("untouched")
    access = folder / "postgres" / "pg_hba.conf"
    access.unlink()
    access.symlink_to(precious)
    async with Postgres(folder, no_sync=True) as postgres:
        assert await ask(postgres.url("socai_service"), "SELECT 1") == 1
    assert precious.read_text() == "untouched"


async def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    with (tmp_path / "postgres.log").open("wb") as log:
        log.truncate(LOG_BYTES_MAX + 1)
    async with Postgres(tmp_path, no_sync=True) as postgres:
        assert postgres.log.stat().st_size < LOG_BYTES_MAX
    assert (tmp_path / "postgres.log.1").exists()


async def test_a_server_that_we_are_given_must_be_16_or_later(cluster: Postgres) -> None:
    connection = await asyncpg.connect(cluster.url("socai_service"))
    server_version_check(connection)
    await connection.close()
    old = SimpleNamespace(get_server_version=lambda: SimpleNamespace(major=15, minor=4))
    with pytest.raises(ServerTooOldError, match=r"names a PostgreSQL 15\.4, but Socai needs 16"):
        server_version_check(old)


async def test_there_is_no_address_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="has not been started"):
        Postgres(tmp_path).url("socai_service")
