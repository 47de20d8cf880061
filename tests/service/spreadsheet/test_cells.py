"""A cell is read as people fill it in, or it is said what belongs there."""

from datetime import date, datetime
from typing import Any

import pytest

from events.identity import ProvinceRef, SchemeId, SectorRef
from events.money import Figure, Vnd
from events.scheme import Ceiling
from events.vocabulary import Activity, LegalForm
from service.spreadsheet.cells import Cell, CellError, read

ON = date(2019, 3, 1)
NOW = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("kind", "cell", "says"),
    [
        (str, " Cơ sở ", "Cơ sở"),
        (str, "Hoa\u0300", "Hoà"),
        (SchemeId, 12.0, "12"),
        (str | None, "", None),
        (int, 2019.0, 2019),
        (int, "2019", 2019),
        (bool, "có", True),
        (bool, "Không", False),
        (bool, True, True),
        (Vnd, 300000000.0, "300000000"),
        (Vnd, "181 tỷ 946,9 triệu đồng", "181946900000"),
        (Vnd, "300.000.000", "300000000"),
        (Figure, "63", "63"),
        (date, "05/11/2020", "2020-11-05"),
        (date, "2020-11-05", "2020-11-05"),
        (date, datetime(2020, 11, 5, 7, 11), "2020-11-05"),  # noqa: DTZ001 - as Excel has it
        (datetime, datetime(2020, 11, 5, 7, 11), "2020-11-05T00:11:00Z"),  # noqa: DTZ001
        (LegalForm, "Hợp tác xã", "COOPERATIVE"),
        (LegalForm, "hop tac xa", "COOPERATIVE"),
        (LegalForm, "HOUSEHOLD", "HOUSEHOLD"),
        (tuple[Activity, ...], "thuê tư vấn; CONSULTANCY", ["CONSULTANCY", "CONSULTANCY"]),
        (tuple[str, ...], "", []),
        (SectorRef, "1076", {"version": "VSIC_2018", "code": "1076"}),
        (SectorRef, 1076.0, {"version": "VSIC_2018", "code": "1076"}),
        (SectorRef, "VSIC_2018:1076", {"version": "VSIC_2018", "code": "1076"}),
    ],
)
def test_it_is_read_as_people_write_it(kind: Any, cell: Cell, says: Any) -> None:
    assert read(kind, cell, ON) == says


def test_a_place_is_the_one_of_that_day() -> None:
    """Code 15 was Yên Bái and is Lào Cai now; there is no Nam Định any more."""
    then = {"code": "15", "validFrom": "2008-08-01"}
    now = {"code": "15", "validFrom": "2025-07-01"}
    assert read(ProvinceRef, "15", ON) == read(ProvinceRef, "Yên Bái", ON) == then
    assert read(ProvinceRef, 15.0, NOW) == read(ProvinceRef, "lao cai", NOW) == now
    assert read(ProvinceRef, "1", ON)["code"] == "01"
    assert read(ProvinceRef, "15@2008-08-01", NOW) == then
    with pytest.raises(CellError, match="2026-03-01 is called or numbered Nam Định"):
        read(ProvinceRef, "Nam Định", NOW)


def test_parts_stand_in_their_order() -> None:
    told = read(tuple[Ceiling, ...], "NATIONAL_GRANT / 2019 / 3 tỷ; LOCAL_GRANT/2020/500 triệu", ON)
    assert told == [
        {"source": "NATIONAL_GRANT", "budgetYear": 2019, "amount": "3000000000"},
        {"source": "LOCAL_GRANT", "budgetYear": 2020, "amount": "500000000"},
    ]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (int, "2019,5"),
        (int, 2019.5),
        (int, True),
        (int, 2.0**60),
        (bool, "có lẽ"),
        (Vnd, "nhiều"),
        (Vnd, 0.5),
        (date, "31/02/2020"),
        (date, "tháng 5"),
        (date, ""),
        (datetime, "sáng nay"),
        (LegalForm, "công ty"),
        (SectorRef, "chè"),
        (ProvinceRef, "Xứ Đông"),
        (tuple[Ceiling, ...], "NATIONAL_GRANT / 2019"),
    ],
)
def test_what_cannot_be_read_is_said_in_two_languages(kind: Any, cell: Cell) -> None:
    with pytest.raises(CellError) as told:
        read(kind, cell, ON)
    assert told.value.english
    assert told.value.vietnamese
