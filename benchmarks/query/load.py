"""One measurement: `wrk` against one server for so long, and what it cost."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.query.usage import cpu_seconds

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of what `load.lua` reads."""

    path: str
    body: str = ""
    tag: str = ""
    """The ETag that the client has."""

    @property
    def line(self) -> str:
        """Method, path, ETag and body."""
        return f"{'POST' if self.body else 'GET'}\t{self.path}\t{self.tag}\t{self.body}\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one measurement showed, or the medians of several."""

    rate: float
    p50_ms: float
    p99_ms: float
    server_us: float
    """CPU of the server, for one request."""
    postgres_us: float
    """CPU of PostgreSQL, for one request."""
    errors: int

    @classmethod
    def of(cls, samples: "Sequence[Sample]") -> "Sample":
        """Medians."""
        return cls(
            rate=median(each.rate for each in samples),
            p50_ms=median(each.p50_ms for each in samples),
            p99_ms=median(each.p99_ms for each in samples),
            server_us=median(each.server_us for each in samples),
            postgres_us=median(each.postgres_us for each in samples),
            errors=sum(each.errors for each in samples),
        )


@dataclass(frozen=True, slots=True)
class Load:
    """How hard, how long, and whose CPU is counted."""

    seconds: int
    postgres: int
    """The process id of PostgreSQL."""

    def measure(
        self, port: int, server: int, connections: int, requests: Sequence[Request]
    ) -> Sample:
        """Ask one server for a while; `server` is its process id."""
        with tempfile.NamedTemporaryFile("w", suffix=".requests", encoding="utf-8") as file:
            file.writelines(each.line for each in requests)
            file.flush()
            before = cpu_seconds(server), cpu_seconds(self.postgres)
            found = _wrk(port, connections, self.seconds, file.name)
            after = cpu_seconds(server), cpu_seconds(self.postgres)
        answered = max(found["requests"], 1)
        return Sample(
            rate=found["requests"] / found["seconds"],
            p50_ms=found["p50_ms"],
            p99_ms=found["p99_ms"],
            server_us=(after[0] - before[0]) / answered * 1e6,
            postgres_us=(after[1] - before[1]) / answered * 1e6,
            errors=int(found["errors"]),
        )


def _wrk(port: int, connections: int, seconds: int, requests: str) -> dict[str, float]:
    command = [
        "wrk",
        "--threads=1",
        f"--connections={connections}",
        f"--duration={seconds}s",
        "--timeout=30s",
        f"--script={SCRIPT}",
        f"http://127.0.0.1:{port}/",
        "--",
        requests,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    told = next(line for line in ran.stdout.splitlines() if line.startswith("{"))
    found: dict[str, float] = json.loads(told)
    return found
