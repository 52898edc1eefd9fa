"""Phrasings nobody had read before: each is read right or set aside for a person, never a wrong day silently.

The table was written down with its readings before the reader saw it. `means` says what a careful person makes of it:
`day` (the one in `due`), a recurring kind with its first day, `ongoing`, `wait` for an event, `start` without an end,
`none`, `impossible`, or `ask` (nobody should decide this alone; `due` is the best guess, if there is one).
"""

import csv
import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.calendar import load_calendar
from rules.calendar import WorkingCalendar
from rules.deadline import Deadline, read_deadline
from rules.deadline.periods import month_end
from rules.folding import fold
from rules.status import Nature

DEEP = bool(os.environ.get("DONDOC_DEEP"))
SIGNED = date(2025, 3, 14)
DATA = Path(__file__).parents[1] / "data"
READABLE = ("day", "ongoing")
READ_OUTRIGHT = 151


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNSEEN = rows("deadline_unseen.csv")
PHRASES = [row["phrase"] for row in UNSEEN + rows("deadline_phrases.csv")]
CALENDAR = load_calendar()


def read(row: dict[str, str], calendar: WorkingCalendar) -> Deadline:
    signed = date.fromisoformat(row["signed"]) if row["signed"] else SIGNED
    return read_deadline(row["phrase"], document_on=signed, calendar=calendar)


def is_set_aside(deadline: Deadline) -> bool:
    """Whether a person is asked: to confirm, or in the queue of what needs a date."""
    return deadline.needs_confirmation or deadline.nature is Nature.UNDATED


def is_right(row: dict[str, str], deadline: Deadline) -> bool:
    due = date.fromisoformat(row["due"]) if row["due"] else None
    if row["means"].startswith("recurring_"):
        return deadline.kind == row["means"] and deadline.due_on == due
    nature = {"day": Nature.DATED, "ongoing": Nature.ONGOING}.get(row["means"])
    return deadline.nature is nature and deadline.due_on == due and not deadline.is_recurring


@pytest.mark.parametrize("row", UNSEEN, ids=lambda row: row["phrase"])
def test_an_unseen_phrasing_is_read_right_or_set_aside(row: dict[str, str], calendar: WorkingCalendar) -> None:
    deadline = read(row, calendar)
    assert is_set_aside(deadline) or is_right(row, deadline), (deadline.due_on, deadline.kind)


def test_what_can_be_read_is_mostly_read_and_not_left_to_people(calendar: WorkingCalendar) -> None:
    """A reader that asks about everything would pass the test above: so many are read outright, and no fewer."""
    outright = [row for row in UNSEEN if not is_set_aside(read(row, calendar))]
    readable = [row for row in UNSEEN if row["means"] in READABLE or row["means"].startswith("recurring_")]
    assert len(UNSEEN) >= 150
    assert len(outright) >= READ_OUTRIGHT
    assert len(outright) / len(readable) > 0.85


# --- no day out of nothing -------------------------------------------------------------------------------------------

NUMBERS = re.compile(r"\d+")
WORDS = {
    "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11,
    "xii": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
GLUE = st.sampled_from([" ", ", ", "; ", " - ", " và ", " (", ") ", "/", " đến ", " trước ", " hoặc ", ". ", ""])
STRAY = st.sampled_from([*"0123456789/.-,:;()%", " ", "ngày", "tháng", "quý", "năm", "trước", "sau", "từ", "đến", "kỳ"])


def supported(text: str, due: date) -> bool:
    """Whether the words of a text can give this day: every number of it stands in the text or in the document's date.

    A day needs its day and month among the numbers, a month or quarter its number, a year its own; a period's first,
    middle and last days and the day before each follow. A year not written is the document's or the next. Terms
    ("15 ngày", "3 tháng") count from the document or from a day the text gives. This is loose about grammar, and strict
    about where a day can come from.
    """
    folded = fold(text)
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", folded):
        return True  # the day a spreadsheet counts
    written = {int(number) for number in NUMBERS.findall(folded)}
    numbers = written | {WORDS[word[:3]] for word in re.findall(r"[a-z]+", folded) if word[:3] in WORDS}
    numbers |= {WORDS[word] for word in re.findall(r"[a-z]+", folded) if word in WORDS}
    for run in re.findall(r"\d{8}", folded):
        numbers |= {int(run[:4]), int(run[4:6]), int(run[6:])}
    full_years = {number for number in numbers if 2000 <= number < 2100}
    short_years = {2000 + number for number in numbers if number < 100}
    years = full_years or short_years | {SIGNED.year, SIGNED.year + 1}
    return any(due in (day, day - timedelta(days=1)) for day in _days(years | {SIGNED.year}, numbers))


def _days(years: set[int], numbers: set[int]) -> set[date]:
    months = {number for number in numbers if 1 <= number <= 12}
    # "tháng này", "quý tới", "cuối tháng" and the halves of a year name their period without a number.
    months |= {SIGNED.month, SIGNED.month + 1, 3, 6, 12} | {3 * number for number in months if number <= 4}
    months |= {3 * number - 2 for number in months if number <= 4} | {12 - number + 1 for number in months} | {1, 7}
    found = set()
    for year in years:
        for month in months:
            first = date(year, month, 1) if 1 <= month <= 12 else date(year, 12, 1)
            found |= {first, first.replace(day=15), month_end(first)}
            found |= {first.replace(day=day) for day in numbers if 1 <= day <= month_end(first).day}
    starts = {SIGNED, *(day for day in found if day.day in numbers)}
    terms = {
        start + timedelta(days=count * unit) for start in starts for count in numbers if count < 1000 for unit in (1, 7)
    }
    terms |= {CALENDAR.add_working_days(SIGNED, count) for count in numbers if count < 1000}
    for count in (count for count in numbers if count < 1000):
        for start in starts:
            index = start.year * 12 + start.month - 1
            for length in (1, 3, 12):
                years_on, month = divmod(index + count * length, 12)
                if years_on < 2100:
                    last = month_end(date(years_on, month + 1, 1))
                    terms |= {last, last.replace(day=min(start.day, last.day)), date(years_on, 12, 31)}
    return found | terms


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """Draw a phrase or two joined anyhow, then spoilt in a few places."""
    text = draw(st.sampled_from(PHRASES))
    if draw(st.booleans()):
        text += draw(GLUE) + draw(st.sampled_from(PHRASES))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(STRAY | st.just("")) + text[place + draw(st.integers(0, 2)) :]
    return text


@settings(max_examples=5000 if DEEP else 1000, deadline=None, derandomize=True)
@given(spoilt())
@example("June 15, 2025")
@example("tháng 4/5/6 năm 2025")
def test_no_day_comes_out_of_nothing(text: str) -> None:
    deadline = read_deadline(text, document_on=SIGNED, calendar=CALENDAR)
    if deadline.due_on and not is_set_aside(deadline) and not deadline.is_recurring:
        assert supported(text, deadline.due_on), deadline.due_on


# A deadline that states no year takes it from its neighbour, as it should.
DATED = [row for row in UNSEEN if row["means"] == "day" and row["due"][:4] in row["phrase"]]


@settings(max_examples=3000 if DEEP else 400, deadline=None, derandomize=True)
@given(
    st.sampled_from(DATED), st.sampled_from(DATED), st.sampled_from(["; ", ", ", " và ", ". ", " - ", " (", " hoặc "])
)
def test_two_deadlines_in_one_cell_never_give_a_third_day_silently(
    one: dict[str, str], other: dict[str, str], glue: str
) -> None:
    """Taken as read, two full deadlines side by side end on the day of one of them (the last is due)."""
    deadline = read_deadline(one["phrase"] + glue + other["phrase"], document_on=SIGNED, calendar=CALENDAR)
    if not is_set_aside(deadline):
        assert str(deadline.due_on) in (one["due"], other["due"])


@pytest.mark.parametrize(
    ("text", "recurrence"),
    [
        ("hằng tháng, từ tháng 4 đến tháng 12/2025", "FREQ=MONTHLY;UNTIL=20251231"),
        ("hằng quý từ quý II đến quý IV/2025", "FREQ=QUARTERLY;UNTIL=20251231"),
        ("đầu mỗi tháng", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("giữa mỗi tháng", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("cuối mỗi quý", "FREQ=QUARTERLY"),
        ("hai lần mỗi năm", "BYMONTH=6,12"),
    ],
)
def test_a_recurring_phrase_keeps_its_point_and_its_end(text: str, recurrence: str) -> None:
    deadline = read_deadline(text, document_on=SIGNED, calendar=CALENDAR)
    assert (deadline.recurrence, deadline.needs_confirmation) == (recurrence, False)


@pytest.mark.parametrize(
    "text",
    ["tháng 4/5/6 năm 2025", "..../6/2025", "Tháng 3, 6, 9, 12", "quý II, I năm 2025", "June 15", "15 ngày sau khi ký"],
)
def test_what_was_read_too_boldly_is_asked_about(text: str) -> None:
    assert is_set_aside(read_deadline(text, document_on=SIGNED, calendar=CALENDAR))


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("June 15, 2025", date(2025, 6, 15)),
        ("tháng III/2025", date(2025, 3, 31)),
        ("Thứ Sáu, ngày 30/5/2025", date(2025, 5, 30)),
        ("nửa đầu tháng 6/2025", date(2025, 6, 15)),
        ("đợt 1: trước 30/6/2025", date(2025, 6, 29)),
    ],
)
def test_what_was_misread_is_read(text: str, due: date) -> None:
    deadline = read_deadline(text, document_on=SIGNED, calendar=CALENDAR)
    assert (deadline.due_on, deadline.needs_confirmation) == (due, False)


def test_a_weekday_that_is_not_the_days_own_is_asked_about() -> None:
    assert read_deadline("Thứ Bảy, ngày 30/5/2025", document_on=SIGNED, calendar=CALENDAR).needs_confirmation
