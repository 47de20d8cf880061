"""Tables that no event changes: provinces through time, sectors and their groups.

Filled from events/geography.py and events/sectors.py whenever the read models are made. Their
contents are part of the shape, so that a corrected name is a reason to build anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from events.geography import PROVINCES, destiny
from events.sectors import SECTOR_GROUPS, SECTORS
from events.text import fold, sort_key
from projections.columns import INFINITY, columns_of
from projections.database import Connection
from projections.projection import Row


class Province(NamedTuple):
    """A province during one span of its life."""

    code: str
    valid_from: date
    name: str
    name_sort: str
    name_fold: str
    name_en: str
    region: str
    unit_type: str
    valid_to: date
    successor_code: str | None
    successor_from: date | None


class ProvinceAt(NamedTuple):
    """Which unit a province is from one day to another. Before its beginning it is itself."""

    code: str
    valid_from: date
    at_from: date
    at_to: date
    at_code: str
    at_valid_from: date


class Sector(NamedTuple):
    """One class of economic activity."""

    version: str
    code: str
    name: str
    group_code: str


class SectorGroup(NamedTuple):
    """A branch of industry as a report names it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One table, its key and its contents."""

    name: str
    row: type
    key: str
    rows: tuple[Row, ...]

    def create(self, schema: str) -> str:
        """The table."""
        lines = ",\n    ".join(each.definition for each in columns_of(self.row))
        return f"""
CREATE TABLE {schema}.{self.name} (
    {lines},
    PRIMARY KEY ({self.key})
)"""


def _provinces() -> Iterator[Province]:
    for each in PROVINCES:
        yield Province(
            code=each.ref.code,
            valid_from=each.ref.valid_from,
            name=each.name,
            name_sort=sort_key(each.name),
            name_fold=fold(each.name),
            name_en=each.name_en,
            region=each.region,
            unit_type=each.unit_type,
            valid_to=each.valid_to or INFINITY,
            successor_code=each.successor.code if each.successor else None,
            successor_from=each.successor.valid_from if each.successor else None,
        )


def _provinces_at() -> Iterator[ProvinceAt]:
    for each in PROVINCES:
        steps = destiny(each.ref)
        ends = [start for start, _ in steps[1:]] + [INFINITY]
        for (start, became), end in zip(steps, ends, strict=True):
            yield ProvinceAt(
                code=each.ref.code,
                valid_from=each.ref.valid_from,
                at_from=start,
                at_to=end,
                at_code=became.code,
                at_valid_from=became.valid_from,
            )


def _sectors() -> Iterator[Sector]:
    for each in SECTORS:
        yield Sector(each.ref.version, each.ref.code, each.name, each.group)


def _groups() -> Iterator[SectorGroup]:
    for each in SECTOR_GROUPS:
        yield SectorGroup(each.code, each.name, each.name_en)


REFERENCES: tuple[Reference, ...] = (
    Reference("province", Province, "code, valid_from", tuple(_provinces())),
    Reference(
        "province_at", ProvinceAt, "code, valid_from, at_from, at_to", tuple(_provinces_at())
    ),
    Reference("sector", Sector, "version, code", tuple(_sectors())),
    Reference("sector_group", SectorGroup, "code", tuple(_groups())),
)


async def fill(
    connection: Connection, schema: str, references: Iterable[Reference] = REFERENCES
) -> None:
    """Make the reference tables, with their contents."""
    for each in references:
        await connection.execute(each.create(schema))
        await connection.copy_records_to_table(each.name, schema_name=schema, records=each.rows)


def fingerprint() -> str:
    """Of everything that stands in the reference tables."""
    return sha256(repr([each.rows for each in REFERENCES]).encode()).hexdigest()[:16]
