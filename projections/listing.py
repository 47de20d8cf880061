"""A table of reference data (danh mục): what it is made of, and how an event changes it.

    province = Listing("province", Province, "code, valid_from", start, rows, stream, evolve)

`rows` says all rows as the rules see them; a row is known from position `since` to `until`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from events.envelope import Recorded
from projections.columns import FOREVER, columns_of
from projections.projection import Row

S = TypeVar("S")
Event: TypeAlias = Recorded[Any]


@dataclass(frozen=True)
class Listing(Generic[S]):
    """One table, its key, and how its rows follow from what was recorded."""

    name: str
    row: type
    key: str
    start: S
    rows: Callable[[S], Iterable[Row]]
    stream: str | None = None
    """What changes it; None: nothing does but a release."""
    evolve: Callable[[S, Event], S] = lambda state, _: state

    def create(self, schema: str) -> str:
        """The table."""
        lines = ",\n    ".join(each.definition for each in columns_of(self.row))
        return f"""
CREATE TABLE {schema}.{self.name} (
    {lines},
    since bigint NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY ({self.key}, since)
)"""

    def close(self, schema: str) -> str:
        """End what stood under a key, at a position ($1)."""
        same = " AND ".join(
            f"{name} = ${nth}" for nth, name in enumerate(self.key.split(", "), start=2)
        )
        return (
            f"UPDATE {schema}.{self.name} SET until = $1"  # noqa: S608 - names of declarations
            f" WHERE {same} AND until = {FOREVER}"
        )

    def digest(self, schema: str) -> str:
        """A fingerprint of all rows as they were known at a position, as `Table.digest`."""
        names = ", ".join(each.name for each in columns_of(self.row))
        return f"""
SELECT count(*) AS versions,
       coalesce(bit_xor(hash_record_extended(v, 0)), 0) AS mixed,
       coalesce(sum(hash_record_extended(v, 1)), 0)::text AS added
FROM (SELECT {names}, since,
             CASE WHEN until > $1 THEN {FOREVER} ELSE until END AS until
      FROM {schema}.{self.name}
      WHERE since <= $1) AS v"""  # noqa: S608 - names of declarations
