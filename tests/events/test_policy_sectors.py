"""Codes of sectors are issued by events: a facility is registered under one from its day on."""

from dataclasses import replace
from datetime import date

import pytest

from events.facility import (
    FACILITY,
    FacilitySectorReclassified,
    RegisterFacility,
    UpdateFacility,
)
from events.identity import InvalidCode, SectorRef
from events.policy import (
    POLICY,
    SECTOR_CODES,
    ClassificationDiffers,
    IssueSectorCodes,
    IssueUnfit,
    SectorCodesIssued,
    SectorLine,
    SectorLineDiffers,
    UnknownSectorGroup,
)
from events.sectors import (
    CLASSIFICATIONS,
    SECTORS,
    VSIC_2025,
    Codes,
    SectorVersionNotInForce,
    UnknownSector,
    checked_sector,
)
from events.text import InvalidText
from service.shipped import orders
from tests.actors import MINH
from tests.spec import Spec, fold
from tests.world import WEAVER, weaver

FIRST_DAY = date(2030, 1, 1)
check = Spec(POLICY)
knitting = SectorLine(
    code="1391", name="Sản xuất vải dệt kim", name_en="Knitted fabrics", sector_group="TEXTILES"
)
carpets = SectorLine(
    code="1393", name="Sản xuất thảm", name_en="Carpets and rugs", sector_group="TEXTILES"
)
issue = IssueSectorCodes(
    version="VSIC_2030",
    name="Hệ thống ngành kinh tế Việt Nam 2030",
    legal_basis="1/2029/QĐ-TTg",
    lines=(knitting,),
)
KNITTING = SectorRef(version="VSIC_2030", code="1391")


def told(command: IssueSectorCodes, on: date = FIRST_DAY) -> SectorCodesIssued:
    return SectorCodesIssued(
        version=command.version,
        name=command.name,
        valid_from=on,
        legal_basis=command.legal_basis,
        lines=command.lines,
    )


def codes(*issued: SectorCodesIssued) -> Codes:
    found = fold(POLICY, issued)
    assert isinstance(found, Codes)
    return found


def test_a_new_version_brings_its_codes_and_their_groups() -> None:
    check(given=[], when=issue, on=FIRST_DAY, then=[told(issue)])
    known = checked_sector(KNITTING, codes(told(issue)))
    assert (known.name, known.group) == ("Sản xuất vải dệt kim", "TEXTILES")
    with pytest.raises(UnknownSector):
        checked_sector(KNITTING)


def test_further_lines_of_a_version_are_issued_beside_those_that_are_there() -> None:
    more = replace(issue, lines=(knitting, carpets), legal_basis="2/2031/QĐ-TTg")
    news = told(replace(more, lines=(carpets,)))
    check(given=[told(issue)], when=more, on=FIRST_DAY, then=[news])
    check(given=[told(issue), news], when=more, on=FIRST_DAY, then=[])
    assert len(codes(told(issue), news).sectors) == 2


def test_a_version_that_ships_is_completed_by_an_issue() -> None:
    """Of VSIC 2025 the ledger ships with the divisions alone."""
    known = CLASSIFICATIONS[VSIC_2025]
    complete = replace(issue, version=VSIC_2025, name=known.name)
    check(given=[], when=complete, on=known.valid_from, then=[told(complete, known.valid_from)])
    ref = SectorRef(version=VSIC_2025, code="1391")
    assert checked_sector(ref, codes(told(complete, known.valid_from))).group == "TEXTILES"


def test_what_the_ledger_ships_with_may_be_recorded_and_changes_nothing() -> None:
    given: list[SectorCodesIssued] = []
    for order in orders(MINH):
        if isinstance(order.command, IssueSectorCodes):
            fact = told(order.command, order.effective_on)
            check(given=given, when=order.command, on=order.effective_on, then=[fact])
            given.append(fact)
            check(given=given, when=order.command, on=order.effective_on, then=[])
    found = codes(*given)
    assert found.sectors == {each.ref: each for each in SECTORS}
    assert dict(found.classifications) == dict(CLASSIFICATIONS)


@pytest.mark.parametrize("shipped", [True, False])
def test_a_code_never_becomes_another_thing_in_its_version(*, shipped: bool) -> None:
    version = VSIC_2025 if shipped else issue.version
    known = CLASSIFICATIONS.get(version)
    name, on = (known.name, known.valid_from) if known else (issue.name, FIRST_DAY)
    line = SectorLine(code="13", name="Dệt", name_en="Textiles", sector_group="TEXTILES")
    other = replace(line, sector_group="CHEMICALS")
    first = replace(issue, version=version, name=name, lines=(line,))
    differs = SectorLineDiffers(
        version=version, sector_code="13", name="Dệt", sector_group="TEXTILES"
    )
    given = [] if shipped else [told(first)]
    check(given=given, when=replace(first, lines=(other,)), on=on, then=differs)
    check(given=[], when=replace(first, lines=(line, other)), on=on, then=differs)


def test_a_version_has_one_name_and_one_first_day() -> None:
    differs = ClassificationDiffers(version=issue.version, name=issue.name, valid_from=FIRST_DAY)
    more = replace(issue, lines=(carpets,))
    check(given=[told(issue)], when=more, on=date(2030, 1, 2), then=differs)
    check(given=[told(issue)], when=replace(more, name="VSIC"), on=FIRST_DAY, then=differs)
    known = CLASSIFICATIONS[VSIC_2025]
    check(
        given=[],
        when=replace(more, version=VSIC_2025, name=known.name),
        on=FIRST_DAY,
        then=ClassificationDiffers(version=VSIC_2025, name=known.name, valid_from=known.valid_from),
    )


@pytest.mark.parametrize("code", ["", "1", "C", "139100", "१३"])
def test_a_class_has_two_to_five_digits(code: str) -> None:
    wrong = replace(issue, lines=(replace(knitting, code=code),))
    check(given=[], when=wrong, on=FIRST_DAY, then=InvalidCode(field="code", text=code))


def test_every_class_is_of_a_group_that_reports_name() -> None:
    wrong = replace(issue, lines=(replace(knitting, sector_group="WEAVING"),))
    no = UnknownSectorGroup(sector_code="1391", sector_group="WEAVING")
    check(given=[], when=wrong, on=FIRST_DAY, then=no)


def test_an_issue_says_something_and_fits_into_one_event() -> None:
    nothing = replace(issue, lines=())
    check(given=[], when=nothing, on=FIRST_DAY, then=IssueUnfit(version="VSIC_2030", count=0))
    long = tuple(replace(knitting, code=str(1000 + n), name="ệ" * 400) for n in range(50))
    too_long = replace(issue, lines=long)
    check(given=[], when=too_long, on=FIRST_DAY, then=IssueUnfit(version="VSIC_2030", count=50))


def test_an_issue_names_its_version_its_paper_and_what_each_class_is() -> None:
    for wrong, field in (
        (replace(issue, name=" "), "name"),
        (replace(issue, legal_basis=""), "legal_basis"),
        (replace(issue, lines=(replace(knitting, name=""),)), "name"),
        (replace(issue, lines=(replace(knitting, name_en=""),)), "name_en"),
    ):
        check(given=[], when=wrong, on=FIRST_DAY, then=InvalidText(field=field))
    strange = replace(issue, version="VSIC 2030")
    no = InvalidCode(field="version", text="VSIC 2030")
    check(given=[], when=strange, on=FIRST_DAY, then=no)


def test_a_facility_is_registered_under_an_issued_code_from_its_first_day_on() -> None:
    registered = replace(weaver, sector=KNITTING)
    register = RegisterFacility(
        facility_id=WEAVER,
        name=weaver.name,
        tax_code=weaver.tax_code,
        legal_form=weaver.legal_form,
        ownership=weaver.ownership,
        province=weaver.province,
        sector=KNITTING,
    )
    on = date(2019, 3, 1)
    near = {SECTOR_CODES: codes(told(issue, on))}
    facilities = Spec(FACILITY, near)
    facilities(given=[], when=register, on=on, then=[registered])
    facilities(given=[registered], when=register, on=on, then=[])
    early = SectorVersionNotInForce(version="VSIC_2030", on=date(2019, 2, 28), valid_from=on)
    facilities(given=[], when=register, on=date(2019, 2, 28), then=early)
    unknown = UnknownSector(version="VSIC_2030", sector_code="1391")
    Spec(FACILITY)(given=[], when=register, on=on, then=unknown)


def test_a_facility_is_reclassified_by_an_issued_code_from_its_first_day_on() -> None:
    on = date(2019, 3, 1)
    facilities = Spec(FACILITY, {SECTOR_CODES: codes(told(issue, on))})
    update = UpdateFacility(facility_id=WEAVER, sector=KNITTING)
    now = FacilitySectorReclassified(facility_id=WEAVER, sector=KNITTING)
    facilities(given=[weaver], when=update, on=on, then=[now])
    early = SectorVersionNotInForce(version="VSIC_2030", on=date(2019, 2, 28), valid_from=on)
    facilities(given=[weaver], when=update, on=date(2019, 2, 28), then=early)
    unknown = UnknownSector(version="VSIC_2030", sector_code="1391")
    Spec(FACILITY)(given=[weaver], when=update, on=on, then=unknown)
