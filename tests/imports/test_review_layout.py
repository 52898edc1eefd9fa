"""Rows and columns that used to be dropped, or taken for something else, without a question."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from imports.layout.headings import Field
from imports.layout.written import Written
from imports.reading.cells import Value
from tests.imports.sheets import accounts, numbers, said, sheet, written

HEADINGS: list[Value] = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Phối hợp", "Sản phẩm", "Thời gian hoàn thành"]
NOTE: list[Value] = ["Ghi chú: số liệu tạm tính"]
SIGNED: list[Value] = ["", "Người lập biểu", "", "", "", "Thủ trưởng đơn vị"]
Line = Sequence[Value]


def work(number: Value, text: str = "Xây dựng kế hoạch") -> list[Value]:
    return [number, text, "Bộ Y tế", "", "Kế hoạch", "Tháng 6/2025"]


def due(answer: Written) -> list[str]:
    return [row.texts.get(Field.DEADLINE, "") for row in answer.rows]


def told(answer: Written, field: Field) -> list[str]:
    return [row.texts.get(field, "") for row in answer.rows]


def codes(answer: Written) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.severity)) for problem in answer.problems]


# Rows below a footer


@pytest.mark.parametrize("form", ["NV-{:02}", "({})", "{}", "{}.", "1.{}"])
def test_a_note_amid_the_table_ends_nothing(form: str) -> None:
    given = [work(form.format(n)) for n in (1, 2, 3)]
    answer = written(sheet(HEADINGS, given[0], NOTE, *given[1:]))
    assert (len(answer.rows), said(answer)) == (3, [])
    assert accounts(answer)["PL"] == (5, 3, {"footer": 1, "header": 1})


def test_a_note_amid_a_table_without_numbers_ends_nothing() -> None:
    answer = written(sheet(HEADINGS[1:], work(1)[1:], NOTE, work(2)[1:], work(3)[1:]))
    assert (numbers(answer), said(answer)) == (["1", "2", "3"], [])


def test_a_note_of_several_lines_ends_the_table_and_the_work_below_is_asked_about() -> None:
    answer = written(sheet(HEADINGS, work("NV-01"), NOTE, ["- Nguồn: các bộ"], work("NV-02"), work("NV-03")))
    assert said(answer) == [("row_below_footer", "to_confirm", 5), ("row_below_footer", "to_confirm", 6)]


def test_a_numbered_note_below_the_table_is_no_task() -> None:
    answer = written(sheet(HEADINGS, work(1), ["Ghi chú:"], [1, "Số liệu tạm tính"]))
    assert (numbers(answer), said(answer)) == (["1"], [("row_below_footer", "to_confirm", 4)])


def test_a_total_amid_a_table_without_numbers_ends_nothing() -> None:
    answer = written(sheet(HEADINGS[1:], work(1)[1:], ["Tổng số: 1 nhiệm vụ"], work(2)[1:]))
    assert (numbers(answer), said(answer)) == (["1", "2"], [])


@pytest.mark.parametrize("number", ["NV-02", "(2)", "2", ""])
def test_work_below_a_signature_is_asked_about(number: str) -> None:
    answer = written(sheet(HEADINGS, work(1), SIGNED, work(number)))
    assert said(answer) == [("row_below_footer", "to_confirm", 4)]


def test_progress_below_a_signature_is_asked_about() -> None:
    headings = ["TT", "Nhiệm vụ", "Kết quả đến nay"]
    answer = written(sheet(headings, [1, "Việc một", "Đã trình"], ["Người lập biểu"], ["", "Việc hai", "Đang soạn"]))
    assert said(answer) == [("row_below_footer", "to_confirm", 4)]


@pytest.mark.parametrize(
    "lines",
    [
        [
            SIGNED,
            ["", "(Ký, ghi rõ họ tên)", "", "", "", "(Ký tên, đóng dấu)"],
            ["", "Trần Văn A", "", "", "", "Lê Thị B"],
        ],
        [["Nơi nhận:", "", "", "KT. BỘ TRƯỞNG"], ["", "- Như trên;", "THỨ TRƯỞNG"], ["", "- Lưu: VT.", "Nguyễn Văn A"]],
        [["Người lập biểu", "", "Hà Nội, ngày 20 tháng 6 năm 2025"], ["", "Trần Văn A", "BỘ TRƯỞNG"]],
        [["Ghi chú: số liệu tạm tính"], ["", "Các cột để trống là chưa có số liệu"]],
    ],
)
def test_signatures_recipients_and_notes_are_no_work(lines: list[Line]) -> None:
    answer = written(sheet(HEADINGS, work(1), *lines))
    assert (numbers(answer), said(answer)) == (["1"], [])


def test_a_minister_as_the_lead_in_the_first_column_ends_nothing() -> None:
    headings = ["Cơ quan chủ trì", "Nhiệm vụ", "Thời gian hoàn thành"]
    rows: list[Line] = [[lead, f"Việc của {lead}", "Tháng 6/2025"] for lead in ("Bộ Y tế", "Bộ trưởng", "Bộ Nội vụ")]
    answer = written(sheet(headings, *rows))
    assert (numbers(answer), said(answer)) == (["1", "2", "3"], [])


# "Tiến độ": deadlines or what was done

DONE = ["Hoàn thành ngày 20/6/2025", "Hoàn thành tháng 5/2025", "Chưa hoàn thành"]
REPORT = ["TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH"]


@pytest.mark.parametrize("count", [2, 3])
def test_what_was_done_and_when_is_no_deadline_beside_other_progress(count: int) -> None:
    rows: list[Line] = [[n, f"Việc {n}", text, "Đã trình", "", ""] for n, text in enumerate(DONE[:count], 1)]
    answer = written(sheet(REPORT, *rows))
    assert (told(answer, Field.STATUS), answer.reports_progress) == (DONE[:count], True)
    assert Field.COMPLETED_DATE in answer.rows[0].texts


def test_progress_not_done_yet_is_no_deadline() -> None:
    rows: list[Line] = [[n, f"Việc {n}", "Bộ Y tế", text] for n, text in enumerate(DONE, 1)]
    answer = written(sheet(["TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "TIẾN ĐỘ"], *rows))
    assert told(answer, Field.STATUS) == DONE


def test_deadlines_or_what_was_done_is_asked() -> None:
    rows: list[Line] = [[n, f"Việc {n}", "Bộ Y tế", text] for n, text in enumerate(DONE[:2], 1)]
    answer = written(sheet(["TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "TIẾN ĐỘ"], *rows))
    assert (due(answer), codes(answer)) == (DONE[:2], [("deadlines_or_progress", "to_confirm")])


@pytest.mark.parametrize("heading", ["TÌNH HÌNH THỰC HIỆN", "TRẠNG THÁI", "TÌNH TRẠNG"])
def test_a_heading_of_states_never_holds_deadlines(heading: str) -> None:
    rows: list[Line] = [[n, f"Việc {n}", "Bộ Y tế", text] for n, text in enumerate(DONE[:2], 1)]
    assert written(sheet(["TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", heading], *rows)).reports_progress


@pytest.mark.parametrize("heading", ["TIẾN ĐỘ", "TIẾN ĐỘ THỰC HIỆN", "TIẾN ĐỘ HOÀN THÀNH"])
@pytest.mark.parametrize("text", ["Tháng 6/2025", "Hoàn thành trước ngày 30/6/2025", "Quý III/2025"])
def test_deadlines_under_tien_do_are_deadlines(heading: str, text: str) -> None:
    answer = written(sheet(["TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", heading], [1, "Việc", "Bộ Y tế", text]))
    assert (due(answer), answer.reports_progress, said(answer)) == ([text], False, [])


# Two columns of one meaning


def divided(over: str, first: Value, second: Value, left: str, right: str) -> Written:
    """Read an annex whose last heading is divided; the row says `first` and `second` under its parts."""
    top: list[Value] = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", over, ""]
    areas = [((0, n), (1, n)) for n in range(3)] + [((0, 3), (0, 4))]
    return written(sheet(top, ["", "", "", left, right], [1, "Việc", "Bộ Y tế", first, second], merges=areas))


@pytest.mark.parametrize(
    ("over", "left", "right"),
    [
        ("Thời gian thực hiện", "Từ", "Đến"),
        ("Thời gian hoàn thành", "Trình tháng 4", "Ban hành tháng 9"),
        ("Thời gian thực hiện", "Từ 01/4", "Đến 30/6"),
    ],
)
def test_of_a_divided_deadline_the_last_day_counts_and_both_are_named(over: str, left: str, right: str) -> None:
    answer = divided(over, "01/4/2025", "30/6/2025", left, right)
    (problem,) = answer.problems
    assert (due(answer), problem.code, problem.severity) == (["30/6/2025"], "two_columns_for_one", "to_confirm")
    assert f"“{left}”" in problem.message
    assert f"“{right}”" in problem.message


@pytest.mark.parametrize(
    ("headings", "field", "texts", "read"),
    [
        (["Thời hạn", "Thời hạn điều chỉnh"], Field.DEADLINE, ["30/6/2025", "30/9/2025"], "30/6/2025"),
        (["TIẾN ĐỘ THÁNG 5", "TIẾN ĐỘ THÁNG 6"], Field.STATUS, ["Đang thực hiện", "Hoàn thành"], "Hoàn thành"),
        (["Cơ quan chủ trì", "Đơn vị thực hiện"], Field.LEAD, ["Bộ Y tế", "Bộ Nội vụ"], "Bộ Y tế"),
    ],
)
def test_two_filled_columns_of_one_meaning_are_asked_about(
    headings: list[str], field: Field, texts: list[Value], read: str
) -> None:
    answer = written(sheet(["TT", "Nhiệm vụ", "Phối hợp", *headings, "Thời gian trình"][:5], [1, "Việc", "", *texts]))
    assert told(answer, field) == [read]
    assert [code for code in codes(answer) if code[0] == "two_columns_for_one"] == [
        ("two_columns_for_one", "to_confirm")
    ]


def test_leads_under_a_divided_heading_are_asked_about() -> None:
    top: list[Value] = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "", "Thời hạn"]
    parts = ["", "", "Trung ương", "Địa phương (UBND các tỉnh)", ""]
    rows: list[Line] = [[1, "Việc", "Bộ Y tế", "", "2025"], [2, "Việc khác", "", "UBND tỉnh Lào Cai", "2025"]]
    merges = [((0, n), (1, n)) for n in (0, 1, 4)] + [((0, 2), (0, 3))]
    answer = written(sheet(top, parts, *rows, merges=merges))
    assert codes(answer) == [("two_columns_for_one", "to_confirm")]
    assert "“Trung ương”" in answer.problems[0].message


def test_a_second_target_is_asked_about() -> None:
    top: list[Value] = ["TT", "Chỉ tiêu", "Đơn vị tính", "Mục tiêu", ""]
    answer = written(sheet(top, ["", "", "", "2024", "2025"], [1, "Tỷ lệ", "%", 80, 90], merges=[((0, 3), (0, 4))]))
    assert ("two_columns_for_one", "to_confirm") in codes(answer)


@pytest.mark.parametrize("second", ["", "30/6/2025"])
def test_a_second_column_that_is_empty_or_says_the_same_is_a_note(second: str) -> None:
    rows: list[Line] = [[1, "Việc", "Bộ Y tế", "30/6/2025", second]]
    answer = written(sheet(["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn", "Thời hạn điều chỉnh"], *rows))
    assert codes(answer) == [("column_not_read", "note")]


# Numbers


@pytest.mark.parametrize("day", [datetime(2025, 2, 1), date(2025, 2, 1)])  # noqa: DTZ001 - as Excel holds it
def test_a_number_that_excel_made_a_day_is_sent_back(day: Value) -> None:
    answer = written(sheet(HEADINGS, work(1), work(day)))
    assert said(answer) == [("number_is_a_date", "stops", 3)]
    assert "“1.2”" in answer.problems[0].message


def test_letters_under_a_new_group_belong_to_no_number_before_it() -> None:
    groups: list[Line] = [["I", "Thể chế"], work(1), work(2), ["II", "Hạ tầng"], work("a)"), work("b)")]
    assert numbers(written(sheet(HEADINGS, *groups))) == ["1", "2", "a", "b"]


def test_letters_under_a_number_belong_to_it_in_every_group() -> None:
    groups: list[Line] = [["A", "Thể chế"], work(1), work("a)"), ["B. Hạ tầng"], work(2), work("a)")]
    assert numbers(written(sheet(HEADINGS, *groups))) == ["1", "1.a", "2", "2.a"]


# Lines that continue a row

PROGRESS = ["TT", "Nhiệm vụ", "Trạng thái", "Tỷ lệ hoàn thành", "Ngày hoàn thành thực tế", "Kết quả đến nay"]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        (["", "", "Đã hoàn thành", "", "", ""], "to_confirm"),
        (["", "", "", "100%", "", ""], "to_confirm"),
        (["", "", "", "", "20/6/2025", ""], "to_confirm"),
        (["", "", "", "", "", "và gửi các bộ"], "note"),
    ],
)
def test_a_line_that_changes_how_far_the_work_is_asks(line: Line, severity: str) -> None:
    answer = written(sheet(PROGRESS, [1, "Việc", "Đang thực hiện", "", "", "Đã trình"], line))
    assert said(answer) == [("row_continues", severity, 3)]


# Quarters, evidence, tables nobody knows


def test_a_quarter_with_a_day_is_read_like_one_with_a_mark() -> None:
    quarters = ["Quý I", "Quý II", "Quý III", "Quý IV"]
    rows: list[Line] = [[1, "Việc", "Bộ Y tế", "", "x", "", ""], [2, "Việc", "Bộ Y tế", "", "", "15/8", ""]]
    answer = written(sheet(["TT", "Nhiệm vụ", "Cơ quan chủ trì", *quarters], *rows))
    assert due(answer) == ["Quý II", "Quý III (15/8)"]


def test_the_number_and_the_day_of_the_result_are_the_evidence() -> None:
    headings = ["TT", "Nhiệm vụ", "Trạng thái", "Số văn bản kết quả", "Ngày văn bản"]
    answer = written(sheet(headings, [1, "Việc", "Hoàn thành", "123/QĐ-BYT", date(2025, 6, 20)]))
    assert told(answer, Field.EVIDENCE) == ["123/QĐ-BYT ngày 20/06/2025"]
    assert told(answer, Field.ASSIGNING_DOC) == [""]


def test_the_day_of_the_assigning_document_is_no_evidence() -> None:
    headings = ["TT", "Nhiệm vụ", "Trạng thái", "Văn bản kết quả", "Văn bản giao", "Ngày văn bản"]
    answer = written(sheet(headings, [1, "Việc", "Hoàn thành", "123/QĐ-BYT", "07/CT-TTg", date(2025, 3, 14)]))
    assert told(answer, Field.EVIDENCE) == ["123/QĐ-BYT"]


@pytest.mark.parametrize("unknown", [["TT", "NHIỆM VỤ", "NGUYÊN NHÂN"], ["TT", "Cơ quan", "Số nhiệm vụ"]])
@pytest.mark.parametrize("above", [True, False])
def test_a_table_of_no_known_kind_is_named_as_such(unknown: Line, *, above: bool) -> None:
    summary: list[Line] = [unknown, [1, "Bộ Y tế", 12], [2, "Bộ Nội vụ", 3]]
    known: list[Line] = [HEADINGS, work(1), work(2)]
    lines: list[Line] = [*summary, [], *known] if above else [*known, [], *summary]
    answer = written(sheet(*lines))
    assert (numbers(answer), said(answer)) == (["1", "2"], [("table_not_known", "to_confirm", 1 if above else 5)])
    assert accounts(answer)["PL"] == (6, 2, {"header": 1, "no_table": 3})


def test_the_table_goes_on_after_its_repeated_header() -> None:
    answer = written(sheet(HEADINGS, work(1), ["TT", "Cơ quan", "Số việc"], [1, "Bộ Y tế", 9], HEADINGS, work(2)))
    assert (numbers(answer), said(answer)) == (["1", "2"], [("table_not_known", "to_confirm", 3)])
