"""Programs that nobody here wrote, installed once, and a real server for them to ask."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.service.command_line import Running, running

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
INSTALL_SECONDS_MAX = 300
RUN_SECONDS_MAX = 60
RESULT = re.compile(r"^(ok|not ok) \d+ - (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Report:
    """What a script's own tests said, in Node's TAP form."""

    passed: Sequence[str]
    failed: Sequence[str]
    said: str


Node = Callable[..., subprocess.CompletedProcess[str]]
Script = Callable[[str], Report]
Lacking = Callable[[str], NoReturn]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demo, with the evaluation in it, as a person runs it."""
    folder = tmp_path_factory.mktemp("clients")
    with running(folder, "demo", "--port", "0", "--data", str(folder / "ledger")) as started:
        started.ready()
        yield started


@pytest.fixture(scope="session")
def url(demo: Running) -> str:
    """Where it answers."""
    return f"{demo.url}/graphql"


@pytest.fixture(scope="session")
def key(demo: Running) -> str:
    """The key of somebody who may read everything, and gives commands: the approver."""
    return demo.key("approver")


@pytest.fixture(scope="session")
def lacking(request: pytest.FixtureRequest) -> Lacking:
    """Skip what cannot run here, and say so where it is seen. In CI nothing may be lacking."""
    terminal: Any = request.config.pluginmanager.getplugin("capturemanager")

    def skip(what: str) -> NoReturn:
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI the clients are always tested, but: {what}")
        with terminal.global_and_fixture_disabled():
            sys.stderr.write(f"\nClients are NOT TESTED: {what}\n")
        pytest.skip(what)

    return skip


@pytest.fixture(scope="session")
def node(lacking: Lacking) -> Node:
    """Run a program of Node in this folder, with what package.json names beside it."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            lacking(f"no {program} here; Debian's packages `nodejs npm` have it")
    fault = install()
    if fault:
        lacking(f"npm could not install them: {fault}")

    def run(*words: str | Path, cwd: Path = HERE) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node", *(str(word) for word in words)],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS_MAX,
        )

    return run


@pytest.fixture(scope="session")
def script(node: Node, url: str, key: str) -> Script:
    """Run a client against the server: what its tests said."""

    def told(name: str) -> Report:
        done = node("--test-reporter=tap", name, url, key)
        results = RESULT.findall(done.stdout)
        passed = [test for result, test in results if result == "ok"]
        failed = [test for result, test in results if result != "ok"]
        if done.returncode and not failed:
            failed = [f"it ended with {done.returncode}"]
        return Report(passed, failed, done.stdout + done.stderr)

    return told


def install() -> str | None:
    """Bring `node_modules` up to the lock file, unless it is; why it could not be done.

    Two processes that test side by side do it once.
    """
    with (HERE / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _installed()


def _installed() -> str | None:
    wanted = b"".join((HERE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    mark, seal = MODULES / ".installed", hashlib.sha256(wanted).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == seal:
        return None
    done = subprocess.run(
        ["npm", "ci", "--no-progress"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALL_SECONDS_MAX,
    )
    if done.returncode:
        return done.stderr.strip()[-500:]
    mark.write_text(seal, encoding="utf-8")
    return None
