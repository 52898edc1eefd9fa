"""Which document a row belongs to: the one given, the one in the row, or the one in the title block."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from imports.layout.title_block import TitleBlock, document_number
from imports.problem import Problem, Severity, stops
from rules.folding import fold

_UNSAFE = re.compile(r"[^\w.]+")


@dataclass(frozen=True, order=True)
class DocumentRef:
    """The act that assigns: its number as written, the day it was issued, and its title where one was found."""

    code: str
    issued_on: date
    title: str = field(default="", compare=False)


def slug(code: str) -> str:
    """Return a document's number fit for an assignment code: 07/CT-TTg is 07-CT-TTg."""
    return _UNSAFE.sub("-", code).strip("-")


def same_number(code: str) -> str:
    """Return the form in which two spellings of a document's number compare equal."""
    return slug(fold(code)).lstrip("0")


@dataclass
class Documents:
    """The documents the store knows, and the one the workbook is about."""

    known: Mapping[str, DocumentRef]
    default: DocumentRef | None = None

    def of_row(self, text: str, day: date | None) -> DocumentRef | None:
        """Return the document a row names in its own column, or the workbook's; None when its date is unknown."""
        code = document_number(text) if text else None
        if code is None:
            return self.default
        if self.default and same_number(code) == same_number(self.default.code):
            return self.default
        known = self.known.get(same_number(code))
        return known or (DocumentRef(code, day) if day else None)


def workbook_document(
    title: TitleBlock,
    known: Mapping[str, DocumentRef],
    *,
    code: str | None,
    issued_on: date | None,
    must_be_known: bool,
) -> tuple[DocumentRef | None, list[Problem]]:
    """Return the document the workbook is about: what the caller gives goes before what the title block says.

    A document the store knows keeps its stored number and date. `must_be_known` is for reports, which create none.
    """
    number = code or title.document
    if number is None:
        return None, []
    if code is not None and same_number(code) != same_number(title.document or ""):
        title = TitleBlock()  # it is about another document
    written = title.document_day
    if issued_on is None and written is not None and written.day is None:
        return None, [stops("impossible_document_date", written.text)]
    day = issued_on or (written.day if written else None)
    stored = known.get(same_number(number))
    if stored is not None:
        differs = day is not None and day != stored.issued_on
        return stored, [_date_differs(stored, day)] if differs and day else []
    if must_be_known:
        return None, [stops("unknown_document", number)]
    return (DocumentRef(number, day, title.document_title), []) if day else (None, [stops("no_document_date", number)])


def _date_differs(stored: DocumentRef, day: date) -> Problem:
    values = {"stored": f"{stored.issued_on:%d/%m/%Y}", "document": stored.code}
    return Problem("document_date_differs", Severity.TO_CONFIRM, found=f"{day:%d/%m/%Y}", values=values)
