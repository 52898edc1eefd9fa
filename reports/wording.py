"""How single facts are worded in the report: shares, periods, deadlines, progress, lists of names."""

import re
from collections.abc import Sequence

from reports.facts import CollectiveWork, Source, Work
from rules.folding import fold
from rules.status import Status
from texts import Language, date_text, number_text, official_date, period_text, say

NAMED = 4
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def vi(entry: str, **values: object) -> str:
    """Return an entry of `texts/words/report.toml` in Vietnamese."""
    return say(f"report.{entry}", Language.VI, **values)


def status_text(status: Status) -> str:
    """Return a status as people read it."""
    return say(f"status.{status.value}", Language.VI)


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
        return vi("share_of_nothing")
    return vi("share", count=number_text(count), of=number_text(of), percent=percent_text(count, of))


def agencies_text(names: Sequence[str]) -> str:
    """Return whose work it is: the agency by name, or how many they are."""
    distinct = tuple(dict.fromkeys(names))
    if len(distinct) == 1:
        return vi("agencies_one", name=distinct[0])
    return vi("agencies_many", count=number_text(len(distinct)))


def names_text(names: Sequence[str], most: int = NAMED) -> str:
    """Return the names one after the other; beyond `most` they are counted."""
    if len(names) <= most:
        return "; ".join(names)
    return vi("names_and_more", names="; ".join(names[:most]), count=number_text(len(names) - most))


def source_text(source: Source) -> str:
    """Return a document as papers cite it, e.g. "Chỉ thị số 07/CT-TTg ngày 14 tháng 3 năm 2025 của …"."""
    signs = re.split(r"[/-]", fold(source.code).upper())
    kind = next((_known(f"source_{sign}") for sign in signs if _known(f"source_{sign}")), "")
    values = {
        "code": source.code,
        "date": official_date(source.issued_on).removeprefix("ngày "),
        "issuer": _known(f"issuer_{signs[-1]}"),
    }
    return vi("source", kind=kind, **values) if kind else vi("source_other", **values)


def _known(entry: str) -> str:
    try:
        return vi(entry)
    except KeyError:
        return ""


def numbered(number: str, period: str) -> str:
    """Return a task's number with the period it is for, e.g. "57, kỳ tháng 8/2025"; the number alone without one."""
    return vi("number_period", number=number, period=period_text(period)) if period else number


def task_text(work: Work | CollectiveWork) -> str:
    """Return a task with where it stands written."""
    return vi("task_reference", task=work.task, number=numbered(work.number, work.period), document=work.document)


def deadline_text(work: Work) -> str:
    """Return a deadline as written, with the day it means and, where they differ, the effective or the first day."""
    text = work.deadline_text or vi("deadline_unwritten")
    if work.due_on is None:
        return text
    day = date_text(work.due_on)
    if work.original_due_on not in (None, work.due_on):
        assert work.original_due_on is not None
        return vi("deadline_extended", text=text, day=day, original=date_text(work.original_due_on))
    if work.effective_due_on not in (None, work.due_on):
        assert work.effective_due_on is not None
        return vi("deadline_moved", text=text, day=day, effective=date_text(work.effective_due_on))
    return text if text == day else vi("deadline", text=text, day=day)


def progress_text(work: Work) -> str:
    """Return how a piece of work stands, in working days where it is late."""
    today = "" if work.days_late else "_today"
    if work.status is Status.OVERDUE:
        return vi(f"progress_overdue{today}", days=number_text(work.days_late))
    if work.status is Status.COMPLETED_LATE and work.completed_on is not None:
        return vi(f"progress_done_late{today}", day=date_text(work.completed_on), days=number_text(work.days_late))
    return vi("progress_other", status=status_text(work.status))


def result_text(work: Work) -> str:
    """Return what was last reported: the result, its evidence and the difficulty met."""
    said = [work.result]
    if work.evidence:
        said.append(vi("result_evidence", evidence=work.evidence))
    if work.difficulty:
        said.append(vi("result_difficulty", difficulty=work.difficulty))
    return _of_its_day("\n".join(filter(None, said)), work) or vi("result_nothing")


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
    return vi("reported_later", text=text, day=date_text(work.reported_on))
