"""The ledger's own PostgreSQL on a bad day: kills of either side, leftovers, and a second start."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from service.postgres import (
    FolderHeldError,
    Postgres,
    PostgresLostError,
    PostgresStartError,
    binaries,
    leftovers,
    supervisor,
)
from service.postgres.account import Account
from service.postgres.cluster import Cluster
from service.postgres.lock import FolderLock
from service.postgres.postmaster import Postmaster
from service.postgres.supervisor import Notice, NoticeKind

HOLDER = Path(__file__).with_name("postgres_holder.py")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can do it, see launch.py")


@contextmanager
def holder(folder: Path, *arguments: str) -> Generator[dict[str, object]]:
    """A service in a process of its own, killed at the end if not before."""
    command = [sys.executable, str(HOLDER), str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        try:
            yield json.loads(service.stdout.readline())
        finally:
            service.kill()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that must come; the deadline is only for a test that has failed."""
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - it is the kernel that we wait for
            await asyncio.sleep(0.02)


def lives(pid: object) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def cluster_in(folder: Path) -> Cluster:
    """The stopped cluster in `folder`."""
    account = Account.current()
    return Cluster(folder, binaries.find(account), account, no_sync=True)


async def ask(url: str, question: str) -> object:
    """One value from a database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@ON_LINUX
async def test_killing_the_service_leaves_no_postmaster(folder: Path) -> None:
    with holder(folder) as found:
        assert lives(found["postmaster"])
        os.kill(int(str(found["service"])), signal.SIGKILL)
        await until(lambda: not lives(found["postmaster"]))


@ON_LINUX
async def test_after_a_kill_of_the_service_the_next_start_need_not_wait(folder: Path) -> None:
    """The old server may still be leaving: it is waited for, and what it acknowledged is there."""
    with holder(folder) as found:
        await ask(str(found["url"]), "CREATE SCHEMA kept")
        os.kill(int(str(found["service"])), signal.SIGKILL)
    async with Postgres(folder, no_sync=True) as postgres:
        kept = "SELECT 'kept'::regnamespace::text"
        assert await ask(postgres.url("socai_service"), kept) == "kept"


async def test_a_killed_postmaster_is_started_again_on_the_same_address(folder: Path) -> None:
    notices: list[Notice] = []
    async with Postgres(folder, no_sync=True, on_notice=notices.append) as postgres:
        url, pid = postgres.url("socai_service"), postgres.pid
        await ask(url, "CREATE SCHEMA kept")
        os.kill(pid, signal.SIGKILL)
        await until(lambda: [each.kind for each in notices].count(NoticeKind.READY) == 2)
        assert await ask(url, "SELECT 'kept'::regnamespace::text") == "kept"
        assert postgres.url("socai_service") == url
        assert postgres.pid != pid
    died = next(each for each in notices if each.kind is NoticeKind.DIED)
    assert f"PostgreSQL (pid {pid}) was killed by SIGKILL" in died.text
    assert "It is started again (failure 1)." in died.text


@ON_LINUX
async def test_a_busy_child_of_a_killed_postmaster_delays_no_restart(folder: Path) -> None:
    """It computes, so it does not look up and see that its parent has died."""
    notices: list[Notice] = []
    async with Postgres(folder, no_sync=True, on_notice=notices.append) as postgres:
        connection = await asyncpg.connect(postgres.url("socai_service"))
        busy = asyncio.ensure_future(connection.execute("DO 'BEGIN LOOP NULL; END LOOP; END'"))
        child = connection.get_server_pid()
        await until(lambda: "DO" in Path(f"/proc/{child}/cmdline").read_text())
        os.kill(postgres.pid, signal.SIGKILL)
        await until(lambda: [each.kind for each in notices].count(NoticeKind.READY) == 2)
        assert not lives(child)
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await busy
        connection.terminate()


async def test_a_server_that_does_not_come_back_is_given_up_loudly(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notices: list[Notice] = []
    async with Postgres(folder, no_sync=True, failures_max=3, on_notice=notices.append) as postgres:
        (folder / "postgres" / "socai.conf").write_text("no_such_setting = on\n")
        os.kill(postgres.pid, signal.SIGKILL)
        with pytest.raises(PostgresLostError, match="3 times in a row and is given up"):
            await postgres.until_lost()
    assert [each.kind for each in notices].count(NoticeKind.DIED) == 2
    assert "no_such_setting" in notices[-1].text
    assert caplog.records[-1].levelname == "CRITICAL"


async def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    cluster = cluster_in(folder)
    with (cluster.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = 'a lot'\n")
    with pytest.raises(PostgresStartError, match=r"failed while starting .*shared_buffers"):
        await Postgres(folder, no_sync=True).start()
    with (cluster.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = '128MB'\n")
    async with Postgres(folder, no_sync=True) as mended:  # the folder was given back
        assert await ask(mended.url("socai_service"), "SELECT 1") == 1


async def test_a_port_taken_at_the_last_moment_is_no_hindrance(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        free = supervisor._free_port()
        chosen = iter([taken.getsockname()[1], free])
        monkeypatch.setattr(supervisor, "_free_port", lambda: next(chosen))
        async with Postgres(folder, no_sync=True) as postgres:
            assert postgres.port == free


def untouched(data: Path) -> None:
    """Leave the pid file as it is: the fault that `disown` mends."""
    assert data.exists()


def zombie(account: Account) -> subprocess.Popen[bytes]:
    """A dead process of the server's user that nobody has reaped."""
    ended = start(account.command(Path("/bin/true"), []))
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    return ended


async def sleeper(account: Account) -> subprocess.Popen[bytes]:
    """A living process of the server's user that is no server."""
    other = start(account.command(Path("/bin/sleep"), ["1000"]))
    await until(lambda: Path(f"/proc/{other.pid}/comm").read_text() == "sleep\n")
    return other


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """A process that outlives the call."""
    return subprocess.Popen(command)


@ON_LINUX
@pytest.mark.parametrize("is_dead", [True, False], ids=["a zombie", "another program"])
async def test_a_pid_file_that_names_no_server_blocks_no_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, is_dead: bool
) -> None:
    cluster = cluster_in(folder)
    account = cluster.account
    other = zombie(account) if is_dead else await sleeper(account)
    pid_file = cluster.pgdata / "postmaster.pid"
    pid_file.write_text(f"{other.pid}\n/data\n1\n5432\n\n127.0.0.1\n  1 1\nready\n")
    os.chown(pid_file, account.uid, account.gid)
    try:
        with monkeypatch.context() as teeth:
            teeth.setattr(leftovers, "disown", untouched)
            with pytest.raises(PostgresStartError, match=r'lock file "postmaster.pid" already'):
                await Postgres(folder, no_sync=True).start()
        async with Postgres(folder, no_sync=True) as postgres:
            assert await ask(postgres.url("socai_service"), "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


@ON_LINUX
async def test_an_earlier_server_without_a_service_is_asked_to_leave(folder: Path) -> None:
    cluster = cluster_in(folder)
    earlier = Postmaster(cluster, supervisor._free_port())
    await until(lambda: "ready to accept" in cluster.log.read_text().rpartition("starting")[2])
    notices: list[Notice] = []
    async with Postgres(folder, no_sync=True, on_notice=notices.append) as postgres:
        assert earlier.exited.result(timeout=60) == 0
        assert postgres.pid != earlier.pid
    assert f"An earlier PostgreSQL (pid {earlier.pid})" in notices[0].text


@ON_LINUX
async def test_a_server_that_does_not_listen_is_ended_and_reaped(folder: Path) -> None:
    async with Postgres(folder, no_sync=True, stop_s=0.05) as postgres:
        pid = postgres.pid
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ProcessLookupError):  # not even a zombie is left
        os.kill(pid, 0)


async def test_a_second_start_is_refused_with_who_holds_the_folder(folder: Path) -> None:
    with holder(folder, "http://127.0.0.1:8000") as found:
        with pytest.raises(FolderHeldError) as refused:
            await Postgres(folder).start()
        said = str(refused.value)
        assert f"{folder} is held by socai with pid {found['service']}, running since 20" in said
        assert said.endswith("at http://127.0.0.1:8000.")
        assert await ask(str(found["url"]), "SELECT 1") == 1  # and it was not disturbed


async def test_the_folder_is_held_by_a_living_service_and_not_by_a_file(folder: Path) -> None:
    with holder(folder) as found:
        os.kill(int(str(found["service"])), signal.SIGKILL)
    assert json.loads((folder / "lock").read_text())["pid"] == found["service"]
    async with Postgres(folder, no_sync=True):
        assert json.loads((folder / "lock").read_text())["pid"] == os.getpid()


def test_a_folder_can_be_held_without_a_server(tmp_path: Path) -> None:
    """By whoever removes what is in it: `demo --reset`."""
    with FolderLock.hold(tmp_path), pytest.raises(FolderHeldError):
        FolderLock.hold(tmp_path)
    FolderLock.hold(tmp_path).release()
