"""Originals that raise something beside progress: obstacles, requests for more time, indicators and their values."""

from datetime import date

from tests.goldens.originals import original
from tests.goldens.pages import DECREE, RECORDS, Page, annex, book, report
from tests.goldens.report_shapes import EVIDENCE, SHARED, TRAINING

RAISED = (
    "TT",
    "NHIỆM VỤ",
    "TIẾN ĐỘ",
    "KHÓ KHĂN, VƯỚNG MẮC",
    "KIẾN NGHỊ",
    "CƠ QUAN GIẢI QUYẾT",
    "HẠN CẦN TRẢ LỜI",
    "HẠN MỚI ĐỀ NGHỊ",
    "LÝ DO GIA HẠN",
)
INDICATORS = ("TT", "Tên chỉ tiêu", "Đơn vị tính", "Mục tiêu năm 2025", "Cơ quan chủ trì", "Thời hạn")
VALUES = ("TT", "Tên chỉ tiêu", "Đơn vị tính", "Giá trị hiện tại", "Ngày số liệu")
ONLINE, ACCOUNTS = "Tỷ lệ hồ sơ trực tuyến toàn trình", "Số bệnh án điện tử"


@original(
    "obstacles-and-more-time.xlsx", "An obstacle with its addressee and the day an answer is needed; more time asked."
)
def raised() -> bytes:
    rows = (
        (2, RECORDS[1], "Đang thực hiện", "Chưa có kinh phí", "Bố trí kinh phí", "Bộ Tài chính", "15/7/2025", "", ""),
        (6, SHARED[1], "Đang thực hiện", "", "", "", "", date(2025, 12, 31), "Chờ hạ tầng của Bộ Công an"),
    )
    return book(report(*rows, headings=RAISED))


@original(
    "obstacles-and-more-time-in-doubt.xlsx", "Addressed to nobody known, answered yesterday, more time until no day."
)
def raised_in_doubt() -> bytes:
    rows = (
        (
            2,
            RECORDS[1],
            "Đang thực hiện",
            "Thiếu quy định",
            "",
            "Các cơ quan liên quan",
            "01/6/2025",
            "sớm nhất",
            "Khó",
        ),
        (5, TRAINING[1], "Đang thực hiện", "", "", "Bộ Tài chính", "", "", "Thiếu giảng viên"),
        (6, SHARED[1], "Đang thực hiện", "", "", "", "", "01/6/2025", ""),
    )
    return book(report(*rows, headings=RAISED))


@original(
    "evidence-of-another-kind.xlsx", "A decree is asked for; a letter that submits its draft is given as evidence."
)
def other_evidence() -> bytes:
    row = (1, DECREE[1], "Hoàn thành", "Đã trình dự thảo", "45/TTr-BCA ngày 20/6/2025", "20/6/2025")
    return book(report(row, issuer="BỘ CÔNG AN"))


@original(
    "template-rows-mixed-up.xlsx", "A template's hidden references beside other numbers, and one of another ministry."
)
def references() -> bytes:
    headings = ("Mã đối chiếu", "TT", "NHIỆM VỤ", "TIẾN ĐỘ")
    rows = (
        ("07-CT-TTg.2.BYT", 5, RECORDS[1], "Đang thực hiện"),
        ("07-CT-TTg.1.BCA", 1, DECREE[1], "Đang thực hiện"),
    )
    return book(report(*rows, headings=headings))


@original("template-deadline-written-over.xlsx", "A template that came back with a later deadline than it was given.")
def written_over() -> bytes:
    headings = ("Mã đối chiếu", "TT", "NHIỆM VỤ", "THỜI GIAN HOÀN THÀNH", "TIẾN ĐỘ")
    return book(report(("07-CT-TTg.2.BYT", 2, RECORDS[1], "31/12/2025", "Đang thực hiện"), headings=headings))


@original("progress-numbers-exchanged.xlsx", "Two tasks of the ministry with each other's numbers: their words decide.")
def exchanged() -> bytes:
    rows = (
        (5, RECORDS[1], "Đang thực hiện", "", "", ""),
        (2, TRAINING[1], "Hoàn thành", "", EVIDENCE, ""),
    )
    return book(report(*rows))


@original("indicators-given.xlsx", "Indicators beside tasks, before their values are reported.")
def given() -> bytes:
    rows = (
        (1, ONLINE, "%", "80", "Bộ Y tế", "Tháng 12/2025"),
        (2, ACCOUNTS, "Bệnh án", "1.234,5", "Bộ Y tế", "31/12/2025"),
    )
    return book(annex(RECORDS), annex(*rows, headings=INDICATORS, name="Chỉ tiêu", title=(("CHỈ TIÊU NĂM 2025",),)))


@original(
    "indicators-in-doubt.xlsx", "A target in words, a day that is none, a lead nobody knows, a name twice, 1.234."
)
def indicators_in_doubt() -> bytes:
    rows = (
        (1, ONLINE, "%", "phấn đấu cao nhất", "Bộ Y tế", "Tháng 12/2025"),
        (2, ACCOUNTS, "Bệnh án", "1.234", "Tổ liên ngành", "khi có điều kiện"),
        (3, ONLINE, "%", "90", "Bộ Y tế", "Tháng 12/2025"),
        (4, "Số cơ sở kết nối", "Cơ sở", "95%", "Bộ Y tế", "2025"),
    )
    return book(annex(RECORDS), annex(*rows, headings=INDICATORS, name="Chỉ tiêu", title=(("CHỈ TIÊU NĂM 2025",),)))


@original("indicator-values.xlsx", "A report with the values of two indicators beside its progress.")
def values() -> bytes:
    rows = ((1, ONLINE, "%", "62,5%", "25/6/2025"), (2, ACCOUNTS, "Bệnh án", "1.000,5", ""))
    return with_values(*rows)


@original("indicator-values-in-doubt.xlsx", "No value, a word for one, a day to come, given twice, 0,625 of a share.")
def values_in_doubt() -> bytes:
    rows = (
        (1, ONLINE, "%", "", ""),
        (2, ONLINE, "%", "0,625", "30/6/2025"),
        (3, ACCOUNTS, "Bệnh án", "nhiều", ""),
        (4, ACCOUNTS, "Bệnh án", "1.000,5", "25/6/2025"),
        (5, ACCOUNTS, "Bệnh án", "1.001,5", "25/6/2025"),
    )
    return with_values(*rows)


@original("indicator-values-refused.xlsx", "An indicator nobody defined, and a value in another unit.")
def values_refused() -> bytes:
    return with_values((1, "Tỷ lệ hài lòng", "%", "91", ""), (2, ACCOUNTS, "Triệu", "1,2", ""))


@original("indicator-reference-of-another-name.xlsx", "A template's hidden reference beside another indicator's name.")
def other_name() -> bytes:
    headings = ("Mã đối chiếu", *VALUES)
    return with_values(("07-CT-TTg.CT-0319345a.BYT", 1, ACCOUNTS, "%", "62,5%", "25/6/2025"), headings=headings)


def with_values(*rows: tuple[object, ...], headings: tuple[str, ...] = VALUES) -> bytes:
    """Return a report of the Ministry of Health with a sheet of values."""
    page = Page([("SỐ LIỆU CHỈ TIÊU",), headings, *rows], name="Chỉ tiêu")
    return book(report((2, RECORDS[1], "Đang thực hiện", "", "", "")), page)
