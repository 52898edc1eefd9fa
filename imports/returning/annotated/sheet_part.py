"""A worksheet being marked: of its XML only the touched rows, the view and the link to its notes change."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from xml.parsers import expat

from imports.problem import Severity
from imports.reading.cells import Area, Place, column_index
from imports.returning.annotated.marks import LAST_COLUMN, Mark, Pointed, marks_at
from imports.returning.annotated.outline import MAIN, Element, NotPatchableError, outline, relation_id, tag_prefix
from imports.returning.annotated.patch import Patch, Piece, with_attributes
from imports.returning.annotated.sheet_rows import Restyle, SheetRows
from imports.returning.annotated.styles_part import Styles

_ROWS = re.compile(rb"<(?:[\w.-]+:)?sheetData(?=[\s/>])[^<>]*>")
_VIEW = re.compile(rb"<(?:[\w.-]+:)?sheetView(?=[\s/>])[^<>]*>")
_SELECTED = re.compile(rb"\stabSelected\s*=\s*[\"'](?:1|true)[\"']")
_AREA = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})")
# What follows the link to the drawing of the notes.
_AFTER_NOTES = frozenset(
    {"legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
# A row of a sheet made by people is crossed by as many merged cells as it has columns, at most.
_MOST_CROSSING = 500
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 9.14, 15.0


class SheetPart:
    """A worksheet's XML. Raises NotPatchableError for whatever is not written as spreadsheets write it."""

    def __init__(self, xml: bytearray) -> None:
        """Read what stands around the rows, and where each row begins."""
        found = _ROWS.search(xml)
        if found is None or xml.find(b"<!") >= 0 or xml.find(b"<?", 5) >= 0:
            raise NotPatchableError("a sheet without rows, or with comments among them")
        self._xml = xml
        around, start, end = _around_the_rows(xml, found)
        self._patch = Patch(around)
        self._root = outline(around, root="worksheet", namespace=MAIN)
        data = self._root.all("sheetData")
        if len(data) != 1 or data[0].inside != found.end() or data[0].children:
            raise NotPatchableError("rows in an unknown place")
        self._data = data[0]
        self._prefix = tag_prefix(around, self._root)
        self._rows = SheetRows(xml, start, end, self._prefix)
        self._start, self._end = start, end
        self._areas = list(_areas(self._root))
        self._columns = self._root.grandchildren("cols", "col")
        self._spans = [_span(column) for column in self._columns]

    @property
    def notes_drawing(self) -> str | None:
        """The id of the relation to the drawing of the sheet's notes, if it has one."""
        drawing = self._root.first("legacyDrawing")
        return drawing.attributes.get("id") if drawing else None

    def marks(self, problems: Iterable[Pointed]) -> tuple[dict[Place, Mark], dict[int, Place]]:
        """Return what is said at which cell, and the cell of each problem by its number.

        A problem without a column is marked at the first used cell of its row, and one of a covered cell at the cell
        it is merged into.
        """
        own = [
            ((each.row, self._rows.first_used(each.row) if each.column is None else each.column), each)
            for each in problems
        ]
        anchors = self._anchors({place for place, _ in own})
        placed = [(anchors.get(place, place), each) for place, each in own]
        cells = {each.number: place for place, each in placed}
        return marks_at((place, each.problem) for place, each in placed), cells

    def colour(self, severities: Mapping[Place, Severity], styles: Styles) -> None:
        """Give the cells the fill of their severity and keep all else of their styles."""
        by_row: dict[int, dict[int, Restyle]] = {}
        for (row, column), severity in severities.items():
            by_row.setdefault(row, {})[column] = partial(styles.marked, severity=severity)
        self._patch.append_each(self._data, self._coloured(by_row))

    def _coloured(self, rows: Mapping[int, Mapping[int, Restyle]]) -> Iterator[Piece]:
        """Yield the rows, the touched ones changed. Raises ExpatError unless these are still XML in themselves."""
        check = expat.ParserCreate()
        check.Parse(self._patch.xml[self._root.start : self._root.inside], False)  # noqa: FBT003 - expat's signature
        at, whole = self._start, memoryview(self._xml)
        for row, restyles in sorted(rows.items()):
            start, end = self._rows.span(row)
            yield whole[at:start]
            changed = self._rows.restyled(row, restyles, self._column_style)
            check.Parse(changed, False)  # noqa: FBT003
            yield changed
            at = end
        yield whole[at : self._end]
        check.Parse(f"</{self._prefix}worksheet>".encode(), True)  # noqa: FBT003

    def link_notes(self, relation: str) -> None:
        """Name the relation to the drawing of the notes, which the sheet had not."""
        attribute, declared = relation_id(self._patch.xml, self._root)
        link = f'<{self._prefix}legacyDrawing{declared} {attribute}="{relation}"/>'.encode()
        behind = next((child.start for child in self._root.children if self._is_behind(child)), self._root.close)
        self._patch.replace(behind, behind, link)

    def deselect(self) -> None:
        """Let another sheet alone be the selected one."""
        deselect(self._patch, self._data.start)

    def patched(self) -> Patch:
        """Return the changed part."""
        return self._patch

    def width(self, column: int) -> float:
        """Return the width of a column in characters."""
        at = self._column(column)
        if at and at.attributes.get("hidden") in {"1", "true"}:
            return 0.0
        return _number(at.attributes.get("width")) if at else _DEFAULT_WIDTH

    def height(self, row: int) -> float:
        """Return the height of a row in points."""
        own = self._rows.height(row)
        return _DEFAULT_HEIGHT if own is None else own

    def _anchors(self, places: set[Place]) -> dict[Place, Place]:
        """Return the cell that shows each of the covered ones among `places`."""
        found, crossing = {}, []
        areas = sorted(self._areas, reverse=True)
        for place in sorted(places):
            while areas and areas[-1][0] <= (place[0], LAST_COLUMN):
                crossing.append(areas.pop())
            crossing = [area for area in crossing if area[1][0] >= place[0]]
            if len(crossing) > _MOST_CROSSING:
                raise NotPatchableError("cells merged over each other")
            shown_at = next((first for first, last in crossing if first[1] <= place[1] <= last[1]), None)
            if shown_at:
                found[place] = shown_at
        return found

    def _column(self, column: int) -> Element | None:
        at = bisect_right(self._spans, (column, LAST_COLUMN)) - 1
        return self._columns[at] if at >= 0 and column <= self._spans[at][1] else None

    def _column_style(self, column: int) -> int:
        at = self._column(column)
        return int(at.attributes.get("style", "0")) if at else 0

    def _is_behind(self, child: Element) -> bool:
        late = child.name in _AFTER_NOTES or child.name.endswith(" AlternateContent")
        return late and child.start >= self._data.end


def deselect(patch: Patch, before: int) -> bool:
    """Take the selection from the views written before that place of a sheet; say whether it had it.

    When several sheets are selected, what is typed into one goes into all of them.
    """
    views = [view for view in _VIEW.finditer(patch.xml, 0, before) if _SELECTED.search(view[0])]
    for view in views:
        patch.replace(view.start(), view.end(), with_attributes(bytes(view[0]), {"tabSelected": None}))
    return bool(views)


def _around_the_rows(xml: bytearray, data: "re.Match[bytes]") -> tuple[bytes, int, int]:
    """Return the sheet's XML without its rows, and where the rows begin and end."""
    if data[0].endswith(b"/>"):
        return bytes(xml), data.end(), data.end()
    name = bytes(data[0]).split(b"sheetData")[0].replace(b"<", b"</") + b"sheetData"
    end = xml.rfind(name)
    if end < data.end():
        raise NotPatchableError("rows without an end")
    return bytes(memoryview(xml)[: data.end()]) + bytes(memoryview(xml)[end:]), data.end(), end


def _areas(root: Element) -> Iterator[Area]:
    for merged in root.grandchildren("mergeCells", "mergeCell"):
        found = _AREA.fullmatch(merged.attributes.get("ref", ""))
        if found:
            left, top, right, bottom = found.groups()
            yield (int(top) - 1, column_index(left)), (int(bottom) - 1, column_index(right))


def _span(column: Element) -> tuple[int, int]:
    about = column.attributes
    return int(_number(about.get("min"))) - 1, int(_number(about.get("max"))) - 1


def _number(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"\d{1,7}(?:\.\d*)?", text) else _DEFAULT_WIDTH
