"""The ledger that all contestants are asked about, in a PostgreSQL of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import asyncpg

from benchmarks.query.questions import POSITION, Samples, Variables
from service.postgres import Postgres

ROOT = Path(__file__).parents[2]
VIEWS = Path(__file__).parent / "postgraphile" / "views.sql"
FACILITIES, SCHEMES, COMMITMENTS = 5_000, 200, 50_000
SAMPLES_MAX = 400
DRAWN: Mapping[str, LiteralString] = {
    "facility": """
        SELECT facility_id AS facility
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_to = 'infinity'
        GROUP BY facility_id
        ORDER BY md5(facility_id)
        LIMIT $2
    """,
    "commitment": """
        SELECT scheme_id AS scheme, commitment_id AS commitment
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_to = 'infinity'
        ORDER BY md5(commitment_id)
        LIMIT $2
    """,
    "scheme": """
        SELECT scheme_id AS scheme
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_to = 'infinity'
        GROUP BY scheme_id
        ORDER BY md5(scheme_id)
        LIMIT $2
    """,
    "province": """
        SELECT DISTINCT province_code AS province
        FROM model.facility
        WHERE since <= $1 AND until > $1
        LIMIT $2
    """,
    "sector": """
        SELECT DISTINCT sector_group AS sector
        FROM model.facility
        WHERE since <= $1 AND until > $1
        LIMIT $2
    """,
}
"""What variables are drawn from; everything in them stood already at half of the log."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A filled database, and what may be asked of it."""

    url: str
    events: int
    half: int
    """The position in the middle of the log, for questions about another moment."""
    samples: Samples


async def filled(postgres: Postgres, scale: float) -> Ledger:
    """Make the ledger if it is not there: commands, read models, statistics, the peer's views."""
    url, owner = postgres.url("socai_service"), postgres.url("socai_owner")
    known = {"SOCAI_DATABASE_URL": url, "SOCAI_MIGRATE_URL": owner}
    sizes = [str(max(round(scale * each), 1)) for each in (FACILITIES, SCHEMES, COMMITMENTS)]
    root = await asyncpg.connect(postgres.url("postgres"))
    try:
        await root.execute("DROP SCHEMA IF EXISTS peer CASCADE")
        _socai(known, "migrate", "apply")
        if await root.fetchval("SELECT position FROM ledger.head") == 0:
            _socai(known, "seed", "load", "--fund", *sizes)
        # Of a ledger that was kept, too: its read models may be those of another version.
        _socai(known, "rebuild")
        await root.execute("VACUUM ANALYZE")
        await root.execute(VIEWS.read_text(encoding="utf-8"))
        return await _drawn(root, url)
    finally:
        await root.close()


def with_position(variables: Variables, position: int | None) -> Variables:
    """The same variables, for a question about another moment."""
    return variables if position is None else {**variables, POSITION: position}


async def _drawn(root: "asyncpg.Connection[asyncpg.Record]", url: str) -> Ledger:
    events = int(await root.fetchval("SELECT position FROM model.moment"))
    half = events // 2
    samples: dict[str, list[Variables]] = {"nothing": [{}]}
    for name, statement in DRAWN.items():
        rows = await root.fetch(statement, half, SAMPLES_MAX)
        samples[name] = [dict(row) for row in rows]
        assert samples[name], f"no {name} stood at position {half}"
    return Ledger(url=url, events=events, half=half, samples=samples)


def _socai(known: Mapping[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "service", *command],
        cwd=ROOT,
        env={**os.environ, **known},
        stdout=sys.stderr,
        check=True,
    )
