"""What is in doubt about the rows of an annex as a whole: asked once for a column or a group, not row by row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from imports.layout.headings import Field
from imports.layout.rows import WrittenRow
from imports.meaning.context import Context
from imports.meaning.day_order import is_far_off, month_first_doubts
from imports.meaning.days import ImpossibleDayError, read_day
from imports.meaning.documents import Documents
from imports.meaning.sections import of_other_agencies
from imports.problem import Problem, Severity
from rules.deadline import Deadline

Deadlines = Mapping[tuple[str, date], Deadline]


def annex_doubts(rows: Sequence[WrittenRow], context: Context, deadlines: Deadlines) -> Iterator[Problem]:
    """Yield what is to be asked of `rows`, whose `deadlines` were read by their words and the document's day."""
    places = {row.place for row in rows}
    columns = {column for place in places for column in place.columns}
    if context.agency and any(Field.LEAD not in place.columns for place in places):
        yield from of_other_agencies(rows, context)
    yield from month_first_doubts(rows, sorted(columns & {Field.DEADLINE, Field.ASSIGNED_DATE}))
    yield from _far_off(rows, deadlines)
    if Field.ASSIGNED_DATE in columns:
        yield from _other_days(rows, context.documents)


def _far_off(rows: Iterable[WrittenRow], deadlines: Deadlines) -> Iterator[Problem]:
    """Ask once about each deadline, in the same words, that is ten years away."""
    far = {
        text: deadline.due_on
        for (text, issued_on), deadline in deadlines.items()
        if deadline.due_on and is_far_off(deadline.due_on, issued_on) and not deadline.needs_confirmation
    }
    for row in rows if far else ():
        day = far.pop(row.texts.get(Field.DEADLINE, ""), None)
        if day:
            yield row.problem("day_far_off", Severity.TO_CONFIRM, Field.DEADLINE, read_as=f"{day:%d/%m/%Y}")


def _other_days(rows: Iterable[WrittenRow], documents: Documents) -> Iterator[Problem]:
    """Ask once about each day that is not that of the document its rows count under; of another year it stops.

    A row that names its document and a day in another year is told so by itself.
    """
    found: dict[tuple[str, str], list[WrittenRow]] = {}
    for row in rows:
        if row.texts.get(Field.ASSIGNED_DATE):
            named = row.texts.get(Field.ASSIGNING_DOC, ""), row.texts[Field.ASSIGNED_DATE]
            found.setdefault(named, []).append(row)
    for (text, _), under in found.items():
        day, document = _day(under[0]), None
        if day:
            document = documents.of_row(text, day)
        if day is None or document is None or document.issued_on == day:
            continue
        other_year = document.issued_on.year != day.year
        if not (text and other_year):
            values: dict[str, Any] = {
                "document": document.code,
                "stored": f"{document.issued_on:%d/%m/%Y}",
                "count": len(under),
            }
            severity = Severity.STOPS if other_year else Severity.TO_CONFIRM
            yield under[0].problem("row_document_day_differs", severity, Field.ASSIGNED_DATE, **values)


def _day(row: WrittenRow) -> date | None:
    try:
        return read_day(row.values.get(Field.ASSIGNED_DATE, ""))
    except ImpossibleDayError:
        return None  # said where the row is read
