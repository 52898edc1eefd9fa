"""How single facts are worded in the report: shares, periods, deadlines, progress, lists of names."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from reports.counts import MilestoneFacts
from reports.facts import Source
from reports.work import CollectiveWork, Work
from rules.folding import fold
from rules.status import Status
from texts import Language, date_text, official_date, period_text, say
from texts import number_text as number_in

NAMED = 4
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


_language: ContextVar[Language] = ContextVar("dondoc_report_language", default=Language.VI)


@contextmanager
def written_in(language: Language) -> Iterator[None]:
    """Let every word of a report be of `language` meanwhile; Vietnamese otherwise. Quoted text stays as it was said."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> Language:
    """Return the language the report is written in."""
    return _language.get()


def worded(entry: str, **values: object) -> str:
    """Return an entry of `texts/words/report.toml` in the report's language."""
    return say(f"report.{entry}", _language.get(), **values)


def number_text(value: float, decimals: int = 0) -> str:
    """Return a number with the separators of the report's language."""
    return number_in(value, decimals, _language.get())


def day_in_words(day: date) -> str:
    """Return a day as an official paper bears it: "ngày 05 tháng 01 năm 2026", "5 January 2026"."""
    if _language.get() is Language.VI:
        return official_date(day)
    return worded("day_in_words", day=day.day, month=worded(f"month_{day.month}"), year=day.year)


def status_text(status: Status) -> str:
    """Return a status as people read it."""
    return say(f"status.{status.value}", _language.get())


def clipped(text: str, most: int) -> str:
    """Return `text` on one line and no longer than `most` characters; what is cut off ends with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def milestone_text(milestone: MilestoneFacts) -> str:
    """Return the name of a milestone in the report's language."""
    return (milestone.name_en if _language.get() is Language.EN else "") or milestone.name


def within_sentence(text: str) -> str:
    """Return `text` with a small first letter."""
    return text[:1].lower() + text[1:]


def roman(number: int) -> str:
    """Return a number from 1 to 39 in Roman numerals."""
    text = ""
    for value, numeral in _ROMAN:
        count, number = divmod(number, value)
        text += numeral * count
    return text


def percent_text(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, as printed; a dash when there is nothing to share."""
    return number_text(100 * part / whole, 1) if whole else "–"


def share(count: int, of: int) -> str:
    """Return a count with its denominator."""
    if not of:
        return worded("share_of_nothing")
    return worded("share", count=number_text(count), of=number_text(of), percent=percent_text(count, of))


def agencies_text(names: Sequence[str]) -> str:
    """Return whose work it is: the agency by name, or how many they are."""
    distinct = tuple(dict.fromkeys(names))
    if len(distinct) == 1:
        return worded("agencies_one", name=distinct[0])
    return worded("agencies_many", count=number_text(len(distinct)))


def names_text(names: Sequence[str], most: int = NAMED) -> str:
    """Return the names one after the other; beyond `most` they are counted."""
    if len(names) <= most:
        return "; ".join(names)
    return worded("names_and_more", names="; ".join(names[:most]), count=number_text(len(names) - most))


def source_text(source: Source) -> str:
    """Return a document as papers cite it, e.g. "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của …"."""
    signs = re.split(r"[/-]", fold(source.code).upper())
    kind = next(filter(None, (known_or(f"source_{sign}", "") for sign in signs)), "")
    values = {
        "code": source.code,
        "date": day_in_words(source.issued_on).removeprefix("ngày "),
        "issuer": known_or(f"issuer_{signs[-1]}", ""),
    }
    return worded("source", kind=kind, **values) if kind else worded("source_other", **values)


def known_or(entry: str, otherwise: str) -> str:
    """Return an entry of the catalogue, or `otherwise` where there is none for it."""
    try:
        return worded(entry)
    except KeyError:
        return otherwise


def numbered(number: str, period: str) -> str:
    """Return a task's number with the period it is for, e.g. "57, kỳ tháng 8/2025"; the number alone without one."""
    return worded("number_period", number=number, period=period_text(period, _language.get())) if period else number


def task_text(work: Work | CollectiveWork) -> str:
    """Return a task with where it stands written."""
    return worded("task_reference", task=work.task, number=numbered(work.number, work.period), document=work.document)


def deadline_text(work: Work) -> str:
    """Return a deadline as written, with the day it means and, where they differ, the effective or the first day.

    Of work in steps the first still open is named, with the day it is in time through.
    """
    whole = _whole_deadline(work)
    if work.step_until is None:
        return whole
    return worded("deadline_step", whole=whole, step=work.step, until=date_text(work.step_until))


def _whole_deadline(work: Work) -> str:
    text = work.deadline_text or worded("deadline_unwritten")
    if work.due_on is None:
        return text
    day = date_text(work.due_on)
    if work.original_due_on not in (None, work.due_on):
        assert work.original_due_on is not None
        return worded("deadline_extended", text=text, day=day, original=date_text(work.original_due_on))
    if work.effective_due_on not in (None, work.due_on):
        assert work.effective_due_on is not None
        return worded("deadline_moved", text=text, day=day, effective=date_text(work.effective_due_on))
    return text if text == day else worded("deadline", text=text, day=day)


def progress_text(work: Work) -> str:
    """Return how a piece of work stands, in working days where it is late."""
    today = "" if work.days_late else "_today"
    if work.status is Status.OVERDUE:
        return worded(f"progress_overdue{today}", days=number_text(work.days_late))
    if work.status is Status.COMPLETED_LATE and work.completed_on is not None:
        return worded(f"progress_done_late{today}", day=date_text(work.completed_on), days=number_text(work.days_late))
    return worded("progress_other", status=status_text(work.status))


def result_text(work: Work) -> str:
    """Return what was last reported: the result, its evidence and the difficulty met."""
    said = [work.result]
    if work.evidence:
        said.append(worded("result_evidence", evidence=work.evidence))
    if work.difficulty:
        said.append(worded("result_difficulty", difficulty=work.difficulty))
    reported = _of_its_day("\n".join(filter(None, said)), work)
    return "\n".join(filter(None, (reported, *_beside(work)))) or worded("result_nothing")


def _beside(work: Work) -> Iterator[str]:
    """Yield what was said beside the reports: why more time is needed, what is in the way, what was promised."""
    if work.reason and work.reason not in work.difficulty:
        yield worded("result_reason", reason=work.reason)
    if work.obstacle and work.obstacle not in work.difficulty:
        yield worded("result_obstacle", obstacle=work.obstacle)
    if work.obstacle_with:
        yield worded("result_waits", who=work.obstacle_with)
    if work.committed_until:
        state = known_or(f"commitment_{work.commitment}", work.commitment)
        yield worded("result_commitment", day=date_text(work.committed_until), state=state)


def short_result_text(work: Work) -> str:
    """Return the result last reported, alone; empty for none."""
    return _of_its_day(work.result, work)


def proposal_text(work: Work) -> str:
    """Return what was last proposed; empty for none."""
    return _of_its_day(work.proposal, work)


def _of_its_day(text: str, work: Work) -> str:
    """Add its day to what was only reported after the cut-off of the paper."""
    if not text or not work.reported_later or work.reported_on is None:
        return text
    return worded("reported_later", text=text, day=date_text(work.reported_on))
