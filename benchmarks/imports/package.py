"""Write an .xlsx package by hand, as Excel lays it out: shared strings, a style for dates, merged areas.

Writing it here keeps the generator fast, and lets the same rows be saved twice with other bytes.
"""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | date | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DAY_ZERO = date(1899, 12, 30)
_TEXT_STYLE, _DATE_STYLE = 1, 2


@dataclass(frozen=True)
class Saving:
    """How a program saves a package: the order of its shared strings, its compression, what it writes beside values."""

    strings_reversed: bool = False
    compression: int = 6
    row_attributes: str = ' spans="1:12"'


EXCEL = Saving()
SAVED_AGAIN = Saving(strings_reversed=True, compression=1, row_attributes=' spans="1:12" ht="31.5" customHeight="1"')


def write_package(
    path: Path, rows: Sequence[Sequence[Cell]], merges: Sequence[str] = (), *, sheet: str, saving: Saving = EXCEL
) -> None:
    """Write one sheet of `rows`, row 1 first, with the merged areas `merges` ("C8:C11")."""
    strings = {value: None for row in rows for value in row if isinstance(value, str) and value}
    ordered = reversed(strings) if saving.strings_reversed else iter(strings)
    numbers = {value: number for number, value in enumerate(ordered)}
    parts: dict[str, Iterable[str]] = {
        "[Content_Types].xml": [_content_types()],
        "_rels/.rels": [_relations(("officeDocument", "xl/workbook.xml"))],
        "xl/workbook.xml": [_workbook(sheet)],
        "xl/_rels/workbook.xml.rels": [_relations(*_WORKBOOK_PARTS)],
        "xl/styles.xml": [_STYLES],
        "xl/worksheets/sheet1.xml": _sheet(rows, merges, numbers, saving),
        "xl/sharedStrings.xml": _shared(numbers),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=saving.compression) as package:
        for name, content in parts.items():
            with package.open(name, "w") as part:
                for piece in content:
                    part.write(piece.encode())


_WORKBOOK_PARTS = (
    ("worksheet", "worksheets/sheet1.xml"),
    ("styles", "styles.xml"),
    ("sharedStrings", "sharedStrings.xml"),
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="1"><font><sz val="12"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _content_types() -> str:
    parts = (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"))
    overrides = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in (*parts, ("sharedStrings", "sharedStrings"))
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(sheet: str) -> str:
    name = escape(sheet, {'"': "&quot;"})
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(
    rows: Sequence[Sequence[Cell]], merges: Sequence[str], numbers: Mapping[str, int], saving: Saving
) -> Iterator[str]:
    last = f"{_letter(max(len(row) for row in rows))}{len(rows)}"
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><dimension ref="A1:{last}"/><sheetData>'
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{_letter(at)}{number}", value, numbers) for at, value in enumerate(row, start=1))
        yield f'<row r="{number}"{saving.row_attributes}>{cells}</row>'
    yield "</sheetData>"
    if merges:
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
        yield f'<mergeCells count="{len(merges)}">{areas}</mergeCells>'
    yield "</worksheet>"


def _cell(place: str, value: Cell, numbers: Mapping[str, int]) -> str:
    if value is None or value == "":
        return f'<c r="{place}" s="{_TEXT_STYLE}"/>'
    if isinstance(value, str):
        return f'<c r="{place}" s="{_TEXT_STYLE}" t="s"><v>{numbers[value]}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{_DATE_STYLE}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f'<c r="{place}" s="{_TEXT_STYLE}"><v>{value}</v></c>'


def _shared(numbers: Mapping[str, int]) -> Iterator[str]:
    yield f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(numbers)}">'
    for value in numbers:
        yield f"<si><t>{escape(value)}</t></si>"
    yield "</sst>"


def _letter(column: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column - 1]
