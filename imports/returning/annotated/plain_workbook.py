"""A workbook of a format that cannot be written back, as an .xlsx: its values, merged cells and what is hidden."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import isfinite

from imports.problem import Problem, stopping
from imports.reading.cells import Area, Value, address, cell_text, column_letters
from imports.reading.reader import Sheet, read_workbook
from imports.returning.annotated.marks import LAST_COLUMN, LAST_ROW
from imports.returning.annotated.outline import MAIN
from imports.returning.annotated.xml_text import attribute_xml, cut, legal, text_xml
from imports.returning.annotated.zip_parts import packed, zipped

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SIDES = "".join(
    f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_CELL_STYLES = "".join(
    f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" '
    f'applyAlignment="1"{quoted}><alignment vertical="top" wrapText="1"/></xf>'
    for number, quoted in ((0, ""), (49, ' quotePrefix="1"'), (164, ""), (165, ""), (21, ""), (166, ""))
)
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="166" formatCode="[h]:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="12"/><name val="Times New Roman"/><family val="1"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    f'</fills><borders count="2"><border/><border>{_SIDES}</border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="6">{_CELL_STYLES}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_PLAIN, _TEXT, _DATE, _INSTANT, _TIME, _DURATION = range(6)
_DAY_ZERO, _FIRST_DAY = datetime(1899, 12, 30), date(1900, 3, 1)  # noqa: DTZ001 - a cell's time has no zone
_LARGEST_WHOLE = 10**15
_NARROWEST, _WIDEST, _ROWS_MEASURED = 8, 60, 200
_LONGEST_NAME = 31
_LARGEST_AREA = 200_000
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


@dataclass(frozen=True)
class PlainWorkbook:
    """An .xlsx of values, and what its sheets are called in it."""

    content: bytes
    names: dict[str, str]

    def placed(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return the problems as they are to be found in this workbook."""
        return [replace(problem, sheet=self.names.get(problem.sheet, problem.sheet)) for problem in problems]


def plain_workbook(content: bytes) -> PlainWorkbook:
    """Return the workbook's content as an .xlsx. Raises ValueError when it cannot be read or is larger than one."""
    read = read_workbook(content)
    if stopping(read.problems):
        raise ValueError("not read")
    return plain_sheets(read.sheets)


def plain_sheets(sheets: Sequence[Sheet]) -> PlainWorkbook:
    """Return an .xlsx of these sheets. Raises ValueError for one larger than Excel's grid."""
    if not all(map(_fits, sheets)):
        raise ValueError("larger than an .xlsx")
    names = _names([sheet.name for sheet in sheets])
    parts = [
        ("[Content_Types].xml", _types(len(sheets))),
        ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", _workbook(sheets, names)),
        ("xl/_rels/workbook.xml.rels", _relations(_related(len(sheets)))),
        ("xl/styles.xml", _STYLES),
    ]
    packages = [packed(name, [(_DECLARATION + xml).encode()]) for name, xml in parts]
    packages += [packed(f"xl/{_part(at)}", _sheet(sheet)) for at, sheet in enumerate(sheets)]
    return PlainWorkbook(zipped(packages), dict(zip((sheet.name for sheet in sheets), names, strict=True)))


def _fits(sheet: Sheet) -> bool:
    return len(sheet.rows) <= LAST_ROW and all(len(row) <= LAST_COLUMN for row in sheet.rows)


def _names(given: Sequence[str]) -> list[str]:
    """Return a name for each sheet that Excel allows, no two alike."""
    names: list[str] = []
    for name in given:
        allowed = legal(name).translate(_NOT_IN_NAMES).strip("'")[:_LONGEST_NAME] or "_"
        taken = {other.casefold() for other in names}
        numbered = (f"{allowed[: _LONGEST_NAME - 4]}-{number}" for number in range(2, len(given) + 2))
        names.append(next(each for each in (allowed, *numbered) if each.casefold() not in taken))
    return names


def _types(sheets: int) -> str:
    parts = [
        ("workbook.xml", "sheet.main"),
        ("styles.xml", "styles"),
        *((_part(at), "worksheet") for at in range(sheets)),
    ]
    overrides = "".join(f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts)
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _related(sheets: int) -> list[tuple[str, str]]:
    return [*(("worksheet", _part(at)) for at in range(sheets)), ("styles", "styles.xml")]


def _relations(related: Sequence[tuple[str, str]]) -> str:
    written = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{part}"/>'
        for at, (kind, part) in enumerate(related, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{written}</Relationships>'


def _workbook(sheets: Sequence[Sheet], names: Sequence[str]) -> str:
    hidden = ("", ' state="hidden"')
    entries = "".join(
        f'<sheet name="{attribute_xml(name)}" sheetId="{at}"{hidden[sheet.hidden]} r:id="rId{at}"/>'
        for at, (sheet, name) in enumerate(zip(sheets, names, strict=True), start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>'


def _part(at: int) -> str:
    return f"worksheets/sheet{at + 1}.xml"


def _sheet(sheet: Sheet) -> Iterator[bytes]:
    yield f'{_DECLARATION}<worksheet xmlns="{MAIN}">{_columns(sheet)}<sheetData>'.encode()
    width = max(map(len, sheet.rows), default=0)
    letters = [column_letters(column) for column in range(width)]
    errors = {place: found for place, found in sheet.unread.items() if found.startswith("#")}
    for at, row in enumerate(sheet.rows):
        number = str(at + 1)
        values = [errors.get((at, column), value) for column, value in enumerate(row)] if errors else row
        placed = zip(letters, values, strict=False)
        cells = "".join([_cell(letter + number, value) for letter, value in placed if value not in ("", None)])
        hidden = ' hidden="1"' if at in sheet.hidden_rows else ""
        if cells or hidden:
            yield f'<row r="{number}"{hidden}>{cells}</row>'.encode()
    yield f"</sheetData>{_merged(sheet.merges)}</worksheet>".encode()


def _cell(place: str, value: Value) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" s="{_PLAIN}" t="b"><v>{value:d}</v></c>'
    number = _number(value)
    if number is None:
        return f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
    return f'<c r="{place}" s="{number[1]}"><v>{number[0]!r}</v></c>'


def _number(value: Value) -> tuple[float, int] | None:
    """Return the number Excel stores for a value and its style, None for what is best kept as text."""
    if isinstance(value, int | float):
        exact = isfinite(value) and (isinstance(value, float) or abs(value) < _LARGEST_WHOLE)
        return (value, _PLAIN) if exact else None
    if isinstance(value, datetime):
        in_time = value.date() >= _FIRST_DAY
        return (_days(value.replace(tzinfo=None) - _DAY_ZERO), _INSTANT) if in_time else None
    if isinstance(value, date):
        return ((value - _DAY_ZERO.date()).days, _DATE) if value >= _FIRST_DAY else None
    if isinstance(value, time):
        return _days(datetime.combine(_DAY_ZERO, value.replace(tzinfo=None)) - _DAY_ZERO), _TIME
    if isinstance(value, timedelta):
        return (_days(value), _DURATION) if value >= timedelta() else None
    return None


def _days(since: timedelta) -> float:
    return since / timedelta(days=1)


def _text(value: Value) -> str:
    return text_xml(value if isinstance(value, str) else cell_text(value))


def _columns(sheet: Sheet) -> str:
    """Return the columns, each as wide as the texts of the first rows ask."""
    measured = sheet.rows[:_ROWS_MEASURED]
    width = max(map(len, measured), default=0)
    columns = []
    for column in range(width):
        lengths = [len(cut(str(row[column]), _WIDEST)) for row in measured if column < len(row)]
        wide = min(max(max(lengths) + 2, _NARROWEST), _WIDEST)
        hidden = ' hidden="1"' if column in sheet.hidden_columns else ""
        columns.append(f'<col min="{column + 1}" max="{column + 1}" width="{wide}" customWidth="1"{hidden}/>')
    return f"<cols>{''.join(columns)}</cols>" if columns else ""


def _merged(areas: Sequence[Area]) -> str:
    kept = [f'<mergeCell ref="{address(*first)}:{address(*last)}"/>' for first, last in _apart(areas)]
    return f'<mergeCells count="{len(kept)}">{"".join(kept)}</mergeCells>' if kept else ""


def _apart(areas: Sequence[Area]) -> Iterator[Area]:
    """Yield the areas that Excel takes: of several cells but not half the grid, inside it, and none over another."""
    taken_to = [-1] * LAST_COLUMN
    for (top, left), (bottom, right) in sorted(areas):
        inside = 0 <= top <= bottom < LAST_ROW and 0 <= left <= right < LAST_COLUMN
        size = (bottom - top + 1) * (right - left + 1)
        if inside and 1 < size <= _LARGEST_AREA and max(taken_to[left : right + 1]) < top:
            taken_to[left : right + 1] = [bottom] * (right + 1 - left)
            yield (top, left), (bottom, right)
