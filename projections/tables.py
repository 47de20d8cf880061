"""The tables of the read models and the statements that keep them.

They are composed from the declarations, since a declaration is all that a newcomer should write.
Every name in them comes from a declaration; whatever comes from a person is a parameter.

A version of a row holds from position `since` to `until` and from day `valid_from` to `valid_to`,
both half-open. Once written, only its `until` ever changes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from projections.columns import FOREVER, Column, columns_of, reader, writer
from projections.projection import Projection, Row

HEAD = f"until = {FOREVER} AND valid_to = 'infinity'"
"""Versions that a reader at the head sees."""

_VERSION = ("since", "until", "valid_from", "valid_to")


@dataclass(frozen=True)
class Table:
    """Where the rows of one read model live."""

    schema: str
    projection: Projection

    @cached_property
    def name(self) -> str:
        """Its full name."""
        return f"{self.schema}.{self.projection.name}"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The row's own columns."""
        return columns_of(self.projection.row)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All columns, in order."""
        return (*(each.name for each in self.columns), *_VERSION)

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The columns of the key."""
        return tuple(
            next(c for c in self.columns if c.name == name) for name in self.projection.key
        )

    @cached_property
    def written(self) -> Callable[[Row], Row]:
        """From a row to what the driver is handed."""
        return writer(self.columns)

    @cached_property
    def read(self) -> Callable[[Row], Row]:
        """From what the driver read to a row."""
        return reader(self.projection.row, self.columns)

    @cached_property
    def key_written(self) -> Callable[[Row], Row]:
        """From a key to what the driver is handed."""
        return writer(self.key)

    @property
    def create(self) -> str:
        """The table, without an index."""
        lines = ",\n    ".join(each.definition for each in self.columns)
        return f"""
CREATE TABLE {self.name} (
    {lines},
    since bigint NOT NULL,
    until bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL
)"""

    @property
    def create_key(self) -> str:
        """What finds the versions of a row. It must exist before a version is closed.

        The ends of the intervals come last, so that a reader of the past passes over what was not
        there without a look at the table: half the time of a page as of a position (measured).
        """
        by = ", ".join(self.projection.key)
        times = "" if self.projection.only_grows else ", since, valid_from, until, valid_to"
        name = f"{self.projection.name}_key"
        return f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {self.name} ({by}{times})"

    @property
    def create_indexes(self) -> Iterable[str]:
        """What readers need besides. At the head, where nearly all are, a row is one row."""
        short, key = self.projection.name, ", ".join(self.projection.key)
        if not self.projection.only_grows:
            yield f"CREATE UNIQUE INDEX {short}_head ON {self.name} ({key}) WHERE {HEAD}"
        until = () if self.projection.only_grows else ("until",)
        for names in self.projection.lookups:
            # At the head `until` is one value, so that the rows found stand in the key's order.
            rest = (each for each in self.projection.key if each not in names)
            by, name = ", ".join((*names, *until, *rest)), "_".join(names)
            yield f"CREATE INDEX {short}_by_{name} ON {self.name} ({by})"
        times = () if self.projection.only_grows else ("since", "until", "valid_to")
        for names in self.projection.orders:
            by, name = ", ".join((*names, *times)), "_".join(names)
            yield f"CREATE INDEX {short}_in_{name} ON {self.name} ({by})"

    @cached_property
    def standing(self) -> str:
        """The versions that still stand, of many keys."""
        return f"{self._versions} AND t.until = {FOREVER} ORDER BY t.valid_from"

    @cached_property
    def current_since(self) -> str:
        """The versions without an end, of many keys, that stood at a position or later."""
        after = len(self.key) + 1
        return (
            f"{self._versions} AND t.valid_to = 'infinity' AND t.until > ${after} ORDER BY t.since"
        )

    @cached_property
    def close(self) -> str:
        """End the standing of many versions."""
        count = len(self.key)
        wanted = ", ".join(f"${n}::{c.array_of_keys}" for n, c in enumerate(self.key, 1))
        same = " AND ".join(f"t.{c.name} = c.k{n}" for n, c in enumerate(self.key, 1))
        return f"""
UPDATE {self.name} AS t
SET until = c.until
FROM unnest({wanted}, ${count + 1}::bigint[], ${count + 2}::date[], ${count + 3}::bigint[])
  AS c({", ".join(f"k{n}" for n in range(1, count + 1))}, since, valid_from, until)
WHERE {same}
  AND t.since = c.since
  AND t.valid_from = c.valid_from"""  # noqa: S608 - names of declarations

    @cached_property
    def digest(self) -> str:
        """A fingerprint of every version as it stood at a position, whatever their order."""
        names = ", ".join(each.name for each in self.columns)
        return f"""
SELECT count(*) AS versions,
       coalesce(bit_xor(hash_record_extended(v, 0)), 0) AS mixed,
       coalesce(sum(hash_record_extended(v, 1)), 0)::text AS added
FROM (SELECT {names}, since,
             CASE WHEN until > $1 THEN {FOREVER} ELSE until END AS until,
             valid_from, valid_to
      FROM {self.name}
      WHERE since <= $1) AS v"""  # noqa: S608 - names of declarations

    def difference(self, served: "Table") -> str:
        """The first version by key that stands in one of two tables alone, as of a position."""
        names = ", ".join(each.name for each in self.columns)
        versions = (
            f"SELECT {names}, since, CASE WHEN until > $1 THEN {FOREVER} ELSE until END AS until,"  # noqa: S608
            " valid_from, valid_to FROM {} WHERE since <= $1"
        )
        ours, theirs = versions.format(self.name), versions.format(served.name)
        return f"""
SELECT string_agg(side || ' ' || said::text, ', ' ORDER BY side) AS said
FROM (
    (SELECT 'the log says' AS side, d AS said FROM ({ours} EXCEPT {theirs}) AS d
     ORDER BY {", ".join(self.projection.key)} LIMIT 1)
    UNION ALL
    (SELECT 'the read model says', d FROM ({theirs} EXCEPT {ours}) AS d
     ORDER BY {", ".join(self.projection.key)} LIMIT 1)
) AS each"""  # noqa: S608 - names of declarations

    @cached_property
    def at(self) -> str:
        """Every row as it stood at a position ($1), on a day ($2)."""
        names = ", ".join(each.name for each in self.columns)
        return f"""
SELECT {names}
FROM {self.name}
WHERE since <= $1
  AND until > $1
  AND valid_from <= $2
  AND (valid_to > $2 OR valid_to = 'infinity')"""  # noqa: S608 - names of declarations

    @property
    def shape(self) -> str:
        """A fingerprint of the declaration: another one means that it must be built anew."""
        found = (*self.create_indexes, self.create_key)
        said = [f"{self.projection.version}", *(each.replace(self.schema, "") for each in found)]
        lines = [*said, *(each.definition for each in self.columns)]
        return sha256("\n".join(lines).encode()).hexdigest()[:16]

    @cached_property
    def _versions(self) -> str:
        names = ", ".join(f"t.{name}" for name in self.names)
        wanted = ", ".join(f"${n}::{c.array_of_keys}" for n, c in enumerate(self.key, 1))
        same = " AND ".join(f"t.{c.name} = w.k{n}" for n, c in enumerate(self.key, 1))
        return f"""
SELECT {names}
FROM unnest({wanted}) AS w({", ".join(f"k{n}" for n in range(1, len(self.key) + 1))})
JOIN {self.name} AS t
  ON {same}
WHERE true"""  # noqa: S608 - names of declarations
