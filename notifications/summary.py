"""What a digest comes to, in its subject and a few sentences: what is late, soon, done, with units, to be answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifications.notice import PlannedItem
from texts import Language, say


@dataclass(frozen=True)
class Figures:
    """The counts of a digest; `work`, `answers` and `shares` name the sentences that fit them, empty for nothing."""

    work: str
    of_work: Mapping[str, int]
    answers: str
    of_answers: Mapping[str, int]
    shares: Sequence[str]
    of_shares: Mapping[str, int]


def figures_of(open_: Sequence[PlannedItem], done: Sequence[PlannedItem]) -> Figures:
    """Count the items of a digest, those open and those that came to their end: assignments, answers, shares apart."""
    late = [item.days_late for item in open_ if item.days_late and not item.is_beside]
    left = [item.days_left for item in open_ if not item.days_late and not item.is_beside]
    over = [item for item in done if not item.is_beside]
    work = {"late": len(late), "worst": max(late, default=0), "soon": len(left), "nearest": min(left, default=0)}
    waiting = [item.days_late for item in open_ if item.obstacle_id]
    answered = sum(item.obstacle_id > 0 for item in done)
    answers = {"waiting": len(waiting), "worst": max(waiting, default=0), "answered": answered}
    shares = _shares_among(open_, done)
    work["done"] = len(over)
    return Figures(_shape(late, left, over), work, _answers(answers), answers, _shares(shares), shares)


def subject_of(figures: Figures) -> str:
    """Return the subject: what is late or soon and by how much, what is done, then answers owed and shares."""
    return say("notice.subject", what="; ".join(_parts(figures)))


def summary_of(figures: Figures, language: Language = Language.VI) -> str:
    """Return the same in a few sentences."""
    said = [say(f"notice.summary_{figures.work}", language, **figures.of_work)] if figures.work else []
    if figures.answers:
        said.append(say(f"notice.summary_{figures.answers}", language, **figures.of_answers))
    said.extend(say(f"notice.summary_{name}", language, **figures.of_shares) for name in figures.shares)
    return " ".join(said)


def _parts(figures: Figures) -> Iterator[str]:
    if figures.work:
        yield say(f"notice.subject_{figures.work}", **figures.of_work)
    if figures.of_work["done"] and figures.work not in {"done", "off"}:
        yield say("notice.subject_also", **figures.of_work)
    if figures.answers:
        yield say(f"notice.subject_{figures.answers}", **figures.of_answers)
    for name in figures.shares:
        yield say(f"notice.subject_{name}", **figures.of_shares)


def _shape(late: Sequence[int], left: Sequence[int], over: Sequence[PlannedItem]) -> str:
    """Name the sentence about assignments: something late, something soon (today, perhaps), both, or only ended."""
    if late:
        return "both" if left else "late"
    if not left:
        gone = any(item.ended in {"transferred", "rebound", "stepped"} for item in over)
        return ("off" if gone else "done") if over else ""
    if min(left):
        return "soon"
    return "soon_today" if max(left) else "today"


def _answers(figures: Mapping[str, int]) -> str:
    """Name the sentence about answers owed: some late, some waiting, or none any more."""
    if figures["worst"]:
        return "answers_late"
    if figures["waiting"]:
        return "answers_waiting"
    return "answers_given" if figures["answered"] else ""


def _shares_among(open_: Sequence[PlannedItem], done: Sequence[PlannedItem]) -> Mapping[str, int]:
    late = [item.days_late for item in open_ if item.handed_id and item.days_late]
    left = [item.days_left for item in open_ if item.handed_id and not item.days_late]
    over = sum(item.handed_id > 0 for item in done)
    return {"late": len(late), "worst": max(late, default=0), "soon": len(left), "over": over}


def _shares(figures: Mapping[str, int]) -> Sequence[str]:
    """Name the sentences about shares handed down: those late, those due soon, or none any more."""
    open_ = [name for name, count in (("shares_late", "late"), ("shares_soon", "soon")) if figures[count]]
    return open_ or (["shares_over"] if figures["over"] else [])
