"""The head and the foot of the Word paper: who issues it, the national motto, the subject; signer and recipients."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from reports.docx_form import BODY
from reports.docx_table import TWIPS_PER_MM, element, nested, run
from reports.paper import Paper

_LEFT, _RIGHT = 68, 97
_FOOT_LEFT, _FOOT_RIGHT = 82, 83
# The motto's own width in 13 pt bold, and an average bold letter in millimetres per point.
_MOTTO_WIDTH = 57.0
_CAPITAL, _LETTER = 0.245, 0.178
_RULE_SHARE = 0.4
_SIGNATURE_TWIPS = 1600
_SMALL, _MIDDLE = 12, 13


def add_head(document: Document, paper: Paper) -> None:
    """Put issuing body and number at the left, country, motto and date at the right, each with its rule."""
    issuing = min(max(map(len, paper.issuing.split("\n"))) * _CAPITAL * _SMALL, _LEFT)
    left = [
        _line(paper.governing, _SMALL),
        _line(paper.issuing, _SMALL, "b"),
        _rule(issuing * _RULE_SHARE, _LEFT),
        _line(paper.number, _MIDDLE),
        *([_line(paper.mark, _MIDDLE, "b")] if paper.mark else []),
    ]
    right = [
        _line(paper.country, _SMALL, "b"),
        _line(paper.motto, _MIDDLE, "b"),
        _rule(_MOTTO_WIDTH, _RIGHT),
        _line(paper.place_and_date, _MIDDLE, "i"),
    ]
    _add(document, _frame(((_LEFT, left[:3]), (_RIGHT, right[:3])), ((_LEFT, left[3:]), (_RIGHT, right[3:]))))


def add_title(document: Document, paper: Paper, *, width: int) -> None:
    """Put the kind and the subject of the paper in the middle, with its rule, and whom it addresses."""
    title = document.add_paragraph(paper.kind, style="Title")
    title.paragraph_format.space_before = Pt(18)
    title.paragraph_format.space_after = Pt(0)
    subject = document.add_paragraph(paper.subject, style="Subtitle")
    subject.paragraph_format.space_before = subject.paragraph_format.space_after = Pt(0)
    _add(document, _rule(min(len(paper.subject) * _LETTER * BODY, width) * _RULE_SHARE, width))
    addressed = document.add_paragraph(paper.addressed, style="FormText")
    addressed.alignment = WD_ALIGN_PARAGRAPH.CENTER
    addressed.paragraph_format.space_before = addressed.paragraph_format.space_after = Pt(12)
    addressed.runs[0].font.size = Pt(BODY)


def add_foot(document: Document, paper: Paper) -> None:
    """Put the recipients at the left and the signer's post at the right, with room to sign."""
    left = [
        _line(paper.recipients_title, _SMALL, "b", "i", align="left"),
        *(_line(recipient, 11, align="left") for recipient in paper.recipients),
    ]
    right = [*(_line(title, BODY, "b") for title in paper.signing), _space(_SIGNATURE_TWIPS)]
    document.add_paragraph(style="FormText").paragraph_format.keep_with_next = True
    _add(document, _frame(((_FOOT_LEFT, left), (_FOOT_RIGHT, right))))


def _frame(*rows: Sequence[tuple[int, Sequence[Any]]]) -> Any:
    """Return a table without borders; a row is (width in millimetres, paragraphs) per cell."""
    widths = [round(width * TWIPS_PER_MM) for width, _ in rows[0]]
    margins = nested(
        element("w:tblCellMar"),
        *(element(f"w:{side}", w=0, type="dxa") for side in ("left", "right")),
    )
    table = nested(
        element("w:tbl"),
        nested(
            element("w:tblPr"),
            element("w:tblW", w=sum(widths), type="dxa"),
            element("w:jc", val="center"),
            element("w:tblLayout", type="fixed"),
            margins,
        ),
        nested(element("w:tblGrid"), *(element("w:gridCol", w=width) for width in widths)),
    )
    for row in rows:
        cells = [
            nested(element("w:tc"), nested(element("w:tcPr"), element("w:tcW", w=width, type="dxa")), *paragraphs)
            for width, (_, paragraphs) in zip(widths, row, strict=True)
        ]
        table.append(nested(element("w:tr"), nested(element("w:trPr"), element("w:cantSplit")), *cells))
    return table


def _line(text: str, points: int, *look: str, align: str = "center") -> Any:
    properties = nested(element("w:pPr"), element("w:pStyle", val="FormText"), element("w:jc", val=align))
    sizes = (element("w:sz", val=2 * points), element("w:szCs", val=2 * points))
    return nested(element("w:p"), properties, run(text, *(element(f"w:{name}") for name in look), *sizes))


def _rule(length: float, width: float) -> Any:
    """Return a rule `length` millimetres long in the middle of `width`: the upper border of a thin empty line."""
    indent = round((width - length) / 2 * TWIPS_PER_MM)
    border = nested(element("w:pBdr"), element("w:top", val="single", sz=6, space=1, color="000000"))
    properties = nested(
        element("w:pPr"),
        element("w:pStyle", val="FormText"),
        border,
        element("w:spacing", before=40, after=60, line=120, lineRule="exact"),
        element("w:ind", left=indent, right=indent, firstLine=0),
    )
    return nested(element("w:p"), properties)


def _space(twips: int) -> Any:
    properties = nested(
        element("w:pPr"), element("w:pStyle", val="FormText"), element("w:spacing", before=twips, after=0)
    )
    return nested(element("w:p"), properties)


def _add(document: Document, block: Any) -> None:
    document.element.body.insert_element_before(block, "w:sectPr")
