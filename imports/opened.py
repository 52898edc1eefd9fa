"""What an open file says, ready to be checked like a workbook: its rows, its documents, its reports by their days."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session

from imports.layout.open_rows import OpenRows
from imports.meaning.context import Context
from imports.meaning.documents import DocumentRef, Documents
from imports.meaning.open_doubts import open_documents
from imports.meaning.progress_rows import ProgressRow, ReportReader
from imports.problem import Problem
from imports.reading.reader import Workbook
from imports.storing.named_by_code import named_by_code
from models.open_forms import OpenProgress
from models.reference import calendar_of
from rules.register import Register


def opened_rows(
    session: Session,
    workbook: Workbook,
    register: Register,
    known: Mapping[str, DocumentRef],
    today: date,
    agency: str | None,
) -> tuple[OpenRows, Context]:
    """Return the rows of an open file, with its problems, and what they are read against; `agency` is the caller's."""
    assert workbook.open is not None
    codes = (item.assignment for _, item in workbook.open.items if isinstance(item, OpenProgress))
    opened = OpenRows(workbook.open, register, named_by_code(session, codes), today)
    stated, doubts = open_documents(opened.groups, known)
    opened.written.problems = [*workbook.problems, *opened.written.problems, *doubts]
    documents = Documents(known, stated=stated or {each.code: each for each in known.values()})
    return opened, Context(register, calendar_of(session), documents, today, agency)


def open_reports(context: Context, opened: OpenRows) -> tuple[list[ProgressRow], list[Problem]]:
    """Return what the rows report, each of the day it names itself, and what is to be said of it."""
    progress: list[ProgressRow] = []
    problems: list[Problem] = []
    for day, rows in opened.by_day().items():
        reader = ReportReader(context, context.agency, day)
        progress += reader.read(rows)
        problems += reader.problems
    return progress, problems


def only_one(agencies: Iterable[str]) -> str | None:
    """Return the agency all of it is about; None when there are several."""
    named = set(agencies)
    return named.pop() if len(named) == 1 else None
