"""The report's sentences about movement: since the last report, and from the cut-off to the meeting."""

from collections.abc import Sequence

from reports.counts import StatusCounts
from reports.facts import Facts
from reports.narrative import Annexes
from reports.wording import number_text, share, worded
from texts import date_text


def since(facts: Facts) -> str:
    """Return what moved since the last stored figures."""
    previous = facts.previous
    if previous is None:
        return worded("since_nothing")
    before, after = previous.totals, facts.totals
    values = {
        "total": _change(before.total, after.total),
        "on_time": _change(before.completed_on_time, after.completed_on_time),
        "late_done": _change(before.completed_late, after.completed_late),
        "overdue": _change(before.overdue, after.overdue),
        "day": date_text(previous.as_of),
    }
    if not previous.edition:
        return worded("since_day", **values)
    named = worded("since_edition", edition=previous.edition, **values)
    if previous.newly_late is None or previous.late_no_more is None:
        return named
    moved = {"newly": number_text(len(previous.newly_late)), "no_more": number_text(len(previous.late_no_more))}
    return " ".join((named, worded("since_late", **moved), *_joined(previous.joined)))


def _joined(count: int) -> Sequence[str]:
    """Return by how much late work is fewer or more without anything done or missed; nothing when it is not."""
    if not count:
        return []
    return [worded("since_joined" if count > 0 else "since_split", count=number_text(abs(count)))]


def _change(before: int, after: int) -> str:
    entry = "change_more" if after > before else "change_less" if after < before else "change_none"
    count = number_text(abs(after - before))
    return worded(entry, count=count, before=number_text(before), after=number_text(after))


def between(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return what becomes late or done between the cut-off and the meeting, and what the day after makes late."""
    movement = facts.movement
    values = {"cutoff": date_text(facts.cutoff), "meeting": date_text(facts.meeting)}
    last_day = [worded("between_last_day", count=number_text(movement.last_day))] if movement.last_day else []
    if facts.cutoff == facts.meeting:
        return [worded("between_same_day"), *last_day]
    if not movement.becomes_late and not movement.becomes_done:
        return [worded("between_nothing", **values), *last_day, *_entered(movement.totals, facts)]
    sentence = worded(
        "between_some",
        late=_or_none("between_late", len(movement.becomes_late)),
        done=_or_none("between_done", len(movement.becomes_done)),
        overdue=share(movement.totals.overdue, movement.totals.total),
        **values,
    )
    reference = [worded("between_annex", annex=annexes["becomes_late"])] if movement.becomes_late else []
    return [" ".join([sentence, *reference]), *last_day, *_entered(movement.totals, facts)]


def _or_none(entry: str, count: int) -> str:
    return worded(entry, count=number_text(count)) if count else worded(f"{entry}_none")


def _entered(at_table: StatusCounts, facts: Facts) -> Sequence[str]:
    entered = sum(move.count for move in facts.movement.moves if move.before is None)
    left = sum(move.count for move in facts.movement.moves if move.after is None)
    if not entered and not left:
        return []
    parts = [worded("between_in", count=number_text(entered))] if entered else []
    parts += [worded("between_out", count=number_text(left))] if left else []
    return [worded("between_entered", parts="; ".join(parts), total=number_text(at_table.total))]
