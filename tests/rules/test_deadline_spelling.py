"""However an office types it, a deadline reads the same; no text whatever raises."""

import csv
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import WorkingCalendar
from rules.deadline import DeadlineKind, Problem, occurrences, read_deadline
from texts import Language
from texts.deadline import explain_deadline

SIGNED = date(2025, 3, 14)
with (Path(__file__).parents[1] / "data" / "deadline_phrases.csv").open(encoding="utf-8", newline="") as file:
    PHRASES = [row["phrase"] for row in csv.DictReader(file)]


def bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@pytest.mark.parametrize("phrase", PHRASES)
def test_writing_a_phrase_another_way_changes_nothing(phrase: str, calendar: WorkingCalendar) -> None:
    expected = read_deadline(phrase, document_on=SIGNED, calendar=calendar)
    for rewritten in (
        unicodedata.normalize("NFD", phrase),
        bare(phrase),
        phrase.upper(),
        phrase.replace(" ", "\u00a0"),
    ):
        deadline = read_deadline(rewritten, document_on=SIGNED, calendar=calendar)
        assert (deadline.kind, deadline.start, deadline.due_on) == (expected.kind, expected.start, expected.due_on)
        assert deadline.needs_confirmation == expected.needs_confirmation


FORMATS = (
    "{d}/{m}/{y}",
    "{d:02}/{m:02}/{y}",
    "{d}-{m}-{y}",
    "{d}.{m}.{y}",
    "{d} / {m} / {y}",
    "ngày {d}/{m}/{y}",
    "Ngày {d:02} tháng {m:02} năm {y}",
    "{d} tháng {m} năm {y}",
    "ngày {d} tháng {m}/{y}",
    "đến hết ngày {d}/{m}/{y}",
    "Chậm nhất là ngày {d:02}/{m}/{y}",
    "Hoàn thành trong ngày {d}/{m}/{y}.",
    "{y}-{m:02}-{d:02}",
    "{y}-{m:02}-{d:02} 00:00:00",
    "{y}/{m:02}/{d:02}",
    "Không muộn hơn {d}/{m}/{y}",
)


DISGUISES = (
    str,
    str.upper,
    bare,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: f"  {text}\u200b ",
)


@given(st.dates(SIGNED, date(2050, 12, 31)), st.sampled_from(FORMATS), st.sampled_from(DISGUISES))
def test_a_written_day_reads_back_however_it_is_written(meant: date, form: str, disguise: Callable[[str], str]) -> None:
    written = disguise(form.format(d=meant.day, m=meant.month, y=meant.year))
    deadline = read_deadline(written, document_on=SIGNED, calendar=NO_HOLIDAYS)
    assert deadline.due_on == meant
    assert deadline.kind is DeadlineKind.DATE


NO_HOLIDAYS = WorkingCalendar({}, frozenset(), frozenset({2025}))
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "trước",
            "ngày",
            "tháng",
            "quý",
            "năm",
            "hằng",
            "định",
            "kỳ",
            "cuối",
            "đầu",
            "giữa",
            "từ",
            "đến",
            "hết",
            "sau",
            "6",
            "30",
            "12",
            "2025",
            "2205",
            "31/2",
            "8/2025",
            "II",
            "IV",
            "lần",
            "kể",
            "ký",
            "tết",
            "tuần",
            "thường",
            "xuyên",
            "khi",
            "có",
            "hiệu",
            "lực",
            "làm",
            "việc",
            "0",
            "99",
            "15/12",
            "/",
            "-",
            ",",
            ";",
            "(",
            ")",
            "%",
            "#REF!",
            "thứ",
            "hai",
            "20h00",
            "06/QĐ-TTg",
        ]
    ),
    max_size=12,
).map(" ".join)


@given(st.one_of(st.text(), FRAGMENTS), st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_no_text_raises_and_every_answer_explains_itself(text: str, signed: date) -> None:
    deadline = read_deadline(text, document_on=signed, calendar=NO_HOLIDAYS)
    assert deadline.due_on or deadline.problem or deadline.kind is DeadlineKind.ONGOING
    for language in Language:
        assert explain_deadline(deadline, language)
    found = occurrences(deadline, document_on=signed, through=date(2099, 12, 31))
    assert len({each.period for each in found}) == len(found)
    if deadline.is_recurring and deadline.due_on:
        assert found[0].due_on == deadline.due_on


def test_a_cell_full_of_prose_is_answered_quickly_and_without_a_day(calendar: WorkingCalendar) -> None:
    assert read_deadline("ngày " * 5000, document_on=SIGNED, calendar=calendar).problem == Problem.NEEDS_DATE
