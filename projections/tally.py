"""Running totals (số luỹ kế) of the account: what every cell came to after each of its entries.

A cell is a period, a province and a group of industries. Whatever is asked by these is a sum over
some hundred cells, however many entries there are. The totals are no read model of their own: they
are added up, by one statement, from the entries that were just written and in the same transaction.
So they stand where `entry` stands, and stop with it. They know no effective dates.
"""

from hashlib import sha256
from typing import LiteralString

import asyncpg

from projections.database import PATIENCE_SECONDS, Connection
from projections.tables import Table
from projections.writing import WriteRefusedError

NAME, SUMMED = "tally", "entry"
"""Its table, and the read model that it stands and stops with."""
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
      ON model.tally (period, province_code, province_from, sector_group, since);
    CREATE UNIQUE INDEX tally_head
      ON model.tally (period, province_code, province_from, sector_group)
      WHERE until = 9223372036854775807;
    ANALYZE model.tally
"""
ADD: LiteralString = """
    WITH added AS (
        SELECT period, province_code, province_from, sector_group,
               coalesce(sum(amount) FILTER (WHERE kind = 'PLEDGE') OVER cell, 0)
                   AS counterpart,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION')
               ) OVER cell, 0) AS granted,
               coalesce(sum(amount) FILTER (
                   WHERE kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')
               ) OVER cell, 0) AS disbursed,
               coalesce(sum(amount) FILTER (WHERE kind = 'SETTLEMENT') OVER cell, 0)
                   AS settled,
               count(*) OVER cell AS entry_count,
               position AS since,
               lead(position, 1, 9223372036854775807) OVER cell AS until
        FROM model.entry
        WHERE position > $1 AND position <= $2
        WINDOW cell AS (
            PARTITION BY period, province_code, province_from, sector_group
            ORDER BY position)
    ), stood AS (
        UPDATE model.tally AS t
        SET until = added.since
        FROM added
        WHERE added.entry_count = 1
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
"""
"""The entries after one position and up to another, on top of what stood at the first."""
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


async def follow(connection: Connection, table: Table, after: int, to: int) -> None:
    """Take in what was written to a read model between two positions, if it is the one summed."""
    if table.projection.name != SUMMED:
        return
    add = ADD.replace("model.", f"{table.schema}.")
    try:
        await connection.execute(add, after, to, timeout=PATIENCE_SECONDS)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        raise WriteRefusedError(table, error) from error


def fingerprint() -> str:
    """Of how it is made: part of the shape of the read model that it sums."""
    return sha256(f"{CREATE}{INDEX}{ADD}".encode()).hexdigest()[:16]
