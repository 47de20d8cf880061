"""The map is recorded: mergers, renamings and new provinces on top of what ships."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from events.facility import FACILITY, RegisterFacility
from events.geography import PROVINCES, SHIPPED, Province, UnknownUnitAtDate
from events.identity import InvalidCode, ProvinceRef
from events.mergers import (
    GEOGRAPHIES,
    GEOGRAPHY,
    CodeTaken,
    EstablishProvince,
    Geography,
    GeographyCommand,
    GeographyEvent,
    MergeProvinces,
    MergerOfNone,
    ProvinceEnded,
    ProvinceEstablished,
    ProvinceMerged,
    ProvinceRenamed,
    RenameProvince,
)
from events.organisation import ORGANISATION, RecordedProvinceStays, SetCentreTerritory
from events.rules import Occasion
from events.text import InvalidText
from events.vocabulary import LegalForm, Ownership, ProvinceKind
from tests.spec import TODAY, Spec, fold
from tests.world import CENTRE, LAO_CAI_NOW, MERGED, NAM_DINH, centre, weaver

DAY = date(2028, 1, 1)
NINH_BINH = ProvinceRef(code="37", valid_from=MERGED)
PHU_THO = ProvinceRef(code="25", valid_from=MERGED)
SONG_HONG = ProvinceRef(code="37", valid_from=DAY)
check = Spec(GEOGRAPHIES)
merge = MergeProvinces(
    merged=(PHU_THO, NINH_BINH),
    code="37",
    name="Sông Hồng",
    region="Red River Delta",
    unit_type=ProvinceKind.PROVINCE,
    legal_basis="NQ 1/2027/QH16 (giả định)",
)
merged = ProvinceMerged(
    merged=(PHU_THO, NINH_BINH),
    into=SONG_HONG,
    name=merge.name,
    region=merge.region,
    unit_type=merge.unit_type,
    legal_basis=merge.legal_basis,
)
rename = RenameProvince(
    province=NINH_BINH,
    name="Hoa Lư",
    unit_type=ProvinceKind.MUNICIPALITY,
    legal_basis="NQ 2/2027/QH16 (giả định)",
)
renamed = ProvinceRenamed(
    province=NINH_BINH,
    into=SONG_HONG,
    name=rename.name,
    unit_type=rename.unit_type,
    legal_basis=rename.legal_basis,
)
establish = EstablishProvince(
    code="99",
    name="Hoàng Sa",
    region="South Central Coast",
    unit_type=ProvinceKind.PROVINCE,
    legal_basis="NQ 3/2027/QH16 (giả định)",
)
new = ProvinceRef(code="99", valid_from=DAY)
established = ProvinceEstablished(
    province=new,
    name=establish.name,
    region=establish.region,
    unit_type=establish.unit_type,
    legal_basis=establish.legal_basis,
)


def atlas(*facts: GeographyEvent) -> Geography:
    state = fold(GEOGRAPHIES, facts)
    assert isinstance(state, Geography)
    return state


def occasion(on: date, *facts: GeographyEvent) -> Occasion:
    return Occasion(effective_on=on, today=TODAY, neighbours={GEOGRAPHY: atlas_of(facts)})


def atlas_of(facts: Sequence[GeographyEvent]) -> Geography | None:
    return atlas(*facts) if facts else None


def test_a_recorded_merger_is_followed_like_a_shipped_one() -> None:
    check(given=[], when=merge, on=DAY, then=[merged])
    check(given=[merged], when=merge, on=DAY, then=[])
    known = atlas(merged).atlas
    before = DAY - timedelta(days=1)
    assert known.at(NAM_DINH, DAY) == SONG_HONG
    assert known.at(NAM_DINH, before) == NINH_BINH
    assert SHIPPED.at(NAM_DINH, DAY) == NINH_BINH
    assert (known.live_on("37", before), known.live_on("37", DAY)) == (NINH_BINH, SONG_HONG)
    assert known.live_on("25", DAY) is None
    assert len(known.live(DAY)) == len(SHIPPED.live(DAY)) - 1
    found = known.province(SONG_HONG)
    assert found is not None
    assert (found.name_en, found.unit_type, found.northern_28) == ("Song Hong", "province", True)


def test_every_province_becomes_exactly_one_on_every_map() -> None:
    """Pure: whatever was recorded, a day's units are what all units became, each once."""
    known = atlas(merged, established).atlas
    for day in (date(2020, 11, 5), MERGED, DAY):
        living = {each.ref for each in known.live(day)}
        became = {known.at(each.ref, day) for each in known.provinces if each.ref.valid_from <= day}
        assert became == living


def test_a_code_may_pass_on_and_is_borne_by_one_at_a_time() -> None:
    """As Yên Bái's 15 is Lào Cai's now."""
    moved = replace(merge, code="25")
    into = ProvinceRef(code="25", valid_from=DAY)
    check(given=[], when=moved, on=DAY, then=[replace(merged, into=into)])
    taken = replace(merge, code="15")
    check(
        given=[],
        when=taken,
        on=DAY,
        then=CodeTaken(province_code="15", name="Lào Cai", on=DAY),
    )
    early = replace(establish, code="15")
    yen_bai = CodeTaken(province_code="15", name="Yên Bái", on=date(2019, 1, 1))
    check(given=[], when=early, on=date(2019, 1, 1), then=yen_bai)
    check(
        given=[],
        when=replace(establish, code="có"),
        on=DAY,
        then=InvalidCode(field="code", text="có"),
    )


def test_a_province_that_became_another_has_no_second_fate() -> None:
    for command in (rename, replace(merge, code="03")):
        check(
            given=[merged],
            when=command,
            on=DAY + timedelta(days=9),
            then=UnknownUnitAtDate(
                province_code=("25" if command is not rename else "37"),
                valid_from=MERGED,
                on=DAY + timedelta(days=8),
            ),
        )
    check(
        given=[merged],
        when=rename,
        on=date(2027, 1, 1),
        then=ProvinceEnded(province_code="37", valid_from=MERGED, ends_on=DAY),
    )


def test_a_renamed_province_stands_anew_under_its_code() -> None:
    check(given=[], when=rename, on=DAY, then=[renamed])
    known = atlas(renamed).atlas
    assert known.at(NAM_DINH, DAY) == SONG_HONG
    found = known.province(SONG_HONG)
    assert found is not None
    assert (found.name, found.unit_type) == ("Hoa Lư", "municipality")
    assert found.region == "Red River Delta"


def test_a_province_out_of_no_other_is_established() -> None:
    check(given=[], when=establish, on=DAY, then=[established])
    check(
        given=[established],
        when=replace(establish, name="Trường Sa"),
        on=DAY,
        then=CodeTaken(province_code="99", name="Hoàng Sa", on=DAY),
    )


def test_what_is_not_said_is_refused() -> None:
    check(given=[], when=replace(merge, merged=()), on=DAY, then=MergerOfNone())
    check(given=[], when=replace(merge, name=" "), on=DAY, then=InvalidText(field="name"))
    check(
        given=[],
        when=replace(rename, legal_basis=""),
        on=DAY,
        then=InvalidText(field="legal_basis"),
    )


def asked(each: Province) -> GeographyCommand:
    """The command that the shipped province is the answer to."""
    parts = tuple(one.ref for one in PROVINCES if one.successor == each.ref)
    kind = ProvinceKind[each.unit_type.upper()]
    if len(parts) == 1:
        return RenameProvince(
            province=parts[0], name=each.name, unit_type=kind, legal_basis="như đã ban hành"
        )
    more = {"code": each.ref.code, "name": each.name, "region": each.region, "unit_type": kind}
    if not parts:
        return EstablishProvince(**more, legal_basis="như đã ban hành")  # type: ignore[bad-argument-type]
    return MergeProvinces(merged=parts, **more, legal_basis="như đã ban hành")  # type: ignore[bad-argument-type]


def test_the_shipped_map_may_be_recorded_and_changes_nothing() -> None:
    given: list[GeographyEvent] = []
    for each in sorted(PROVINCES, key=lambda each: each.ref.valid_from):
        facts = GEOGRAPHIES.decide(
            asked(each), fold(GEOGRAPHIES, given), occasion(each.ref.valid_from)
        )
        assert len(facts) == 1, each
        given += facts
        again = GEOGRAPHIES.decide(
            asked(each), fold(GEOGRAPHIES, given), occasion(each.ref.valid_from)
        )
        assert list(again) == []
    assert set(atlas(*given).atlas.provinces) == set(PROVINCES)


def test_rules_ask_the_recorded_map_of_the_effective_day() -> None:
    register = RegisterFacility(
        facility_id=weaver.facility_id,
        name=weaver.name,
        tax_code=weaver.tax_code,
        legal_form=LegalForm.COOPERATIVE,
        ownership=Ownership.COLLECTIVE,
        province=SONG_HONG,
        sector=weaver.sector,
    )
    facilities = Spec(FACILITY, {GEOGRAPHY: atlas(merged)})
    told = replace(
        weaver,
        province=SONG_HONG,
        legal_form=LegalForm.COOPERATIVE,
        ownership=Ownership.COLLECTIVE,
        address=None,
        capacity=None,
    )
    facilities(given=[], when=register, on=DAY, then=[told])
    refused = UnknownUnitAtDate(province_code="37", valid_from=DAY, on=DAY)
    Spec(FACILITY)(given=[], when=register, on=DAY, then=refused)
    facilities(
        given=[],
        when=replace(register, province=NINH_BINH),
        on=DAY,
        then=UnknownUnitAtDate(province_code="37", valid_from=MERGED, on=DAY),
    )


def test_a_recorded_province_stays_in_a_territory_once_it_is_there() -> None:
    territory = Spec(ORGANISATION, {GEOGRAPHY: atlas(merged)})
    known = fold(ORGANISATION, [centre])
    assert known is not None
    serve = SetCentreTerritory(organisation_id=CENTRE, provinces=(SONG_HONG, LAO_CAI_NOW))
    told = ORGANISATION.decide(serve, known, occasion(DAY, merged))
    territory(
        given=[centre, *told],
        when=replace(serve, provinces=(LAO_CAI_NOW,)),
        on=DAY,
        then=RecordedProvinceStays(province_code="37", valid_from=DAY),
    )
