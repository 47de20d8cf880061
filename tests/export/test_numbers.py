"""Whatever the format and the moment, a file adds up to what the screen and a replay say."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from events.log import Log
from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY
from projections.replay import replay
from service.cli import replay as replaying
from service.config import Config
from service.export.fund import opened
from service.runtime import running
from tests.export.files import TABULAR, Rows, exported, parts, read, wanted
from tests.histories import History
from tests.projections.reading import folded
from tests.schema.conftest import asker
from tests.schema.doors import opened as served

Sums = Counter[tuple[str, str, int]]
MOMENTS = ((1.0, None), (0.5, None), (1.0, date(2019, 6, 30)), (0.7, date(2025, 7, 1)))
"""How far into the log, and as of which day."""
TOTALS = """query ($at: Position!, $on: Date) { asOf(position: $at, effectiveOn: $on) {
    totals { grant counterpart disbursed settled entryCount } } }"""
SIDES = {
    "grant": {"COMMITMENT", "REDUCTION", "CANCELLATION", "REALLOCATION_OUT", "REALLOCATION_IN"},
    "counterpart": {"PLEDGE"},
    "disbursed": {"ADVANCE", "DISBURSEMENT", "REVERSAL"},
    "settled": {"SETTLEMENT"},
}


def sums(rows: Rows) -> Sums:
    found: Sums = Counter()
    for row in rows:
        found[row["kind"], row["source"], int(row["budget_year"])] += int(row["amount"])
    return found


def position_of(history: History, share: float) -> int:
    return int(len(history.recorded) * share)


async def recomputed(url: str, at: int, effective: date | None) -> Sums:
    """What `socai replay` adds up from the events alone."""
    config = Config.from_env({"SOCAI_DATABASE_URL": url})
    rows, _ = await replaying._replayed(config, str(at), effective or INFINITY)
    assert all(row["agrees"] for row in rows)
    lines = {(row["kind"], row["source"], row["budgetYear"]): row["fromEvents"] for row in rows}
    return Counter(lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_every_format_adds_up_to_what_a_replay_adds_up_to(
    url: str, history: History, tmp_path: Path, share: float, effective: date | None
) -> None:
    at = position_of(history, share)
    expected = await recomputed(url, at, effective)
    assert len(expected) > 5
    for form in TABULAR:
        file = await exported(url, form, wanted(at, "entry", effective))
        assert sums(read(form, file, "entry", tmp_path)) == expected, form
    for form in ("csv", "parquet"):
        file = parts(await exported(url, form, wanted(at, None, effective)))[f"entry.{form}"]
        assert sums(read(form, file, "entry", tmp_path)) == expected, form


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_a_file_adds_up_to_what_the_screen_shows(
    url: str, history: History, tmp_path: Path, share: float, effective: date | None
) -> None:
    at = position_of(history, share)
    file = await exported(url, "parquet", wanted(at, "entry", effective))
    rows = read("parquet", file, "entry", tmp_path)
    async with served(url) as runtime:
        on = effective.isoformat() if effective else None
        answer = await asker(runtime)(TOTALS, at=at, on=on)
    (shown,) = answer["data"]["asOf"]["totals"]
    assert shown.pop("entryCount") == len(rows) > 0
    assert {name: int(amount) for name, amount in shown.items()} == {
        side: sum(row["amount"] for row in rows if row["kind"] in kinds)
        for side, kinds in SIDES.items()
    }


async def test_the_log_as_a_file_adds_up_to_the_same(url: str, history: History) -> None:
    at = position_of(history, 0.6)
    file = await exported(url, "ndjson", wanted(at, everything=True))
    counts: Counter[replaying.Line] = Counter()
    found: Counter[replaying.Line] = Counter()
    for line in file.splitlines()[1:]:
        replaying._post(json.loads(line), INFINITY, counts, found)
    assert Counter({tuple(line): amount for line, amount in found.items()}) == await recomputed(
        url, at, None
    )


async def test_the_log_as_a_file_is_the_recorded_bytes(url: str, history: History) -> None:
    file = await exported(url, "ndjson", wanted(len(history.recorded), everything=True))
    first, *bodies = file.split(b"\n")
    async with running(url, projecting=False) as runtime:
        recorded = [body for _, body in await runtime.log.raw(0, 10_000)]
    assert [*recorded, b""] == bodies
    assert json.loads(first)["socai"]["position"] == len(recorded)


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_every_row_is_what_the_events_fold_to(
    url: str, history: History, share: float, effective: date | None
) -> None:
    at = position_of(history, share)
    async with running(url, projecting=False) as runtime:
        expected = folded(await replay(Log(runtime.pool), at, effective))
    async with opened(url, wanted(at, None, effective, everything=True)) as fund:
        for each in PROJECTIONS:
            rows = [row async for row in fund.rows(each)]
            assert sorted(rows, key=repr) == expected[each.name], each.name
            assert await fund.count(each) == len(rows)
            pages = [tuple(row) async for page in fund.pages(each) for row in page]
            assert len(pages) == len(rows)
            assert [row[0] for row in pages] == [row[0] for row in rows]
