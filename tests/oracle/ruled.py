"""The oracle on decisions: what each of them says of a day, and what the steps of a work come to."""

from datetime import date, timedelta

from tests.oracle.completing import counts_again_from
from tests.oracle.facts import Facts, Question, Report, Ruling, Wording


def taken_over_by(facts: Facts, asked: Question, number: int) -> str | None:
    """Return who a person said takes over what a split body was assigned, as it stands on the day; None: nobody."""
    said = [
        each.to
        for each in facts.rulings
        if each.duty == number and each.what == "succeed" and each.at <= asked.known_at and each.on <= asked.day
    ]
    return said[-1] if said else None


def cancelled_since(rulings: list[Ruling], day: date) -> date | None:
    """Return since when the work is cancelled on a day; None when it is not, or was taken up again by then.

    What was decided last holds: each from its own day on.
    """
    since = None
    for ruling in rulings:
        if ruling.what == "cancel" and ruling.on <= day:
            since = ruling.on
        if ruling.what == "reinstate" and ruling.on <= day:
            since = None
    return since


def rests_on(rulings: list[Ruling], day: date) -> bool:
    """Whether the work is on hold that day: a hold ends by itself, or when the work is taken up again before."""
    holds = [place for place, each in enumerate(rulings) if each.what == "hold"]
    ends = [place for place, each in enumerate(rulings) if each.what == "resume" and each.on <= day]
    for place in holds:
        hold = rulings[place]
        if hold.until and hold.on <= day <= hold.until and not [end for end in ends if end > place]:
            return True
    return False


def due_after_extensions(original: date | None, rulings: list[Ruling]) -> date | None:
    """Return the due day after granted extensions; an extension never shortens, and gives no day to what has none."""
    if original is None:
        return None
    # The last one granted counts. It counts for every day asked about once it is known: an extension is no event of a
    # day, as a cancellation is, but says anew when the work is due ("due_on: after granted extensions").
    due, held_days = original, set[date]()
    for ruling in rulings:
        if ruling.what == "extend" and ruling.until:
            due = max(original, ruling.until)
        # "Holds stop or do not stop the clock, explicitly": the days held are given back, each day once.
        if ruling.what == "hold" and ruling.stops_clock and ruling.until:
            day = ruling.on
            while day <= ruling.until:
                if day not in held_days:
                    held_days.add(day)
                    due += timedelta(days=1)
                day += timedelta(days=1)
        # Taken up again before its end, a hold that stopped the clock gives back the days it lasted and no more.
        if ruling.what == "resume" and ruling.gives_back:
            for day in sorted(held_days):
                if day >= ruling.on:
                    held_days.remove(day)
                    due -= timedelta(days=1)
    return due


def steps_on(
    facts: Facts,
    wording: Wording,
    reports: list[Report],
    rulings: list[Ruling],
    due: date | None,
    done_on: date | None,
) -> list[tuple[date, date | None]]:
    """Return each step's due day as things stand and the day it was done (None: never); none for work without steps."""
    if not wording.steps or not isinstance(wording.due, date) or due is None:
        return []
    # A document that a report gives, whatever the report says of the whole, does the first step; one with another
    # number the second. What was sent back does none.
    answered_from = counts_again_from(facts, reports, rulings)
    given: dict[str, date] = {}
    for report in reports:
        recorded_at = facts.workbooks[report.workbook].recorded_at
        if report.number and report.proof_on and (answered_from is None or recorded_at > answered_from):
            given[report.number] = min(report.proof_on, given.get(report.number, report.proof_on))
    days: list[date | None] = [*sorted(given.values()), None, None, None]
    found: list[tuple[date, date | None]] = []
    for place, step in enumerate(wording.steps):
        # Whoever is done has done every step, at the latest on that day.
        both = [day for day in (days[place], done_on) if day is not None]
        found.append((step + (due - wording.due), min(both, default=None)))
    return [*found, (due, done_on)]


def passed(on: date | None, day: date) -> date | None:
    """Return a day that has come by another."""
    return on if on is not None and on <= day else None
