"""Amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.amount import Amount, Direction, read_amount
from texts import Language, number_text

UP, DOWN = Direction.UP, Direction.DOWN


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("95", 95, ""),
        ("95%", 95, "%"),
        ("95 %", 95, "%"),
        ("1.234,5", 1234.5, ""),
        ("1,234.5", 1234.5, ""),
        ("1.234", 1234, ""),
        ("12.345.678", 12_345_678, ""),
        ("12,345,678", 12_345_678, ""),
        ("12 345 678,25", 12_345_678.25, ""),
        ("0,5", 0.5, ""),
        ("0.5", 0.5, ""),
        ("0,125", 0.125, ""),
        ("99.5%", 99.5, "%"),
        ("12,345%", 12.345, "%"),
        ("-3,5", -3.5, ""),
        ("50.000 trạm", 50_000, "trạm"),
        ("20 km²", 20, "km2"),
        ("1.000.000 tài khoản", 1_000_000, "tài khoản"),
    ],
)
def test_separators_and_units(text: str, value: float, unit: str) -> None:
    assert read_amount(text) == Amount(value, unit)


@pytest.mark.parametrize(
    ("text", "value", "direction"),
    [
        ("≥ 95%", 95, UP),
        (">= 95%", 95, UP),
        ("Trên 90%", 90, UP),
        ("tối thiểu 80%", 80, UP),
        ("Đạt ít nhất 80%", 80, UP),
        ("≤ 5%", 5, DOWN),
        ("không quá 5%", 5, DOWN),
        ("Dưới 5%", 5, DOWN),
    ],
)
def test_the_bound_says_which_way_is_better(text: str, value: float, direction: Direction) -> None:
    assert read_amount(text) == Amount(value, "%", direction=direction)


def test_a_share_keeps_its_whole() -> None:
    assert read_amount("40/61") == Amount(40, whole=61)
    assert read_amount("40 / 61 tiện ích") == Amount(40, "tiện ích", whole=61)


@pytest.mark.parametrize(("text", "value"), [("1,234", 1.234), ("12.345%", 12.345)])
def test_what_may_be_meant_otherwise_is_to_be_confirmed(text: str, value: float) -> None:
    amount = read_amount(text)
    assert amount is not None
    assert (amount.value, amount.needs_confirmation) == (value, True)


@pytest.mark.parametrize(
    "text", ["", "Đạt chuẩn", "20-30%", "1.2.3", "1.234.5", "12 5", "5/0", "năm 2025: 80", "80% năm 2025", "1" * 40]
)
def test_what_is_no_single_number_is_not_read(text: str) -> None:
    assert read_amount(text) is None


@given(st.integers(-(10**9), 10**9), st.integers(0, 2))
def test_a_number_written_the_vietnamese_way_comes_back(number: int, decimals: int) -> None:
    value = number / 10**decimals
    amount = read_amount(number_text(value, decimals, Language.VI))
    assert amount is not None
    assert amount.value == pytest.approx(value)
    assert not amount.needs_confirmation


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    read_amount(text)
