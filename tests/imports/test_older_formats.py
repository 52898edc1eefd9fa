"""What the fast reader hides of .xls and .xlsb is seen all the same: hidden rows, months shown, merges, errors."""

import pytest

from imports.problem import stopping
from imports.reading.cell_formats import Shown
from imports.reading.ole import workbook_stream
from imports.reading.package import HostileError, Package
from imports.reading.reader import read_workbook
from imports.reading.xls_scan import scan_xls
from imports.reading.xlsb_scan import scan_xlsb
from tests.goldens.files import content_of
from tests.goldens.packages import packed, parts_of

SHEET = "xl/worksheets/sheet1.bin"


def test_an_xls_hides_a_row_and_a_column_and_shows_a_month() -> None:
    seen = scan_xls(content_of("excel-97.xls"))
    assert list(seen) == ["Phụ lục", "Nháp"]
    sheet = seen["Phụ lục"]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.shown) == ({12}, {3}, {(11, 5): Shown.MONTH})
    assert sheet.unread == {}


def test_an_xls_smaller_than_a_sector_of_its_table_is_read_too() -> None:
    assert scan_xls(content_of("cells-in-error.xls"))["Phụ lục"].unread == {(8, 5): "#N/A", (9, 2): "#DIV/0!"}


def test_an_xlsb_hides_a_row_shows_a_month_and_merges() -> None:
    sheet = scan_xlsb(Package(content_of("excel-binary.xlsb")))["Phụ lục"]
    assert (sheet.hidden_rows, sheet.shown) == ({12}, {(11, 5): Shown.MONTH})
    assert sheet.merges == [((3, 0), (3, 5))]


@pytest.mark.parametrize("name", ["excel-97.xls", "excel-binary.xlsb"])
def test_the_month_shown_is_the_value_read(name: str) -> None:
    workbook = read_workbook(content_of(name))
    assert not stopping(workbook.problems)
    sheet = workbook.sheets[0]
    assert sheet.rows[11][5] == "Tháng 9/2025"
    assert sheet.hidden_rows == {12}
    assert workbook.sheets[1].hidden


def test_leads_merged_in_an_xlsb_reach_every_row() -> None:
    (sheet,) = read_workbook(content_of("merged-leads.xlsb")).sheets
    assert sheet.merges == [((7, 2), (8, 2))]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (b"\x00\x11" + (2**31).to_bytes(4, "little") + bytes(13), "beyond_the_grid"),
        (b"\x02\x0c" + (20_000).to_bytes(4, "little") + bytes(8), "beyond_the_grid"),
        (b"\x00\x11" + (1_000_000).to_bytes(4, "little") + bytes(13), "sheet_too_large"),
    ],
)
def test_an_xlsb_beyond_the_grid_is_refused_before_it_is_laid_out(record: bytes, code: str) -> None:
    parts = parts_of(content_of("excel-binary.xlsb"))
    far = b"\x02\x0c" + (300).to_bytes(4, "little") + bytes(8)
    content = packed({**parts, SHEET: parts[SHEET][:-3] + record + far})
    with pytest.raises(HostileError, match=code):
        scan_xlsb(Package(content))


def test_an_xls_without_its_stream_says_nothing() -> None:
    assert workbook_stream(content_of("with-a-password.xlsx")) == b""
    assert scan_xls(content_of("with-a-password.xlsx")) == {}
