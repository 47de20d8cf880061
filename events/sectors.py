"""Classes of economic activity (ngành kinh tế), by version of VSIC, and the groups people speak of.

The same digits mean other things in another version: identity is (version, code). The list holds
every manufacturing division, and the groups and classes that rural industry falls into; it is not
the whole of VSIC, and of VSIC 2025 it holds the divisions alone. What is missing is issued by an
event (`events/policy/sectors.py`), and stands beside the list as `Codes`. A facility keeps the code
that it has until somebody records another.
"""

import csv
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from pathlib import Path

from events.identity import SectorRef
from events.rules import Refusal, refusal, value

_DATA = Path(__file__).parent / "data"

VSIC_2018 = "VSIC_2018"
"""QĐ 27/2018/QĐ-TTg."""
VSIC_2025 = "VSIC_2025"
"""QĐ 36/2025/QĐ-TTg."""
IN_FORCE_FROM: Mapping[str, date] = {VSIC_2025: date(2025, 11, 15)}
"""The first day on which a version may be named. VSIC 2018 may be named of any day: what was coded
by an older version was coded anew, and papers go on naming it after 2025-11-14.
"""


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


@value
class Classification:
    """A version of the classification of economic activity (hệ thống ngành kinh tế)."""

    version: str
    name: str
    valid_from: date
    """The first day on which it was in force."""
    legal_basis: str


@value
class Codes:
    """What was recorded beside what the ledger ships with."""

    sectors: Mapping[SectorRef, Sector] = field(default_factory=dict)
    classifications: Mapping[str, Classification] = field(default_factory=dict)
    """By version."""


NO_CODES = Codes()


@refusal(rule="QĐ 27/2018/QĐ-TTg: a sector is named by its version and code")
class UnknownSector(Refusal):
    """No manufacturing sector has code {sector_code} in {version}.

    Không có ngành công nghiệp chế biến, chế tạo nào mang mã {sector_code} trong {version}.
    """

    version: str
    sector_code: str


@refusal(rule="QĐ 36/2025/QĐ-TTg: VSIC 2025 is in force from 2025-11-15")
class SectorVersionNotInForce(Refusal):
    """{version} is named for {on}, and was not in force before {valid_from}.

    {version} chưa có hiệu lực ngày {on}: áp dụng từ {valid_from}.
    """

    version: str
    on: date
    valid_from: date
    """The first day on which it was in force (ngày có hiệu lực)."""


def sector(ref: SectorRef, codes: Codes = NO_CODES) -> Sector | None:
    """What is known of a sector, or None if neither the list nor the ledger holds it."""
    return _BY_REF.get(ref) or codes.sectors.get(ref)


def checked_sector(ref: SectorRef, codes: Codes = NO_CODES) -> Sector:
    """Refuse a sector that neither the list nor the ledger holds."""
    known = sector(ref, codes)
    if known is None:
        raise UnknownSector(version=ref.version, sector_code=ref.code)
    return known


def checked_sector_on(ref: SectorRef, on: date, codes: Codes = NO_CODES) -> Sector:
    """Refuse a sector that nobody knows, or of a version that nobody had on that day."""
    known = checked_sector(ref, codes)
    recorded = codes.classifications.get(ref.version)
    begins = IN_FORCE_FROM.get(ref.version)
    if recorded is not None and ref.version not in CLASSIFICATIONS:
        begins = recorded.valid_from
    if begins is not None and on < begins:
        raise SectorVersionNotInForce(version=ref.version, on=on, valid_from=begins)
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

CLASSIFICATIONS: Mapping[str, Classification] = {
    VSIC_2018: Classification(
        version=VSIC_2018,
        name="Hệ thống ngành kinh tế Việt Nam 2018",
        valid_from=date(2018, 8, 20),
        legal_basis="27/2018/QĐ-TTg",
    ),
    VSIC_2025: Classification(
        version=VSIC_2025,
        name="Hệ thống ngành kinh tế Việt Nam 2025",
        valid_from=IN_FORCE_FROM[VSIC_2025],
        legal_basis="36/2025/QĐ-TTg",
    ),
}
"""What the ledger ships with, by version."""

_BY_REF: Mapping[SectorRef, Sector] = {each.ref: each for each in SECTORS}
