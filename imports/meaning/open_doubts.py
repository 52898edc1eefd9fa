"""What an open file says of an assignment outright, against what its document's words give."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from imports.layout.title_block import TitleBlock, WrittenDay
from imports.meaning.assignment_rows import AssignmentRow, TaskRow
from imports.meaning.documents import DocumentRef, slug, workbook_document
from imports.problem import Problem, Severity, shown
from imports.reading.open_file import OpenFile
from models.open_forms import OpenAssignment

Groups = Mapping[int, Sequence[tuple[int, OpenAssignment]]]


def open_documents(groups: Groups, known: Mapping[str, DocumentRef]) -> tuple[dict[str, DocumentRef], list[Problem]]:
    """Return the documents the items name, by their numbers; one the store knows keeps its number and its day."""
    found: dict[str, DocumentRef] = {}
    problems: list[Problem] = []
    for items in groups.values():
        item = items[0][1]
        if item.document not in found:
            day = WrittenDay(item.document_issued_on.isoformat(), item.document_issued_on)
            title = TitleBlock(document=item.document, document_title=item.document_title, document_day=day)
            document, doubts = workbook_document(title, known, code=None, issued_on=None, must_be_known=False)
            problems += doubts
            found[item.document] = document or DocumentRef(item.document, item.document_issued_on)
    return found, problems


def open_doubts(file: OpenFile, groups: Groups, tasks: Iterable[TaskRow]) -> Iterator[Problem]:
    """Yield where codes do not fit what they stand beside, and where other agencies or days are said than worded.

    Periods after those the words give at first come later by themselves.
    """
    for task in tasks:
        worded = {(given.agency, given.period): given for given in task.assignments}
        for row, item in groups[task.row]:
            yield from _code_doubts(file, row, item, task)
            yield from _day_doubts(file, row, item, worded)
        said = {item.lead for _, item in groups[task.row]}
        given = {agency for agency, _ in worded}
        if given and said != given:
            values = {"number": task.number, "worded": ", ".join(sorted(given)), "text": shown(task.lead_text)}
            place = (file.sheet, task.row, None, ", ".join(sorted(said)))
            yield Problem("open_lead_differs", Severity.TO_CONFIRM, *place, values)


def _code_doubts(file: OpenFile, row: int, item: OpenAssignment, task: TaskRow) -> Iterator[Problem]:
    parts = (slug(task.document.code), slug(task.name or task.number), item.lead, item.period)
    code = ".".join(part for part in parts if part)
    if item.code and item.code != code:
        yield file.problem("open_code_differs", row, "code", item.code, made=code)


def _day_doubts(
    file: OpenFile, row: int, item: OpenAssignment, worded: Mapping[tuple[str, str], AssignmentRow]
) -> Iterator[Problem]:
    given = worded.get((item.lead, item.period))
    if given is not None and item.original_due_on is not None and given.original_due_on != item.original_due_on:
        values = {"words": shown(item.deadline_text), "worded": _day(given.original_due_on)}
        place = (file.sheet, row, None, _day(item.original_due_on))
        yield Problem("open_due_day_differs", Severity.TO_CONFIRM, *place, values)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "—"
