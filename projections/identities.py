"""The identities of the money (đẳng thức): what must be true whatever was recorded, in whole đồng.

    broken = await identities(pool, moments)       # () : all of them hold at every moment

Each is one statement over the read models as of a position ($1) and a day ($2), that finds what
breaks it. A line may be effective before what it belongs to is: then it has no balance yet, and a
payment that is taken back before its own day stands on that day in the commitment alone. That the
read models are what the log says is for others to show (`rebuild.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, LiteralString

from events.rules import value
from projections.balanced import ACCOUNTS, BALANCED, FREE, PLANS, PLEDGES
from projections.columns import INFINITY
from projections.database import PATIENCE_SECONDS, Pool

LINES: Final[LiteralString] = """
    WITH line AS (
        SELECT scheme_id, commitment_id,
               sum(amount) FILTER (WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION',
                   'REALLOCATION_OUT', 'REALLOCATION_IN')) AS granted,
               sum(amount) FILTER (WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')) AS paid
        FROM model.entry
        WHERE position <= $1 AND effective_on <= $2 AND commitment_id IS NOT NULL
        GROUP BY scheme_id, commitment_id
    ), balance AS (
        SELECT scheme_id, commitment_id, committed - taken_back AS granted,
               advanced + disbursed - reversed AS paid
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
    )
    SELECT coalesce(line.scheme_id, balance.scheme_id) || ' '
        || coalesce(line.commitment_id, balance.commitment_id)
    FROM line
    FULL JOIN balance USING (scheme_id, commitment_id)
    WHERE (coalesce(line.granted, 0), coalesce(line.paid, 0))
        IS DISTINCT FROM (balance.granted, balance.paid)
      AND (balance.scheme_id IS NOT NULL OR $2 = 'infinity')
    ORDER BY 1
    LIMIT 1
"""
PAYMENTS: Final[LiteralString] = """
    WITH paid AS (
        SELECT scheme_id, commitment_id, sum(amount) AS amount, sum(reversed) AS reversed
        FROM model.payment
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
        GROUP BY scheme_id, commitment_id
    )
    SELECT scheme_id || ' ' || commitment_id
    FROM paid
    FULL JOIN (
        SELECT scheme_id, commitment_id, advanced + disbursed AS amount, reversed
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
    ) AS balance USING (scheme_id, commitment_id)
    WHERE (coalesce(paid.amount, 0) IS DISTINCT FROM balance.amount
        OR coalesce(paid.reversed, 0) IS DISTINCT FROM balance.reversed
        AND ($2 = 'infinity' OR paid.reversed > balance.reversed))
      AND (balance.amount IS NOT NULL OR $2 = 'infinity')
    ORDER BY 1
    LIMIT 1
"""
CLAIMS: Final[LiteralString] = """
    WITH claim AS (
        SELECT scheme_id, commitment_id, sum(amount) AS claimed, sum(received) AS recovered,
               sum(written_off) AS written_off
        FROM model.recovery
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
        GROUP BY scheme_id, commitment_id
    ), balance AS (
        SELECT scheme_id, commitment_id, claimed, recovered, written_off
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_from <= $2
          AND (valid_to > $2 OR valid_to = 'infinity')
    )
    SELECT scheme_id || ' ' || commitment_id
    FROM claim
    FULL JOIN balance USING (scheme_id, commitment_id)
    WHERE (coalesce(claim.claimed, 0) IS DISTINCT FROM balance.claimed
        OR (coalesce(claim.recovered, 0), coalesce(claim.written_off, 0))
            IS DISTINCT FROM (balance.recovered, balance.written_off)
        AND ($2 = 'infinity' OR claim.recovered > balance.recovered
            OR claim.written_off > balance.written_off))
      AND (balance.scheme_id IS NOT NULL OR $2 = 'infinity')
    ORDER BY 1
    LIMIT 1
"""
PROMISED: Final[LiteralString] = """
    SELECT scheme_id || ' ' || commitment_id
    FROM model.commitment
    WHERE since <= $1 AND until > $1 AND valid_to = 'infinity' AND $2::date IS NOT NULL
      AND advanced + disbursed - reversed NOT BETWEEN 0 AND committed - taken_back
    ORDER BY 1
    LIMIT 1
"""
RECOVERED: Final[LiteralString] = """
    SELECT scheme_id || ' ' || commitment_id
    FROM model.commitment
    WHERE since <= $1 AND until > $1 AND valid_to = 'infinity' AND $2::date IS NOT NULL
      AND (recovered > advanced + disbursed - reversed OR recovered + written_off > claimed)
    ORDER BY 1
    LIMIT 1
"""
CEILINGS: Final[LiteralString] = """
    WITH promised AS (
        SELECT scheme_id, source, budget_year, sum(committed - taken_back) AS amount
        FROM model.commitment
        WHERE since <= $1 AND until > $1 AND valid_to = 'infinity' AND $2::date IS NOT NULL
        GROUP BY scheme_id, source, budget_year
    )
    SELECT scheme_id || ' ' || source || ' ' || budget_year
    FROM promised
    LEFT JOIN (
        SELECT scheme_id, source, budget_year, sum(amount) AS ceiling
        FROM (
            SELECT scheme_id, source, budget_year, amount
            FROM model.ceiling
            WHERE since <= $1 AND until > $1 AND valid_to = 'infinity'
            UNION ALL
            SELECT scheme_id, source, budget_year, amount FROM model.balance WHERE position <= $1
        ) AS line
        GROUP BY scheme_id, source, budget_year
    ) AS approved USING (scheme_id, source, budget_year)
    WHERE amount > coalesce(ceiling, 0)
    ORDER BY 1
    LIMIT 1
"""
SUMS: Final[LiteralString] = """
    WITH line AS (
        SELECT *
        FROM model.entry
        WHERE position <= $1 AND effective_on <= $2
    ), whole AS (
        SELECT coalesce(sum(amount), 0) AS amount FROM line
    ), part AS (
        SELECT 'province' AS name, sum(amount) AS amount
        FROM line
        JOIN model.province AS p ON (p.code, p.valid_from) = (line.province_code, province_from)
            AND p.since <= $1 AND p.until > $1
        UNION ALL
        SELECT 'sector', sum(amount) FROM line
        JOIN model.sector_group AS s ON s.code = line.sector_group
        UNION ALL
        SELECT 'scheme', sum(amount) FROM line
        JOIN model.scheme AS s ON s.scheme_id = line.scheme_id AND s.since <= $1 AND s.until > $1
            AND s.valid_to = 'infinity'
        UNION ALL
        SELECT 'facility', sum(amount) FROM line
        JOIN model.facility AS f ON f.facility_id = line.facility_id
            AND f.since <= $1 AND f.until > $1 AND f.valid_to = 'infinity'
        UNION ALL
        SELECT 'period', sum(amount) FROM line
        JOIN model.period AS p ON p.code = line.period
            AND p.since <= $1 AND p.until > $1 AND p.valid_to = 'infinity'
    )
    SELECT part.name
    FROM part, whole
    WHERE coalesce(part.amount, 0) <> whole.amount
    ORDER BY 1
    LIMIT 1
"""
RUNNING: Final[LiteralString] = """
    WITH line AS (
        SELECT period, province_code, province_from, sector_group,
               count(*) AS entries,
               coalesce(sum(amount) FILTER (WHERE kind = 'PLEDGE'), 0) AS counterpart,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION',
                       'REALLOCATION_OUT', 'REALLOCATION_IN')), 0) AS granted,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0) AS disbursed,
               coalesce(sum(amount) FILTER (WHERE kind = 'SETTLEMENT'), 0) AS settled
        FROM model.entry
        WHERE position <= $1 AND $2::date IS NOT NULL
        GROUP BY period, province_code, province_from, sector_group
    )
    SELECT period || ' ' || province_code || ' ' || sector_group
    FROM line
    FULL JOIN (
        SELECT *
        FROM model.tally
        WHERE since <= $1 AND until > $1
    ) AS told USING (period, province_code, province_from, sector_group)
    WHERE (line.entries, line.counterpart, line.granted, line.disbursed, line.settled)
        IS DISTINCT FROM
            (told.entry_count, told.counterpart, told.granted, told.disbursed, told.settled)
    ORDER BY 1
    LIMIT 1
"""
IDENTITIES: Mapping[str, LiteralString] = {
    "every commitment is the sum of its lines": LINES,
    "every commitment is paid by its payments": PAYMENTS,
    "what is claimed back of a commitment is the sum of its recoveries": CLAIMS,
    "committed = paid + undisbursed, neither below nothing": PROMISED,
    "no more is recovered than was paid and claimed": RECOVERED,
    "no ceiling is exceeded": CEILINGS,
    "sums by province, sector, scheme, facility and period are the whole": SUMS,
    "the trial balance is 0 in every source and budget year": BALANCED,
    "every commitment is what its accounts say: open, paid, settled and owed": ACCOUNTS,
    "every pledge = invested + still to invest": PLEDGES,
    "every ceiling = committed + free": FREE,
    "every plan = assigned + unassigned": PLANS,
    "every running total is the sum of its lines": RUNNING,
}
HEAD: Final[LiteralString] = """
    SELECT position
    FROM model.moment
"""
DAYS: Final[LiteralString] = """
    SELECT DISTINCT make_date(extract(year FROM effective_on)::integer, 12, 31) AS day
    FROM model.entry
    ORDER BY day
"""


@value
class Broken:
    """An identity that does not hold, where, and for what."""

    name: str
    position: int
    day: date
    subject: str

    def __str__(self) -> str:
        """As verification says it."""
        on = "" if self.day == INFINITY else f", {self.day}"
        return f"not so: {self.name}: {self.subject} at position {self.position}{on}"


async def moments(pool: Pool, pieces: int = 4) -> Sequence[tuple[int, date]]:
    """Pairs to try: some positions, each with no day and with the end of every year."""
    head = await pool.fetchval(HEAD) or 0
    days = [INFINITY, *(row[0] for row in await pool.fetch(DAYS, timeout=PATIENCE_SECONDS))]
    positions = sorted({head * piece // pieces for piece in range(1, pieces + 1)}, reverse=True)
    return [(position, day) for position in positions for day in days]


async def identities(pool: Pool, tried: Sequence[tuple[int, date]]) -> Sequence[Broken]:
    """Try every identity at every moment; the first subject of each that is broken."""
    broken: list[Broken] = []
    for name, statement in IDENTITIES.items():
        for position, day in tried:
            subject = await pool.fetchval(statement, position, day, timeout=PATIENCE_SECONDS)
            if subject is not None:
                broken.append(Broken(name=name, position=position, day=day, subject=subject))
                break
    return broken
