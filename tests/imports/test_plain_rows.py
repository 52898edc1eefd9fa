"""Deep in a large sheet whatever is not merely a value is seen as well as on its first page."""

import re

import pytest

from imports.reading.package import Package
from imports.reading.sheet_scan import scan_xlsx
from tests.imports.test_sheet_scan import only_sheet, refusal, with_rows

ROWS, DEEP = 12_000, 9_000  # some 1.2 MB of XML: five pieces


def rows(**deep: str) -> str:
    """Return rows of values, of which row DEEP has other attributes (`row`) or cells (`cells`)."""
    return "".join(
        f'<row r="{n}" spans="1:3"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="str"><v>việc {n}</v></c></row>'
        if n != DEEP
        else f"<row r='{n}'{deep.get('row', '')}>{deep.get('cells', '<c><v>1</v></c>')}</row>"
        for n in range(1, ROWS + 1)
    )


@pytest.mark.parametrize(
    ("written", "cell", "unread"),
    [
        ("a formula never calculated", f'<c r="A{DEEP}"><f>1+1</f></c>', "="),
        ("a formula without text", f'<c r="A{DEEP}"><f/></c>', "="),
        ("an error", f'<c r="A{DEEP}" t="e"><v>#N/A</v></c>', "#N/A"),
        ("an error in single quotes", f"<c r='A{DEEP}' t = 'e'><v>#REF!</v></c>", "#REF!"),
    ],
)
def test_an_unread_cell_is_seen(written: str, cell: str, unread: str) -> None:
    sheet = only_sheet(with_rows(rows(cells=cell)))
    assert dict(sheet.unread) == {(DEEP - 1, 0): unread}, written


@pytest.mark.parametrize("hidden", [' hidden="1"', " hidden='true'", ' hidden="&#49;"'])
def test_a_hidden_row_is_seen(hidden: str) -> None:
    assert only_sheet(with_rows(rows(row=hidden))).hidden_rows == {DEEP - 1}


def test_a_piece_that_begins_inside_a_row_is_looked_at_whole() -> None:
    wide = "".join(f'<c r="C{DEEP}" t="str"><v>{n}</v></c>' for n in range(12_000))
    cells = f'<c r="A{DEEP}"><f>1+1</f>{" " * 300_000}<v>2</v></c>{wide}<c r="D{DEEP}"><f>2+2</f></c>'
    assert dict(only_sheet(with_rows(rows(cells=cells))).unread) == {(DEEP - 1, 3): "="}


@pytest.mark.parametrize(
    ("cell", "code"),
    [('<c r="XFE1"><v>1</v></c>', "beyond_the_grid"), ('<c r="XFD1"><v>1</v></c>', "sheet_too_large")],
)
def test_a_trap_among_plain_rows_is_named(cell: str, code: str) -> None:
    trap = rows(cells=cell).replace(f"<row r='{DEEP}'>", f'<row r="{DEEP}">')
    assert refusal(with_rows(trap)) == code


def test_a_document_type_deep_inside_is_no_workbook() -> None:
    assert refusal(with_rows(rows(cells="<!DOCTYPE x>"))) == "damaged_workbook"


def test_every_row_looked_at_gives_what_a_quick_look_gives() -> None:
    xml = rows()
    for kind in ("<f>1</f>", "<f>A1</f><v>2</v>", '<v>3</v></c><c t="e"><v>#DIV/0!</v>'):
        for n in range(len(kind), ROWS, 2311):
            xml = re.sub(rf'(<c r="A{n}">)<v>{n}</v>', rf"\1{kind}", xml)
    package = Package(with_rows(xml))
    quick, thorough = scan_xlsx(package), scan_xlsx(package, every_row=True)
    assert quick == thorough
    assert len(next(iter(quick.values())).unread) > 3
