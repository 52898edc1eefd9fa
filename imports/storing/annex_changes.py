"""What an annex changes: its rows against the tasks stored, field by field, and what it no longer lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlmodel import Session

from imports.meaning.assignment_rows import AssignmentRow, TaskRow
from imports.problem import Problem, Severity, shown
from imports.storing.changes import ChangedTask, Changes, Comparison
from imports.storing.columns_left_out import keep_left_out
from imports.storing.missing import Missing, find_missing
from imports.storing.pairing import Doubt, Pairs, pair
from imports.storing.report_words import FieldChange, words_differ
from imports.storing.stored import StoredAssignment, StoredTask, fill_in, stored_tasks
from texts import date_text

_WORDS = ("section", "text", "product", "lead_text", "coordinating_text", "deadline_text")
_NONE = "—"


@dataclass(frozen=True)
class Sender:
    """Whose annex it is (None: of several agencies), and the reason given for changing deadlines, if any.

    What an `excerpt` does not list is not gone.
    """

    agency: str | None
    reason: str = ""
    excerpt: bool = False


def compare_tasks(session: Session, rows: Sequence[TaskRow], sender: Sender) -> Comparison:
    """Compare the tasks of an annex with the store: new, changed, unchanged, gone."""
    stored = stored_tasks(session, {row.document.code for row in rows})
    pairs = pair(rows, stored.values(), lambda tasks: fill_in(session, tasks), sender.agency)
    renumbered = [(row, task) for row, task in pairs.same if row.number != task.number]
    again = {row.named for row in pairs.new}
    taken_back = (task for task in stored.values() if task.wording is None and (task.document, task.name) in again)
    fill_in(session, [*(task for _, task in renumbered), *taken_back])
    reworded, kept = keep_left_out(rows, pairs.reworded)
    compared = (_changed(row, task) for row, task in (*renumbered, *reworded))
    changed = tuple(change for change in compared if change)
    missing = Missing() if sender.excerpt else find_missing(session, rows, pairs, stored, sender.agency)
    unchanged = len(pairs.same) + len(pairs.reworded) - len(changed)
    changes = Changes(tuple(pairs.new), changed, missing.gone, unchanged=unchanged)
    problems = [*_doubts(pairs), *([] if sender.reason else _without_reason(pairs)), *missing.problems]
    problems += [*kept, *_leads_left_out(changed, stored, sender.agency)]
    listed = [task.id for _, task in (*pairs.same, *pairs.reworded)]
    return Comparison(changes, stored, problems, listed)


def _changed(row: TaskRow, task: StoredTask) -> ChangedTask | None:
    """Return what differs, or None: another version's digest alone is no difference."""
    fields = tuple(_fields(row, task)) or tuple(_understood(row, task))
    if not fields:
        return None
    expected = {(assignment.agency, assignment.period) for assignment in row.assignments}
    dropped = tuple(standing.code for key, standing in task.standing.items() if key not in expected)
    return ChangedTask(task.id, row, fields, dropped)


def _fields(row: TaskRow, task: StoredTask) -> Iterator[FieldChange]:
    """Yield what differs: words as written, then who is accountable and until when."""
    if row.number != task.number:
        yield FieldChange("number", task.number, row.number)
    for name in _WORDS:
        old, new = getattr(task, name), getattr(row, name)
        if words_differ(old, new):
            yield FieldChange(name, old, new)
    agencies = {assignment.agency for assignment in row.assignments}
    if agencies != task.agencies:
        yield FieldChange("agencies", _listed(task.agencies), _listed(agencies))
    old_days, new_days = _stored_days(task), _days(row)
    if old_days != new_days:
        yield FieldChange("due_on", old_days, new_days)
    if not task.stands:
        yield FieldChange("standing", "", row.text)


def _understood(row: TaskRow, task: StoredTask) -> Iterator[FieldChange]:
    """Yield what the same words are taken for now and were not before."""
    old = {task.deadline_kind, task.problem or "", task.queue or ""}
    old |= {_dated(given, given.due_on) for given in task.standing.values()}
    new = {row.deadline_kind, row.problem or "", row.queue or ""}
    new |= {_dated(given, given.original_due_on) for given in row.assignments}
    if old != new:
        yield FieldChange("understood", _listed(old - new), _listed(new - old))


def _dated(given: StoredAssignment | AssignmentRow, due_on: date | None) -> str:
    days = (f"{date_text(day)}" if day else _NONE for day in (given.counts_from, due_on))
    named = (given.agency, given.period, str(given.nature), *days, given.collective)
    return " ".join([*filter(None, named), *["several_leads"] * given.several_leads])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _stored_days(task: StoredTask) -> str:
    return _said(frozenset(assignment.due_on for assignment in task.standing.values()))


def _days(row: TaskRow) -> str:
    return _said(frozenset(assignment.original_due_on for assignment in row.assignments))


@lru_cache(maxsize=1024)
def _said(days: frozenset[date | None]) -> str:
    return ", ".join(date_text(day) for day in sorted(filter(None, days)))


def _without_reason(pairs: Pairs) -> Iterator[Problem]:
    """Yield the rows that give a stored task another deadline.

    A task withdrawn had the deadline it had then. A first deadline, other words for the same day, and the same words
    read anew change none.
    """
    for row, task in pairs.reworded:
        old, new = _stored_days(task) or _said(frozenset(task.withdrawn_due)), _days(row)
        if old and old != new and row.deadline_text != task.deadline_text:
            values = {"number": row.number, "old": shown(task.deadline_text), "old_day": old, "new_day": new or _NONE}
            place, found = _place(row, "deadline"), shown(row.deadline_text)
            yield Problem("deadline_changed_without_reason", Severity.STOPS, *place, found, values)


def _doubts(pairs: Pairs) -> Iterator[Problem]:
    for doubt in pairs.doubts:
        place, found = _place(doubt.row, "task"), shown(doubt.row.text)
        yield Problem("may_be_the_same_task", Severity.TO_CONFIRM, *place, found, _compared(doubt))
    for doubt in pairs.unsure:
        place, found = _place(doubt.row, "task"), shown(doubt.row.text)
        yield Problem("may_be_another_task", Severity.TO_CONFIRM, *place, found, _compared(doubt))
    if pairs.uncompared:
        yield Problem("too_many_to_compare", Severity.TO_CONFIRM, values={"count": pairs.uncompared})


def _leads_left_out(
    changed: Iterable[ChangedTask], stored: Mapping[int, StoredTask], sender: str | None
) -> Iterator[Problem]:
    """Yield the rows by which an agency's own list takes others off a shared task: they hear nothing of that list."""
    for change in changed if sender else ():
        standing = stored[change.task_id].standing
        kept = {sender, *(assignment.agency for assignment in change.row.assignments)}
        left_out = sorted({agency for (agency, _), one in standing.items() if one.code in change.dropped} - kept)
        if left_out:
            place, found = _place(change.row, "lead"), shown(change.row.lead_text)
            values = {"number": change.row.number, "agencies": ", ".join(left_out)}
            yield Problem("leads_left_out", Severity.TO_CONFIRM, *place, found, values)


def _compared(doubt: Doubt) -> dict[str, str]:
    return {
        "number": doubt.row.number,
        "stored_number": doubt.task.number,
        "stored": shown(doubt.task.text),
        "percent": f"{doubt.likeness:.0%}",
    }


def _place(row: TaskRow, field: str) -> tuple[str, int, str | None]:
    return row.sheet, row.row, row.cells.get(field, "").rstrip("0123456789") or None
