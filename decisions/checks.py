"""Whether a decision may be taken, and whether it was taken already. Pure: story, day and calendar are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from decisions.actions import (
    Action,
    Cancel,
    Confirm,
    Decline,
    Extend,
    Hold,
    Reinstate,
    Resume,
    Return,
    SetDueDay,
    Succeed,
    effective_on,
    until_on,
)
from decisions.dating import is_dated_by_decision
from decisions.outcome import Refusal
from models.assignment_tables import Decision
from models.story import Story
from rules.calendar import WorkingCalendar
from rules.extension import ExtensionCase, ExtensionPolicy, objection
from rules.hold import due_after_hold, due_after_resumption
from rules.register import Agency, Register
from rules.status import CompletionLevel, Nature
from texts import date_text

_BY_DOCUMENT = (Cancel, Hold, Extend, Resume, Reinstate, Succeed, SetDueDay)


@dataclass(frozen=True)
class Bench:
    """What a decision is judged by: the day it is recorded, the calendar, what counts as completion, and the policy.

    `requested_on` is the day of the earliest request for more time nobody has answered, `in_workbook_on` of those that
    came in workbooks; None without one. `register` knows the agencies.
    """

    today: date
    calendar: WorkingCalendar
    level: CompletionLevel
    policy: ExtensionPolicy
    requested_on: date | None
    register: Register
    in_workbook_on: date | None = None


# Decisions of which one takes the other back: said again after the other, each is a new decision.
_UNDOING = (("cancel", "reinstate"), ("hold", "resume"))


def refusal_of(action: Action, story: Story, bench: Bench) -> Refusal | None:
    """Return the first thing that stands against the decision, or None."""
    return next(_objections(action, story, bench), None)


def incomplete(action: Action, by: str) -> Refusal | None:
    """Return what is missing whoever the decision is about: who decides, the reason, the document."""
    if not by.strip():
        return Refusal("needs_decider")
    if not action.reason.strip():
        return Refusal("needs_reason")
    if isinstance(action, _BY_DOCUMENT) and not action.document.strip():
        return Refusal("needs_document")
    return None


def repeated(action: Action, story: Story) -> Decision | None:
    """Return the standing decision that already says what `action` says, or None."""
    if isinstance(action, Confirm | Return):
        answer = story.acceptance
        return answer if answer and answer.action == action.name else None
    if isinstance(action, SetDueDay) and not is_dated_by_decision(story):
        return None  # a workbook has said otherwise since
    last = story.last_decision(*next((group for group in _UNDOING if action.name in group), (action.name,)))
    to_agency = action.to if isinstance(action, Succeed) else None
    if last is None or (last.action, last.to_agency) != (action.name, to_agency):
        return None
    same_days = last is not None and (last.until_on, last.document) == (until_on(action), action.document.strip())
    if last is None or not same_days or isinstance(action, Extend):
        return last if same_days else None
    same_clock = not isinstance(action, Hold) or action.stops_clock == (last.due_on is not None)
    return last if same_clock and last.effective_on == effective_on(action) else None


def due_day_given(action: Action, story: Story) -> date | None:
    """Return the day to which a hold that stops the clock, or its early end, moves the deadline; else None."""
    if isinstance(action, Resume):
        return _due_day_back(action, story)
    if not isinstance(action, Hold) or not action.stops_clock or story.due_on is None:
        return None
    return due_after_hold(story.due_on, (action.from_on, action.until_on), story.clock_stops)


def _due_day_back(action: Resume, story: Story) -> date | None:
    """Return the due day without the days not rested; None when no day was given, or an extension gave one since."""
    move, due_on = story.last_move, story.due_on
    if move is None or move.action == Extend.name or due_on is None:
        return None
    back = due_after_resumption(due_on, action.on, story.clock_stops)
    return back if back != due_on else None


def _objections(action: Action, story: Story, bench: Bench) -> Iterator[Refusal]:
    if not story.dates.standing:
        yield Refusal("not_standing", {"code": action.code})
    yield from _against_its_day(action, story)
    cancelled = story.cancellation
    if isinstance(action, Reinstate):
        yield from _against_reinstating(action, cancelled, bench)
    elif cancelled and cancelled.effective_on <= max(effective_on(action), bench.today):
        yield Refusal("already_cancelled", {"on": date_text(cancelled.effective_on), "document": cancelled.document})
    if isinstance(action, Hold):
        yield from _against_hold(action, story, bench)
    if isinstance(action, Extend):
        yield from _against_extension(action, story, bench)
    if isinstance(action, Confirm | Return | Decline):
        yield from _against_answer(action, story, bench)
    if isinstance(action, Resume):
        yield from _against_resuming(action, story, bench)
    if isinstance(action, Succeed):
        yield from _against_succession(action, story, bench)
    if isinstance(action, SetDueDay):
        yield from _against_dating(action, story, bench)


def _against_reinstating(action: Reinstate, cancelled: Decision | None, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    if cancelled is None:
        yield Refusal("not_cancelled", {"code": action.code})
    elif action.on < cancelled.effective_on:
        values = {"on": date_text(action.on), "cancelled_on": date_text(cancelled.effective_on)}
        yield Refusal("before_cancelled", values)


def _against_resuming(action: Resume, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    if story.hold_on(action.on) is None:
        yield Refusal("not_on_hold", {"code": action.code, "on": date_text(action.on)})


def _against_succession(action: Succeed, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    former, successor = _holder_split(story, bench), bench.register.by_code().get(action.to)
    if not former.split or former.valid_to is None:
        yield Refusal("not_split", {"code": action.code, "agency": former.name_vi})
    elif action.on <= former.valid_to:
        days = {"on": date_text(action.on), "valid_to": date_text(former.valid_to)}
        yield Refusal("before_the_split", {"agency": former.name_vi, **days})
    if successor is None:
        yield Refusal("unknown_agency", {"to": action.to})
    elif not successor.valid_on(action.on):
        yield Refusal("agency_not_valid", {"agency": successor.name_vi, "on": date_text(action.on)})


def _against_dating(action: SetDueDay, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    yield from _against_done_work(story, bench)
    issued_on = story.document.issued_on
    if story.dates.nature != Nature.UNDATED and not is_dated_by_decision(story):
        known = {"deadline": story.wording.deadline_text, "due_on": date_text(story.due_on) if story.due_on else "–"}
        yield Refusal("not_undated", {"code": action.code, **known})
    elif action.until_on < issued_on:
        yield Refusal("due_before_document", {"on": date_text(action.until_on), "issued_on": date_text(issued_on)})


def _holder_split(story: Story, bench: Bench) -> Agency:
    """Return the agency accountable today when it was split, else the one the duty was given to, or its successor."""
    agencies, successors = bench.register.by_code(), bench.register.accountable(bench.today)
    given_to = story.assignment.agency_code
    held_by = story.held_by(bench.today) or given_to
    holder, first = (agencies[successors.get(code, code)] for code in (held_by, given_to))
    return holder if holder.split and holder.valid_to is not None else first


def _against_its_day(action: Action, story: Story) -> Iterator[Refusal]:
    on, issued_on, counts_from = effective_on(action), story.document.issued_on, story.dates.counts_from
    if isinstance(action, Hold) and on < counts_from:
        yield Refusal("held_before_it_counts", {"on": date_text(on), "counts_from": date_text(counts_from)})
    elif on < issued_on:
        yield Refusal("before_document", {"on": date_text(on), "issued_on": date_text(issued_on)})


def _against_hold(action: Hold, story: Story, bench: Bench) -> Iterator[Refusal]:
    if action.until_on < action.from_on:
        yield Refusal("hold_ends_first", {"from_on": date_text(action.from_on), "until_on": date_text(action.until_on)})
    yield from _against_done_work(story, bench)
    if action.stops_clock:
        yield from _against_stopped_clock(action, story, bench)


def _against_stopped_clock(action: Hold, story: Story, bench: Bench) -> Iterator[Refusal]:
    if story.due_on is None:
        yield Refusal("no_clock", {"deadline": story.wording.deadline_text})
        return
    last_good_day = bench.calendar.effective(story.due_on) or story.due_on
    if action.from_on > last_good_day:
        yield Refusal("clock_ran_out", {"on": date_text(action.from_on), "effective": date_text(last_good_day)})
    original, moved_to = story.dates.original_due_on, due_day_given(action, story)
    if original and moved_to and bench.policy.is_too_far(moved_to, original):
        limits = {"most_days": bench.policy.most_days, "original": date_text(original)}
        yield Refusal("held_too_long", {"due_on": date_text(moved_to), **limits})


def _against_extension(action: Extend, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    yield from _against_done_work(story, bench)
    due_on = story.due_on
    if due_on is None:
        yield Refusal("no_due_day", {"deadline": story.wording.deadline_text})
        return
    if action.until_on <= due_on:
        yield Refusal("not_later", {"due_on": date_text(due_on), "until_on": date_text(action.until_on)})
    if not action.exception:
        yield from _against_policy(action, story, bench)


def _against_declining(action: Decline, bench: Bench) -> Iterator[Refusal]:
    if bench.in_workbook_on is None:
        yield Refusal("nothing_requested", {"code": action.code})
    elif action.on < bench.in_workbook_on:
        days = {"on": date_text(action.on), "asked_on": date_text(bench.in_workbook_on)}
        yield Refusal("before_request", days)


def _against_policy(action: Extend, story: Story, bench: Bench) -> Iterator[Refusal]:
    due_on, original = story.due_on, story.dates.original_due_on
    if due_on is None or original is None:
        return
    requested_on = bench.requested_on if bench.requested_on and bench.requested_on <= action.on else None
    case = ExtensionCase(
        asked_on=action.asked_on or requested_on or action.on,
        until_on=action.until_on,
        original_due_on=original,
        last_good_day=bench.calendar.effective(due_on) or due_on,
        granted=sum(decision.action == Extend.name for decision in story.decisions),
    )
    found = objection(case, bench.policy)
    if found:
        told = {"on": date_text(case.asked_on), "effective": date_text(case.last_good_day), "granted": case.granted}
        limits = {"most": bench.policy.most, "most_days": bench.policy.most_days, "original": date_text(original)}
        yield Refusal(str(found), {**told, **limits, "until_on": date_text(action.until_on)})


def _against_answer(action: Confirm | Return | Decline, story: Story, bench: Bench) -> Iterator[Refusal]:
    yield from _against_tomorrow(action.on, bench)
    if isinstance(action, Decline):
        yield from _against_declining(action, bench)
        return
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
