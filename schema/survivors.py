"""Facilities counted once each, however often they were registered (cơ sở trùng được gộp).

    survivors("SELECT DISTINCT b.facility_id FROM …")     # SQL: how many they are

What was merged into another is that other, which may have been merged into a third since. Nothing
is rewritten for it: money stays with the facility it was promised to, and only the count follows.
"""

from typing import LiteralString


def survivors(ids: LiteralString) -> LiteralString:
    """How many facilities there are behind these ids, as of the moment of the rows around."""
    return (
        "(WITH RECURSIVE one (id) AS (\n"
        + ids
        + """
            UNION
            SELECT m.merged_into
            FROM one
            JOIN model.facility AS m ON m.facility_id = one.id AND {at:m}
            WHERE m.merged_into IS NOT NULL
        )
        SELECT count(*)
        FROM one
        WHERE one.id IS NOT NULL AND NOT EXISTS (
            SELECT
            FROM model.facility AS m
            WHERE m.facility_id = one.id AND {at:m} AND m.merged_into IS NOT NULL))"""
    )
