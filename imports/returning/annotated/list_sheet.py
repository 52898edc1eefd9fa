"""The first sheet of the copy: every problem, the gravest first, with links to the cells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil

from imports.problem import Problem, Severity
from imports.reading.cells import Place, address
from imports.returning.annotated.marks import LAST_ROW
from imports.returning.annotated.outline import MAIN
from imports.returning.annotated.styles_part import COLOURS, Styles
from imports.returning.annotated.xml_text import attribute_xml, text_xml
from texts import Language, both, say

HEADING_ROW = 7
_COLUMNS = (
    ("annotated.column_severity", 15),
    ("annotated.column_sheet", 16),
    ("annotated.column_row", 8),
    ("annotated.column_column", 8),
    ("annotated.column_found", 28),
    ("annotated.column_to_do", 52),
    ("annotated.column_to_do_in_english", 46),
    ("annotated.column_code", 18),
)
_LETTERS = "ABCDEFGH"
_LAST = _LETTERS[-1]
# Excel follows no more links in a sheet.
_MOST_LINKS = 65_000
_LETTERS_PER_WIDTH, _LINE_POINTS, _TALLEST = 1.2, 15, 409
_NAVY, _WHITE, _BLUE, _GREY, _LINE = "FF1F3864", "FFFFFFFF", "FF0563C1", "FF595959", "FFBFBFBF"


@dataclass(frozen=True)
class _Looks:
    """The numbers of the styles the sheet uses."""

    title: int
    count: int
    beside: int
    how: int
    heading: int
    link: int
    place: int
    text: int
    text_beside: int
    code: int
    severities: Mapping[Severity, int]


@dataclass(frozen=True)
class Listing:
    """What the sheet lists: the problems in order, and the cells of those that have one, by their place in the order.

    `capped` is how many cells of a sheet have notes at most, None when every marked cell has one.
    """

    file: str
    problems: Sequence[Problem]
    cells: Mapping[int, Place]
    capped: int | None = None


def sheet_name() -> str:
    """Return what the sheet is called."""
    return say("annotated.sheet")


def table(problems: Sequence[Problem]) -> str:
    """Return where the list stands, its headings included."""
    return f"$A${HEADING_ROW}:${_LAST}${last_row(problems)}"


def last_row(problems: Sequence[Problem]) -> int:
    """Return the row in which the list ends; Excel has no more than so many."""
    return min(HEADING_ROW + len(problems), LAST_ROW)


def list_sheet(listing: Listing, styles: Styles) -> Iterator[bytes]:
    """Yield the sheet's XML; its styles are added to those of the workbook."""
    looks, last = _looks(styles), last_row(listing.problems)
    yield _BEFORE.format(heading=HEADING_ROW, below=HEADING_ROW + 1, last=last, columns=_columns()).encode()
    for row in chain(_above(listing, looks), _problems(listing, looks)):
        yield row.encode()
    yield f'</sheetData><autoFilter ref="A{HEADING_ROW}:{_LAST}{last}"/>{_merged()}{_links(listing)}{_AFTER}'.encode()


_BEFORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
    f'<dimension ref="A1:{_LAST}{{last}}"/><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    '<pane ySplit="{heading}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>'
    '<selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
)
_AFTER = (
    '<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C&amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
)


def _looks(styles: Styles) -> _Looks:
    line = styles.border(_LINE)
    body, beside = styles.font(11), styles.font(10, _GREY, italic=True)
    bold = styles.font(11, bold=True)
    return _Looks(
        title=styles.text(font=styles.font(16, _NAVY, bold=True), down="center"),
        count=styles.text(font=styles.font(12, bold=True), down="center"),
        beside=styles.text(font=beside, down="center"),
        how=styles.text(font=body, down="center"),
        heading=styles.text(
            font=styles.font(11, _WHITE, bold=True),
            fill=styles.fill(_NAVY),
            border=line,
            across="center",
            down="center",
        ),
        link=styles.text(font=styles.font(11, _BLUE, underlined=True), border=line, across="center"),
        place=styles.text(font=body, border=line, across="center"),
        text=styles.text(font=body, border=line),
        text_beside=styles.text(font=styles.font(10, _GREY), border=line),
        code=styles.text(font=styles.font(9, _GREY), border=line),
        severities={
            severity: styles.text(font=bold, fill=styles.fill(colour), border=line, across="center")
            for severity, colour in COLOURS.items()
        },
    )


def _above(listing: Listing, looks: _Looks) -> Iterator[str]:
    """Yield the rows above the list: the title, how much is wrong, what to do; then its headings."""
    counts = Counter(problem.severity for problem in listing.problems)
    numbers = {"stops": counts[Severity.STOPS], "to_confirm": counts[Severity.TO_CONFIRM]}
    yield _row(1, [(say("annotated.title"), looks.title)], height=30)
    for at, language, look in ((2, Language.VI, looks.count), (3, Language.EN, looks.beside)):
        text = say("annotated.counts", language, file=listing.file, notes=counts[Severity.NOTE], **numbers)
        yield _row(at, [(text, look)], height=18)
    for at, language, look in ((4, Language.VI, looks.how), (5, Language.EN, looks.beside)):
        yield _row(at, [(say("annotated.how", language), look)], height=30)
    if listing.capped:
        yield _row(6, [(both("annotated.capped", count=listing.capped), looks.beside)], height=18)
    headings = [(_both_lines(key), looks.heading) for key, _ in _COLUMNS]
    yield _row(HEADING_ROW, headings, height=34)


def _problems(listing: Listing, looks: _Looks) -> Iterator[str]:
    severities = {severity: _both_lines(f"cli.severity_{severity}") for severity in Severity}
    for at, problem in enumerate(listing.problems[: LAST_ROW - HEADING_ROW]):
        link = looks.link if at in listing.cells and at < _MOST_LINKS else looks.place
        cells = [
            (severities[problem.severity], looks.severities[problem.severity]),
            (problem.sheet, link),
            (str(problem.row or ""), link),
            (problem.column or "", link),
            (problem.found, looks.text),
            (problem.sentence(Language.VI), looks.text),
            (problem.sentence(Language.EN), looks.text_beside),
            (problem.code, looks.code),
        ]
        yield _row(HEADING_ROW + 1 + at, cells, height=_height([text for text, _ in cells]))


def _height(texts: Sequence[str]) -> int:
    """Return how high a row must be, in points, to show its texts whole; not every program finds out by itself."""
    lines = (
        sum(ceil(max(1, len(line)) / (width * _LETTERS_PER_WIDTH)) for line in text.split("\n"))
        for text, (_, width) in zip(texts, _COLUMNS, strict=True)
    )
    return min(max(lines) * _LINE_POINTS + 4, _TALLEST)


def _both_lines(key: str) -> str:
    """Return a word in both languages, one below the other."""
    vietnamese, english = (say(key, language) for language in Language)
    return "\n".join(dict.fromkeys((vietnamese[:1].upper() + vietnamese[1:], english[:1].upper() + english[1:])))


def _row(number: int, cells: Sequence[tuple[str, int]], *, height: int) -> str:
    written = "".join(_cell(number, at, *cell) for at, cell in enumerate(cells))
    return f'<row r="{number}" ht="{height}" customHeight="1">{written}</row>'


def _cell(row: int, column: int, text: str, style: int) -> str:
    place = f"{_LETTERS[column]}{row}"
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_xml(text)}</t></is></c>'


def _columns() -> str:
    return "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, (_, width) in enumerate(_COLUMNS, start=1)
    )


def _merged() -> str:
    rows = range(1, HEADING_ROW)
    merged = "".join(f'<mergeCell ref="A{row}:{_LAST}{row}"/>' for row in rows)
    return f'<mergeCells count="{len(rows)}">{merged}</mergeCells>'


def _links(listing: Listing) -> str:
    """Return the links: one for the sheet, row and column of each problem that has a cell."""
    links = []
    for at, place in sorted(listing.cells.items()):
        if at >= _MOST_LINKS:
            break
        row = HEADING_ROW + 1 + at
        sheet = listing.problems[at].sheet.replace("'", "''")
        where = attribute_xml(f"'{sheet}'!{address(*place)}")
        links.append(f'<hyperlink ref="B{row}:D{row}" location="{where}"/>')
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
