"""Requests for more time against the deadlines stored; and deadlines written over, which are no requests."""

from collections.abc import Iterable

from imports.meaning.progress_rows import ProgressRow
from imports.problem import Problem, Severity, shown
from imports.storing.stored import StoredAssignment, StoredTask


def pointless_extensions(reported: Iterable[tuple[StoredAssignment, ProgressRow]]) -> list[Problem]:
    """Ask about requests whose new day is not later than the day originally due; one question per row."""
    doubts: dict[int, Problem] = {}
    for assignment, row in reported:
        asked, due_on = row.extension, assignment.due_on
        if asked and due_on and asked.new_due_on <= due_on:
            place = (row.sheet, row.row, row.cells.get("extension", "").rstrip("0123456789") or None)
            found, values = f"{asked.new_due_on:%d/%m/%Y}", {"due_on": f"{due_on:%d/%m/%Y}"}
            problem = Problem("extension_not_later", Severity.TO_CONFIRM, *place, found, values)
            doubts.setdefault(id(row), problem)
    return list(doubts.values())


def deadlines_written_over(reported: Iterable[tuple[ProgressRow, StoredTask]]) -> list[Problem]:
    """Note where a template came back with another deadline than it was given, and no request: a report moves none.

    Behind the deadline a template adds the period, or the extension granted, in brackets.
    """
    notes: dict[int, Problem] = {}
    for row, task in reported:
        written, given = " ".join(row.period_text.split()), " ".join(task.deadline_text.split())
        added = written.removeprefix(given).lstrip()
        kept = written.startswith(given) and (not added or added.startswith("("))
        if row.reference and written and not kept and not row.extension:
            place = (row.sheet, row.row, row.cells.get("deadline", "").rstrip("0123456789") or None)
            values = {"stored": shown(given) or "—"}
            notes.setdefault(id(row), Problem("deadline_not_reported", Severity.NOTE, *place, shown(written), values))
    return list(notes.values())
