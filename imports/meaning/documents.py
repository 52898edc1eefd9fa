"""Which document a row belongs to: the one given, the one in the row, or the one in the title block."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from imports.layout.headings import Field
from imports.layout.title_block import TitleBlock, document_day, document_number, documents_named
from imports.layout.written import NamedAbove
from imports.layout.written_row import WrittenRow
from imports.problem import Problem, Severity, shown, stops
from rules.folding import fold

_UNSAFE = re.compile(r"[^\w.]+")
_YEAR_BEHIND = re.compile(r"-20\d\d$")
_LIKE_A_NUMBER = re.compile(r"\d\w?[/-]")


@dataclass(frozen=True, order=True)
class DocumentRef:
    """The act that assigns: its number as written, the day it was issued, and its title where one was found."""

    code: str
    issued_on: date
    title: str = field(default="", compare=False)


def slug(code: str) -> str:
    """Return a document's number fit for an assignment code: 07/CT-TTg is 07-CT-TTg."""
    return _UNSAFE.sub("-", code).strip("-")


@lru_cache(maxsize=65536)
def same_number(code: str) -> str:
    """Return the form in which two spellings of a document's number compare equal."""
    return slug(fold(code)).lstrip("0")


@dataclass
class Documents:
    """The documents the store knows, and the one the workbook is about; those an open file `stated`, as it does."""

    known: Mapping[str, DocumentRef]
    default: DocumentRef | None = None
    stated: Mapping[str, DocumentRef] = field(default_factory=dict)

    def of_row(self, text: str, day: date | None) -> DocumentRef | None:
        """Return the document a row names in its own column, or the workbook's; None when its date is unknown."""
        if text in self.stated:
            return self.stated[text]
        code = document_number(text) if text else None
        if code is None:
            return self.default
        known = self._called(code, day)
        return known or (DocumentRef(code, day) if day else None)

    def _called(self, code: str, day: date | None) -> DocumentRef | None:
        """Return the document of this number, of the year of `day` before another's."""
        if self.default and same_number(code) == same_number(self.default.code):
            return self.default
        return _known(self.known, code, day)

    def of_another_year(self, text: str, day: date | None) -> DocumentRef | None:
        """Return the document whose number a row names, when `day` is in another year: numbers begin again yearly."""
        code = document_number(text)
        found = self._called(code, day) if code and day else None
        return found if found and day and found.issued_on.year != day.year else None


def row_doubts(row: WrittenRow, documents: Documents, day: date | None) -> Iterator[Problem]:
    """Yield what is in doubt about the document a row names: its year, or that it has no number."""
    text = row.texts.get(Field.ASSIGNING_DOC, "")
    if not text or text in documents.stated:
        return
    day = day or document_day(text)
    another = documents.of_another_year(text, day)
    if another and day:
        values = _years(another, day)
        yield row.problem("document_of_another_year", Severity.STOPS, Field.ASSIGNING_DOC, **values)
    elif documents.default and document_number(text) is None:
        values = {"document": documents.default.code}
        yield row.problem("row_document_unnumbered", Severity.TO_CONFIRM, Field.ASSIGNING_DOC, **values)


def other_documents(used: str, named_above: Iterable[NamedAbove]) -> Iterator[Problem]:
    """Yield a stop for each table whose title block names other documents than the one used, or a question once.

    It asks when a title block names the document used and others.
    """
    others: list[NamedAbove] = []
    for named in named_above:
        numbers = {same_number(number) for number in named.documents}
        if not _own_numbers(used) & numbers:
            place, found = (named.sheet, named.row), ", ".join(named.documents)
            yield Problem("several_documents", Severity.STOPS, *place, None, shown(found), {"document": used})
        elif len(numbers) > 1:
            others.append(named)
    for named in others[:1]:
        place, found = (named.sheet, named.row), ", ".join(named.documents)
        yield Problem("documents_named", Severity.TO_CONFIRM, *place, None, shown(found), {"document": used})


def _own_numbers(code: str) -> set[str]:
    """Return a document's number, and without the year that tells it from another's: 07/CT-TTg/2026 is 07/CT-TTg."""
    return {same_number(code), _YEAR_BEHIND.sub("", same_number(code))}


def documents_of_sections(used: str, rows: Iterable[WrittenRow]) -> Iterator[Problem]:
    """Yield a stop for each group whose heading names another document than the one used, beside groups that name it.

    It asks once when no group names the document used: work may be given to carry out what others say. A row that names
    its document itself is in no doubt.
    """
    first: dict[str, WrittenRow] = {}
    for row in rows:
        if row.section and row.section not in first and not row.texts.get(Field.ASSIGNING_DOC):
            first[row.section] = row
    likely = {section: row for section, row in first.items() if _LIKE_A_NUMBER.search(section)}
    named = [(row, numbers) for section, row in likely.items() if (numbers := documents_named([section]))]
    others = [(row, numbers) for row, numbers in named if _own_numbers(used).isdisjoint(map(same_number, numbers))]
    sorts = len(others) < len(named)
    for row, numbers in others if sorts else others[:1]:
        code, severity = ("several_documents", Severity.STOPS) if sorts else ("documents_named", Severity.TO_CONFIRM)
        yield Problem(code, severity, row.sheet, row.row, None, shown(", ".join(numbers)), {"document": used})


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
    stored = _known(known, number, day)
    if stored is not None and day and stored.issued_on.year != day.year:
        return None, [stops("document_of_another_year", number, **_years(stored, day))]
    if stored is not None:
        differs = day is not None and day != stored.issued_on
        return stored, [_date_differs(stored, day)] if differs and day else []
    if must_be_known:
        return None, [stops("unknown_document", number)]
    return (DocumentRef(number, day, title.document_title), []) if day else (None, [stops("no_document_date", number)])


def _known(known: Mapping[str, DocumentRef], number: str, day: date | None) -> DocumentRef | None:
    """Return the document stored under `number`, with the year of `day` added where two share the number."""
    of_year = known.get(same_number(f"{number}/{day.year}")) if day else None
    return of_year or known.get(same_number(number))


def _years(stored: DocumentRef, day: date) -> dict[str, str]:
    number = f"{stored.code}/{day.year}"
    return {"document": stored.code, "stored": f"{stored.issued_on:%d/%m/%Y}", "day": f"{day:%d/%m/%Y}", "new": number}


def _date_differs(stored: DocumentRef, day: date) -> Problem:
    values = {"stored": f"{stored.issued_on:%d/%m/%Y}", "document": stored.code}
    return Problem("document_date_differs", Severity.TO_CONFIRM, found=f"{day:%d/%m/%Y}", values=values)
