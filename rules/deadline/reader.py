"""The pipeline: normalise the phrase, ask each recogniser in turn, move the due day to a working day."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from rules.calendar import WorkingCalendar
from rules.deadline.answer import Circumstances, Deadline, DeadlineKind, Occurrence, Problem, Reading, Step
from rules.deadline.dated import read_dated
from rules.deadline.feast import read_feast
from rules.deadline.periods import ImpossibleDateError
from rules.deadline.phrase import LONGEST, Phrase, normalise
from rules.deadline.recurrence import parse_recurrence
from rules.deadline.recurring import read_recurring
from rules.deadline.relative import read_counted, read_event, read_next_years
from rules.deadline.undated import read_no_day, read_on_demand, read_ongoing
from rules.deadline.whole import as_written, read_serial

FAR_AHEAD = 30
Recogniser = Callable[[Phrase, Circumstances], Reading | None]
# The order matters: what is counted, repeats or waits for an event goes before the days it mentions.
RECOGNISERS: tuple[Recogniser, ...] = (
    read_serial,
    read_feast,
    read_next_years,
    read_counted,
    read_recurring,
    read_on_demand,
    read_event,
    read_dated,
    read_ongoing,
)


def read_deadline(
    text: str, *, document_on: date, calendar: WorkingCalendar, before_is_exclusive: bool = True
) -> Deadline:
    """Read `text` as written in a document of `document_on`; any text gets an answer, none raises.

    `before_is_exclusive` says that "trước ngày X" ends the day before X (else on X); the steps name both days.
    Words that were not read and could change the meaning set `needs_confirmation`.
    """
    phrase = normalise(as_written(text[:LONGEST]))
    asked = Circumstances(document_on, calendar, before_is_exclusive)
    try:
        reading = read_no_day(phrase) if len(text) > LONGEST else _read(phrase, asked)
    except ImpossibleDateError:
        step = Step("impossible", {"words": phrase.written})
        reading = Reading(DeadlineKind.UNPARSEABLE, unsure=True, steps=(step,), problem=Problem.IMPOSSIBLE_DATE)
    return _rolled(text, _doubted(reading, document_on), calendar)


def occurrences(deadline: Deadline, *, document_on: date, through: date) -> list[Occurrence]:
    """List the periods of a recurring deadline that start by `through` (calendar days), oldest first.

    The first is the one that contains the document's day unless its due day is already past; none comes twice.
    """
    if not deadline.is_recurring:
        return []
    since = max(document_on, deadline.start or document_on)
    found: list[Occurrence] = []
    for occurrence in parse_recurrence(deadline.kind, deadline.recurrence).occurrences(since):
        if occurrence.starts_on > through:
            break
        found.append(occurrence)
    return found


def _read(phrase: Phrase, asked: Circumstances) -> Reading:
    readings = (recognise(phrase, asked) for recognise in RECOGNISERS)
    return next((reading for reading in readings if reading), None) or read_no_day(phrase)


def _doubted(reading: Reading, document_on: date) -> Reading:
    """Have a due day confirmed that was past when the document was signed, or lies further ahead than any plan."""
    if reading.due_on is None:
        return reading
    if reading.due_on < document_on:
        return replace(reading, unsure=True, steps=(*reading.steps, Step("already_past", {"day": document_on})))
    if reading.due_on.year > document_on.year + FAR_AHEAD:
        return replace(reading, unsure=True, steps=(*reading.steps, Step("far_ahead", {"day": reading.due_on})))
    return reading


def _rolled(text: str, reading: Reading, calendar: WorkingCalendar) -> Deadline:
    effective = calendar.effective(reading.due_on) if reading.due_on else None
    steps = (*reading.steps, *_rolling_steps(reading, effective, calendar))
    uncovered = reading.due_on is not None and effective is None
    return Deadline(
        text=text,
        kind=reading.kind,
        start=reading.start,
        due_on=reading.due_on,
        effective_due_on=effective,
        recurrence=reading.recurrence,
        needs_confirmation=reading.unsure or _hour_on_day_off(reading, effective),
        steps=steps,
        problem=(Problem.CALENDAR_NOT_COVERED if uncovered else reading.problem),
    )


def _rolling_steps(reading: Reading, effective: date | None, calendar: WorkingCalendar) -> Iterator[Step]:
    due_on = reading.due_on
    if due_on is None:
        return
    if effective is None:
        yield Step("not_covered", {"year": due_on.year})
    elif effective != due_on:
        yield Step("rolled", {"day": due_on, "effective": effective, "holiday": calendar.holidays.get(due_on, "")})
    if _hour_on_day_off(reading, effective):
        yield Step("clock_on_day_off", {"day": due_on, "effective": effective})


def _hour_on_day_off(reading: Reading, effective: date | None) -> bool:
    """Whether a clock time on a day off was rolled: the issuer may have meant the very hour."""
    return any(step.code == "clock" for step in reading.steps) and effective not in (None, reading.due_on)
