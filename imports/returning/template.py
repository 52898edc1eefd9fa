"""An agency's progress workbook, its open assignments filled in: what it sends back imports without retyping."""

import io
import re
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from sqlmodel import Session, select

from imports.returning.template_cells import add_looks, word
from imports.returning.template_help import draw_agencies, draw_instructions
from imports.returning.template_indicators import draw_indicators
from imports.returning.template_progress import draw_progress
from imports.storing.measures import stored_indicators
from models.assignment_tables import Document
from models.raised_tables import Indicator
from models.reference import register_of
from models.status import status_of
from models.status_table import StatusRow
from models.store import Store
from rules.register import Register
from rules.status import CompletionLevel, Status
from texts import official_date

_DONE = {Status.CANCELLED, Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE}


@dataclass(frozen=True)
class Template:
    """The workbook's bytes, and how many open assignments and how many indicators stand in it."""

    content: bytes
    assignments: int
    indicators: int = 0


def write_template(
    store: Store,
    agency: str,
    *,
    as_of: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
) -> Template:
    """Return the progress workbook of `agency` (a code of the register), to be filled in as of the day `as_of`.

    It holds the assignments the agency is accountable for that day and has not finished, and its indicators on a sheet
    of their own. Each row carries the code of its assignment or indicator in a hidden column. With assignments of
    several documents, a column names each row's document.
    """
    table = status_of(store, as_of=as_of, known_at=known_at, agency=agency, level=level)
    rows = sorted((row for row in table.rows if row.status not in _DONE), key=_as_people_count)
    with store.reading() as session:
        register = register_of(session)
        citations = {document.code: _citation(document) for document in session.exec(select(Document))}
        measured = _measured_by(session, agency, register, as_of, known_at)
    documents = {code: citations[code] for code in dict.fromkeys(row.document for row in rows)}
    name = register.by_code()[agency].name_vi
    workbook = Workbook()
    add_looks(workbook)
    agencies = draw_agencies(workbook, [body.name_vi for body in register.agencies if body.valid_on(as_of)])
    draw_progress(workbook, name, rows, documents, as_of=as_of, agencies=agencies)
    if measured:
        draw_indicators(workbook, name, measured, citations)
    draw_instructions(workbook)
    workbook.move_sheet(word("lists_sheet"), len(workbook.sheetnames))
    written = io.BytesIO()
    workbook.save(written)
    return Template(written.getvalue(), len(rows), len(measured))


def _as_people_count(row: StatusRow) -> tuple[str, int, str, str]:
    """Order by document, then by number as a number: 2 before 10; then by period."""
    leading = re.match(r"\d{1,9}", row.number)
    return row.document, int(leading[0]) if leading else 0, row.number, row.period


def _citation(document: Document) -> str:
    return word("citation", code=document.code, issued_on=official_date(document.issued_on))


def _measured_by(
    session: Session, agency: str, register: Register, as_of: date, known_at: datetime
) -> list[tuple[Indicator, Document]]:
    """Return the indicators of the agency and of those whose duties it has taken over."""
    passed_on = register.accountable(as_of)
    found = stored_indicators(session, known_at=known_at)
    return [pair for pair in found if agency in {pair[0].agency_code, passed_on.get(pair[0].agency_code or "")}]
