"""Problems that no file alone can have: they need a correction stored, a second uploader, or thousands of rows."""

from datetime import date

from imports import Check, Severity, check_workbook, record, take
from imports.conclusions import check_conclusions
from imports.layout.corrections import fingerprint, heading_keys
from models import Store
from models.mappings import append_mapping
from tests.imports.workbooks import LATER, NOW, TODAY, annex, checked, codes, recorded, report, task, told

HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Mốc riêng của bộ")
ROWS = 2001


def test_columns_once_corrected_are_named(store: Store) -> None:
    keys = heading_keys({column: [heading] for column, heading in enumerate(HEADINGS)})
    with store.writing() as session:
        append_mapping(
            session,
            agency="BYT",
            fingerprint=fingerprint(keys),
            headings=HEADINGS,
            mapping={keys[3]: "deadline"},
            by="Phòng Tổng hợp",
            now=NOW,
        )
    check = checked(annex([1, "Việc", "Bộ Y tế", "Tháng 6/2025"], headings=HEADINGS), store, agency="BYT")
    assert [(problem.code, problem.severity) for problem in check.problems] == [("mapping_used", Severity.NOTE)]
    assert "Phòng Tổng hợp" in check.problems[0].message
    assert [one.original_due_on for one in check.tasks[0].assignments] == [date(2025, 6, 30)]


def test_a_report_is_no_conclusions(store: Store) -> None:
    recorded(annex(task(1)), store)
    content = report(told(1, "Hoàn thành"))
    check = check_conclusions(content, name="bao-cao.xlsx", store=store, today=TODAY, meeting=date(2025, 9, 3))
    assert (codes(check), check.stops) == (["not_conclusions"], True)


def test_the_second_of_two_uploaders_is_told(store: Store) -> None:
    def check() -> Check:
        found = checked(annex(task(1), task(2)), store, "hai.xlsx")
        if not made:
            made.append(recorded(annex(task(1)), store, "mot.xlsx"))
        return found

    made: list[object] = []
    told_second, _ = take(check, store=store, now=lambda: LATER)
    assert [(problem.code, problem.found) for problem in told_second.problems][:1] == [
        ("recorded_meanwhile", "mot.xlsx")
    ]
    assert (told_second.new, told_second.unchanged) == (1, 1)


def test_of_very_many_points_the_weightiest_are_answered_again(store: Store) -> None:
    content = annex(*(task(number, "Ai đó", "Tháng 6/2025") for number in range(1, ROWS // 2 + 2)))
    first = checked(content, store)
    record(first, store=store, now=NOW)
    again = checked(content, store)
    assert len(first.problems) > 1000
    assert (again.problems[-1].code, len(again.problems)) == ("as_answered_before", 1001)


def test_too_many_rows_to_compare_word_by_word_are_said_to_be_new(store: Store) -> None:
    recorded(annex(*(task(number, text=f"Việc {_word(number)}") for number in range(1, ROWS + 1))), store)
    renamed = annex(*(task(number + ROWS, text=f"Rà soát {_word(number)} lần nữa") for number in range(1, ROWS + 1)))
    check = check_workbook(renamed, name="khac.xlsx", store=store, today=TODAY)
    assert "too_many_to_compare" in codes(check)
    assert check.new == ROWS


def _word(number: int) -> str:
    """Return a word of its own for each number, without digits: other digits are never compared."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))
