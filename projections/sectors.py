"""Sectors of industry (ngành) by version of their classification, and the groups of a report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from events.identity import SectorRef
from events.policy import SECTOR_CODES, evolve_codes
from events.sectors import CLASSIFICATIONS, NO_CODES, SECTOR_GROUPS, SECTORS, Codes
from projections.listing import Event, Listing


class Sector(NamedTuple):
    """One class of economic activity."""

    version: str
    code: str
    name: str
    name_en: str
    group_code: str
    position: int | None
    """Of the event that issued it first; None: it ships with the ledger and in no event."""


class SectorClassification(NamedTuple):
    """A version of the classification of economic activity."""

    version: str
    name: str
    valid_from: date
    legal_basis: str
    position: int | None
    """Of the event that issued it first; None: it ships with the ledger and in no event."""


class SectorGroup(NamedTuple):
    """A branch of industry as a report names it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was issued, and where each line and each version came first."""

    codes: Codes = NO_CODES
    positions: Mapping[SectorRef | str, int] = field(default_factory=dict)


def _told(before: Told, event: Event) -> Told:
    codes = evolve_codes(before.codes, event.fact)
    here = dict.fromkeys((*codes.sectors, *codes.classifications), event.position)
    return Told(codes, {**here, **before.positions})


def _sectors(told: Told) -> Iterator[Sector]:
    lines = {**told.codes.sectors, **{each.ref: each for each in SECTORS}}
    for ref, each in lines.items():
        at = told.positions.get(ref)
        yield Sector(ref.version, ref.code, each.name, each.name_en, each.group, at)


def _classifications(told: Told) -> Iterator[SectorClassification]:
    for version, each in {**told.codes.classifications, **CLASSIFICATIONS}.items():
        at = told.positions.get(version)
        yield SectorClassification(version, each.name, each.valid_from, each.legal_basis, at)


def _groups() -> Iterator[SectorGroup]:
    for each in SECTOR_GROUPS:
        yield SectorGroup(each.code, each.name, each.name_en)


LISTINGS: tuple[Listing[Any], ...] = (
    Listing("sector", Sector, "version, code", Told(), _sectors, stream=SECTOR_CODES, evolve=_told),
    Listing(
        "sector_classification",
        SectorClassification,
        "version",
        Told(),
        _classifications,
        stream=SECTOR_CODES,
        evolve=_told,
    ),
    Listing("sector_group", SectorGroup, "code", None, lambda _: _groups()),
)
