"""Whether a decision may be taken, and whether it was taken already. Pure: story, day and calendar are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from decisions.actions import Action, Cancel, Confirm, Extend, Hold, Return, effective_on, until_on
from decisions.outcome import Refusal
from models.assignment_tables import Decision
from models.story import Story
from rules.calendar import WorkingCalendar
from rules.status import CompletionLevel
from texts import date_text


@dataclass(frozen=True)
class Bench:
    """What a decision is judged by: the day it is recorded, the calendar, and what counts as completion."""

    today: date
    calendar: WorkingCalendar
    level: CompletionLevel


def refusal_of(action: Action, story: Story, bench: Bench) -> Refusal | None:
    """Return the first thing that stands against the decision, or None."""
    return next(_objections(action, story, bench), None)


def incomplete(action: Action, by: str) -> Refusal | None:
    """Return what is missing whoever the decision is about: who decides, the reason, the document."""
    if not by.strip():
        return Refusal("needs_decider")
    if not action.reason.strip():
        return Refusal("needs_reason")
    if isinstance(action, Cancel | Hold | Extend) and not action.document.strip():
        return Refusal("needs_document")
    return None


def repeated(action: Action, story: Story) -> Decision | None:
    """Return the standing decision that already says what `action` says, or None."""
    if isinstance(action, Confirm | Return):
        answer = story.acceptance
        return answer if answer and answer.action == action.name else None
    last = story.last_decision(action.name)
    same_days = last is not None and (last.until_on, last.document) == (until_on(action), action.document.strip())
    same_start = isinstance(action, Extend) or (last is not None and last.effective_on == effective_on(action))
    return last if same_days and same_start else None


def _objections(action: Action, story: Story, bench: Bench) -> Iterator[Refusal]:
    if not story.dates.standing:
        yield Refusal("not_standing", {"code": action.code})
    cancelled = story.last_decision("cancel")
    if cancelled:
        yield Refusal("already_cancelled", {"on": date_text(cancelled.effective_on), "document": cancelled.document})
    if isinstance(action, Hold):
        yield from _against_hold(action, story, bench)
    if isinstance(action, Extend):
        yield from _against_extension(action, story, bench)
    if isinstance(action, Confirm | Return):
        yield from _against_answer(action, story, bench)


def _against_hold(action: Hold, story: Story, bench: Bench) -> Iterator[Refusal]:
    if action.until_on < action.from_on:
        yield Refusal("hold_ends_first", {"from_on": date_text(action.from_on), "until_on": date_text(action.until_on)})
    yield from _against_done_work(story, bench)


def _against_extension(action: Extend, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    yield from _against_done_work(story, bench)
    due_on = story.due_on
    if due_on is None:
        yield Refusal("no_due_day", {"deadline": story.wording.deadline_text})
        return
    if action.until_on <= due_on:
        yield Refusal("not_later", {"due_on": date_text(due_on), "until_on": date_text(action.until_on)})
    last_good_day = bench.calendar.effective(due_on) or due_on
    if action.on > last_good_day and not action.late:
        yield Refusal("too_late", {"on": date_text(action.on), "effective": date_text(last_good_day)})


def _against_answer(action: Confirm | Return, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    report = story.last_declared
    if report is None:
        yield Refusal("nothing_declared", {"code": action.code})
    elif action.on < report.reported_on:
        yield Refusal("before_report", {"on": date_text(action.on), "reported_on": date_text(report.reported_on)})


def _against_done_work(story: Story, bench: Bench) -> Iterator[Refusal]:
    done_on = story.completed_on(bench.level)
    if done_on:
        yield Refusal("already_completed", {"on": date_text(done_on)})


def _against_tomorrow(on: date, bench: Bench) -> Iterator[Refusal]:
    if on > bench.today:
        yield Refusal("in_the_future", {"on": date_text(on), "today": date_text(bench.today)})
