"""The oracle: how every agency stood on a day, read off the domain's sentences one after the other, slowly.

It knows nothing of the product: no decision table, no query, no shared words. What the domain's text leaves open is
decided here in a comment, with the sentence it rests on.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import partial

from tests.oracle import almanac
from tests.oracle.completing import completion
from tests.oracle.facts import Answer, Facts, Question, Report, Ruling, Wording
from tests.oracle.part import DONE, Part
from tests.oracle.ruled import cancelled_since, due_after_extensions, passed, rests_on, steps_on, taken_over_by
from tests.oracle.works import counted_once, same_works

SILENT_AFTER = timedelta(days=30)
WORST_FIRST = ("overdue", "due_soon", "in_progress", "undated", "ongoing", "suspended")


def answers(facts: Facts, asked: Question) -> list[Answer]:
    """Return one answer per task, period and agency accountable on the day asked about."""
    held = holders(facts, asked)
    found = []
    for alike in same_works(facts, asked, held):
        shown = counted_once(facts, asked, [worst(asked, held[held_as]) for held_as in alike])
        binding = next(held_as for held_as in alike if held_as[0] == facts.duties[shown.number].task)
        others = [held[held_as] for held_as in alike if held_as != binding]
        found.append(answer_of(facts, asked, *binding, held[binding], shown=shown, alike=others))
    return found


def holders(facts: Facts, asked: Question) -> dict[tuple[int, str, str], list[Part]]:
    """Return the parts each accountable agency holds, by task, period and agency."""
    held: dict[tuple[int, str, str], list[Part]] = {}
    for number, duty in enumerate(facts.duties):
        part = part_of(facts, asked, number)
        if part is not None:
            holder = almanac.holder_of(taken_over_by(facts, asked, number) or duty.agency, asked.day)
            held.setdefault((duty.task, duty.period, holder), []).append(part)
    return held


def was_known(facts: Facts, workbook: int, known_at: datetime) -> bool:
    """Whether a workbook had been recorded, and not taken back, by an instant."""
    found = facts.workbooks[workbook]
    taken_back = found.taken_back_at is not None and found.taken_back_at <= known_at
    return found.recorded_at <= known_at and not taken_back


def part_of(facts: Facts, asked: Question, number: int) -> Part | None:
    """Return how one duty stood; None when it did not count that day."""
    duty = facts.duties[number]
    wordings = [
        each for each in facts.wordings if each.duty == number and was_known(facts, each.workbook, asked.known_at)
    ]
    if not wordings or wordings[-1].gone:
        return None
    # "An assignment whose document is later than the day asked about is not counted"; a period counts from its first
    # day on, and never before its document.
    begins = duty.signed_on
    if duty.period:
        begins = max(begins, almanac.period_begins(duty.period))
    if asked.day < begins:
        return None
    reports = [
        each for each in facts.reports if each.duty == number and was_known(facts, each.workbook, asked.known_at)
    ]
    rulings = [each for each in facts.rulings if each.duty == number and each.at <= asked.known_at]
    return judge(facts, asked, number, wordings[-1], reports, rulings)


def judge(
    facts: Facts, asked: Question, number: int, wording: Wording, reports: list[Report], rulings: list[Ruling]
) -> Part:
    """Put the domain's sentences to one duty."""
    original = wording.due if isinstance(wording.due, date) else None
    due = due_after_extensions(original, rulings)
    good_until = None if due is None else almanac.last_good(due)
    done_on, claimed_on, proof_given_on = completion(facts, asked.level, reports, rulings)
    cancelled_on = cancelled_since(rulings, asked.day)
    held = rests_on(rulings, asked.day)
    steps = steps_on(facts, wording, reports, rulings, due, done_on)
    # "Each step has its own due day": work not done yet is late as soon as the first step still open is.
    still_open = [day for day, step_done_on in steps if step_done_on is None or step_done_on > asked.day]
    next_good_until = almanac.last_good(still_open[0]) if still_open else good_until
    said = partial(status_on, asked, wording, cancelled_on=cancelled_on, held=held)
    finished = done_on is not None and done_on <= asked.day
    status = said(good_until if finished else next_good_until, done_on)
    is_open = status != "cancelled" and status not in DONE
    heard = [each.on for each in reports if each.on <= asked.day]
    return Part(
        number=number,
        wording=wording,
        status=status,
        original_due=original,
        due=due,
        good_until=good_until,
        good_until_as_assigned=None if original is None else almanac.last_good(original),
        done_on=done_on,
        cancelled_on=cancelled_on,
        # "declared done, evidence missing or not matching the product", as it was on the day asked about: what proves
        # it was reported later, or never. (Proof given by then but dated later is not missing: the work is not done.)
        awaiting=is_open and claimed_on <= asked.day and (done_on is None or proof_given_on > asked.day),
        # A hold that stopped the clock gave days back; it extended nothing.
        extended=original is not None
        and any(each.what == "extend" and each.until and each.until > original for each in rulings),
        heard_on=max(heard, default=None),
        next_good_until=good_until if finished else next_good_until,
        step_days=steps,
        step_status=said,
    )


def steps_shown(asked: Question, part: Part) -> tuple[tuple[date, str, date | None], ...]:
    """Return each step's due day, status and completion, the work as a whole done on its day."""
    found = []
    for place, (day, on) in enumerate(part.step_days):
        last = place == len(part.step_days) - 1
        both = [each for each in (None if last else on, part.done_on) if each is not None]
        done_on = min(both, default=None)
        status = part.step_status(almanac.last_good(day), done_on)
        found.append((day, status, passed(done_on, asked.day)))
    return tuple(found)


def status_on(
    asked: Question,
    wording: Wording,
    good_until: date | None,
    done_on: date | None,
    cancelled_on: date | None,
    *,
    held: bool,
) -> str:
    """Put the sentences of the status table in their order: the first that holds wins."""
    if cancelled_on is not None and cancelled_on <= asked.day:
        return "cancelled"
    if done_on is not None and done_on <= asked.day:
        in_time = good_until is None or done_on <= good_until
        return "completed_on_time" if in_time else "completed_late"
    if held:
        return "suspended"
    return wording.due if isinstance(wording.due, str) else pace(asked, good_until)


def pace(asked: Question, good_until: date | None) -> str:
    """Say how open work with a due day stands against its last good day."""
    if good_until is not None and good_until < asked.day:
        return "overdue"
    if good_until is not None and good_until <= almanac.working_day_after(asked.day, asked.window):
        return "due_soon"
    return "in_progress"


def answer_of(
    facts: Facts,
    asked: Question,
    task: int,
    period: str,
    agency: str,
    parts: list[Part],
    *,
    shown: Part,
    alike: list[list[Part]],
) -> Answer:
    """Show a holder as the part that decides, `shown`.

    `alike` are the parts of other documents that are the same work; what is heard of one is heard of all.
    """
    told = [*parts, *(part for others in alike for part in others)]
    duty = facts.duties[shown.number]
    done = shown.status in DONE
    heard = max((part.heard_on for part in told if part.heard_on), default=None)
    milestone, verdict = milestone_and_verdict(shown, asked.day)
    covered = shown.due is not None and almanac.effective(shown.due) is not None
    said = {
        "awaiting_confirmation": any(part.awaiting for part in told) and shown.status != "cancelled" and not done,
        "silent": shown.status != "cancelled" and not done and (heard or duty.signed_on) < asked.day - SILENT_AFTER,
        "extended": any(part.extended for part in parts),
        "late_at_assignment": shown.original_due is not None and shown.original_due < duty.signed_on,
        "undated": (done or shown.status == "cancelled") and shown.due is None,
        "calendar_not_covered": shown.due is not None and not covered,
        "several_documents": bool(alike),
        "successor": any(facts.duties[part.number].agency != agency for part in parts),
    }
    return Answer(
        task=task,
        period=period,
        agency=agency,
        parts=frozenset(facts.duties[part.number].code for part in parts),
        status=shown.status,
        original_due=shown.original_due,
        due=shown.due,
        effective_due=almanac.effective(shown.due) if shown.due else None,
        days_late=days_late(shown, asked.day),
        done_on=shown.done_on if done else None,
        milestone=milestone,
        verdict=verdict,
        flags=frozenset(flag for flag, holds in said.items() if holds),
        steps=steps_shown(asked, shown),
        other_documents=frozenset(facts.duties[part.number].code for others in alike for part in others),
    )


def worst(asked: Question, parts: list[Part]) -> Part:
    """Return the part that decides: the most urgent open one, else the latest completion.

    A holder is done when all its parts are; what is cancelled is left out while any stands.
    """
    standing = [part for part in parts if part.status != "cancelled"]
    if not standing:
        # The domain is silent on work revoked from a holder altogether; the same rule is read of the day asked about:
        # a completion of a later day is none yet, and of what was done by then the latest decides.
        unfinished = [part for part in parts if part.done_on is None or part.done_on > asked.day]
        return soonest(unfinished) if unfinished else max(parts, key=latest_done)
    still_open = [part for part in standing if part.status not in DONE]
    for status in WORST_FIRST:
        among = [part for part in still_open if part.status == status]
        if among:
            return soonest(among)
    return max([part for part in standing if part.status == "completed_late"] or standing, key=latest_done)


def soonest(parts: list[Part]) -> Part:
    """Return the part in time the shortest.

    The domain leaves open which of two equally urgent parts is shown: the one whose end is further off.
    """
    return min(parts, key=lambda part: (part.next_good_until or date.max, -done_or_never(part), part.number))


def latest_done(part: Part) -> tuple[date, int]:
    """Order finished parts by the day of their completion."""
    return part.done_on or date.min, -part.number


def done_or_never(part: Part) -> int:
    """Return the day of a part's completion as a number; a part never done comes after all."""
    return (part.done_on or date.max).toordinal()


def days_late(part: Part, day: date) -> int:
    """Count the working days after the last good day, to the completion or to the day asked about."""
    if part.good_until is None:
        return 0
    if part.status == "overdue" and part.next_good_until:
        return almanac.working_days(part.next_good_until, day)
    if part.status == "completed_late" and part.done_on:
        return almanac.working_days(part.good_until, part.done_on)
    return 0


def milestone_and_verdict(part: Part, day: date) -> tuple[str | None, str | None]:
    """Return the first milestone on or after the day as assigned, and how the duty stands at it."""
    if part.original_due is None or part.good_until is None or part.good_until_as_assigned is None:
        return None, None
    reached = [(code, on) for code, on in almanac.MILESTONES if part.original_due <= on]
    if not reached:
        return "beyond", None
    code, on = reached[0]
    return code, "pending" if day <= on or day <= part.good_until else fallen(part, day)


def fallen(part: Part, day: date) -> str:
    """Return the verdict of a duty whose last good day is over."""
    if part.cancelled_on is not None and part.cancelled_on <= day:
        return "cancelled"
    if part.done_on is None or part.done_on > day:
        return "missed"
    in_time = part.good_until_as_assigned is not None and part.done_on <= part.good_until_as_assigned
    if in_time:
        return "met"
    return "extended" if part.good_until is not None and part.done_on <= part.good_until else "met_late"


def verdicts_that_day(facts: Facts, milestone: str, known_at: datetime, level: str) -> Counter[str]:
    """Count the verdicts at a milestone as its day ended, by what had been recorded by then."""
    on = dict(almanac.MILESTONES)[milestone]
    found: Counter[str] = Counter()
    asked = Question(on, known_at, level)
    held = holders(facts, asked)
    for alike in same_works(facts, asked, held):
        shown = counted_once(facts, asked, [worst(asked, held[each]) for each in alike])
        if shown.good_until is not None and milestone_and_verdict(shown, on)[0] == milestone:
            found["pending" if shown.good_until > on else fallen(shown, on)] += 1
    return found
