"""Say in one line how a deadline was read: "Tháng 8/2025 → 31/08/2025 (Chủ nhật, ngày nghỉ) → 03/09/2025"."""

from datetime import date
from typing import Any

from rules.deadline import Deadline, Step
from rules.status import Nature
from texts.catalogue import Language, say
from texts.wording import date_text

ARROW = " → "
ROLLED = "rolled"


def explain_deadline(deadline: Deadline, language: Language = Language.VI) -> str:
    """Return the way from the words to the effective due day, then a sentence for each thing that was assumed.

    Due days are calendar days; the last one is the effective due day (Civil Code art. 148). The words as written are
    quoted as data: a person's text, never markup.
    """
    way = ARROW.join((" ".join(deadline.text.split()) or say("deadline.no_text", language), *_days(deadline, language)))
    notes = [_sentence(step, language) for step in deadline.steps if step.code != ROLLED]
    if deadline.needs_confirmation:
        notes.append(say("deadline.confirm", language))
    return ". ".join((way, " ".join(notes))) if notes else way


def _days(deadline: Deadline, language: Language) -> list[str]:
    if deadline.due_on is None:
        ongoing = deadline.nature is Nature.ONGOING
        return [say("deadline.ongoing_by_nature" if ongoing else "deadline.no_due_day", language)]
    rolled = next((step for step in deadline.steps if step.code == ROLLED), None)
    if rolled is None:
        return [date_text(deadline.due_on)]
    key = "deadline.holiday" if rolled.values["holiday"] else "deadline.day_off"
    weekday = say(f"deadline.weekday_{deadline.due_on.weekday()}", language)
    off = say(key, language, weekday=weekday, **_shown(rolled.values, language))
    return [off, date_text(rolled.values["effective"])]


def _sentence(step: Step, language: Language) -> str:
    return say(f"deadline.{step.code}", language, **_shown(step.values, language))


def _shown(values: dict[str, Any], language: Language) -> dict[str, object]:
    """Return the values as people read them: days in figures, units by their word."""
    return {name: _shown_value(name, value, language) for name, value in values.items()}


def _shown_value(name: str, value: object, language: Language) -> object:
    if isinstance(value, date):
        return date_text(value)
    return say(f"deadline.unit_{value}", language) if name == "unit" else value
