"""A file is of one moment, says of which, and by which checkpoint."""

import asyncio
import json
from base64 import b64encode
from datetime import date
from io import BytesIO
from itertools import pairwise
from tempfile import NamedTemporaryFile
from typing import Any

import asyncpg
import duckdb
import pytest
from python_calamine import CalamineWorkbook

from events.seal.tree import Frontier, leaf_of
from projections.catalogue import PROJECTIONS
from projections.entry import entry
from projections.facility import facility
from projections.rebuild import CLOSE_THE_DOOR
from service.export import fund as reading
from service.export.formats import OF_ONE_TABLE, OF_THE_FUND, total, writer
from service.export.fund import ModelsBehindError, Wanted, named, opened
from service.export.moment import NOT_SEALED, Moment, provenance
from service.runtime import running
from service.seed import evaluation
from tests.export.conftest import SIZES, TOLD
from tests.export.files import RELEASE, TABULAR, exported, lines, parts, wanted
from tests.export.planted import planted
from tests.histories import History
from tests.projections.recording import record

HEAD, MIDDLE, DAY = len(TOLD), 90, date(2019, 6, 30)


async def test_the_checkpoint_is_the_least_that_covers_the_position_or_the_latest(
    sealed_url: str,
) -> None:
    first, last = SIZES
    expected = {0: first, first - 1: first, first: first, first + 1: last, last: last}
    for position, size in (expected | {last + 1: last, HEAD: last}).items():
        seal = (await moment(sealed_url, wanted(position))).checkpoint
        assert seal is not None
        assert seal.size == size, position


async def test_a_ledger_that_is_not_sealed_yet_has_no_checkpoint(database_url: str) -> None:
    async with running(database_url, projecting=False) as runtime:
        await runtime.projector.prepare()
    assert (await moment(database_url, wanted(0))).checkpoint is None


async def test_the_root_of_a_file_is_the_root_of_the_log_as_a_file(sealed_url: str) -> None:
    """RFC 6962 over the lines after the first, by whoever has the file and nothing else."""
    file = await exported(sealed_url, "ndjson", wanted(SIZES[0], everything=True))
    told, *bodies = file.splitlines()
    frontier = Frontier()
    for body in bodies:
        frontier.append(leaf_of(body))
    seal = json.loads(told)["socai"]["checkpoint"]
    assert (seal["size"], seal["root"]) == (SIZES[0], b64encode(frontier.root()).decode())
    assert seal["note"].split("\n")[2] == seal["root"]
    assert (
        f"checkpoint of {SIZES[0]} events, root {seal['root']}"
        in json.loads(told)["socai"]["statement"]
    )


async def test_a_file_says_which_day_it_is_kept_to(sealed_url: str) -> None:
    told = await moment(sealed_url, wanted(7, None, DAY))
    assert "position 7, in force on 2019-06-30; checkpoint of 10 events" in told.statement


async def moment(url: str, told: Wanted) -> Moment:
    async with opened(url, told) as fund:
        return fund.moment


def said_inside(form: str, table: str | None, file: bytes) -> dict[str, Any]:
    """What a file says of itself, found as a stranger finds it."""
    match form, table:
        case "ndjson", _:
            return json.loads(file.splitlines()[0])["socai"]
        case "csv" | "parquet", None:
            return json.loads(parts(file)["datapackage.json"])["socai"]
        case "csv", _:
            (size, root, at) = {
                (each["checkpoint_size"], each["checkpoint_root"], each["ledger_position"])
                for each in lines(file)
            }.pop()
            return {"position": int(at), "checkpoint": {"size": int(size), "root": root}}
        case "parquet", _:
            return _metadata(file)
        case _:
            rows = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
            known = {str(row[0]).rpartition(" · ")[2]: row[1] for row in rows}
            size, root = int(str(known["Checkpoint size"])), known["Checkpoint root"]
            found = {"size": size, "root": root, "note": known["Checkpoint"]}
            return {"position": int(str(known["Position"])), "checkpoint": found}


def _metadata(file: bytes) -> dict[str, Any]:
    with NamedTemporaryFile(suffix=".parquet") as place, duckdb.connect() as asked:
        place.write(file)
        place.flush()
        statement = f"SELECT value FROM parquet_kv_metadata('{place.name}') WHERE key = 'socai'"
        (value,) = asked.sql(statement).fetchall()[0]
    return json.loads(value)


@pytest.mark.parametrize(
    ("form", "table"),
    [(form, table) for form in TABULAR for table in (None, "organisation")],
)
async def test_every_file_says_inside_of_which_moment_it_is(
    sealed_url: str, form: str, table: str | None
) -> None:
    everything = OF_THE_FUND[form].is_whole and table is None
    file = await exported(sealed_url, form, wanted(12, table, everything=everything))
    told = said_inside(form, table, file)
    seal = (await moment(sealed_url, wanted(12))).checkpoint
    assert seal is not None
    assert told["position"] == 12
    assert told["checkpoint"].pop("note", seal.note).rstrip() == seal.note.rstrip()
    assert told["checkpoint"] == {"size": SIZES[1], "root": seal.root}


@pytest.mark.parametrize("form", OF_THE_FUND)
async def test_one_moment_is_one_file_byte_by_byte_whatever_the_page(
    url: str, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    told = wanted(MIDDLE, None, DAY, everything=True)
    first = await exported(url, form, told)
    monkeypatch.setattr(reading, "PAGE_ROWS", 3)
    assert await exported(url, form, told) == first


async def test_an_early_moment_is_what_a_file_said_at_the_time(database_url: str) -> None:
    """Whatever is recorded later changes no byte of it."""
    async with running(database_url) as runtime:
        await evaluation.record(runtime.ledger)
        head = (await runtime.log.head()).position
        await runtime.projector.wait_for(head, 60)
        early = await exported(database_url, "csv", wanted(head // 2))
        later = await exported(database_url, "csv", wanted(head))
    assert len(parts(early)["entry.csv"]) < len(parts(later)["entry.csv"])
    assert await exported(database_url, "csv", wanted(head // 2)) == early


async def test_what_is_recorded_meanwhile_is_in_no_part_of_the_file(
    superuser_url: str, database_url: str
) -> None:
    events = list(planted())
    await record(superuser_url, events[:8])
    async with running(database_url) as runtime:
        await runtime.projector.wait_for(8, 10)
        async with opened(database_url, wanted(8, everything=True)) as fund:
            before = await fund.count(facility)
            await record(superuser_url, events[8:])
            await runtime.projector.wait_for(len(events), 10)
            rows = [row async for row in fund.rows(facility)]
            assert len(rows) == before == 2
            assert not any(row.published for row in rows)
            assert [row async for row in fund.rows(entry)] == []


async def test_read_models_that_are_built_anew_wait_for_the_file(
    url: str, history: History
) -> None:
    """They take the place of the old when no file is made of these any more."""
    other = await asyncpg.connect(url)
    async with opened(url, wanted(len(history.recorded))):
        with pytest.raises(asyncpg.LockNotAvailableError):
            async with other.transaction():
                await other.execute(CLOSE_THE_DOOR)
    async with other.transaction():
        await other.execute(CLOSE_THE_DOOR)
    await other.close()


async def test_a_file_that_begins_while_the_door_is_closed_is_of_what_comes_after(
    superuser_url: str, database_url: str
) -> None:
    """Its snapshot is taken when the new read models stand there, not while it waits for them."""
    await record(superuser_url, planted())

    async with running(database_url, projecting=False) as runtime:
        await runtime.projector.prepare()
        await runtime.pool.execute("UPDATE model.moment SET position = 0")
        async with runtime.pool.acquire() as other, other.transaction():
            await other.execute(CLOSE_THE_DOOR)
            waiting = asyncio.create_task(moment(database_url, wanted(8)))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            await other.execute("UPDATE model.moment SET position = 8")
        assert (await waiting).position == 8


async def test_no_file_is_made_of_read_models_that_lag_or_stand_still(
    superuser_url: str, database_url: str
) -> None:
    async with running(database_url, projecting=False) as runtime:
        await runtime.projector.prepare()
        with pytest.raises(ModelsBehindError, match="position 1"):
            async with opened(database_url, wanted(1)):
                pass
        await record(superuser_url, planted())
        await runtime.projector.advance()
        await runtime.pool.execute("UPDATE model.moment SET stopped = '{entry}'")
    with pytest.raises(ModelsBehindError, match="entry"):
        async with opened(database_url, wanted(1)):
            pass
    async with opened(database_url, wanted(1, "facility")) as fund:
        assert fund.moment.position == 1  # what does not stand still is there


@pytest.mark.parametrize("form", ["ndjson", "csv"])
async def test_a_page_is_written_before_the_next_is_read(
    url: str, history: History, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """What makes memory flat: benchmarks/export.py measures it."""
    monkeypatch.setattr(reading, "PAGE_ROWS", 10)
    file, sizes = BytesIO(), list[tuple[int, int]]()
    async with opened(url, wanted(len(history.recorded), "entry")) as fund:
        await writer(OF_ONE_TABLE[form])(fund, file, lambda done: sizes.append((done, file.tell())))
    assert [done for done, _ in sizes[:-1]] == [10 * n for n in range(1, len(sizes))]
    assert all(before < after for (_, before), (_, after) in pairwise(sizes))


async def test_no_time_limit_of_a_request_ends_a_file(url: str) -> None:
    """Putting a workbook together takes minutes in which nothing is asked of the database."""
    async with opened(url, wanted(1)) as fund:
        for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
            assert await fund.connection.fetchval("SELECT current_setting($1)", name) == "0"
        for name, told in (("isolation", "repeatable read"), ("read_only", "on")):
            shown = await fund.connection.fetchval(f"SHOW transaction_{name}")
            assert shown == told


async def test_progress_ends_at_what_was_counted(url: str, history: History) -> None:
    for formats, table in ((OF_THE_FUND, None), (OF_ONE_TABLE, "entry")):
        for form in formats.values():
            told: list[int] = []
            async with opened(url, wanted(len(history.recorded), table, everything=True)) as fund:
                count = await total(form, fund)
                await writer(form)(fund, BytesIO(), told.append)
            assert told == sorted(told)
            assert told[-1] == count


def test_an_honest_file_says_that_nothing_is_sealed() -> None:
    told = Moment(position=0, recorded_at=None, effective=None, note=None, release=RELEASE)
    assert provenance(told)["checkpoint"] is None
    assert NOT_SEALED in told.statement


def test_a_read_model_is_found_by_its_name() -> None:
    assert [named(each.name) for each in PROJECTIONS] == list(PROJECTIONS)
    assert named("ledger.event") is None
