"""Separated text: whatever encoding and separator, the same rows; what was guessed, damaged or pushed aside is said."""

import random
import unicodedata

import pytest

from imports.problem import Severity
from imports.reading.text_table import is_text_table, read_text_table
from tests.goldens.file_shapes import LINES, separated, windows_1258

WIDTH = max(map(len, LINES))
ROWS = [[*map(str, row), *[""] * (WIDTH - len(row))] for row in LINES]
NOTED = {"utf-16-le", "utf-16-be", "windows-1258"}


def encoded(text: str, encoding: str) -> bytes:
    return windows_1258(text) if encoding == "windows-1258" else text.encode(encoding)


def codes(content: bytes) -> list[str]:
    return [problem.code for problem in read_text_table(content).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1258"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_same_rows_in_every_encoding_with_every_separator(encoding: str, separator: str) -> None:
    content = encoded(separated(separator), encoding)
    table = read_text_table(content)
    assert is_text_table(content)
    assert table.rows == ROWS
    assert [problem.code for problem in table.problems] == (["csv_read_as"] if encoding in NOTED else [])


def test_a_guess_names_what_was_guessed() -> None:
    (problem,) = read_text_table(windows_1258(separated("\t"))).problems
    assert (problem.code, problem.severity, problem.found) == ("csv_read_as", Severity.NOTE, "Windows-1258")
    assert "“Tab”" in problem.message


def test_every_vietnamese_letter_survives_windows_1258() -> None:
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    vowels = [unicodedata.normalize("NFC", vowel + mark) for vowel in "aăâeêioôơuưy" for mark in marks]
    letters = "".join(vowels) + "đ" + "".join(vowels).upper() + "Đ"
    table = read_text_table(windows_1258(f"TT;Nhiệm vụ\r\n1;{letters}\r\n2;Việc\r\n"))
    assert table.rows[1] == ["1", letters]


def test_letters_typed_apart_come_out_composed() -> None:
    table = read_text_table(unicodedata.normalize("NFD", separated(";")).encode())
    assert table.rows == ROWS


def test_cells_keep_their_line_breaks_quotation_marks_and_separators() -> None:
    text = 'TT,Nhiệm vụ,Hạn\r\n1,"a) Một, hai;\nb) ""Ba""","Quý II, 2025"\r\n2,Bốn,2025\r\n'
    table = read_text_table(text.encode())
    assert table.rows[1] == ["1", 'a) Một, hai;\nb) "Ba"', "Quý II, 2025"]
    assert table.problems == []


@pytest.mark.parametrize("value", ["31/8/2025", "1.234,5", "007", "=1+1", "+84", "-", "@a", "45838", "2025"])
def test_values_stay_the_texts_they_are(value: str) -> None:
    table = read_text_table(f"TT;Nhiệm vụ;Hạn\n1;Một;{value}\n2;Hai;{value}\n".encode())
    assert [row[2] for row in table.rows] == ["Hạn", value, value]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("1;Rà soát, sửa đổi;1,5\n2;Xây dựng;2,5\n", 3),
        ("1,Rà soát; sửa đổi,x\n2,Xây dựng; trình,y\n", 3),
        ("1\tRà soát, sửa đổi; trình\tx\n2\tXây dựng, ban hành\ty\n", 3),
        ("Kính gửi: các bộ, ngành\nTT;Nhiệm vụ;Cơ quan\n1;a, b;c\n2;d, e;f\n", 3),
        ("sep=,\n1,a;b\n2,c;d\n", 2),
        ("SEP=;\r\n1;a,b,c\r\n2;d,e,f\r\n", 2),
    ],
)
def test_the_separator_most_rows_agree_on_is_taken(text: str, columns: int) -> None:
    assert {len(row) for row in read_text_table(text.encode()).rows} == {columns}


@pytest.mark.parametrize(
    "text", ["", "hello", "Kính gửi Văn phòng Chính phủ\nĐề nghị gia hạn.\n", "1\n2\n3\n", "a;b\n"]
)
def test_text_without_columns_is_no_table(text: str) -> None:
    assert not is_text_table(text.encode())
    read = read_text_table(text.encode())
    assert [problem.code for problem in read.problems] == ["not_a_workbook"]
    assert all(len(row) == 1 for row in read.rows), "lines, to be searched for marks of secrecy"


def test_bytes_are_no_table() -> None:
    noise = random.Random(7).randbytes(4096)  # noqa: S311 - the same noise every time
    assert not is_text_table(noise)
    assert not is_text_table(b"a;b\x00\x00c;d\n" * 50)


def test_letters_garbled_by_an_earlier_conversion_are_put_right_and_asked_about() -> None:
    for codec in ("latin-1", "cp1252"):
        garbled = "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in separated(";").encode())
        table = read_text_table(garbled.encode())
        assert table.rows == ROWS, codec
        assert [(p.code, p.severity) for p in table.problems] == [("csv_letters_repaired", "to_confirm")]


@pytest.mark.parametrize("codec", ["cp1252", "cp1258", "latin-1", "ascii"])
def test_letters_lost_are_never_read(codec: str) -> None:
    content = separated(";").encode(codec, "replace")
    assert is_text_table(content)
    (problem,) = read_text_table(content).problems
    assert (problem.code, problem.severity) == ("csv_letters_lost", Severity.STOPS)
    assert "?" in problem.found
    assert " " not in problem.found


@pytest.mark.parametrize("question", ["Có ý kiến gì không?", "https://dvc.gov.vn/tra-cuu?id=7", "(?)"])
def test_question_marks_that_stand_for_themselves(question: str) -> None:
    assert codes(f"TT;Nhiem vu\n1;{question}\n2;{question}\n".encode()) == []


def test_an_encoding_nobody_knows_is_refused_with_its_own_sentence() -> None:
    old_font = "TT;NhiÖm vô;C¬ quan chñ tr×\r\n1;X©y dùng NghÞ ®Þnh;Bé C«ng an\r\n".encode("latin-1")
    assert is_text_table(old_font)
    assert codes(old_font) == ["csv_unknown_encoding"]


def test_a_damaged_letter_is_named_with_its_cell() -> None:
    content = separated(";").encode().replace("Bộ Y tế".encode(), "Bộ Y tế".encode()[:-1])
    (problem,) = read_text_table(content).problems
    assert (problem.code, problem.row, problem.column) == ("unreadable_letter", 5, "C")


def test_a_separator_inside_a_text_is_no_new_column() -> None:
    (problem,) = read_text_table(separated(",").replace("2,Triển khai", "2,Triển, khai").encode()).problems
    assert (problem.code, problem.severity, problem.row) == ("csv_row_too_wide", Severity.STOPS, 5)


def test_one_row_with_fewer_cells_than_its_neighbours_is_asked_about() -> None:
    (problem,) = read_text_table(separated(";").replace(";Bộ Công an;Báo cáo", ";Báo cáo").encode()).problems
    assert (problem.code, problem.severity, problem.row) == ("csv_row_too_narrow", Severity.TO_CONFIRM, 5)


def test_empty_cells_left_out_at_the_end_of_rows_are_no_problem() -> None:
    text = "TT;Nhiệm vụ;Cơ quan;Ghi chú\n" + "".join(f"{n};Việc {n};Bộ Y tế\n" for n in range(1, 17)) + "17;Việc;A;x\n"
    table = read_text_table(text.encode())
    assert table.problems == []
    assert {len(row) for row in table.rows} == {4}


@pytest.mark.parametrize("opened", ['2;"Triển khai', '2;Triển khai;"Bộ'])
def test_a_quotation_mark_left_open_is_named_with_its_cell(opened: str) -> None:
    table = read_text_table(f"TT;Nhiệm vụ;Cơ quan\n1;Việc;Bộ\n{opened};x\n3;Rà soát;Bộ\n4;Xây dựng;Bộ\n".encode())
    assert [(p.code, p.severity, p.row) for p in table.problems] == [("csv_unclosed_quote", "stops", 3)]


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between_unseen() -> None:
    text = 'TT;Nhiệm vụ;Cơ quan\n1;"Việc;Bộ\n2;Rà soát;Bộ\n3;Xây dựng";Bộ\n4;Trình;Bộ\n'
    assert "csv_unclosed_quote" in codes(text.encode())


@pytest.mark.parametrize("content", [b"1;2\n1;2\n3;" + b"x" * 140_000 + b"\n", (";" * 20_000 + "x\n").encode() * 2])
def test_what_is_too_large_is_refused(content: bytes) -> None:
    assert codes(content) == ["csv_too_large"]


def test_wide_and_long_together_are_too_large() -> None:
    assert codes(b"a;b\n" * 600_000 + (";" * 9 + "x\n").encode()) == ["csv_too_large"]
