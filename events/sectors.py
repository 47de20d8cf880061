"""Classes of economic activity (ngành kinh tế), by version of VSIC, and the groups people speak of.

The same digits mean other things in another version: identity is (version, code). The list holds
every manufacturing division, and the groups and classes that rural industry falls into; it is not
the whole of VSIC. To add a line, add it to data/sectors.csv.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from events.identity import SectorRef
from events.rules import Refusal, refusal, value

_DATA = Path(__file__).parent / "data"

VSIC_2018 = "VSIC_2018"
"""QĐ 27/2018/QĐ-TTg."""


@value
class SectorGroup:
    """A branch of industry as a report names it (nhóm ngành), such as dệt may or cơ khí."""

    code: str
    name: str
    name_en: str


@value
class Sector:
    """One class of VSIC: division (2 digits), group (3), class (4) or sub-class (5)."""

    ref: SectorRef
    name: str
    name_en: str
    group: str


@refusal(rule="QĐ 27/2018/QĐ-TTg: a sector is named by its version and code")
class UnknownSector(Refusal):
    """No manufacturing sector has code {sector_code} in {version}.

    Không có ngành công nghiệp chế biến, chế tạo nào mang mã {sector_code} trong {version}.
    """

    version: str
    sector_code: str


def sector(ref: SectorRef) -> Sector | None:
    """What is known of a sector, or None if the list does not hold it."""
    return _BY_REF.get(ref)


def group_of(ref: SectorRef) -> str:
    """The code of the group that a sector belongs to."""
    return checked_sector(ref).group


def checked_sector(ref: SectorRef) -> Sector:
    """Refuse a sector that the list does not hold."""
    known = _BY_REF.get(ref)
    if known is None:
        raise UnknownSector(version=ref.version, sector_code=ref.code)
    return known


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sector(row: dict[str, str]) -> Sector:
    return Sector(
        ref=SectorRef(version=row["version"], code=row["code"]),
        name=row["name"],
        name_en=row["name_en"],
        group=row["group"],
    )


SECTOR_GROUPS: tuple[SectorGroup, ...] = tuple(
    SectorGroup(code=row["code"], name=row["name"], name_en=row["name_en"])
    for row in _rows("sector_groups.csv")
)
"""Every group, in the order of the file."""

SECTORS: tuple[Sector, ...] = tuple(_sector(row) for row in _rows("sectors.csv"))
"""Every sector known, in the order of the file."""

_BY_REF: Mapping[SectorRef, Sector] = {each.ref: each for each in SECTORS}
