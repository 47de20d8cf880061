"""Facilities counted once each, however often they were registered (cơ sở trùng được gộp).

    survivors("SELECT DISTINCT b.facility_id FROM …")     # SQL: how many they are

What was merged into another is that other, which may have been merged into a third since. Nothing
is rewritten for it: money stays with the facility it was promised to, and only the count follows.
"""

from typing import LiteralString

_MERGED: LiteralString = """LEFT JOIN LATERAL (
                SELECT m.merged_into
                FROM model.facility AS m
                WHERE m.facility_id = x.id AND {at:m}
                LIMIT 1
            ) AS m ON true"""


def survivors(ids: LiteralString) -> LiteralString:
    """How many facilities there are behind these ids, as of the moment of the rows around."""
    return (
        """(WITH RECURSIVE one (id, survivor) AS (
            SELECT x.id, m.merged_into
            FROM ("""
        + ids
        + """) AS x (id)
            """
        + _MERGED
        + """
            UNION
            SELECT x.id, m.merged_into
            FROM (SELECT survivor FROM one WHERE survivor IS NOT NULL) AS x (id)
            """
        + _MERGED
        + """
        )
        SELECT count(*)
        FROM one
        WHERE id IS NOT NULL AND survivor IS NULL)"""
    )
