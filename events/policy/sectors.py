"""Classifications of economic activity (hệ thống ngành kinh tế), recorded: codes, by which paper.

    policy-sector-codes     one stream of all versions: whoever names a sector reads it

The ledger ships with the lines of `data/sectors.csv`. What is recorded stands beside them, and is
never another thing for a code that is there: a code means one thing in its version for ever. An
issue says some lines of a version, and the next may say more.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from events.identity import InvalidCode, SectorRef, checked_code
from events.rules import Occasion, Refusal, command, fact, refusal, value
from events.sectors import (
    CLASSIFICATIONS,
    NO_CODES,
    SECTOR_GROUPS,
    Classification,
    Codes,
    Sector,
    sector,
)
from events.text import required

SECTOR_CODES = "policy-sector-codes"
"""The stream of all classifications."""
ISSUE_BYTES_MAX = 48_000
"""So much text fits into one event, whatever stands around it."""
_LINE_BYTES = 60
"""What a line takes besides its texts."""
_CODE = re.compile(r"[0-9]{2,5}")
_GROUPS = {each.code for each in SECTOR_GROUPS}


@value
class SectorLine:
    """One class of a classification: its code and what it is (mã ngành)."""

    code: str
    """Digits: division (2), group (3), class (4) or sub-class (5) (mã ngành)."""
    name: str
    name_en: str
    sector_group: str


@fact
class SectorCodesIssued:
    """Codes of a classification of economic activity were issued (ban hành mã ngành kinh tế)."""

    version: str
    name: str
    """Name of the classification (tên hệ thống ngành)."""
    valid_from: date
    """The first day of the version, which is the effective date of the event (ngày hiệu lực)."""
    legal_basis: str
    lines: tuple[SectorLine, ...]


@command
class IssueSectorCodes:
    """Issue codes of a classification of economic activity (ban hành mã ngành kinh tế).

    It takes effect on the first day of the version; further lines may follow in another issue.
    """

    version: str
    name: str
    """Name of the classification (tên hệ thống ngành)."""
    legal_basis: str
    lines: tuple[SectorLine, ...]


@refusal(rule="QĐ 27/2018/QĐ-TTg; QĐ 36/2025/QĐ-TTg: a version has one name and one first day")
class ClassificationDiffers(Refusal):
    """{version} is "{name}" since {valid_from}: further lines of it are issued for that day.

    {version} là "{name}", có hiệu lực từ {valid_from}: mã bổ sung phải theo đúng tên và ngày đó.
    """

    version: str
    name: str
    valid_from: date
    """The first day of the version that is there (ngày có hiệu lực)."""


@refusal(rule="QĐ 27/2018/QĐ-TTg; QĐ 36/2025/QĐ-TTg: a code means one thing in its version")
class SectorLineDiffers(Refusal):
    """{sector_code} is "{name}" in {version} already, of group {sector_group}.

    Trong {version}, mã {sector_code} đã là "{name}", thuộc nhóm {sector_group}.
    """

    version: str
    sector_code: str
    name: str
    sector_group: str


@refusal(rule="sums by sector are of the groups that reports name (nhóm ngành)")
class UnknownSectorGroup(Refusal):
    """{sector_code} is said to be of {sector_group}, which is no group of industries.

    Mã {sector_code} được xếp vào {sector_group}, không phải là nhóm ngành nào.
    """

    sector_code: str
    sector_group: str


@refusal(rule="an issue says one line or more, and fits into one event")
class IssueUnfit(Refusal):
    """An issue of {version} has {count} lines: it needs one, and what is long comes in parts.

    Đợt ban hành {version} có {count} dòng: phải có ít nhất một dòng, và nếu dài thì chia
    thành nhiều đợt.
    """

    version: str
    count: int


def codes_of(occasion: Occasion) -> Codes:
    """What a rule on this occasion sees of the stream."""
    return occasion.neighbour(SECTOR_CODES, Codes) or NO_CODES


def evolve_codes(found: Codes | None, event: SectorCodesIssued) -> Codes:
    """Some lines more. Total: history is never refused, and what was said first stays."""
    before = found or NO_CODES
    of = Classification(
        version=event.version,
        name=event.name,
        valid_from=event.valid_from,
        legal_basis=event.legal_basis,
    )
    added = {each.ref: each for each in sectors_of(event)}
    return Codes(
        sectors={**added, **before.sectors},
        classifications={event.version: of, **before.classifications},
    )


def sectors_of(event: SectorCodesIssued) -> Iterator[Sector]:
    """The classes that an issue tells of."""
    for each in event.lines:
        yield _sector(event.version, each)


def issue(
    command: IssueSectorCodes, found: Codes | None, occasion: Occasion
) -> Sequence[SectorCodesIssued]:
    """The fact, with the lines that are not recorded yet; none if all of them are."""
    known = found or NO_CODES
    checked_code("version", command.version)
    told = SectorCodesIssued(
        version=command.version,
        name=required("name", command.name),
        valid_from=occasion.effective_on,
        legal_basis=required("legal_basis", command.legal_basis),
        lines=tuple(_checked(each) for each in command.lines),
    )
    _check_version(told, known)
    size = sum(_LINE_BYTES + len(f"{each.name}{each.name_en}".encode()) for each in told.lines)
    if not told.lines or size > ISSUE_BYTES_MAX:
        raise IssueUnfit(version=told.version, count=len(told.lines))
    said: dict[SectorRef, Sector] = {}
    for each in sectors_of(told):
        _check_line(each, said.get(each.ref) or sector(each.ref, known))
        said[each.ref] = each
    news = tuple(_line(each) for ref, each in said.items() if ref not in known.sectors)
    if not news:
        return ()
    return (
        SectorCodesIssued(
            version=told.version,
            name=told.name,
            valid_from=told.valid_from,
            legal_basis=told.legal_basis,
            lines=news,
        ),
    )


def _checked(line: SectorLine) -> SectorLine:
    if _CODE.fullmatch(line.code) is None:
        raise InvalidCode(field="code", text=line.code)
    if line.sector_group not in _GROUPS:
        raise UnknownSectorGroup(sector_code=line.code, sector_group=line.sector_group)
    return SectorLine(
        code=line.code,
        name=required("name", line.name),
        name_en=required("name_en", line.name_en),
        sector_group=line.sector_group,
    )


def _check_version(told: SectorCodesIssued, known: Codes) -> None:
    there = known.classifications.get(told.version) or CLASSIFICATIONS.get(told.version)
    if there is not None and (there.name, there.valid_from) != (told.name, told.valid_from):
        raise ClassificationDiffers(
            version=told.version, name=there.name, valid_from=there.valid_from
        )


def _check_line(said: Sector, there: Sector | None) -> None:
    if there is not None and there != said:
        raise SectorLineDiffers(
            version=there.ref.version,
            sector_code=there.ref.code,
            name=there.name,
            sector_group=there.group,
        )


def _sector(version: str, line: SectorLine) -> Sector:
    return Sector(
        ref=SectorRef(version=version, code=line.code),
        name=line.name,
        name_en=line.name_en,
        group=line.sector_group,
    )


def _line(of: Sector) -> SectorLine:
    return SectorLine(code=of.ref.code, name=of.name, name_en=of.name_en, sector_group=of.group)
