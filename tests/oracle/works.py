"""The oracle on work that several documents give: which tasks are one, which document binds, when it is done."""

from dataclasses import replace
from datetime import date

from tests.oracle.facts import Facts, Question, SameWork
from tests.oracle.part import Part


def same_works(
    facts: Facts, asked: Question, held: dict[tuple[int, str, str], list[Part]]
) -> list[list[tuple[int, str, str]]]:
    """Put together what one agency holds of one work: the tasks that were last said to be the same."""
    said: dict[int, SameWork] = {}
    for each in facts.same_works:
        if each.at <= asked.known_at:
            said.update(dict.fromkeys(each.tasks, each))
    works: dict[tuple[object, str, str], list[tuple[int, str, str]]] = {}
    for task, period, agency in held:
        work: object = id(said[task]) if task in said else f"alone {task}"
        works.setdefault((work, period, agency), []).append((task, period, agency))
    return list(works.values())


def counted_once(facts: Facts, asked: Question, parts: list[Part]) -> Part:
    """Return the part of the document that binds, done when the work is done under any."""
    binding = min(parts, key=lambda part: claim_to_bind(facts, part))
    days = [part.done_on for part in parts if part.done_on]
    return done_elsewhere(asked, binding, min(days)) if len(parts) > 1 and days else binding


def claim_to_bind(facts: Facts, part: Part) -> tuple[bool, bool, int, date, int]:
    """Order the rows of one work: what stands, what has a due day, the latest document, the strictest day."""
    duty = facts.duties[part.number]
    standing = part.status != "cancelled"
    return not standing, part.due is None, -duty.signed_on.toordinal(), part.due or date.max, duty.task


def done_elsewhere(asked: Question, part: Part, done_on: date) -> Part:
    """Judge a part again as work that was done on a day, under whatever document."""
    finished = done_on <= asked.day
    if part.status == "cancelled":
        return replace(part, done_on=done_on, next_good_until=part.good_until if finished else part.next_good_until)
    status = part.status
    if finished:
        in_time = part.good_until is None or done_on <= part.good_until
        status = "completed_on_time" if in_time else "completed_late"
    good_until = part.good_until if finished else part.next_good_until
    return replace(part, done_on=done_on, status=status, next_good_until=good_until)
