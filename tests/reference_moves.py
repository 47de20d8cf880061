"""Moves of a random history that change reference data: caps and limits of the fund."""

from collections.abc import Callable, Mapping
from random import Random

from events.catalogue import Command
from events.geography import SHIPPED
from events.identity import ProvinceRef
from events.mergers import (
    GEOGRAPHY,
    EstablishProvince,
    Geography,
    MergeProvinces,
    RenameProvince,
)
from events.organisation import RenameOrganisation
from events.policy import (
    IssueSectorCodes,
    SectorLine,
    SetAdvanceLimit,
    SetEligiblePlace,
    SetSupportCap,
)
from events.sectors import SECTOR_GROUPS
from events.vocabulary import CapUnit, Certainty, FundingSource, ProvinceKind, UnitKind, UrbanClass
from tests.stage import CENTRE, CONTENTS, NAMES, Cast, amount_of


def set_cap(random: Random, _cast: Cast) -> Command:
    return SetSupportCap(
        activity=random.choice(CONTENTS),
        source=random.choice((FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT)),
        share_pct=random.choice((None, 30, 50, 80)),
        cap=amount_of(random, 600),
        unit=random.choice((CapUnit.FACILITY, CapUnit.MODEL)),
        legal_basis=f"Văn bản {random.randrange(4)}",
        certainty=random.choice(list(Certainty)),
    )


def set_limit(random: Random, _cast: Cast) -> Command:
    return SetAdvanceLimit(
        activity=random.choice(CONTENTS),
        share_pct=random.choice((0, 30, 50, 70, 100)),
        needs_progress=random.random() < 0.2,
        legal_basis=f"Văn bản {random.randrange(4)}",
        certainty=random.choice(list(Certainty)),
    )


def set_place(random: Random, _cast: Cast) -> Command:
    return SetEligiblePlace(
        unit_kind=random.choice(list(UnitKind)),
        urban_class=random.choice((None, None, *UrbanClass)),
        years_since_commune=random.choice((None, None, 3, 5)),
        legal_basis=f"Văn bản {random.randrange(4)}",
        certainty=random.choice(list(Certainty)),
    )


def issue_codes(random: Random, _cast: Cast) -> Command:
    """Some classes of a version; more of them may follow on the same day."""
    year = random.choice((2018, 2019, 2020))
    lines = tuple(
        SectorLine(
            code=code,
            name=f"Ngành {code}",
            name_en=f"Class {code}",
            sector_group=SECTOR_GROUPS[int(code) % len(SECTOR_GROUPS)].code,
        )
        for code in random.sample(("13", "1391", "25", "2599", "28"), 3)
    )
    return IssueSectorCodes(
        version=f"VSIC_{year}_M", name=f"Hệ thống ngành {year}", legal_basis="QĐ 1", lines=lines
    )


def rename(random: Random, _cast: Cast) -> Command:
    return RenameOrganisation(organisation_id=CENTRE, name=random.choice(NAMES))


def establish(random: Random, _cast: Cast) -> Command:
    return EstablishProvince(
        code=f"9{random.randrange(7, 10)}",
        name=random.choice(NAMES),
        region="Northeast",
        unit_type=ProvinceKind.PROVINCE,
        legal_basis="NQ lập",
    )


def merge(random: Random, cast: Cast) -> Command:
    standing = _standing(cast)
    merged = random.sample(standing, 2)
    return MergeProvinces(
        merged=tuple(merged),
        code=random.choice((merged[0].code, "03")),
        name=random.choice(NAMES),
        region="Northeast",
        unit_type=random.choice(list(ProvinceKind)),
        legal_basis="NQ sáp nhập",
    )


def retitle(random: Random, cast: Cast) -> Command:
    return RenameProvince(
        province=random.choice(_standing(cast)),
        name=random.choice(NAMES),
        unit_type=random.choice(list(ProvinceKind)),
        legal_basis="NQ đổi tên",
    )


def _standing(cast: Cast) -> list[ProvinceRef]:
    """Those that are not known to have become anything else."""
    state = cast.states.get(GEOGRAPHY)
    atlas = state.atlas if isinstance(state, Geography) else SHIPPED
    return [each.ref for each in atlas.provinces if each.valid_to is None]


MOVES: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "set_cap": (set_cap, 2),
    "set_limit": (set_limit, 2),
    "set_place": (set_place, 2),
    "issue_codes": (issue_codes, 3),
    "rename": (rename, 2),
    "establish": (establish, 1),
    "merge": (merge, 1),
    "retitle": (retitle, 1),
}
