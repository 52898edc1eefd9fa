"""Native Word tables, written straight as XML: repeated heading rows, fixed widths, cost linear in rows."""

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from reports.paper import Align, Column, RowKind, Table, TableRow

TWIPS_PER_MM = 1440 / 25.4
# A table of so few rows may be kept on one page.
_KEEP_TOGETHER = 14


def element(tag: str, **attributes: object) -> Any:
    """Return a WordprocessingML element, e.g. `element("w:jc", val="center")`."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def nested(parent: Any, *children: Any) -> Any:
    """Append the children and return the parent."""
    parent.extend(children)
    return parent


def run(text: str, *properties: Any) -> Any:
    """Return a run of plain text; line ends become breaks."""
    made = element("w:r")
    if properties:
        made.append(nested(element("w:rPr"), *properties))
    for index, line in enumerate(text.split("\n")):
        if index:
            made.append(element("w:br"))
        words = element("w:t")
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        words.text = line
        made.append(words)
    return made


def table_xml(table: Table, *, width_mm: float, half_points: int, together: bool) -> Any:
    """Return a table `width_mm` wide, its text in `half_points`; the heading row repeats on every page.

    `together` keeps a table of few rows on one page.
    """
    total = sum(column.width for column in table.columns)
    widths = [round(column.width / total * width_mm * TWIPS_PER_MM) for column in table.columns]
    made = element("w:tbl")
    made.append(_table_properties(sum(widths)))
    made.append(nested(element("w:tblGrid"), *(element("w:gridCol", w=width) for width in widths)))
    made.append(_heading_row(table.columns, widths, half_points))
    for row in table.rows:
        made.append(_row(row, table.columns, widths, half_points))
    if together and len(table.rows) <= _KEEP_TOGETHER:
        _keep_together(made)
    return made


def _keep_together(table: Any) -> None:
    """Let every row but the last stay with the next one."""
    for row in table.findall(qn("w:tr"))[:-1]:
        for style in row.iter(qn("w:pStyle")):
            style.addnext(element("w:keepNext"))


def _table_properties(width: int) -> Any:
    borders = nested(
        element("w:tblBorders"),
        *(
            element(f"w:{side}", val="single", sz=4, space=0, color="000000")
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        ),
    )
    margins = nested(
        element("w:tblCellMar"),
        *(element(f"w:{side}", w=space, type="dxa") for side, space in _CELL_SPACE),
    )
    return nested(
        element("w:tblPr"),
        element("w:tblW", w=width, type="dxa"),
        element("w:jc", val="center"),
        borders,
        element("w:tblLayout", type="fixed"),
        margins,
    )


_CELL_SPACE = (("top", 20), ("left", 70), ("bottom", 20), ("right", 70))


def _heading_row(columns: Sequence[Column], widths: Sequence[int], half_points: int) -> Any:
    made = element("w:tr")
    made.append(nested(element("w:trPr"), element("w:cantSplit"), element("w:tblHeader")))
    for column, width in zip(columns, widths, strict=True):
        made.append(_cell(column.title, width, Align.CENTRE, half_points, bold=True))
    return made


def _row(row: TableRow, columns: Sequence[Column], widths: Sequence[int], half_points: int) -> Any:
    made = element("w:tr")
    if not row.breaks:
        made.append(nested(element("w:trPr"), element("w:cantSplit")))
    if row.kind is RowKind.GROUP:
        cell = _cell(row.cells[0], sum(widths), Align.LEFT, half_points, bold=True, span=len(columns))
        return nested(made, cell)
    bold = row.kind is RowKind.TOTAL
    shades = row.shades or (0,) * len(columns)
    for text, column, width, shade in zip(row.cells, columns, widths, shades, strict=True):
        made.append(_cell(text, width, column.align, half_points, bold=bold, shade=shade))
    return made


# The fills of a shaded cell, from none to the darkest: each reads apart from the next in black and white too.
_SHADES = ("", "EBEBEB", "CDCDCD", "A0A0A0", "505050")


def _cell(text: str, width: int, align: Align, half_points: int, *, bold: bool, span: int = 1, shade: int = 0) -> Any:
    properties = nested(element("w:tcPr"), element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
        properties.append(element("w:shd", val="clear", color="auto", fill="F0F0F0"))
    elif shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=_SHADES[shade]))
    properties.append(element("w:vAlign", val="center"))
    paragraph_properties = nested(element("w:pPr"), element("w:pStyle", val="TableText"))
    if span > 1:
        paragraph_properties.append(element("w:keepNext"))
    paragraph_properties.append(element("w:jc", val=align.value))
    look = [element("w:b")] if bold else []
    look += [element("w:color", val="FFFFFF")] if shade == len(_SHADES) - 1 else []
    look += [element("w:sz", val=half_points), element("w:szCs", val=half_points)]
    paragraph = nested(element("w:p"), paragraph_properties, run(text, *look))
    return nested(element("w:tc"), properties, paragraph)
