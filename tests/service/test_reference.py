"""What the ledger ships with goes on record once, and changes no answer."""

import asyncpg

from events.advances import ADVANCE_RULES
from events.appender import Appender
from events.caps import CAPS
from events.eligibility import PLACES
from events.geography import PROVINCES
from events.ledger import Ledger
from events.log import Log
from events.mergers import GEOGRAPHY
from events.policy import ADVANCE_LIMITS, ELIGIBLE_PLACES, SECTOR_CODES, SUPPORT_CAPS
from events.sectors import CLASSIFICATIONS
from projections.projector import Projector
from service.cli.reference import recorded

ROWS = """
    SELECT (SELECT array_agg(p::text ORDER BY code, valid_from) FROM (
                SELECT code, valid_from, name, valid_to, successor_code
                FROM model.province WHERE until = 9223372036854775807) AS p),
           (SELECT array_agg(c::text ORDER BY subject, valid_from) FROM (
                SELECT subject, valid_from, cap, share_pct, valid_to
                FROM model.support_cap WHERE until = 9223372036854775807) AS c),
           (SELECT array_agg(l::text ORDER BY activity, valid_from) FROM (
                SELECT activity, valid_from, share_pct, needs_progress, certainty, valid_to
                FROM model.advance_limit WHERE until = 9223372036854775807) AS l),
           (SELECT array_agg(e::text ORDER BY subject, valid_from) FROM (
                SELECT subject, valid_from, years_since_commune, certainty, valid_to
                FROM model.eligible_place WHERE until = 9223372036854775807) AS e),
           (SELECT array_agg(s::text ORDER BY version, code) FROM (
                SELECT version, code, name, name_en, group_code
                FROM model.sector WHERE until = 9223372036854775807) AS s)
"""
LINES = len(PROVINCES) + len(CAPS) + len(ADVANCE_RULES) + len(PLACES) + len(CLASSIFICATIONS)
STREAMS = (GEOGRAPHY, SUPPORT_CAPS, ADVANCE_LIMITS, ELIGIBLE_PLACES, SECTOR_CODES)


async def test_the_same_twice_changes_nothing(database_url: str, pool: asyncpg.Pool) -> None:
    log, projector = Log(pool), Projector(pool, Log(pool))
    await projector.prepare()
    before = await pool.fetchrow(ROWS)
    async with Appender(database_url) as appender:
        ledger = Ledger(log, appender)
        assert await recorded(ledger, "lan") == LINES
        assert await recorded(ledger, "lan") == 0
    told = await log.streams(dict.fromkeys(STREAMS, 0))
    assert len(told) == LINES
    await projector.advance()
    assert await pool.fetchrow(ROWS) == before
