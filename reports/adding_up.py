"""What must add up in the facts of a report; a contradiction is refused before anything is written."""

from typing import TYPE_CHECKING

from reports.counts import DONE, SHOWN
from reports.integrity import FactsDoNotAddUpError, same
from rules.status import Status

if TYPE_CHECKING:
    from reports.facts import Facts


def check(facts: "Facts") -> None:
    """Raise FactsDoNotAddUpError for the first two figures that contradict each other."""
    _check_agencies(facts)
    _check_lists(facts)
    _check_movement(facts)
    _check_milestones(facts)
    _check_burndown(facts)
    _check_opened(facts)
    same("the assignments by document", sum(s.assignments for s in facts.sources), "the total", facts.totals.total)


def _check_agencies(facts: "Facts") -> None:
    late_by_agency = {agency.code: 0 for agency in facts.agencies}
    for work in facts.late:
        if work.agency not in late_by_agency:
            raise FactsDoNotAddUpError(f"late work {work.code} belongs to {work.agency}, which is not counted")
        late_by_agency[work.agency] += 1
    for status in SHOWN:
        by_agency = sum(agency.counts.of(status) for agency in facts.agencies)
        same(f"{status.value} of all agencies", by_agency, f"{status.value} in total", facts.totals.of(status))
    for agency in facts.agencies:
        same(f"overdue of {agency.code}", agency.counts.overdue, "its late work by name", late_by_agency[agency.code])


def _check_milestones(facts: "Facts") -> None:
    placed = sum(m.due for m in facts.milestones) + facts.beyond_milestones + facts.without_due_day
    same("the assignments by milestone, beyond and without due day", placed, "the total", facts.totals.total)
    if facts.without_due_day_counts is not None:
        parts = facts.without_due_day_counts.total
        same("the statuses of work without due day", parts, "work without due day", facts.without_due_day)


def _check_lists(facts: "Facts") -> None:
    same("late work by name", len(facts.late), "overdue in total", facts.totals.overdue)
    same("work done late by name", len(facts.done_late), "completed_late in total", facts.totals.completed_late)
    same("undated work by name", len(facts.undated), "undated in total", facts.totals.undated)
    if facts.ongoing is not None:
        same("ongoing work by name", len(facts.ongoing), "ongoing in total", facts.totals.ongoing)
    for conclusions in facts.conclusions:
        same(f"conclusions of {conclusions.document} by name", len(conclusions.works), "all", conclusions.counts.total)
    wrong = [work.code for work in facts.late if work.status is not Status.OVERDUE]
    if wrong:
        raise FactsDoNotAddUpError(f"{wrong[0]} is listed as late work but is not overdue")


def _check_movement(facts: "Facts") -> None:
    moves = facts.movement.moves
    for status in SHOWN:
        left = sum(move.count for move in moves if move.before is status)
        same(f"moves from {status.value}", left, "its count at the cut-off", facts.totals.of(status))
        came = sum(move.count for move in moves if move.after is status)
        same(f"moves to {status.value}", came, "its count at the meeting", facts.movement.totals.of(status))


def _check_burndown(facts: "Facts") -> None:
    """Hold the picture to the totals: what was left at the cut-off is the dated work that is not done."""
    left = [point.left for point in facts.burndown if point.on == facts.cutoff and point.left is not None]
    undated = facts.without_due_day_counts
    if facts.burndown and not left:
        raise FactsDoNotAddUpError("the way to plan has no point at the cut-off")
    if left and undated is not None:
        closed = sum(facts.totals.of(status) for status in (*DONE, Status.CANCELLED))
        open_undated = undated.total - undated.completed - undated.cancelled
        same("work left at the cut-off", left[-1], "open dated work", facts.totals.total - closed - open_undated)


def _check_opened(facts: "Facts") -> None:
    """Hold the queries to the totals: what the figures of the cut-off open is what is counted."""
    for status in SHOWN:
        name = f"totals.{status.value}"
        for opened in facts.opens:
            if opened.figure == name:
                same(f"the rows of {name}", opened.count, "its count", facts.totals.of(status))
