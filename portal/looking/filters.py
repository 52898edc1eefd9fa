"""The filters of a list in words, as they stand above it and on top of its file."""

from collections.abc import Mapping, Sequence

from portal.looking.question import Question
from rules.milestone import BEYOND, Milestone
from texts import Language, instant_text, say


def said_filters(
    question: Question, names: Mapping[str, str], milestones: Sequence[Milestone], language: Language
) -> list[str]:
    """Return each filter that narrows the list, in words; `names` are those of the agencies by code."""
    q = question
    told = {each.code: each.name_vi if language is Language.VI else each.name_en for each in milestones}
    told[BEYOND] = say("looking.beyond", language)
    known = {
        "agency": names[q.agency] if q.agency else "",
        "milestone": told[q.milestone] if q.milestone else "",
        "verdict": say(f"looking.verdict_{q.verdict}", language) if q.verdict else "",
        "status": say(f"status.{q.status}", language) if q.status else "",
        "document": q.document or "",
        "flag": say(f"looking.flag_{q.flag}", language) if q.flag else "",
        "changed": say(f"looking.change_{q.changed}", language) if q.changed else "",
        "late_from": str(q.late_from) if q.late_from else "",
        "late_to": "" if q.late_to is None else str(q.late_to),
        "words": q.words,
        "known_at": instant_text(q.known_at) if q.then else "",
    }
    return [f"{say(f'looking.filter_{name}', language)}: {value}" for name, value in known.items() if value]
