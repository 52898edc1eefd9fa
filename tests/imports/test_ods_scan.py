"""What the scan of an .ods sees: merged cells, hidden rows and columns, months shown as months, cells in error."""

import io
from zipfile import ZipFile

from imports.reading.reader import Sheet, read_workbook

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
    )
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = f"""
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
  <manifest:file-entry manifest:full-path="/" manifest:media-type="{SPREADSHEET}"/>
</manifest:manifest>"""
STYLES = """
<office:automatic-styles>
  <number:date-style style:name="N1"><number:month/><number:text>/</number:text><number:year/></number:date-style>
  <number:date-style style:name="N2"><number:day/><number:month/><number:year/></number:date-style>
  <style:style style:name="month" style:family="table-cell" style:data-style-name="N1"/>
  <style:style style:name="day" style:family="table-cell" style:data-style-name="N2"/>
</office:automatic-styles>"""


def sheet(rows: str, columns: str = "") -> Sheet:
    """Read an .ods whose only table has these columns and rows."""
    table = f'<table:table table:name="PL">{columns}{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    xml = f"<office:document-content {NAMESPACES} {CALC}>{STYLES}{body}</office:document-content>"
    content = io.BytesIO()
    with ZipFile(content, "w") as package:
        package.writestr("mimetype", SPREADSHEET)
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", xml)
    workbook = read_workbook(content.getvalue(), name="phu-luc.ods")
    assert workbook.problems == []
    return workbook.sheets[0]


def row(*cells: str, about: str = "") -> str:
    return f"<table:table-row {about}>{''.join(cells)}</table:table-row>"


def cell(text: str, about: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {about}><text:p>{text}</text:p></table:table-cell>'


def test_cells_merged_down_and_across() -> None:
    merged = cell("ba", 'table:number-columns-spanned="2" table:number-rows-spanned="3"')
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    read = sheet(row(cell("TT"), merged) + row(cell("1"), covered) + row(cell("2"), covered))
    assert read.merges == [((0, 1), (2, 2))]


def test_hidden_rows_and_columns() -> None:
    columns = '<table:table-column/><table:table-column table:number-columns-repeated="2" table:visibility="collapse"/>'
    rows = row(cell("a")) + row(cell("b"), about='table:visibility="filter"') + row(cell("c"))
    read = sheet(rows, columns)
    assert (set(read.hidden_rows), set(read.hidden_columns)) == ({1}, {1, 2})


def test_a_date_shown_as_its_month_is_the_month() -> None:
    date = 'office:value-type="date" office:date-value="2025-06-01"'
    cells = [f'<table:table-cell table:style-name="{style}" {date}/>' for style in ("month", "day")]
    month, day = sheet(row(*cells)).rows[0]
    assert month == "Tháng 6/2025"
    assert f"{day:%d/%m/%Y}" == "01/06/2025"


def test_a_percentage_is_read_as_shown() -> None:
    cells = '<table:table-cell office:value-type="percentage" office:value="0.8"/>'
    assert sheet(row(cells)).rows == [["80%"]]


def test_cells_in_error_and_formulas_never_calculated() -> None:
    error = '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
    never = '<table:table-cell table:formula="of:=[.A1]"/>'
    known = '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="3"/>'
    read = sheet(row(cell("a"), f"{error}<text:p>#DIV/0!</text:p></table:table-cell>", never, known, cell("z")))
    assert dict(read.unread) == {(0, 1): "#DIV/0!", (0, 2): "="}


def test_the_empty_end_of_a_table_costs_nothing() -> None:
    end = row("<table:table-cell/>", about='table:number-rows-repeated="1048000" table:visibility="collapse"')
    read = sheet(row(cell("a")) + end)
    assert len(read.hidden_rows) == 0
    assert read.rows == [["a"]]
