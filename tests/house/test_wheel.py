"""The wheel runs beside the packages of PyPI that bear the names of our rooms.

Installed flat, `schema`, `events` and `service` from PyPI would replace our own without a word.
Under its roof the wheel runs beside them, and removing them harms nothing.
"""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.cli.version import release
from tests.house.tree import ROOMS, ROOT

NAMESAKES = ("schema==0.7.8", "events==0.5", "service==0.6.0")
DOWNLOAD_SECONDS_MAX = 60
WHERE = "from importlib.util import find_spec; print(find_spec('{name}').origin)"
STAND_IN = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
"""


def run(*words: str | Path, check: bool = True, timeout: int = 120) -> str:
    """Run a program outside the repository, without its path; what it printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SOCAI_"))}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if check and done.returncode:
        pytest.fail(f"{words}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout if done.returncode == 0 else ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


class Environment:
    """A virtual environment that also sees the packages that the tests run on."""

    def __init__(self, folder: Path) -> None:
        run(sys.executable, "-m", "venv", "--without-pip", folder)
        self.bin = folder / "bin"
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "below.pth").write_text(f"{sysconfig.get_path('purelib')}\n")

    def install(self, *words: str | Path, check: bool = True) -> bool:
        pip = (sys.executable, "-m", "pip", "--python", self.bin / "python", "--no-input")
        told = (*pip, "install", "--no-deps", "--quiet", "--retries", "0", *words)
        try:
            return run(*told, "--report", "-", check=check, timeout=DOWNLOAD_SECONDS_MAX) != ""
        except subprocess.TimeoutExpired:
            return False

    def uninstall(self, *names: str) -> None:
        run(sys.executable, "-m", "pip", "--python", self.bin / "python", "uninstall", "-y", *names)

    def python(self, line: str) -> str:
        return run(self.bin / "python", "-c", line).strip()


def stand_ins(folder: Path) -> Sequence[Path]:
    """Wheels with the names and modules of the namesakes, for machines without a package index."""
    made = []
    for pinned in NAMESAKES:
        name, _, version = pinned.partition("==")
        inner = f"{name}-{version}.dist-info"
        made.append(folder / f"{name}-{version}-py3-none-any.whl")
        with zipfile.ZipFile(made[-1], "w") as file:
            file.writestr(f"{name}/__init__.py", "")
            file.writestr(f"{inner}/METADATA", STAND_IN.format(name=name, version=version))
            file.writestr(f"{inner}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            file.writestr(f"{inner}/RECORD", f"{name}/__init__.py,,\n{inner}/METADATA,,\n")
    return made


def test_the_wheel_holds_the_four_rooms_under_one_roof(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert tops == {"socai", f"socai-{release()}.dist-info"}
    assert {name.split("/")[1] for name in names if name.startswith("socai/")} == {
        "__main__.py",
        "examples",
        *ROOMS,
    }


def test_the_wheel_holds_every_committed_file_of_the_rooms(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    here = {
        f"socai/{path.relative_to(ROOT)}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - names == set()
    assert "socai/events/data/provinces.csv" in names
    assert any(name.startswith("socai/events/migrations/0001") for name in names)
    assert "socai/service/static/site/graphiql.html" in names


@pytest.mark.parametrize("kind", ["real", "stand-in"])
def test_the_wheel_runs_beside_its_namesakes(wheel: Path, tmp_path: Path, kind: str) -> None:
    environment = Environment(tmp_path / "venv")
    environment.install(wheel)
    before = run(environment.bin / "socai", "version")
    namesakes = NAMESAKES if kind == "real" else stand_ins(tmp_path)
    if not environment.install(*namesakes, check=kind == "stand-in"):
        pytest.skip("no package index at hand; the stand-ins are tested")

    for name in ("schema", "events", "service"):
        theirs = environment.python(WHERE.format(name=name))
        assert "socai" not in Path(theirs).relative_to(tmp_path).parts
    assert run(environment.bin / "socai", "version") == before
    assert run(environment.bin / "python", "-m", "socai", "version") == before
    assert release() in before

    environment.uninstall("schema", "events", "service")
    assert run(environment.bin / "socai", "version") == before
    assert environment.python("import socai.__main__ as m; print(m.main.__name__)") == "main"


def test_a_namesake_is_not_on_our_own_path() -> None:
    """In the repository the root comes first, so that ours are found."""
    for room in ROOMS:
        found = importlib.util.find_spec(room)
        assert found is not None
        assert Path(str(found.origin)).parent == ROOT / room
