"""A file is told by its bytes: every kind by its sign, cut off anywhere, named anything."""

import struct
from pathlib import PurePath

import pytest

from imports.problem import Severity
from imports.reading.format import READABLE, Format, format_of, refusal, unlike_its_name
from tests.goldens.files import content_of, originals
from tests.goldens.originals import MADE_ANEW
from tests.goldens.packages import packed, parts_of

TOLD = {
    "plain-annex.xlsx": Format.XLSX,
    "saved-by-libreoffice.xlsx": Format.XLSX,
    "prefixed-names.xlsx": Format.XLSX,
    "named-xls-but-xlsx.xls": Format.XLSX,
    "with-macros.xlsm": Format.XLSM,
    "excel-binary.xlsb": Format.XLSB,
    "excel-97.xls": Format.XLS,
    "open-document.ods": Format.ODS,
    "utf-8.csv": Format.CSV,
    "windows-1258.csv": Format.CSV,
    "utf-16-tabs.csv": Format.CSV,
    "utf-16-without-mark.csv": Format.CSV,
    "old-font.csv": Format.CSV,
    "with-a-password.xlsx": Format.ENCRYPTED,
    "with-a-password.xls": Format.ENCRYPTED,
    "with-a-password.ods": Format.ENCRYPTED,
    "truncated.xlsx": Format.TRUNCATED,
    "truncated.xls": Format.TRUNCATED,
    "word-document.xlsx": Format.DOCUMENT,
    "slides.xlsx": Format.SLIDES,
    "pdf.xlsx": Format.PDF,
    "picture.xlsx": Format.PICTURE,
    "web-page.xls": Format.WEB_PAGE,
    "xml-spreadsheet-2003.xls": Format.XML_SPREADSHEET,
    "flat-open-document.ods": Format.XML_SPREADSHEET,
    "compressed-folder.xlsx": Format.ARCHIVE,
    "empty-file.xlsx": Format.EMPTY,
    "zeros.xlsx": Format.EMPTY,
    "letter.xlsx": Format.UNKNOWN,
}
HEADS = (
    (b"{\\rtf1\\ansi", Format.DOCUMENT),
    (b"\xff\xd8\xff\xe0JFIF", Format.PICTURE),
    (b"GIF89a", Format.PICTURE),
    (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00", Format.PICTURE),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Format.PICTURE),
    (b"\x00\x00\x00\x18ftypheic", Format.PICTURE),
    (b"Rar!\x1a\x07\x01\x00", Format.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", Format.ARCHIVE),
    (b"\x1f\x8b\x08\x00", Format.ARCHIVE),
    (b"\n%PDF-1.4", Format.PDF),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", Format.WEB_PAGE),
    ("\ufeff  <table><tr><td>TT</td></tr></table>".encode("utf-16"), Format.WEB_PAGE),
    (b"PK\x05\x06" + bytes(18), Format.ARCHIVE),
    (b"PK\x03\x04", Format.TRUNCATED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.TRUNCATED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Format.DAMAGED),
    (b"BMW; Audi\n1; 2\n", Format.CSV),
    (b"\x00\x01\x02\x03", Format.UNKNOWN),
    (b"   \r\n\t\x00", Format.EMPTY),
)
WHOLE = ("plain-annex.xlsx", "with-macros.xlsm", "excel-binary.xlsb", "excel-97.xls", "open-document.ods")


@pytest.mark.parametrize(("name", "found"), TOLD.items(), ids=TOLD)
def test_an_original_is_told_by_its_bytes(name: str, found: Format) -> None:
    assert format_of(content_of(name)) is found


@pytest.mark.parametrize(("head", "found"), HEADS)
def test_a_file_is_told_by_its_head(head: bytes, found: Format) -> None:
    assert format_of(head) is found


@pytest.mark.parametrize("name", WHOLE)
def test_a_workbook_cut_off_anywhere_is_told_as_cut_off(name: str) -> None:
    content = content_of(name)
    for end in range(8, len(content) * 9 // 10, len(content) // 40):
        assert format_of(content[:end]) is Format.TRUNCATED, end


def test_every_file_but_the_readable_ones_has_its_sentence() -> None:
    for found in Format:
        problem = refusal(found, b"...")
        assert (problem is None) == (found in READABLE), found
        if problem:
            assert problem.severity is Severity.STOPS
            assert " / " in problem.message


def test_a_sentence_of_unknown_bytes_shows_no_control_characters() -> None:
    problem = refusal(Format.UNKNOWN, b"\x1b[31mred\x07")
    assert problem is not None
    assert problem.found == "·[31mred·"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("phu-luc.xlsx", False),
        ("PHU-LUC.XLSX", False),
        ("phu-luc", False),
        ("phu-luc.xlsm", False),
        ("phu-luc.xls", True),
        ("phu-luc.csv", True),
        ("phụ lục tháng 6.2025", False),
    ],
)
def test_only_a_name_that_promises_another_format_is_noted(name: str, said: bool) -> None:  # noqa: FBT001
    problem = unlike_its_name(Format.XLSX, name)
    assert (problem is not None) == said
    if problem:
        assert (problem.code, problem.severity) == ("name_says_otherwise", Severity.NOTE)
        assert PurePath(name).suffix in problem.message


def test_macros_make_an_xlsm_whatever_the_package_says() -> None:
    parts = parts_of(content_of("plain-annex.xlsx"))
    assert format_of(packed({**parts, "xl/vbaProject.bin": b"\x00"})) is Format.XLSM


def test_a_package_without_its_description_is_told_by_its_parts() -> None:
    parts = parts_of(content_of("plain-annex.xlsx"))
    del parts["[Content_Types].xml"]
    assert format_of(packed(parts)) is Format.XLSX


def test_a_list_of_parts_too_long_to_be_honest_is_not_read() -> None:
    content = bytearray(content_of("plain-annex.xlsx"))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = struct.pack("<I", 2**31)
    assert format_of(bytes(content)) is Format.DAMAGED


def test_every_original_is_told() -> None:
    for name in set(originals()) - MADE_ANEW.keys():
        assert format_of(content_of(name)) in Format, name
