"""Reference data: from a day that none of us will see, so that no sample changes what holds now."""

from datetime import date, timedelta

from events.catalogue import Command
from events.identity import ProvinceRef
from events.mergers import EstablishProvince, MergeProvinces, RenameProvince
from events.money import Vnd
from events.policy import (
    IssueSectorCodes,
    SectorLine,
    SetAdvanceLimit,
    SetEligiblePlace,
    SetSupportCap,
)
from events.vocabulary import Activity, CapUnit, Certainty, ProvinceKind, UnitKind
from service.seed.sample.cast import Cast

_FAR_DAYS, _APART_DAYS = 36_525, 1_000_000
"""At least a hundred years from now; and as many days as tellings may be told apart by."""


def far_day(cast: Cast) -> date:
    """A day of this telling alone, after the year 2100."""
    told = int(cast.tag.rpartition("-")[2], 16)
    return cast.today + timedelta(days=_FAR_DAYS + told % _APART_DAYS)


def day_after(cast: Cast) -> date:
    return far_day(cast) + timedelta(days=1)


def establish(cast: Cast) -> Command:
    return EstablishProvince(
        code=cast.tag,
        name=f"Tỉnh minh họa {cast.tag}",
        region="Northeast",
        unit_type=ProvinceKind.PROVINCE,
        legal_basis=f"văn bản minh họa {cast.tag}",
    )


def merge(cast: Cast) -> Command:
    return MergeProvinces(
        merged=(_established(cast),),
        code=f"{cast.tag}-moi",
        name=f"Tỉnh minh họa mới {cast.tag}",
        region="Northeast",
        unit_type=ProvinceKind.PROVINCE,
        legal_basis=f"văn bản minh họa {cast.tag}",
    )


def rename(cast: Cast) -> Command:
    return RenameProvince(
        province=_established(cast),
        name=f"Thành phố minh họa {cast.tag}",
        unit_type=ProvinceKind.MUNICIPALITY,
        legal_basis=f"văn bản minh họa {cast.tag}",
    )


def _established(cast: Cast) -> ProvinceRef:
    return ProvinceRef(code=cast.tag, valid_from=far_day(cast))


def set_cap(cast: Cast) -> Command:
    return SetSupportCap(
        activity=Activity.VOCATIONAL_TRAINING,
        share_pct=100,
        cap=Vnd(50_000_000),
        unit=CapUnit.FACILITY,
        legal_basis=f"văn bản minh họa {cast.tag}",
        certainty=Certainty.SOURCED,
    )


def set_limit(cast: Cast) -> Command:
    return SetAdvanceLimit(
        activity=Activity.VOCATIONAL_TRAINING,
        share_pct=70,
        legal_basis=f"văn bản minh họa {cast.tag}",
        certainty=Certainty.SOURCED,
    )


def set_place(cast: Cast) -> Command:
    return SetEligiblePlace(
        unit_kind=UnitKind.WARD,
        legal_basis=f"văn bản minh họa {cast.tag}",
        certainty=Certainty.SOURCED,
    )


def issue_codes(cast: Cast) -> Command:
    line = SectorLine(code="13", name="Dệt", name_en="Textiles", sector_group="TEXTILES")
    return IssueSectorCodes(
        version=f"VSIC-{cast.tag}",
        name=f"Hệ thống ngành minh họa {cast.tag}",
        legal_basis=f"văn bản minh họa {cast.tag}",
        lines=(line,),
    )
