"""What the append benchmark runs beside ours, on the same server, each at its best."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

BODY_BYTES = 600
TABLE = """
    CREATE TABLE IF NOT EXISTS plain (
        position bigserial PRIMARY KEY,
        body     bytea NOT NULL,
        event_id uuid  NOT NULL UNIQUE,
        stream   text  NOT NULL,
        version  int   NOT NULL,
        UNIQUE (stream, version)
    )
"""
INSERT = """
\\set version random(1, 2000000000)
INSERT INTO plain (body, event_id, stream, version)
VALUES (
    decode(repeat('ab', :bytes), 'hex'), gen_random_uuid(),
    'scheme-' || gen_random_uuid()::text, :version
);
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run showed."""

    rate: float
    p50_ms: float
    p99_ms: float

    @classmethod
    def of(cls, waits: Sequence[float], seconds: float) -> "Sample":
        """From the time that each call took."""
        ordered = sorted(waits)
        return cls(
            rate=len(ordered) / seconds,
            p50_ms=1000 * ordered[len(ordered) // 2],
            p99_ms=1000 * ordered[int(len(ordered) * 0.99)],
        )


def pgbench(program: Path, url: str, callers: int, seconds: float) -> Sample:
    """One row per transaction, prepared, through a C client."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(INSERT)
        ran = subprocess.run(
            [
                *(program, "-n", "-M", "prepared", "-f", script, "-c", str(callers)),
                *(
                    "-D",
                    f"bytes={BODY_BYTES}",
                    "-j",
                    "2",
                    "-T",
                    str(max(1, round(seconds))),
                    "-l",
                    url,
                ),
            ],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
        )
        waits = [
            int(line.split()[2]) / 1e6
            for log in Path(folder).glob("pgbench_log*")
            for line in log.read_text().splitlines()
        ]
    rate = re.search(r"tps = ([\d.]+)", ran.stdout)
    assert rate is not None, ran.stdout
    return Sample.of(waits, len(waits) / float(rate[1]))


def eventsourcing(url: str, callers: int, seconds: float) -> Sample:
    """Its recorder, in its ordered mode, a thread and a connection for each caller."""
    to = urlsplit(url)
    store = PostgresDatastore(
        dbname=to.path[1:],
        host=str(to.hostname),
        port=str(to.port),
        user=str(to.username),
        password=str(to.password),
        pool_size=callers,
    )
    waits: list[float] = []
    try:
        recorder = PostgresApplicationRecorder(store, events_table_name="peer_events")
        recorder.create_table()
        end = time.perf_counter() + seconds

        def call(_: int) -> None:
            while time.perf_counter() < end:
                stream = uuid4()
                for version in range(10):
                    event = StoredEvent(stream, version, "funding:Committed", b"x" * BODY_BYTES)
                    began = time.perf_counter()
                    recorder.insert_events([event])
                    waits.append(time.perf_counter() - began)

        began = time.perf_counter()
        with ThreadPoolExecutor(callers) as threads:
            list(threads.map(call, range(callers)))
        return Sample.of(waits, time.perf_counter() - began)
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit("run benchmarks/append.py")
