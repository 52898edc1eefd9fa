"""The verdicts at each milestone as they were known when its day ended, to stand beside those known now."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from models.kinds import kinds_of
from models.question import Question
from models.reference import read_reference
from models.status import last_good_day
from models.status_query import judged
from models.status_table import Counts
from models.store import Store
from rules.milestone import Milestone, Verdict, VerdictFacts, verdict_that_day
from rules.reference import Reference
from rules.status import AskedAbout, CompletionLevel
from texts.wording import HANOI


def milestones_then(
    store: Store,
    *,
    as_of: date,
    known_at: datetime,
    agency: str | None = None,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    only: str | None = None,
) -> Mapping[str, Counts]:
    """Count, for each milestone whose day is over on `as_of`, the verdicts as known when that day ended in Hanoi.

    What was recorded later is left out, and never what had not been recorded by `known_at` (aware). Those accountable
    are the agencies of that day; `agency` narrows to one, `only` to one milestone. `due` is the sum of the verdicts.
    """
    with store.reading() as session:
        reference = read_reference(session)
        return {
            milestone.code: _counts(session, reference, milestone, min(known_at, end_of(milestone.on)), agency, level)
            for milestone in sorted(reference.milestones)
            if milestone.on < as_of and only in {None, milestone.code}
        }


def _counts(
    session: Session,
    reference: Reference,
    milestone: Milestone,
    known_at: datetime,
    agency: str | None,
    level: CompletionLevel,
) -> Counts:
    asked, kinds = AskedAbout(milestone.on, milestone.on), kinds_of(session)
    question = Question(asked, known_at, level, reference.register, agency, kinds)
    holder = judged(question.shape(session), told=False)
    c = holder.c
    days = (c.original_due_on, c.final_good_day, c.completed_on, c.cancelled_on)
    earlier = max((other.on for other in reference.milestones if other.on < milestone.on), default=date.min)
    query = select(*days, func.count().label("rows")).group_by(*days)
    query = query.where(c.original_due_on > earlier, c.original_due_on <= milestone.on)
    found: Counter[Verdict] = Counter()
    for row in session.execute(query, question.values()):
        as_assigned = last_good_day(reference.calendar, row.original_due_on)
        facts = VerdictFacts(row.final_good_day, as_assigned, row.completed_on, row.cancelled_on)
        found[verdict_that_day(facts, milestone)] += row.rows
    return {"due": found.total(), **{each.value: found[each] for each in Verdict}}


def end_of(day: date) -> datetime:
    """Return the last instant of a day in Hanoi."""
    return datetime.combine(day + timedelta(days=1), time.min, HANOI) - timedelta(microseconds=1)
