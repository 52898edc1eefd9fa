"""Write the oracle's facts into the product's tables, many rows at once, and read its answers back in plain words."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from models import Store, status_of
from models.assignment_tables import (
    Assignment,
    AssignmentRevision,
    Batch,
    Decision,
    Document,
    Progress,
    Task,
    TaskRevision,
    Undo,
)
from models.reference import calendar_of
from models.status_table import StatusRow
from models.work_tables import SameWork, TaskStep
from rules.calendar import WorkingCalendar
from rules.deadline import occurrences, read_deadline
from rules.hold import due_after_hold, due_after_resumption, ended_before
from rules.status import CompletionLevel
from tests.oracle.almanac import period_begins
from tests.oracle.facts import Answer, Duty, Facts, Question, Report, Ruling, Wording

# Said of the task's words or its collective, which the oracle does not read.
NOT_JUDGED = {"awaiting_event", "several_leads"}
WHERE = {"sheet": "PL", "row": 9, "digest": "", "cells": {}}
PHRASES = {"W": "Hằng tuần", "Q": "Hằng quý", "H": "6 tháng/lần", "": "Hằng năm"}

Row = dict[str, Any]


def store_facts(store: Store, facts: Facts) -> None:
    """Record every fact, its place in the list as its id, so that later in the list is later in the store."""
    with store.writing() as session:
        calendar = calendar_of(session)
        for table, rows in _rows(facts, calendar):
            _insert(session, table, rows)


def engine_answers(store: Store, asked: Question, *, agency: str | None = None) -> list[Answer]:
    """Ask the product the oracle's question."""
    table = status_of(
        store,
        as_of=asked.day,
        known_at=asked.known_at,
        level=CompletionLevel(asked.level),
        warning_working_days=asked.window,
        agency=agency,
    )
    return [_answer(row) for row in table.rows]


def _answer(row: StatusRow) -> Answer:
    return Answer(
        task=int(row.number),
        period=row.period,
        agency=row.agency,
        parts=frozenset(row.parts),
        status=str(row.status),
        original_due=row.original_due_on,
        due=row.due_on,
        effective_due=row.effective_due_on,
        days_late=row.days_late,
        done_on=row.completed_on,
        milestone=row.milestone,
        verdict=str(row.verdict) if row.verdict else None,
        flags=frozenset(map(str, row.flags)) - NOT_JUDGED,
        other_documents=frozenset(code for other in row.same_work for code in other.parts),
        steps=tuple((step.due_on, str(step.status), step.completed_on) for step in row.steps),
    )


def _insert(session: Session, table: type[SQLModel], rows: list[Row]) -> None:
    for start in range(0, len(rows), 5000):
        session.execute(insert(table), rows[start : start + 5000])


def _rows(facts: Facts, calendar: WorkingCalendar) -> list[tuple[type[SQLModel], list[Row]]]:
    return [
        (Batch, [_batch(place, each.recorded_at) for place, each in enumerate(facts.workbooks, start=1)]),
        (Undo, _undos(facts)),
        *_duties(facts, calendar),
        (Progress, [_report(place, each) for place, each in enumerate(facts.reports, start=1)]),
        (Decision, _decisions(facts)),
        (SameWork, _same_works(facts)),
    ]


def _duties(facts: Facts, calendar: WorkingCalendar) -> Iterator[tuple[type[SQLModel], list[Row]]]:
    """Yield the documents, their tasks, and the assignments, each in the words of every workbook."""
    signed = sorted({duty.signed_on for duty in facts.duties})
    tasks = {duty.task: signed.index(duty.signed_on) + 1 for duty in facts.duties}
    worded = {(each.duty, each.workbook): place for place, each in enumerate(facts.wordings, start=1)}
    yield Document, [{"id": at, "code": f"D{at}", "issued_on": on, "batch_id": 1} for at, on in enumerate(signed, 1)]
    yield Task, [{"id": id_, "document_id": of, "number": str(id_), "batch_id": 1} for id_, of in tasks.items()]
    yield TaskRevision, [_words(place, facts.duties[duty].task, book) for (duty, book), place in worded.items()]
    # The words of a task are its duties' together: where they differ in steps, each duty has words of its own.
    yield TaskStep, _steps(facts, worded)
    yield Assignment, [_assignment(place, duty) for place, duty in enumerate(facts.duties, start=1)]
    yield (
        AssignmentRevision,
        [
            _dates(place, each, worded[each.duty, each.workbook], counts_from(facts.duties[each.duty], calendar))
            for place, each in enumerate(facts.wordings, start=1)
        ],
    )


def _steps(facts: Facts, worded: dict[tuple[int, int], int]) -> list[Row]:
    """Return the steps of each duty's words, the due day itself as the last; of two in one workbook the later holds."""
    rows = []
    for each in {(each.duty, each.workbook): each for each in facts.wordings}.values():
        days = [*each.steps, each.due] if each.steps else []
        for position, day in enumerate(days, start=1):
            of = {"task_revision_id": worded[each.duty, each.workbook], "position": position}
            rows.append({**of, "name": "trình", "due_on": day})
    return rows


def _same_works(facts: Facts) -> list[Row]:
    """Return what was said as the store keeps it: a work bears the id of one of its tasks, never of one that left."""
    works: dict[int, int] = {}
    rows = []
    for each in facts.same_works:
        before = works.get(each.tasks[0])
        left = [task for task, work in works.items() if work == before and task not in each.tasks]
        now = dict.fromkeys(each.tasks, each.tasks[0]) | dict.fromkeys(left, min(left, default=0))
        works |= now
        said = {"reason": "cùng một việc", "decided_by": "VPCP", "recorded_at": each.at}
        rows += [{"task_id": task, "work_id": work, **said} for task, work in now.items()]
    return rows


def _undos(facts: Facts) -> list[Row]:
    books = enumerate(facts.workbooks, start=1)
    return [{"batch_id": place, "recorded_at": each.taken_back_at} for place, each in books if each.taken_back_at]


def _words(place: int, task: int, workbook: int) -> Row:
    words = {"text": "Nhiệm vụ", "deadline_kind": "date"}
    return {"id": place, "task_id": task, "batch_id": workbook + 1, **words, **WHERE}


def _dates(place: int, wording: Wording, task_revision: int, counted_from: date) -> Row:
    dated = isinstance(wording.due, date)
    return {
        "id": place,
        "assignment_id": wording.duty + 1,
        "task_revision_id": task_revision,
        "batch_id": wording.workbook + 1,
        "nature": "dated" if dated else wording.due,
        "counts_from": counted_from,
        "original_due_on": wording.due if dated else None,
        "several_leads": False,
        "standing": not wording.gone,
    }


def _report(place: int, report: Report) -> Row:
    return {
        "id": place,
        "assignment_id": report.duty + 1,
        "batch_id": report.workbook + 1,
        "reported_on": report.on,
        "declared_done": report.done,
        "declared_completed_on": report.done_on,
        "evidence_number": report.number,
        "evidence_on": report.proof_on,
        "evidence_matches": report.fits,
        **WHERE,
    }


def _decisions(facts: Facts) -> list[Row]:
    moved_by = moved_by_holds(facts)
    return [_decision(place, each, moved_by.get(place - 1)) for place, each in enumerate(facts.rulings, start=1)]


def _decision(place: int, ruling: Ruling, due_on: date | None) -> Row:
    return {
        "id": place,
        "assignment_id": ruling.duty + 1,
        "action": ruling.what,
        "effective_on": ruling.on,
        "until_on": ruling.until,
        "due_on": due_on,
        "to_agency": ruling.to or None,
        "document": "1/QĐ",
        "reason": "theo văn bản",
        "decided_by": "VPCP",
        "recorded_at": ruling.at,
    }


def counts_from(duty: Duty, calendar: WorkingCalendar) -> date:
    """Return the day from which the product counts a duty, as its own reading of a recurring deadline gives it."""
    if not duty.period:
        return duty.signed_on
    part = duty.period.partition("-")[2]
    phrase = PHRASES.get(part[:1], "Hằng tháng")
    deadline = read_deadline(phrase, document_on=duty.signed_on, calendar=calendar)
    found = occurrences(deadline, document_on=duty.signed_on, through=period_begins(duty.period))
    return max(next(each.starts_on for each in found if each.period == duty.period), duty.signed_on)


def moved_by_holds(facts: Facts) -> dict[int, date]:
    """Return the due day each hold that stops the clock gives, as `decide` writes it down with the hold."""
    due = {each.duty: each.due for each in reversed(facts.wordings) if isinstance(each.due, date)}
    held: dict[int, list[tuple[date, date]]] = {}
    given: dict[int, date] = {}
    for place, ruling in enumerate(facts.rulings):
        if ruling.duty not in due:
            continue
        if ruling.gives_back:
            earlier = held[ruling.duty]
            given[place] = due[ruling.duty] = due_after_resumption(due[ruling.duty], ruling.on, earlier)
            held[ruling.duty] = ended_before(ruling.on, earlier)
        if ruling.until is None:
            continue
        if ruling.what == "extend":
            due[ruling.duty] = max(due[ruling.duty], ruling.until)
        if ruling.stops_clock:
            stretch, earlier = (ruling.on, ruling.until), held.setdefault(ruling.duty, [])
            given[place] = due[ruling.duty] = due_after_hold(due[ruling.duty], stretch, earlier)
            earlier.append(stretch)
    return given


def _assignment(place: int, duty: Duty) -> Row:
    return {
        "id": place,
        "code": duty.code,
        "task_id": duty.task,
        "agency_code": duty.agency,
        "period": duty.period,
        "batch_id": 1,
    }


def _batch(place: int, recorded_at: datetime) -> Row:
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "gone"), 0)
    return {"id": place, "file": "x.xlsx", "sha256": str(place), "recorded_at": recorded_at, **counts}
