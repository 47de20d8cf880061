"""Sectors of industry (ngành) by version of their classification, and the groups of a report."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from events.sectors import SECTOR_GROUPS, SECTORS
from projections.listing import Listing


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


def _sectors() -> Iterator[Sector]:
    for each in SECTORS:
        yield Sector(each.ref.version, each.ref.code, each.name, each.group)


def _groups() -> Iterator[SectorGroup]:
    for each in SECTOR_GROUPS:
        yield SectorGroup(each.code, each.name, each.name_en)


LISTINGS: tuple[Listing[Any], ...] = (
    Listing("sector", Sector, "version, code", None, lambda _: _sectors()),
    Listing("sector_group", SectorGroup, "code", None, lambda _: _groups()),
)
