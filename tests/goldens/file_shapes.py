"""Originals whose shape is that of the file: how it is packed, encoded, named, or what it is in truth."""

import base64
import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from html import escape

from docx import Document
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.goldens.originals import FOLDER, original
from tests.goldens.packages import SHEET, changed, packed, parts_of, written_again
from tests.goldens.pages import DIRECTIVE, HEADINGS, TASKS, Row, annex, book, saved, saved_by_openpyxl, workbook

LINES: tuple[Row, ...] = (("PHỤ LỤC",), (f"(Kèm theo {DIRECTIVE})",), HEADINGS, *TASKS)
TONES = "\u0300\u0301\u0303\u0309\u0323"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def separated(separator: str, lines: Sequence[Row] = LINES, *, padded: bool = True) -> str:
    """Return rows as a spreadsheet program writes them: each as wide as the widest, quotes where needed."""
    text = io.StringIO()
    width = max(map(len, lines)) if padded else 0
    rows = [(*row, *[""] * (width - len(row))) for row in lines]
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


def windows_1258(text: str) -> bytes:
    """Return text in Windows-1258: the tone marks follow their letters."""
    encoded = b""
    for char in unicodedata.normalize("NFC", text):
        marks = "".join(mark for mark in unicodedata.normalize("NFD", char) if mark in TONES)
        letter = "".join(part for part in unicodedata.normalize("NFD", char) if part not in TONES)
        plain = unicodedata.normalize("NFC", letter)
        encoded += (char if not marks else plain + marks).encode("cp1258")
    return encoded


@original("utf-8.csv", "UTF-8 without a mark, commas; cells with commas and line breaks in quotation marks.")
def utf_8() -> bytes:
    inside = (4, "Rà soát:\na) dữ liệu, hạ tầng;\nb) “nhân lực”", "Bộ Y tế, Bộ Công an", "", "Báo cáo", "31/12/2025")
    return separated(",", [*LINES, inside]).encode()


@original(
    "utf-8-with-mark.csv", "Excel's “CSV UTF-8”: a mark first, semicolons, because the comma is the decimal sign."
)
def utf_8_mark() -> bytes:
    return separated(";").encode("utf-8-sig")


@original("utf-16-tabs.csv", "Excel's “Unicode text”: UTF-16 with its mark, tabs.")
def utf_16() -> bytes:
    return separated("\t").encode("utf-16")


@original("utf-16-without-mark.csv", "UTF-16, high byte first, without a mark.")
def utf_16_without_mark() -> bytes:
    return separated(";").encode("utf-16-be")


@original("windows-1258.csv", "Windows-1258 with its tone marks behind the letters, semicolons.")
def windows() -> bytes:
    return windows_1258(separated(";"))


@original("separator-declared.csv", "The first line says sep=| and is no row.")
def declared() -> bytes:
    return ("sep=|\r\n" + separated("|")).encode("utf-8-sig")


@original(
    "typed-by-hand.csv",
    "Rows not filled up to the table's width, no quotation marks, an empty line, blanks around the cells.",
)
def typed() -> bytes:
    text = separated(";", padded=False).replace(";", " ; ")
    return text.replace("TT ;", "\r\nTT ;").encode()


@original("garbled-letters.csv", "UTF-8 once read as Windows-1252 and saved again: Bá»™ Y táº¿. It can be put right.")
def garbled() -> bytes:
    shown = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in separated(";").encode())
    return shown.encode()


@original("lost-letters.csv", "Excel's plain “CSV”: question marks instead of the letters Windows-1252 does not have.")
def lost() -> bytes:
    return separated(";").encode("cp1252", "replace")


@original("old-font.csv", "TCVN3, the encoding of the .VnTime fonts.")
def old_font() -> bytes:
    headings = "TT;NhiÖm vô;C¬ quan chñ tr×;Thêi gian hoµn thµnh\r\n"
    return (headings + "1;X©y dùng NghÞ ®Þnh vÒ ®Þnh danh;Bé C«ng an;Th¸ng 6/2025\r\n").encode("latin-1")


@original("damaged-letter.csv", "One byte of a letter was lost on the way.")
def damaged_letter() -> bytes:
    return separated(";").encode().replace("Bộ Y tế".encode(), "Bộ Y tế".encode()[:-1])


@original(
    "separator-inside-text.csv",
    "A comma inside a text without quotation marks pushes the cells behind it one column on.",
)
def separator_inside() -> bytes:
    return separated(",").replace("2,Triển khai hồ sơ", "2,Triển khai, vận hành hồ sơ").encode()


@original("separator-missing.csv", "One row lacks a separator in its middle.")
def separator_missing() -> bytes:
    return separated(",").replace("Bộ Y tế,Bộ Công an,", "Bộ Y tế,").encode()


@original("quotation-mark-left-open.csv", "A quotation mark is opened in one row and never closed.")
def left_open() -> bytes:
    return separated(";").replace("2;Triển khai", '2;"Triển khai').encode()


@original(
    "inline-strings.xlsx",
    "Texts stand in the cells themselves, as many programs export; one of them in two runs of letters.",
)
def inline() -> bytes:
    runs = (
        "<t>B&#7897; Y t&#7871;</t>",
        "<r><rPr><b/></rPr><t xml:space='preserve'>B&#7897; </t></r><r><t>Y t&#7871;</t></r>",
    )
    return written_again(saved_by_openpyxl(workbook(annex(*TASKS))), sheet1=runs)


@original("prefixed-names.xlsx", "Every element bears a prefix (x:row, x:c), as some exporting programs write.")
def prefixed() -> bytes:
    def prefix(part: bytes) -> bytes:
        named = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", part)
        return named.replace(
            b'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
            b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
        )

    return changed(book(annex(*TASKS, hidden_rows=(9,))), sheet1=prefix, workbook=prefix, sharedStrings=prefix)


@original("dates-of-1904.xlsx", "Real dates counted from 1904, as old Excel for Mac did.")
def dates_of_1904() -> bytes:
    made = workbook(annex((*TASKS[0][:5], date(2025, 6, 30)), (*TASKS[1][:5], date(2025, 8, 31))))
    made.epoch = CALENDAR_MAC_1904
    return saved(made)


@original("no-cell-addresses.xlsx", "Rows and cells without their addresses: each follows the one before.")
def no_addresses() -> bytes:
    strip = re.compile(rb'(<(?:row|c)) r="[A-Z]*\d+"')
    filled = [(*row, *[""] * (6 - len(row))) for row in LINES]
    content = book(annex(*filled[3:], headings=filled[2], title=filled[:2]))
    return changed(content, sheet1=lambda part: strip.sub(rb"\1", part))


@original("named-xls-but-xlsx.xls", "An .xlsx under the name .xls.")
def misnamed() -> bytes:
    return book(annex(*TASKS))


@original("word-document.xlsx", "A Word document under the name .xlsx.")
def word() -> bytes:
    document, content = Document(), io.BytesIO()
    document.add_paragraph("PHỤ LỤC")
    table = document.add_table(rows=0, cols=len(HEADINGS))
    for row in (HEADINGS, *TASKS):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)
    document.save(content)
    return content.getvalue()


@original("pdf.xlsx", "A PDF under the name .xlsx.")
def pdf() -> bytes:
    pages = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    return b"%PDF-1.7\n" + pages + b"%%EOF\n"


@original("picture.xlsx", "A picture under the name .xlsx.")
def picture() -> bytes:
    return DOT


@original("slides.xlsx", "A slide presentation under the name .xlsx.")
def slides() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    types = f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), "ppt/presentation.xml": b"<p:presentation/>"})


@original("compressed-folder.xlsx", "A ZIP with a workbook in it, under the name .xlsx.")
def folder() -> bytes:
    return packed({"Phu luc/phu-luc.xlsx": book(annex(*TASKS))})


@original("web-page.xls", "An HTML table under the name .xls, as government software exports it.")
def web_page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>" for row in LINES)
    return f"<html><head><meta charset='utf-8'></head><body><table>{rows}</table></body></html>".encode("utf-8-sig")


@original("xml-spreadsheet-2003.xls", "XML Spreadsheet 2003 under the name .xls.")
def xml_spreadsheet() -> bytes:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join("<Row>" + "".join(cell.format(escape(str(value))) for value in row) + "</Row>" for row in LINES)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    inside = f'<Worksheet ss:Name="PL"><Table>{rows}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{inside}</Workbook>'.encode()


@original("empty-file.xlsx", "A file of no bytes.")
def empty() -> bytes:
    return b""


@original("zeros.xlsx", "A file of which only the room was set aside: all bytes are zero.")
def zeros() -> bytes:
    return bytes(4096)


@original("letter.xlsx", "A letter typed in a text editor.")
def letter() -> bytes:
    return "Kính gửi Văn phòng Chính phủ\nĐề nghị gia hạn nhiệm vụ số 2.\n".encode()


@original("truncated.xlsx", "A workbook of which only the first half arrived.")
def truncated() -> bytes:
    whole = book(annex(*TASKS))
    return whole[: len(whole) // 2]


@original("truncated.xls", "An old workbook of which only the first two thirds arrived.")
def truncated_xls() -> bytes:
    whole = (FOLDER / "excel-97.xls").read_bytes()
    return whole[: len(whole) * 2 // 3]


@original("damaged.xlsx", "The sheet's XML breaks off in the middle, in a package that is whole.")
def damaged() -> bytes:
    return changed(book(annex(*TASKS)), sheet1=lambda part: part[: len(part) // 2])


@original("part-missing.xlsx", "The sheet itself is missing from the package.")
def part_missing() -> bytes:
    parts = parts_of(book(annex(*TASKS)))
    del parts[SHEET]
    return packed(parts)


@original("declared-to-the-last-cell.xlsx", "The sheet declares A1:XFD1048576 and holds a small table.")
def declared_area() -> bytes:
    return written_again(book(annex(*TASKS)), sheet1=('<dimension ref="A1:F10"', '<dimension ref="A1:XFD1048576"'))
