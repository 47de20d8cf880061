"""PostgreSQL prepares every SQL statement of the product, and none reads a growing table whole.

Preparing checks tables, columns, types and arity. Here: the statements written out in the rooms
and those that declarations of read models become; `test_questions.py` has what is asked.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

import asyncpg
import pytest

from projections import tally
from projections.model import Model
from tests.house.plans import Connection, prepared, scanned
from tests.house.statements import STATEMENT, Statement, statements
from tests.house.tree import ROOMS, Source, python_files

WHOLE: Mapping[str, str] = {
    "projections/tables.py::at": "the replay compares every row as of a moment with the fold's",
    "projections/tables.py::digest": "a rebuild compares all of the old with all of the new",
    "projections/tally.py::ADD": "carries every cell forward; of entries it reads the new ones",
    "projections/tally.py::DIGEST": "as above, of the running totals",
    "events/seal/audit.py::STREAMS": "holds every stream against its events",
    "events/seal/audit.py::CHECKPOINTS": "verifies every checkpoint",
    "events/seal/audit.py::SUBTREES": "holds every kept hash against the events",
    "service/takeaway/snapshot.py::TIMESTAMPS": "takes every time stamp away",
    "projections/identities.py::LINES": "holds every commitment against its lines",
    "projections/identities.py::PAYMENTS": "holds every commitment against its payments",
    "projections/identities.py::PROMISED": "looks at every commitment",
    "projections/identities.py::CEILINGS": "as above",
    "projections/identities.py::SUMS": "adds up the whole account",
    "projections/identities.py::RUNNING": "as above, by cell",
    "projections/identities.py::DAYS": "finds the years of the account",
    "projections/pairs.py::CROSSING": "finds the entries of the account that came late",
    "projections/pairs.py::SPAN": "finds the first and the last day of the account",
    "service/cli/events.py::STATS": "counts the whole log, when a person asks for that",
}
"""Statements that read a growing table whole on purpose, each with its reason."""


def composed() -> Iterator[Statement]:
    """What `projections/tables.py` makes of each declaration."""
    for table in Model().tables.values():
        for name in vars(type(table)):
            text = getattr(table, name)
            if isinstance(text, str) and STATEMENT.match(text):
                yield Statement(f"projections/tables.py::{name} of {table.name}", text)


def declared(statement: Statement) -> str:
    """Where the statement is written, whatever table it is made for."""
    return statement.place.partition(" of ")[0]


EVERY = (*statements(python_files(*ROOMS)), *composed())


@pytest.fixture
async def connection(superuser_url: str) -> AsyncIterator[Connection]:
    async with prepared(superuser_url) as connected:
        yield connected


async def unprepared(connection: Connection, found: Iterable[Statement]) -> list[str]:
    """The statements that PostgreSQL does not understand, with what it says."""
    faults: list[str] = []
    for each in found:
        try:
            await connection.prepare(each.text)
        except asyncpg.PostgresError as error:
            faults.append(f"{each.place}: {str(error).splitlines()[0]}")
    return faults


def test_statements_are_found() -> None:
    assert len(EVERY) > 20


async def test_every_statement_is_prepared_by_postgres(connection: Connection) -> None:
    assert await unprepared(connection, EVERY) == []


async def test_no_statement_reads_a_growing_table_from_end_to_end(connection: Connection) -> None:
    watched = [each for each in EVERY if declared(each) not in WHOLE]
    assert await scanned(connection, watched) == []


async def test_adding_up_reads_the_new_entries_alone(connection: Connection) -> None:
    """Every cell is read, of which there are some hundred: it may have to be carried forward."""
    add = Statement("add", tally.ADD)
    assert await scanned(connection, [add]) == ["add: model.tally"]


def test_every_exception_still_exists() -> None:
    assert set(WHOLE) - {declared(each) for each in EVERY} == set()


async def test_a_misspelt_column_is_caught(connection: Connection) -> None:
    planted = Statement("a.py::READ", "SELECT bodi FROM ledger.event WHERE position > $1")
    assert await unprepared(connection, [planted]) == ['a.py::READ: column "bodi" does not exist']


async def test_a_scan_of_the_log_is_caught(connection: Connection) -> None:
    scan = Statement("a.py::SCAN", "SELECT position FROM ledger.event WHERE body = $1")
    seek = Statement("a.py::SEEK", "SELECT body FROM ledger.event WHERE position > $1")
    assert await scanned(connection, [scan, seek]) == ["a.py::SCAN: ledger.event"]


def test_literal_statements_are_found_wherever_they_stand() -> None:
    planted = Source(
        "a.py",
        '"""SELECT is a word of this docstring."""\n'
        'READ = """\n    SELECT 1\n"""\n'
        'on = {Fact: "INSERT INTO t VALUES (1)"}\n'
        'def ask() -> None:\n    fetch("DELETE FROM t")\n'
        'TEMPLATE = "SELECT {columns} FROM t"\n'
        'text = "Select a period"\n',
    )
    assert [each.place for each in statements([planted])] == ["a.py::READ", "a.py::on", "a.py::ask"]
