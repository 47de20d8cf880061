"""The identities of the money on real read models: they hold, and one changed row breaks them."""

from datetime import date
from random import Random

import asyncpg
import pytest

from events.log import Log
from projections.columns import INFINITY
from projections.identities import IDENTITIES, Broken, identities, moments
from projections.posting import posting
from projections.projector import Projector
from tests.histories import History, tell
from tests.projections.recording import record


def moves_all_money(history: History) -> bool:
    """Whether every fact that the accounts post is told of."""
    return posting.arms.keys() <= {type(each.fact) for each in history.recorded}


SEEDS = (14, *range(60))
"""A seed that tells of all money, and where to look for another when the moves are changed."""
HISTORY = next(filter(moves_all_money, (tell(Random(seed), 1_800) for seed in SEEDS)))
HEAD = len(HISTORY.recorded)
NOW = "until = 9223372036854775807 AND valid_to = 'infinity'"
FIRST = "ctid = (SELECT min(ctid) FROM model.{0} WHERE {1})"
(
    LINES,
    PAYMENTS,
    CLAIMS,
    PROMISED,
    RECOVERED,
    CEILINGS,
    SUMS,
    BALANCED,
    ACCOUNTS,
    PLEDGES,
    FREE,
    PLANS,
    RUNNING,
) = IDENTITIES
PROMISED_OF = (
    "(scheme_id, source, budget_year) IN (SELECT scheme_id, source, budget_year"
    f" FROM model.commitment WHERE {NOW} AND committed > taken_back)"
)
CHANGES = (
    ("commitment", "committed = committed + 1", NOW, LINES),
    ("commitment", "taken_back = taken_back + 1", NOW, LINES),
    ("commitment", "disbursed = disbursed + 1", NOW, LINES),
    ("entry", "amount = amount + 1", "kind = 'COMMITMENT'", LINES),
    ("entry", "amount = amount - 1", "kind = 'DISBURSEMENT'", LINES),
    ("payment", "amount = amount + 1", NOW, PAYMENTS),
    ("payment", "reversed = reversed + 1", NOW, PAYMENTS),
    ("recovery", "received = received + 1", NOW, CLAIMS),
    ("recovery", "amount = amount + 1", NOW, CLAIMS),
    ("commitment", "written_off = written_off + 1", NOW, CLAIMS),
    ("commitment", "recovered = advanced + disbursed + 1", NOW, RECOVERED),
    ("commitment", "reversed = advanced + disbursed + 1", NOW, PROMISED),
    ("commitment", "advanced = committed - taken_back + reversed + 1", NOW, PROMISED),
    ("ceiling", "amount = 0", f"{NOW} AND {PROMISED_OF}", CEILINGS),
    ("entry", "province_code = '00'", "amount > 0", SUMS),
    ("entry", "sector_group = '?'", "amount > 0", SUMS),
    ("entry", "scheme_id = 'none'", "amount > 0", SUMS),
    ("entry", "facility_id = 'none'", "amount > 0", SUMS),
    ("entry", "period = 'none'", "amount > 0", SUMS),
    ("posting", "debit = debit + 1", "account = 'SETTLED'", BALANCED),
    ("posting", "source = 'COUNTERPART'", "account = 'ADVANCED'", BALANCED),
    ("posting", "budget_year = budget_year - 1", "account = 'CEILING'", BALANCED),
    ("posting", "account = 'COMMITTED'", "account = 'DISBURSED'", ACCOUNTS),
    ("posting", "account = 'CEILING'", "account = 'COMMITTED'", ACCOUNTS),
    ("posting", "account = 'RECOVERED'", "account = 'RECOVERABLE'", ACCOUNTS),
    ("posting", "account = 'WRITTEN_OFF'", "account = 'RECOVERED'", ACCOUNTS),
    ("posting", "account = 'SETTLEMENT'", "account = 'SETTLED'", ACCOUNTS),
    ("posting", "account = 'PLEDGED'", "account = 'INVESTED'", PLEDGES),
    ("posting", "account = 'COUNTERPART'", "account = 'PLEDGED'", PLEDGES),
    ("entry", "kind = 'PLEDGE'", "kind = 'INVESTMENT'", PLEDGES),
    ("posting", "account = 'SETTLED'", "account = 'CEILING'", FREE),
    ("balance", "amount = amount + 1", "amount > 0", FREE),
    ("ceiling", "amount = amount + 1", NOW, FREE),
    ("plan", "amount = amount + 1", NOW, PLANS),
    ("plan", "assigned = assigned + 1", NOW, PLANS),
    ("posting", "account = 'BUDGET'", "account = 'ASSIGNED' AND debit > 0", PLANS),
    ("tally", "granted = granted + 1", "until = 9223372036854775807", RUNNING),
    ("tally", "settled = settled - 1", "until = 9223372036854775807", RUNNING),
    ("tally", "entry_count = entry_count - 1", "until = 9223372036854775807", RUNNING),
    ("entry", "amount = amount + 1", "kind = 'PLEDGE'", RUNNING),
)  # fmt: skip
"""Of a read model: what is changed in its first row that …, and which identity that breaks."""


@pytest.fixture
async def served(pool: asyncpg.Pool, superuser_url: str) -> None:
    await record(superuser_url, HISTORY.recorded)
    projector = Projector(pool, Log(pool))
    await projector.prepare()
    await projector.advance()


@pytest.mark.usefixtures("served")
async def test_they_hold_at_many_positions_and_on_many_days(pool: asyncpg.Pool) -> None:
    tried = await moments(pool, 20)
    positions, days = {at for at, _ in tried}, {day for _, day in tried}
    assert (len(positions), max(positions)) == (20, HEAD)
    assert INFINITY in days
    assert date(2019, 12, 31) in days
    assert await identities(pool, tried) == []
    for sums in ("SELECT count(*) FROM model.commitment", "SELECT count(*) FROM model.payment"):
        assert await pool.fetchval(sums) > 0


@pytest.mark.usefixtures("served")
async def test_one_changed_row_breaks_the_identity_that_is_about_it(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    root = await asyncpg.connect(superuser_url)
    await root.execute("SET event_triggers = off")
    at_head = [(HEAD, INFINITY)]
    for table, change, where, name in CHANGES:
        row = FIRST.format(table, where)
        await root.execute(f"CREATE TABLE public.kept AS SELECT * FROM model.{table} WHERE {row}")
        changed = await root.fetchrow(
            f"UPDATE model.{table} SET {change} WHERE {row} RETURNING *, ctid"
        )
        assert changed is not None, (table, change)
        broken = {each.name: each for each in await identities(pool, at_head)}
        assert name in broken, (table, change, broken)
        assert (broken[name].position, broken[name].day) == (HEAD, INFINITY)
        assert broken[name].subject == subject(broken[name], change, changed), change
        await root.execute(f"DELETE FROM model.{table} WHERE ctid = $1", changed["ctid"])
        await root.execute(f"INSERT INTO model.{table} SELECT * FROM public.kept")
        await root.execute("DROP TABLE public.kept")
        assert await identities(pool, at_head) == [], (table, change)
    await root.close()


def subject(broken: Broken, change: str, row: asyncpg.Record) -> str:
    """Whose identity it is, of the row that was changed."""
    if broken.name == SUMS:
        return change.split("_", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    columns = {
        CEILINGS: ("scheme_id", "source", "budget_year"),
        FREE: ("scheme_id", "source", "budget_year"),
        BALANCED: ("source", "budget_year"),
        PLANS: ("source", "budget_year"),
        PLEDGES: ("scheme_id", "budget_year"),
        RUNNING: ("period", "province_code", "sector_group"),
    }.get(broken.name, ("scheme_id", "commitment_id"))
    return " ".join(str(row[each]) for each in columns)


@pytest.mark.usefixtures("served")
async def test_what_was_untrue_on_one_day_in_the_past_alone_is_named_with_that_day(
    pool: asyncpg.Pool, superuser_url: str
) -> None:
    root = await asyncpg.connect(superuser_url)
    day = date(2019, 12, 31)
    changed = await root.fetchrow(
        "UPDATE model.commitment SET committed = committed + 1 WHERE ctid = ("
        "SELECT min(ctid) FROM model.commitment"
        " WHERE since <= $1 AND until > $1 AND valid_from <= $2 AND valid_to > $2"
        " AND valid_to < 'infinity') RETURNING *",
        HEAD,
        day,
    )
    await root.close()
    assert changed is not None
    broken = await identities(pool, await moments(pool))
    whose = f"{changed['scheme_id']} {changed['commitment_id']}"
    assert [(each.name, each.position, each.subject) for each in broken] == [
        (LINES, HEAD, whose),
        (ACCOUNTS, HEAD, whose),
    ]
    assert changed["valid_from"] <= broken[0].day < changed["valid_to"]
