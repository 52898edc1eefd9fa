"""The status table as `dondoc status --json` and `/api/v1` answer it: plain values under the contract's keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.status_table import Counts, StatusRow, StatusTable
from rules.register import Register


def status_answer(table: StatusTable, register: Register, then: Mapping[str, Counts] | None = None) -> dict[str, Any]:
    """Return the whole table: totals, agencies, milestones, assignments and the queue of tasks without a lead.

    `then` are the verdicts as known on each milestone's day, from `models.milestones_then`: None leaves them out.
    """
    names = {agency.code: agency.name_vi for agency in register.agencies}
    return {
        "as_of": table.as_of,
        "known_at": table.known_at,
        "totals": table.totals(),
        "agencies": [{"agency": code, "name": names[code], **counts} for code, counts in table.by_agency().items()],
        "milestones": [
            {"milestone": code, **counts, **({} if then is None else {"known_then": then.get(code)})}
            for code, counts in table.by_milestone().items()
        ],
        "assignments": assignments_answer(table.rows),
        "queue": [
            {
                "document": task.document,
                "number": task.number,
                "task": task.task,
                "lead": task.lead_text,
                "queue": task.queue,
            }
            for task in table.queue
        ],
    }


def assignments_answer(rows: Iterable[StatusRow]) -> list[dict[str, Any]]:
    """Return one object per assignment, in the order given."""
    return [_assignment(row) for row in rows]


def _assignment(row: StatusRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "document": row.document,
        "number": row.number,
        "agency": row.agency,
        "task": row.task,
        "deadline": row.deadline_text,
        "period": row.period,
        "original_due_on": row.original_due_on,
        "due_on": row.due_on,
        "effective_due_on": row.effective_due_on,
        "status": row.status,
        "flags": list(row.flags),
        "days_late": row.days_late,
        "completed_on": row.completed_on,
        "milestone": row.milestone,
        "verdict": row.verdict,
        "parts": list(row.parts),
        "steps": [
            {
                "step": step.position,
                "name": step.name,
                "due_on": step.due_on,
                "effective_due_on": step.effective_due_on,
                "status": step.status,
                "completed_on": step.completed_on,
            }
            for step in row.steps
        ],
        "same_work": [
            {
                "code": other.code,
                "document": other.document,
                "due_on": other.due_on,
                "status": other.status,
                "parts": list(other.parts),
            }
            for other in row.same_work
        ],
    }
