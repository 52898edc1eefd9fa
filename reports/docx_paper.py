"""Write the paper as a Word document that the secretariat can edit: styles, native tables, sections, pictures."""

import io
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from reports.docx_form import add_annex_section, number_pages, set_brief, set_page, set_styles, text_width
from reports.docx_head import add_foot, add_head, add_title
from reports.docx_table import table_xml
from reports.package import frozen
from reports.paper import Annex, Block, Brief, Heading, Paper, Paragraph, Picture, Table
from reports.pdf import picture_of

_BODY_TABLE, _ANNEX_TABLE, _BRIEF_TABLE = 24, 22, 19
_LOCALES = {"vi": "vi-VN", "en": "en-GB"}


def docx_of(paper: Paper, *, made_at: datetime) -> bytes:
    """Return the paper as a .docx; `made_at` is the instant its properties state."""
    document = docx.Document()
    words = (paper.issuing.replace("\n", " "), paper.kind, paper.subject)
    _set_properties(document, words, paper.digest, paper.language, made_at)
    set_styles(document, _LOCALES[paper.language])
    set_page(document.sections[0], landscape=False)
    number_pages(document.sections[0])
    add_head(document, paper)
    add_title(document, paper, width=text_width(landscape=False))
    for block in paper.blocks:
        _add_block(document, block, landscape=False)
    # The last words stand on the page of the signature.
    document.add_paragraph(paper.closing).paragraph_format.keep_with_next = True
    add_foot(document, paper)
    for annex in paper.annexes:
        _add_annex(document, annex)
    out = io.BytesIO()
    document.save(out)
    return frozen(out.getvalue(), made_at=made_at)


def brief_docx_of(brief: Brief, *, made_at: datetime) -> bytes:
    """Return a leader's page as a .docx; `made_at` is the instant its properties state."""
    document = docx.Document()
    _set_properties(document, ("Dondoc", brief.title, brief.post), brief.digest, brief.language, made_at)
    set_styles(document, _LOCALES[brief.language])
    set_brief(document)
    for text, style in ((brief.title, "Title"), (brief.post, "Subtitle")):
        document.add_paragraph(text, style=style).paragraph_format.space_before = Pt(0)
    days = document.add_paragraph(style="FormText")
    days.alignment = WD_ALIGN_PARAGRAPH.CENTER
    days.add_run(brief.days).italic = True
    for block in brief.blocks:
        if isinstance(block, Table):
            _add_table(document, block, size=_BRIEF_TABLE, width=text_width(landscape=False))
        else:
            _add_block(document, block, landscape=False)
    out = io.BytesIO()
    document.save(out)
    return frozen(out.getvalue(), made_at=made_at)


def _set_properties(
    document: Document, words: tuple[str, str, str], digest: str, language: str, made_at: datetime
) -> None:
    properties = document.core_properties
    properties.author, properties.title, properties.subject = words
    properties.last_modified_by = properties.author
    properties.language, properties.identifier = _LOCALES[language], digest
    properties.comments, properties.keywords, properties.revision = "", "", 1
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _add_annex(document: Document, annex: Annex) -> None:
    add_annex_section(document)
    label = document.add_paragraph(annex.label, style="Heading 1")
    label.alignment = WD_ALIGN_PARAGRAPH.CENTER
    label.paragraph_format.first_line_indent = Mm(0)
    label.paragraph_format.space_before = label.paragraph_format.space_after = Pt(0)
    title = document.add_paragraph(annex.title, style="Title")
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(0)
    reference = document.add_paragraph(style="FormText")
    reference.alignment = WD_ALIGN_PARAGRAPH.CENTER
    reference.paragraph_format.space_after = Pt(8)
    reference.add_run(annex.with_report).italic = True
    for block in annex.blocks:
        _add_block(document, block, landscape=True)


def _add_block(document: Document, block: Block, *, landscape: bool) -> None:
    if isinstance(block, Heading):
        document.add_paragraph(block.text, style=f"Heading {block.level}")
    elif isinstance(block, Paragraph):
        document.add_paragraph(block.text).paragraph_format.keep_with_next = block.kept or None
    elif isinstance(block, Table):
        size = _ANNEX_TABLE if landscape else _BODY_TABLE
        _add_table(document, block, size=size, width=text_width(landscape=landscape), together=not landscape)
    else:
        _add_picture(document, block)


def _add_table(document: Document, table: Table, *, size: int, width: int, together: bool = True) -> None:
    if table.caption:
        document.add_paragraph(table.caption, style="Caption").paragraph_format.keep_with_next = True
    made = table_xml(table, width_mm=width, half_points=size, together=together)
    document.element.body.insert_element_before(made, "w:sectPr")
    # Word wants a paragraph between a table and what follows; a thin one starts no page of its own.
    document.add_paragraph(style="TableText").paragraph_format.line_spacing = Pt(4)


def _add_picture(document: Document, chart: Picture) -> None:
    paragraph = document.add_paragraph(style="FormText")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(6)
    picture = paragraph.add_run().add_picture(io.BytesIO(picture_of(chart)), width=Mm(chart.width))
    described = picture._inline.docPr  # noqa: SLF001 - python-docx has no verb for alternative text
    described.set("descr", chart.alternative)
    described.set("name", chart.caption)
    document.add_paragraph(chart.caption, style="Caption")
