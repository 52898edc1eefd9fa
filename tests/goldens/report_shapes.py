"""Originals that report progress. They are read after `assigned.xlsx`, the annex that gave the work."""

from tests.goldens.file_shapes import separated
from tests.goldens.originals import original
from tests.goldens.pages import DECREE, DIRECTIVE, RECORDS, TASKS, Page, annex, book, report

MONTHLY = (4, "Báo cáo kết quả thực hiện", "Bộ Y tế", "", "Báo cáo", "Hằng tháng")
TRAINING = (5, "Tập huấn kỹ năng số cho cán bộ y tế", "Bộ Y tế", "", "Báo cáo", "Tháng 5/2025")
SHARED = (6, "Chia sẻ dữ liệu qua nền tảng quốc gia", "Bộ Y tế; Bộ Công an", "", "Báo cáo", "Tháng 6/2025")
EVIDENCE = "512/BC-BYT ngày 25/6/2025"


@original("assigned.xlsx", "The annex the reports are about.")
def assigned() -> bytes:
    return book(annex(*TASKS, MONTHLY, TRAINING, SHARED))


@original("progress-report.xlsx", "A plain report of one ministry: done with evidence, under way, nothing told.")
def progress() -> bytes:
    return book(
        report(
            (2, RECORDS[1], "Hoàn thành", "Đã triển khai 63 tỉnh", EVIDENCE, "25/6/2025"),
            (5, TRAINING[1], "Đang thực hiện", "Đã tập huấn 20 tỉnh", "", ""),
            (6, SHARED[1], "", "", "", ""),
        )
    )


@original("progress-with-percentages.xlsx", 'Progress as percentages: 0.8 shown as 80 %, 100 %, "62,5%" as text.')
def percentages() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ")
    rows = ((2, RECORDS[1], 0.8, ""), (5, TRAINING[1], 1, EVIDENCE), (6, SHARED[1], "62,5%", ""))
    return book(report(*rows, headings=headings, formats={"C6": "0%", "C7": "0%"}))


@original("progress-one-or-a-hundred.xlsx", "A percentage of 1 without a format: one per cent, or all of it?")
def one_or_hundred() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ")
    return book(report((2, RECORDS[1], 1, EVIDENCE), (5, TRAINING[1], 0.5, ""), headings=headings))


@original(
    "progress-in-doubt.xlsx", "Words nobody knows, evidence without a day, evidence of tomorrow, a day that is none."
)
def in_doubt() -> bytes:
    return book(
        report(
            (2, RECORDS[1], "Cơ bản ổn", "", "", ""),
            (5, TRAINING[1], "Hoàn thành", "", "512/BC-BYT", "tuần trước"),
            (6, SHARED[1], "Hoàn thành", "", "600/BC-BYT ngày 30/7/2025", ""),
        )
    )


@original("progress-impossible-day.xlsx", "A day of completion that does not exist.")
def impossible_day() -> bytes:
    return book(report((2, RECORDS[1], "Hoàn thành", "", EVIDENCE, "31/6/2025")))


@original(
    "progress-numbered-anew.xlsx", "The ministry numbers its own work from 1: the words tell which task is meant."
)
def numbered_anew() -> bytes:
    return book(report((1, RECORDS[1], "Đang thực hiện", "", "", ""), (3, TRAINING[1], "Hoàn thành", "", EVIDENCE, "")))


@original(
    "progress-on-other-work.xlsx",
    "A number of the directive over words of no task of the ministry, and a number that is not there.",
)
def other_work() -> bytes:
    return book(
        report(
            (2, "Trồng một tỷ cây xanh", "Đang thực hiện", "", "", ""),
            (77, "Xây dựng cơ sở dữ liệu thuốc", "Đang thực hiện", "", "", ""),
        )
    )


@original("progress-told-twice.xlsx", "The same task reported in two rows that differ.")
def told_twice() -> bytes:
    rows = ((2, RECORDS[1], "Đang thực hiện", "", "", ""), (2, RECORDS[1], "Hoàn thành", "", EVIDENCE, ""))
    return book(report(*rows))


@original("progress-merged-down.xlsx", "One task merged over two rows of results.")
def merged_down() -> bytes:
    rows = (
        (2, RECORDS[1], "Đang thực hiện", "Đã có dự thảo", "", ""),
        ("", "", "", "Đã lấy ý kiến 34 tỉnh", "", ""),
    )
    return book(report(*rows, merges=("A6:A7", "B6:B7", "C6:C7")))


@original(
    "progress-of-recurring-duty.xlsx", "The monthly duty: June is named, and another report of it names no month."
)
def recurring() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "THỜI GIAN HOÀN THÀNH", "TIẾN ĐỘ", "KẾT QUẢ HIỆN NAY", "VĂN BẢN KẾT QUẢ")
    rows = ((4, MONTHLY[1], "Hằng tháng", "Hoàn thành", "Đã gửi báo cáo tháng 6/2025", EVIDENCE),)
    return book(report(*rows, headings=headings))


@original(
    "progress-month-not-named.xlsx",
    "The monthly duty reported in July without a word on which month, June not having been reported.",
)
def month_not_named() -> bytes:
    rows = ((4, MONTHLY[1], "Hoàn thành", "", "700/BC-BYT ngày 03/7/2025", ""),)
    return book(report(*rows, day="Hà Nội, ngày 04 tháng 7 năm 2025"))


@original("progress-with-difficulties.xlsx", "Difficulties and proposals beside the progress.")
def difficulties() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ", "KHÓ KHĂN, VƯỚNG MẮC", "ĐỀ XUẤT, KIẾN NGHỊ")
    rows = (
        (2, RECORDS[1], "Đang thực hiện", "Chưa có kinh phí", "Bộ Tài chính bố trí kinh phí"),
        (5, TRAINING[1], "", "Thiếu giảng viên", ""),
    )
    return book(report(*rows, headings=headings))


@original("progress-and-plan.xlsx", "A report with a second table that has no column for progress.")
def progress_and_plan() -> bytes:
    plan = (("KẾ HOẠCH THÁNG TỚI",), ("TT", "Nhiệm vụ", "Thời hạn"), (2, RECORDS[1], "Tháng 7/2025"))
    return book(report((2, RECORDS[1], "Đang thực hiện", "", "", "")), Page(plan, name="Kế hoạch"))


@original("progress-without-day.xlsx", "The report does not say of which day it is.")
def without_day() -> bytes:
    return book(report((2, RECORDS[1], "Đang thực hiện", "", "", ""), day=""))


@original("progress-of-tomorrow.xlsx", "The report is dated after the day it is read.")
def of_tomorrow() -> bytes:
    return book(report((2, RECORDS[1], "Đang thực hiện", "", "", ""), day="Hà Nội, ngày 27 tháng 12 năm 2025"))


@original("progress-of-nobody.xlsx", "Neither a title nor a column says whose progress it is.")
def of_nobody() -> bytes:
    return book(report((2, RECORDS[1], "Đang thực hiện", "", "", ""), issuer=""))


@original(
    "progress-sent-for-another.xlsx", "The Ministry of Health's report, sent for the Ministry of Public Security."
)
def sent_for_another() -> bytes:
    return book(report((6, SHARED[1], "Đang thực hiện", "", "", "")))


@original("progress-on-behalf-of-others.xlsx", "One ministry reports on the work of another.")
def on_behalf() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "CƠ QUAN CHỦ TRÌ", "TIẾN ĐỘ")
    rows = ((1, DECREE[1], "Bộ Công an", "Đang thực hiện"), (2, RECORDS[1], "Bộ Y tế", "Đang thực hiện"))
    return book(report(*rows, headings=headings))


@original("progress-on-unknown-document.xlsx", "A report on a directive whose tasks nobody has stored.")
def unknown_document() -> bytes:
    title = (("BỘ Y TẾ", "", "Hà Nội, ngày 27 tháng 6 năm 2025"), ("(Thực hiện Chỉ thị số 99/CT-TTg)",))
    headings = ("TT", "NHIỆM VỤ", "TIẾN ĐỘ")
    return book(annex((2, RECORDS[1], "Đang thực hiện"), headings=headings, title=title))


@original("progress-naming-documents.xlsx", "Each row names its document; one of them nobody has stored.")
def naming_documents() -> bytes:
    headings = ("TT", "NHIỆM VỤ", "VĂN BẢN GIAO", "TIẾN ĐỘ")
    rows = (
        (2, RECORDS[1], "Chỉ thị số 07/CT-TTg", "Đang thực hiện"),
        (3, "Việc khác", "Nghị quyết số 99/NQ-CP", "Đang thực hiện"),
    )
    return book(report(*rows, headings=headings))


@original(
    "progress.csv", "A report as separated text: days and percentages are texts, 1 being one per cent or all of it."
)
def progress_text() -> bytes:
    lines = (
        ("BỘ Y TẾ", "", "Hà Nội, ngày 27 tháng 6 năm 2025"),
        (f"(Thực hiện {DIRECTIVE})",),
        ("TT", "NHIỆM VỤ", "TỶ LỆ HOÀN THÀNH", "VĂN BẢN KẾT QUẢ", "NGÀY HOÀN THÀNH"),
        (2, RECORDS[1], "1", EVIDENCE, "25/06/25"),
        (5, TRAINING[1], "0,8", "", ""),
        (6, SHARED[1], "0,45", "", "45833"),
    )
    return separated(";", lines).encode("utf-8-sig")
