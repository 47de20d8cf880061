"""What the ledger ships with, as the commands that would record it: the law, and the map.

    for order in orders(actor):
        await ledger.handle(order)      # a second time it changes nothing

Each takes effect on the day of its law, and names it. Oldest first, so that no gap is ever left.
"""

from collections.abc import Iterator
from datetime import date

from events.advances import ADVANCE_RULES
from events.caps import CAPS
from events.catalogue import Command
from events.deciding import uuid7
from events.eligibility import PLACES
from events.envelope import Actor, Order
from events.geography import PROVINCES, Province
from events.mergers import EstablishProvince, MergeProvinces, RenameProvince
from events.policy import (
    IssueSectorCodes,
    SectorLine,
    SetAdvanceLimit,
    SetEligiblePlace,
    SetSupportCap,
)
from events.sectors import CLASSIFICATIONS, SECTORS
from events.vocabulary import ProvinceKind

_LAWS = {
    date(2008, 8, 1): "danh mục 63 tỉnh, thành phố (từ 2008-08-01)",
    date(2025, 1, 1): "175/2024/QH15",
    date(2025, 7, 1): "202/2025/QH15; 19/2025/QĐ-TTg",
    date(2026, 4, 30): "30/2026/QH16",
}
"""Day of effect -> the instrument that changed the map."""


def orders(actor: Actor) -> Iterator[Order[Command]]:
    """All of it, each order made anew: the rules know what was recorded before."""
    for day, command in (*_map(), *_caps(), *_limits(), *_places(), *_sectors()):
        yield Order(command=command, command_id=uuid7(), effective_on=day, actor=actor)


def _caps() -> Iterator[tuple[date, Command]]:
    for each in CAPS:
        yield (
            each.valid_from,
            SetSupportCap(
                activity=each.activity,
                source=each.source,
                share_pct=each.share_pct,
                cap=each.amount,
                unit=each.unit,
                valid_to=each.valid_to,
                legal_basis=each.legal_basis,
                certainty=each.certainty,
            ),
        )


def _limits() -> Iterator[tuple[date, Command]]:
    for each in ADVANCE_RULES:
        yield (
            each.valid_from,
            SetAdvanceLimit(
                activity=each.activity,
                share_pct=each.share_pct,
                needs_progress=each.needs_progress,
                valid_to=each.valid_to,
                legal_basis=each.legal_basis,
                certainty=each.certainty,
            ),
        )


def _places() -> Iterator[tuple[date, Command]]:
    for each in PLACES:
        yield (
            each.valid_from,
            SetEligiblePlace(
                unit_kind=each.unit_kind,
                urban_class=each.urban_class,
                years_since_commune=each.years_since_commune,
                valid_to=each.valid_to,
                legal_basis=each.legal_basis,
                certainty=each.certainty,
            ),
        )


def _sectors() -> Iterator[tuple[date, Command]]:
    for each in CLASSIFICATIONS.values():
        lines = tuple(
            SectorLine(code=of.ref.code, name=of.name, name_en=of.name_en, sector_group=of.group)
            for of in SECTORS
            if of.ref.version == each.version
        )
        yield (
            each.valid_from,
            IssueSectorCodes(
                version=each.version, name=each.name, legal_basis=each.legal_basis, lines=lines
            ),
        )


def _map() -> Iterator[tuple[date, Command]]:
    for each in sorted(PROVINCES, key=lambda each: each.ref.valid_from):
        yield each.ref.valid_from, _province(each)


def _province(each: Province) -> Command:
    parts = tuple(part.ref for part in PROVINCES if part.successor == each.ref)
    kind, law = ProvinceKind[each.unit_type.upper()], _LAWS[each.ref.valid_from]
    if len(parts) == 1:
        return RenameProvince(province=parts[0], name=each.name, unit_type=kind, legal_basis=law)
    if not parts:
        return EstablishProvince(
            code=each.ref.code,
            name=each.name,
            region=each.region,
            unit_type=kind,
            legal_basis=law,
        )
    return MergeProvinces(
        merged=parts,
        code=each.ref.code,
        name=each.name,
        region=each.region,
        unit_type=kind,
        legal_basis=law,
    )
