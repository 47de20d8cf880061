"""Running totals (số luỹ kế) of the account: what every cell came to after each of its entries.

A cell is a period, a province and a group of industries. Whatever is asked by these is a sum over
some hundred cells, however many entries there are. As in a ledger of paper, every `CARRY` positions
all totals are carried forward (mang sang): so a reader of the past finds what stood at a position
between there and the last carry, in one piece of an index.

The totals are no read model of their own: they are added up, by one statement, from the entries
that were just written and in the same transaction. So they stand where `entry` stands, and stop
with it. They know no effective dates.
"""

from hashlib import sha256
from typing import LiteralString

import asyncpg

from projections.database import PATIENCE_SECONDS, Connection
from projections.tables import Table
from projections.writing import WriteRefusedError

NAME, SUMMED = "tally", "entry"
"""Its table, and the read model that it stands and stops with."""
CARRY = 2_000
"""Fewer make more rows, more make longer searches: here, a quarter more rows and 0.1 ms."""
CELL = ("period", "province_code", "province_from", "sector_group")

CREATE: LiteralString = """
    CREATE TABLE model.tally (
        period text COLLATE "C" NOT NULL,
        province_code text COLLATE "C" NOT NULL,
        province_from date NOT NULL,
        sector_group text COLLATE "C" NOT NULL,
        counterpart numeric NOT NULL,
        granted numeric NOT NULL,
        disbursed numeric NOT NULL,
        settled numeric NOT NULL,
        entry_count bigint NOT NULL,
        since bigint NOT NULL,
        until bigint NOT NULL
    )
"""
"""Money is numeric: a sum of many amounts may be more than a bigint holds."""
INDEX: LiteralString = """
    CREATE UNIQUE INDEX tally_key
      ON model.tally (since, period, province_code, province_from, sector_group);
    CREATE UNIQUE INDEX tally_head
      ON model.tally (period, province_code, province_from, sector_group)
      WHERE until = 9223372036854775807;
    ANALYZE model.tally
"""
ADD: LiteralString = """
    WITH line AS (
        SELECT period, province_code, province_from, sector_group, position, kind, amount
        FROM model.entry
        WHERE position > $1 AND position <= $2
    ), carried AS (
        SELECT period, province_code, province_from, sector_group, position
        FROM generate_series(($1 / $3 + 1) * $3, $2::bigint, $3::bigint) AS carry(position)
        CROSS JOIN (
            SELECT period, province_code, province_from, sector_group
            FROM model.tally
            WHERE until = 9223372036854775807
            UNION
            SELECT period, province_code, province_from, sector_group
            FROM line) AS known
    ), moved AS (
        SELECT period, province_code, province_from, sector_group, position,
               coalesce(sum(amount) FILTER (WHERE kind = 'PLEDGE'), 0) AS counterpart,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION',
                       'REALLOCATION_OUT', 'REALLOCATION_IN')), 0) AS granted,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0) AS disbursed,
               coalesce(sum(amount) FILTER (WHERE kind = 'SETTLEMENT'), 0) AS settled,
               count(kind) AS entry_count
        FROM (
            SELECT * FROM line
            UNION ALL
            SELECT carried.*, NULL, NULL FROM carried) AS each
        GROUP BY period, province_code, province_from, sector_group, position
    ), added AS (
        SELECT period, province_code, province_from, sector_group,
               sum(counterpart) OVER cell AS counterpart,
               sum(granted) OVER cell AS granted,
               sum(disbursed) OVER cell AS disbursed,
               sum(settled) OVER cell AS settled,
               sum(entry_count) OVER cell AS entry_count,
               position AS since,
               lead(position, 1, 9223372036854775807) OVER cell AS until,
               row_number() OVER cell AS nth
        FROM moved
        WINDOW cell AS (
            PARTITION BY period, province_code, province_from, sector_group
            ORDER BY position
            ROWS UNBOUNDED PRECEDING)
    ), stood AS (
        UPDATE model.tally AS t
        SET until = added.since
        FROM added
        WHERE added.nth = 1
          AND t.period = added.period
          AND t.province_code = added.province_code
          AND t.province_from = added.province_from
          AND t.sector_group = added.sector_group
          AND t.until = 9223372036854775807
        RETURNING t.*
    )
    INSERT INTO model.tally
    SELECT period, province_code, province_from, sector_group,
           coalesce(stood.counterpart, 0) + added.counterpart,
           coalesce(stood.granted, 0) + added.granted,
           coalesce(stood.disbursed, 0) + added.disbursed,
           coalesce(stood.settled, 0) + added.settled,
           coalesce(stood.entry_count, 0) + added.entry_count,
           added.since,
           added.until
    FROM added
    LEFT JOIN stood USING (period, province_code, province_from, sector_group)
    WHERE stood.entry_count > 0 OR added.entry_count > 0
"""
"""The entries after one position ($1) and up to another ($2), on top of what stood at the first;
and what is carried forward in between, every so often ($3). No cell is carried before its entries.
"""
DIGEST: LiteralString = """
    SELECT count(*) AS versions,
           coalesce(bit_xor(hash_record_extended(v, 0)), 0) AS mixed,
           coalesce(sum(hash_record_extended(v, 1)), 0)::text AS added
    FROM (SELECT period, province_code, province_from, sector_group,
                 counterpart, granted, disbursed, settled, entry_count, since,
                 CASE WHEN until > $1 THEN 9223372036854775807 ELSE until END AS until
          FROM model.tally
          WHERE since <= $1) AS v
"""
"""A fingerprint of every version as it stood at a position, as `Table.digest`."""


async def follow(
    connection: Connection, table: Table, after: int, to: int, *, has_grown: bool = True
) -> None:
    """A read model has come from one position to another: if it is the one summed, add it up."""
    if table.projection.name != SUMMED or to <= after:
        return
    if not has_grown and to // CARRY == after // CARRY:
        return  # most events are no postings, and there is no carry between
    add = ADD.replace("model.", f"{table.schema}.")
    try:
        await connection.execute(add, after, to, CARRY, timeout=PATIENCE_SECONDS)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        raise WriteRefusedError(table, error) from error


def fingerprint() -> str:
    """Of how it is made: part of the shape of the read model that it sums."""
    return sha256(f"{CREATE}{INDEX}{ADD}{CARRY}".encode()).hexdigest()[:16]
