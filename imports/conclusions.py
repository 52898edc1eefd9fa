"""A meeting's conclusions become a document of their own: a small workbook of who does what by when."""

import re
from collections.abc import Iterable
from datetime import date

from imports.check import Check, WorkbookKind, check_workbook
from imports.layout.headings import Headings
from imports.layout.tables import find_tables
from imports.layout.title_block import bare, read_title_block
from imports.layout.title_texts import texts_above
from imports.problem import stops
from imports.reading.reader import read_workbook
from models.reference import layouts_of, register_of
from models.store import Store
from rules.leads import LeadReader

# Conclusions are issued as a notice (thông báo, TB) or as conclusions (kết luận, KL); other numbers are only cited.
_NUMBER = re.compile(r"(?<![\w/-])(\d+[a-z]?(?:/\d{4})?/(?:TB|KL)(?:-[\w&]+)*)", re.IGNORECASE)


def check_conclusions(content: bytes, *, name: str, store: Store, today: date, meeting: date) -> Check:
    """Read the conclusions of the meeting held on `meeting` and compare them with the store; nothing is written.

    The document is the notice whose number stands in the title block, else `<meeting as YYYYMMDD>/KL-PH` (kết luận
    phiên họp), dated on the meeting day. A document that is only cited there is never taken for it.
    """
    sheets = [sheet for sheet in read_workbook(content, name=name).sheets if not sheet.hidden]
    with store.reading() as session:
        headings = Headings(layouts_of(session))
    above = [text for sheet in sheets for text in texts_above(sheet, find_tables(sheet, headings))]
    number, dated = _notice(above, store, today)
    check = check_workbook(
        content,
        name=name,
        store=store,
        today=today,
        document=number or f"{meeting:%Y%m%d}/KL-PH",
        document_date=None if dated else meeting,
    )
    if check.kind is WorkbookKind.PROGRESS:
        return Check(check.name, check.sha256, problems=(stops("not_conclusions", name),))
    return check


def _notice(above: Iterable[str], store: Store, today: date) -> tuple[str | None, bool]:
    """Return the notice's number as written, and whether its own date stands beside it."""
    texts = list(above)
    found = [text[slice(*match.span(1))] for text in texts for match in _NUMBER.finditer(bare(text))]
    if not found:
        return None, False
    with store.reading() as session:
        title = read_title_block(texts, LeadReader(register_of(session), today))
    day = title.document_day.day if title.document_day else None
    return found[0], title.document == found[0] and day is not None
