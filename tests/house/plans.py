"""Where PostgreSQL would have to read a growing table from end to end, by its own account.

Sequential scans are made as dear as they can be: where one remains, no index could have served. An
index that is walked from end to end, because it has the order but not the condition, is no better,
unless a limit stops the walk.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg

from projections.model import Model
from tests.house.statements import Statement

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Node: TypeAlias = Mapping[str, Any]

ROWS = 3_000
COLUMNS = """
    SELECT table_schema || '.' || table_name AS table, column_name AS name, data_type AS type
    FROM information_schema.columns AS c
    WHERE table_schema = 'model' AND EXISTS (
        SELECT 1 FROM information_schema.columns AS v
        WHERE v.table_schema = 'model' AND v.table_name = c.table_name AND v.column_name = 'until')
    ORDER BY 1, ordinal_position
"""
FILLING: Mapping[str, str] = {
    "until": "9223372036854775807",
    "valid_to": "'infinity'",
    "text": "'x' || n",
    "bigint": "n",
    "integer": "n",
    "smallint": "n % 100",
    "numeric": "n",
    "boolean": "false",
    "date": "date '2020-01-01' + n % 1000",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
    "ARRAY": "'{}'",
}
"""What a column is filled with: by its name, else by its type."""
EVENTS = """
    INSERT INTO ledger.event (position, body, event_id, stream, version, type,
        recorded_at, effective_on, budget_year, command_id)
    SELECT n, convert_to(json_build_object('id', id, 'stream', 'x-' || n, 'version', 1,
            'type', 'X', 'recordedAt', ledger.instant(now()), 'effectiveDate', '2020-01-01',
            'budgetYear', NULL, 'command', id)::text, 'UTF8'),
        id, 'x-' || n, 1, 'X', now(), date '2020-01-01', NULL, id
    FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, $1::integer) AS n) AS made
"""
GROWING = """
    SELECT table_schema || '.' || table_name
    FROM information_schema.columns
    WHERE table_schema = 'ledger' AND column_name IN ('position', 'first_position')
       OR table_schema = 'model' AND column_name IN ('since', 'position')
       OR table_schema = 'seal' AND column_name IN ('size', 'level')
    EXCEPT
    VALUES ('ledger.head'), ('model.moment'), ('model.projection'), ('seal.witness')
"""


@asynccontextmanager
async def prepared(superuser_url: str) -> AsyncIterator[Connection]:
    """A connection to a database with the log and every read model, filled with nonsense."""
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute("SET SESSION AUTHORIZATION socai_service")
        await connection.execute("CREATE SCHEMA IF NOT EXISTS model")
        model = Model()
        await model.create(connection)
        await model.index(connection)
        await connection.execute("RESET SESSION AUTHORIZATION")
        await _fill(connection)
        yield connection
    finally:
        await connection.close()


async def scanned(connection: Connection, found: Iterable[Statement]) -> list[str]:
    """The statements for which no index serves, each with the table that is read whole."""
    growing = {row[0] for row in await connection.fetch(GROWING)}
    await connection.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
    faults: list[str] = []
    for each in found:
        plan = await _explained(connection, each)
        read = {f"{node.get('Schema')}.{node.get('Relation Name')}" for node in _whole(plan)}
        faults += [f"{each.place}: {table}" for table in sorted(read & growing)]
    return faults


def _whole(plan: Node, *, limited: bool = False) -> Iterator[Node]:
    """Scans that go from end to end: of the table, or of an index that only gives the order."""
    limited = limited or plan["Node Type"] == "Limit"
    in_order = plan["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in plan
    if plan["Node Type"] == "Seq Scan" or (in_order and not limited):
        yield plan
    for below in plan.get("Plans", ()):
        yield from _whole(below, limited=limited)


async def _fill(connection: Connection) -> None:
    """So many rows that the planner has a reason to choose an index, and can see which one."""
    columns = await connection.fetch(COLUMNS)
    for table, group in groupby(columns, key=itemgetter("table")):
        values = ", ".join(FILLING.get(each["name"]) or FILLING[each["type"]] for each in group)
        await connection.execute(
            f"INSERT INTO {table} SELECT {values} FROM generate_series(1, {ROWS}) AS n"
        )
    await connection.execute("SET ROLE socai_appender")  # nobody else writes the log
    await connection.execute(EVENTS, ROWS)
    await connection.execute("RESET ROLE; ANALYZE")


async def _explained(connection: Connection, statement: Statement) -> Node:
    """The plan for any arguments, so that none can be folded away."""
    found = await connection.prepare(statement.text)
    nulls = ", ".join("NULL" for _ in found.get_parameters())
    await connection.execute(f"PREPARE asked AS {statement.text}")
    told = await connection.fetchval(
        f"EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE asked{f'({nulls})' if nulls else ''}"
    )
    await connection.execute("DEALLOCATE asked")
    return json.loads(told)[0]["Plan"]
