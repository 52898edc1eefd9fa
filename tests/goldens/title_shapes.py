"""Originals whose shape is in what stands above the table, or in there being no table."""

from tests.goldens.originals import original
from tests.goldens.pages import HEADINGS, TASKS, TITLE, Page, annex, book


@original("no-table.xlsx", "An invitation to a meeting: columns, and none of them about work.")
def no_table() -> bytes:
    rows = (("GIẤY MỜI HỌP",), ("Ngày", "Giờ", "Địa điểm"), ("27/6/2025", "8:00", "Hội trường A"))
    return book(Page(rows, name="Lịch"))


@original("no-rows.xlsx", "The headings, and nothing below them.")
def no_rows() -> bytes:
    return book(annex())


@original("no-cell-filled.xlsx", "A new workbook nobody typed into.")
def nothing() -> bytes:
    return book(Page((), name="Sheet1"), Page((), name="Sheet2"))


@original("no-document.xlsx", "Nothing above the table names a document.")
def no_document() -> bytes:
    return book(annex(*TASKS, title=(("DANH MỤC NHIỆM VỤ",),)))


@original("no-document-date.xlsx", "The document is named without its day.")
def no_document_date() -> bytes:
    return book(annex(*TASKS, title=(("(Kèm theo Chỉ thị số 09/CT-TTg)",),)))


@original("impossible-document-date.xlsx", "The document's day does not exist.")
def impossible_document_date() -> bytes:
    return book(annex(*TASKS, title=(("(Kèm theo Chỉ thị số 09/CT-TTg ngày 31 tháng 2 năm 2025)",),)))


@original("another-document-date.xlsx", "The document is known with another day.")
def another_document_date() -> bytes:
    return book(annex(*TASKS, title=(("(Kèm theo Chỉ thị số 07/CT-TTg ngày 15 tháng 3 năm 2025)",),)))


@original("no-leads.xlsx", "No column of leads, and nobody said whose workbook it is.")
def no_leads() -> bytes:
    rows = [(row[0], row[1], row[5]) for row in TASKS]
    return book(annex(*rows, headings=("TT", "Nhiệm vụ", "Thời hạn")))


@original("no-leads-but-sent-for-one.xlsx", "No column of leads; the sender named the ministry.")
def no_leads_agency_given() -> bytes:
    return no_leads()


@original("sent-for-an-unknown-agency.xlsx", "Sent with an agency's code that the register does not have.")
def unknown_agency() -> bytes:
    return book(annex(*TASKS))


@original(
    "decision-with-long-title.xlsx", "A decision of two lines, its number with a year, the place and day above it."
)
def decision() -> bytes:
    title = (
        ("BỘ TÀI CHÍNH\n-------", "", "", "Hà Nội, ngày 20 tháng 5 năm 2025"),
        ("PHỤ LỤC III",),
        ("(Ban hành kèm theo Quyết định số 1234/QĐ-BTC\nngày 20 tháng 5 năm 2025 của Bộ trưởng Bộ Tài chính)",),
    )
    return book(annex(*TASKS, title=title))


@original("headings-in-the-first-row.xlsx", "No title block at all; the sender named document and day.")
def bare() -> bytes:
    return book(Page([HEADINGS, *TASKS], name="Sheet1"))


@original("title-below-and-beside.xlsx", "The document is named in a cell far to the right of the title block.")
def title_beside() -> bytes:
    title = [(*row, "", "") if row != TITLE[5] else ("", "", "", "", "", row[0]) for row in TITLE]
    return book(annex(*TASKS, title=title))
