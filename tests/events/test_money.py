"""Amounts are read and written exactly as Vietnamese writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.money import (
    AMOUNT_MAX,
    UnreadableAmount,
    Vnd,
    read_amount,
    write_amount,
    write_ledger,
)
from tests.histories import UNHURRIED


def test_the_figure_of_the_article_is_read_and_written_to_the_last_dong() -> None:
    assert read_amount("181 tỷ 946,9 triệu đồng") == 181_946_900_000
    assert write_amount(Vnd(181_946_900_000)) == "181 tỷ 946,9 triệu đồng"
    assert write_ledger(Vnd(181_946_900_000)) == "181.946.900.000 ₫"


@UNHURRIED
@given(st.integers(min_value=0, max_value=AMOUNT_MAX).map(Vnd))
def test_every_amount_comes_back_as_it_was_written(amount: Vnd) -> None:
    assert read_amount(write_amount(amount)) == amount
    assert read_amount(write_ledger(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0 đồng", 0),
        ("300 triệu", 300_000_000),
        ("1,5 tỷ đồng", 1_500_000_000),
        ("1.436 tỷ", 1_436_000_000_000),
        ("2 tỷ 5 triệu 7 nghìn 9 đồng", 2_005_007_009),
        ("35.000.000 đ", 35_000_000),
        ("181 TỶ 946,9 TRIỆU ĐỒNG", 181_946_900_000),
        ("181 ty\u0309 946,9 triê\u0323u đô\u0300ng", 181_946_900_000),
        ("9,5 ngàn đồng", 9_500),
        ("12 tỉ", 12_000_000_000),
    ],
)
def test_usual_spellings_are_read(text: str, amount: int) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "đồng",
        "tỷ",
        "-5 đồng",
        "1,5 đồng",
        "0,0001 nghìn đồng",
        "5 triệu 3 tỷ",
        "5 tỷ 3 tỷ",
        "1.5 tỷ",
        "12.34 đồng",
        "5 USD",
        "năm tỷ",
        "9007199254740992 đồng",
        "1e9",
        "5 5",
        "١٢ tỷ",
    ],
)
def test_what_is_not_a_whole_number_of_dong_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_amount(text)
    assert refused.value.text == text
