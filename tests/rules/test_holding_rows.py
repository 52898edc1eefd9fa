"""Rows of a contacts workbook: headings and words as offices write them, and every problem at once."""

from datetime import date

import pytest

from config.agencies import load_register
from config.reference import HERE
from rules.holding_rows import read_holdings
from rules.ladder import Role
from rules.people import HoldingKind

HEAD = ["Cơ quan", "Vai trò", "Chức danh", "Họ tên", "Địa chỉ", "Hình thức", "Từ ngày", "Đến ngày"]
GOOD = ["Bộ Y tế", "Cấp phó", "Thứ trưởng", "", "cap-pho@byt.example", "Quyền", "01/07/2025", ""]
REGISTER = load_register(HERE)


def test_a_row_says_who_holds_which_post_from_when() -> None:
    found = read_holdings([["DANH BẠ"], HEAD, GOOD, [""] * 8], REGISTER)
    assert found.problems == []
    (holding,) = found.holdings
    assert (holding.agency, holding.role, holding.kind, holding.from_on, holding.until_on) == (
        "BYT", Role.DEPUTY_HEAD, HoldingKind.ACTING, date(2025, 7, 1), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "words", "code"),
    [
        ("Cơ quan", "Bộ Không có", "agency_unknown"),
        ("Vai trò", "Sếp", "role_unknown"),
        ("Hình thức", "Tạm", "kind_unknown"),
        ("Địa chỉ", "không phải thư", "address_wrong"),
        ("Địa chỉ", "", "address_wrong"),
        ("Từ ngày", "32/01/2025", "day_wrong"),
        ("Đến ngày", "30/06/2025", "ends_first"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_row(column: str, words: str, code: str) -> None:
    row = list(GOOD)
    row[HEAD.index(column)] = words
    found = read_holdings([HEAD, GOOD, row], REGISTER)
    assert [(each.row, each.code, each.found) for each in found.problems] == [(3, code, words)]


def test_without_its_headings_a_sheet_is_refused() -> None:
    assert [each.code for each in read_holdings([["a", "b"]], REGISTER).problems] == ["no_headings"]


def test_who_is_away_needs_no_address() -> None:
    row = [*GOOD[:4], "", "Vắng", "01/07/2025", "05/07/2025"]
    assert read_holdings([HEAD, row], REGISTER).holdings[0].kind is HoldingKind.AWAY
