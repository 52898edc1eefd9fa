"""Phrases as offices write them, read into days for a document of 14 March 2025."""

import csv
from datetime import date
from pathlib import Path

import pytest

from rules.calendar import WorkingCalendar
from rules.deadline import Deadline, Problem, read_deadline
from rules.status import Nature
from texts import Language
from texts.deadline import explain_deadline

DATA = Path(__file__).parents[1] / "data"
SIGNED = date(2025, 3, 14)
STEERING_3, RESOLUTION_57, STEERING_4 = date(2025, 7, 20), date(2025, 7, 2), date(2025, 9, 24)


def read(text: str, calendar: WorkingCalendar, *, document_on: date = SIGNED, exclusive: bool = True) -> Deadline:
    return read_deadline(text, document_on=document_on, calendar=calendar, before_is_exclusive=exclusive)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def phrases() -> list[dict[str, str]]:
    with (DATA / "deadline_phrases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


each_phrase = pytest.mark.parametrize("row", phrases(), ids=lambda row: row["phrase"])


@each_phrase
def test_every_collected_phrase_reads_as_the_file_says(row: dict[str, str], calendar: WorkingCalendar) -> None:
    """The file is right in all 109.

    Its note on 20:00 on a Sunday ("không cuộn") differs from its own effective day, which is the one asserted here;
    such a deadline asks for confirmation.
    """
    deadline = read(row["phrase"], calendar)
    assert deadline.start == day(row["start"])
    assert deadline.due_on == day(row["due"])
    assert deadline.effective_due_on == day(row["effective_due"])
    assert deadline.kind == row["kind"]
    assert deadline.recurrence == row["recurrence"]


def test_the_phrase_file_holds_all_109_phrasings() -> None:
    assert len(phrases()) == 109


DIRECTIVE_TEXTS = [
    (SIGNED, "Khẩn trương", None),
    (SIGNED, "Thường xuyên", None),
    (SIGNED, "", None),
    (SIGNED, "Quý II năm 2025", date(2025, 6, 30)),
    (SIGNED, "Hoàn thành trong năm 2025", date(2025, 12, 31)),
    (SIGNED, "Từ nay đến hết năm 2025", date(2025, 12, 31)),
    (SIGNED, "Tháng 8/2025", date(2025, 8, 31)),
    (SIGNED, "Quý III năm 2025", date(2025, 9, 30)),
    (SIGNED, "Bảo đảm có hiệu lực từ ngày 01/7/2025", date(2025, 6, 30)),
    (SIGNED, "Từ ngày 01/7/2025", None),
    (SIGNED, "Tháng 6/2025", date(2025, 6, 30)),
    (SIGNED, "Tháng 3/2025", date(2025, 3, 31)),
    (SIGNED, "Tháng 9/2025", date(2025, 9, 30)),
    (SIGNED, "Báo cáo Chính phủ trong tháng 5/2025", date(2025, 5, 31)),
    (SIGNED, "Tháng 12/2025", date(2025, 12, 31)),
    (SIGNED, "Trong 5 năm tiếp theo", date(2030, 12, 31)),
    (SIGNED, "Tháng 4/2025", date(2025, 4, 30)),
    (SIGNED, "Khi phát sinh", None),
    (SIGNED, "Tháng 7/2025", date(2025, 7, 31)),
    (STEERING_3, "", None),
    (STEERING_3, "Khẩn trương", None),
    (STEERING_3, "Năm 2025", date(2025, 12, 31)),
    (STEERING_3, "Giai đoạn 2021 - 2030", date(2030, 12, 31)),
    (STEERING_3, "Cuối năm 2025", date(2025, 12, 31)),
    (STEERING_3, "Trong thời gian tới", None),
    (STEERING_3, "6 tháng đầu năm 2025", date(2025, 6, 30)),
    (STEERING_4, "", None),
    (STEERING_4, "Năm 2025", date(2025, 12, 31)),
    (STEERING_4, "Cấp bách", None),
    (STEERING_4, "Ngay", None),
    (STEERING_4, "Mọi lúc, mọi nơi", None),
    (STEERING_4, "01/7/2025 - 10/9/2025", date(2025, 9, 10)),
    (RESOLUTION_57, "", None),
    (RESOLUTION_57, "Sớm", None),
    # No event is known yet, so no day: the assignment waits for "luật có hiệu lực".
    (RESOLUTION_57, "Đồng thời với thời điểm luật có hiệu lực", None),
    # Row 107 of the file has 30/6: it reads "trước" as inclusive. Ours is exclusive by default, both days are shown.
    (RESOLUTION_57, "Trước ngày 30/6/2025", date(2025, 6, 29)),
    # Rows 64 and 66 leave the day blank because the duty comes back; ours is its first occurrence.
    (SIGNED, "Định kỳ hằng tháng", date(2025, 3, 31)),
    (SIGNED, "Hằng tháng (phiên họp Chính phủ thường kỳ)", date(2025, 3, 31)),
]


@pytest.mark.parametrize(("document_on", "text", "due"), DIRECTIVE_TEXTS)
def test_every_deadline_text_of_the_directive_and_its_follow_ups(
    document_on: date, text: str, due: date | None, calendar: WorkingCalendar
) -> None:
    assert read(text, calendar, document_on=document_on).due_on == due


@pytest.mark.parametrize(
    ("text", "problem", "nature"),
    [
        ("", Problem.NEEDS_DATE, Nature.UNDATED),
        ("x", Problem.NEEDS_DATE, Nature.UNDATED),
        ("theo quy định", Problem.NEEDS_DATE, Nature.UNDATED),
        ("Khẩn trương", Problem.NEEDS_DATE, Nature.UNDATED),
        ("Đang thực hiện", Problem.NEEDS_DATE, Nature.UNDATED),
        ("2 tuần một lần", Problem.NEEDS_DATE, Nature.UNDATED),
        ("Từ ngày 01/7/2025", Problem.START_ONLY, Nature.UNDATED),
        ("Sau ngày 30/6/2025", Problem.START_ONLY, Nature.UNDATED),
        ("ngay sau khi Luật có hiệu lực", Problem.AWAITING_EVENT, Nature.UNDATED),
        ("5 ngày làm việc kể từ ngày nhận được văn bản", Problem.AWAITING_EVENT, Nature.UNDATED),
        ("Sau Tết 2026", Problem.AWAITING_EVENT, Nature.UNDATED),
        ("29/02/2025", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("31/6/2025", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("Tháng 13/2025", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("Quý 5/2025", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("2205", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("999 năm kể từ ngày ký", Problem.IMPOSSIBLE_DATE, Nature.UNDATED),
        ("Thường xuyên", None, Nature.ONGOING),
        ("Khi phát sinh", None, Nature.ONGOING),
        ("Tháng 3/2027", Problem.CALENDAR_NOT_COVERED, Nature.DATED),
        ("2030", Problem.CALENDAR_NOT_COVERED, Nature.DATED),
        ("Tháng 8/2025", None, Nature.DATED),
    ],
)
def test_what_has_no_due_day_says_why(
    text: str, problem: str | None, nature: Nature, calendar: WorkingCalendar
) -> None:
    deadline = read(text, calendar)
    assert deadline.problem == problem
    assert deadline.nature is nature


@pytest.mark.parametrize(
    "text",
    [
        "Theo Quyết định số 06/QĐ-TTg ngày 06/01/2022",
        "Nghị quyết 57-NQ/TW ngày 22/12/2024",
        "theo Nghị quyết ngày 22/12/2024 của Bộ Chính trị",
    ],
)
def test_the_date_of_a_cited_document_is_no_deadline(text: str, calendar: WorkingCalendar) -> None:
    assert read(text, calendar).due_on is None


@pytest.mark.parametrize(
    ("exclusive", "due", "effective"), [(True, date(2025, 6, 29), date(2025, 6, 30)), (False, date(2025, 6, 30), None)]
)
def test_before_a_day_is_a_setting_and_shows_both_days(
    *, exclusive: bool, due: date, effective: date | None, calendar: WorkingCalendar
) -> None:
    deadline = read("Trước ngày 30/6/2025", calendar, exclusive=exclusive)
    assert (deadline.due_on, deadline.effective_due_on) == (due, effective or due)
    for language in Language:
        assert "29/06/2025" in explain_deadline(deadline, language)
        assert "30/06/2025" in explain_deadline(deadline, language)


def test_before_a_period_ends_the_day_before_it_whatever_the_setting(calendar: WorkingCalendar) -> None:
    assert read("trước năm 2026", calendar, exclusive=False).due_on == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("signed", "due", "asked"),
    [
        (date(2025, 6, 29), date(2025, 6, 30), False),
        (date(2025, 6, 30), date(2025, 6, 30), False),
        (date(2025, 7, 1), date(2026, 6, 30), True),
    ],
)
def test_a_missing_year_is_the_documents_unless_the_period_is_past(
    *, signed: date, due: date, asked: bool, calendar: WorkingCalendar
) -> None:
    deadline = read("Tháng 6", calendar, document_on=signed)
    assert deadline.due_on == due
    assert deadline.needs_confirmation is asked


@each_phrase
def test_every_step_has_its_sentence_in_both_languages(row: dict[str, str], calendar: WorkingCalendar) -> None:
    for language in Language:
        assert explain_deadline(read(row["phrase"], calendar), language)
