"""The form of the Word paper: page, margins, page numbers and styles (Decree 30/2020/ND-CP, annexes I and III)."""

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from reports.docx_table import element, nested

FACE = "Times New Roman"
TOP = BOTTOM = 20
LEFT, RIGHT = 30, 15
SHORT_SIDE, LONG_SIDE = 210, 297
BODY, CAPTION, PAGE_NUMBER = 14, 13, 13
FIRST_LINE = 12.7
_BRIEF = 12


def text_width(*, landscape: bool) -> int:
    """Return the width between the margins, in millimetres."""
    return (LONG_SIDE if landscape else SHORT_SIDE) - LEFT - RIGHT


def set_page(section: Section, *, landscape: bool) -> None:
    """Give a section its paper, margins and page numbers: from 1, none shown on its first page."""
    width, height = (LONG_SIDE, SHORT_SIDE) if landscape else (SHORT_SIDE, LONG_SIDE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    for old in section._sectPr.findall(qn("w:pgNumType")):  # noqa: SLF001 - python-docx has no verb for page numbers
        section._sectPr.remove(old)  # noqa: SLF001
    columns = section._sectPr.find(qn("w:cols"))  # noqa: SLF001
    columns.addprevious(element("w:pgNumType", start=1))


def set_brief(document: Document) -> None:
    """Give a leader's one page its paper and smaller words."""
    set_page(document.sections[0], landscape=False)
    document.sections[0].top_margin, document.sections[0].bottom_margin = Mm(18), Mm(15)
    for name in ("Normal", "Heading 2"):
        document.styles[name].font.size = Pt(_BRIEF)
        document.styles[name].paragraph_format.space_before = Pt(3)
        document.styles[name].paragraph_format.first_line_indent = Mm(0)
    document.styles["Normal"].paragraph_format.line_spacing = 1.0


def add_annex_section(document: Document) -> Section:
    """Start a landscape section whose pages are numbered anew."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    _end_on_a_thin_line(document)
    set_page(section, landscape=True)
    return section


def _end_on_a_thin_line(document: Document) -> None:
    """Make the empty paragraph that ends a section too small to start a page of its own."""
    ending = document.paragraphs[-1]
    ending.style = document.styles["TableText"]
    ending.paragraph_format.line_spacing = Pt(1)
    ending.paragraph_format.space_after = Pt(0)


def number_pages(section: Section) -> None:
    """Put the page number in the middle of the top margin; later sections follow this one."""
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    instruction = element("w:instrText")
    instruction.text = " PAGE "
    for part in (
        element("w:fldChar", fldCharType="begin"),
        instruction,
        element("w:fldChar", fldCharType="separate"),
        element("w:t"),
        element("w:fldChar", fldCharType="end"),
    ):
        paragraph._p.append(nested(element("w:r"), _sized(PAGE_NUMBER), part))  # noqa: SLF001 - a field has no verb


def _sized(points: int) -> Any:
    return nested(element("w:rPr"), element("w:sz", val=2 * points), element("w:szCs", val=2 * points))


def set_styles(document: Document, locale: str) -> None:
    """Name the face everywhere, and make the body and the headings as the decree asks."""
    fonts = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    _name_face(fonts)
    language = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), locale)
    for name in _STYLES:
        _set_style(document, name)
    _set_body(document.styles["Normal"])
    table_text = document.styles.add_style("TableText", WD_STYLE_TYPE.PARAGRAPH)
    _set_plain(table_text, 11)
    form = document.styles.add_style("FormText", WD_STYLE_TYPE.PARAGRAPH)
    _set_plain(form, CAPTION)


# Style: size in points, bold.
_STYLES = {
    "Heading 1": (BODY, True),
    "Heading 2": (BODY, True),
    "Title": (BODY, True),
    "Subtitle": (BODY, True),
    "Caption": (CAPTION, True),
    "Header": (PAGE_NUMBER, False),
}
_CENTRED = ("Title", "Subtitle", "Caption", "Header")


def _set_style(document: Document, name: str) -> None:
    size, bold = _STYLES[name]
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(element("w:rFonts"))
    _name_face(properties[0])
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    paragraph = style.paragraph_format
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    paragraph.space_before, paragraph.space_after = Pt(6), Pt(0)
    paragraph.first_line_indent = Mm(0 if name in _CENTRED else FIRST_LINE)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if name in _CENTRED else WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.keep_with_next = name.startswith("Heading")


def _set_body(style: Any) -> None:
    _name_face(style.element.get_or_add_rPr().get_or_add_rFonts())
    style.font.size = Pt(BODY)
    paragraph = style.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.first_line_indent = Mm(FIRST_LINE)
    paragraph.space_before, paragraph.space_after = Pt(6), Pt(0)
    paragraph.line_spacing = 1.1


def _set_plain(style: Any, size: int) -> None:
    style.font.size = Pt(size)
    paragraph = style.paragraph_format
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.first_line_indent = Mm(0)
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing = 1.0


def _name_face(fonts: Any) -> None:
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FACE)
