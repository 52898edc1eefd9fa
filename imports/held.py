"""What somebody who speaks for one agency may send: a report of its own work, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from imports.check import Check, WorkbookKind
from imports.problem import Problem, Severity, stops
from imports.storing.changes import Changes
from rules.register import Register


def held_to(check: Check, agency: str, register: Register, today: date) -> Check:
    """Return the check as it is for a sender of `agency` alone: stopped where it gives work or speaks for others.

    A row may name the agency or one whose work it took over. `today` stands in for the day a report does not give.
    """
    accountable = register.accountable(check.reported_on or today)
    own = {agency, *(former for former, successor in accountable.items() if successor == agency)}
    found = tuple(_beyond(check, own, {each.name_vi: each.code for each in register.agencies}))
    if not found:
        return check
    return replace(check, problems=(*found, *check.problems), changes=Changes(), already=None, comparison=None)


def _beyond(check: Check, own: set[str], codes: dict[str, str]) -> Iterator[Problem]:
    if check.kind is WorkbookKind.ASSIGNMENTS:
        yield stops("may_only_report")
        return
    for problem in check.problems:
        if problem.code == "agency_differs" and codes.get(problem.found) not in own:
            yield stops("report_of_another_agency", problem.found)
    for row in check.progress:
        others = [code for code in row.agencies if code not in own]
        if others:
            column = row.cells.get("lead", "").rstrip("0123456789") or None
            place = (row.sheet, row.row, column, row.number)
            yield Problem("row_of_another_agency", Severity.STOPS, *place, {"agencies": ", ".join(others)})
