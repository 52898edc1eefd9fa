"""Originals whose shape is that of the cells: leads, deadlines, numbers, letters."""

import unicodedata
from datetime import date, datetime

from tests.goldens.originals import original
from tests.goldens.pages import DECREE, HEADINGS, RECORDS, TASKS, Row, annex, book, saved, workbook

WORK = "Triển khai nhiệm vụ"


def with_leads(*leads: str) -> bytes:
    rows = [(n, f"{WORK} số {n}", lead, "", "Báo cáo", "Tháng 9/2025") for n, lead in enumerate(leads, start=1)]
    return book(annex(*rows))


def with_deadlines(*deadlines: object, formats: dict[str, str] | None = None) -> bytes:
    rows: list[Row] = [(n, f"{WORK} số {n}", "Bộ Y tế", "", "", due) for n, due in enumerate(deadlines, start=1)]
    return book(annex(*rows, formats=formats or {}))


def rewritten(write: object) -> bytes:
    """Return the plain annex with every text written as `write` has it."""
    rows = [tuple(write(value) if isinstance(value, str) else value for value in row) for row in (HEADINGS, *TASKS)]  # type: ignore[operator]
    return book(annex(*rows[1:], headings=rows[0]))


@original("several-leads.xlsx", 'Leads joined by a semicolon, a comma, "và", a line break; "và" also inside names.')
def several_leads() -> bytes:
    return with_leads(
        "Bộ Y tế; Bộ Công an",
        "Bộ Y tế, Bộ Công an",
        "Bộ Y tế và Bộ Công an",
        "Bộ Y tế\nBộ Công an",
        "Bộ Khoa học và Công nghệ và Bộ Nông nghiệp và Môi trường",
        "Bộ Giáo dục và Đào tạo, Bộ Văn hóa, Thể thao và Du lịch",
        "- Bộ Y tế;\n- Bộ Công an;\n- Ngân hàng Nhà nước Việt Nam.",
    )


@original("abbreviated-leads.xlsx", "Abbreviations of agencies, among them the two that differ by one letter.")
def abbreviated_leads() -> bytes:
    return with_leads("Bộ KH&CN", "Bộ NN&MT", "VPCP", "NHNN", "TTCP", "BYT", "Bộ VHTTDL", "UBND TP. Hà Nội")


@original(
    "collectives.xlsx",
    "Collectives: all ministries and provinces, the ministries alone, the provinces alone, and one beside a name.",
)
def collectives() -> bytes:
    return with_leads(
        "Các bộ, ngành, địa phương",
        "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
        "UBND các tỉnh, thành phố trực thuộc Trung ương",
        "Bộ Công an, các địa phương",
    )


@original("former-names.xlsx", "Ministries that no longer existed on the document's day, one of them split.")
def former_names() -> bytes:
    return with_leads(
        "Bộ Kế hoạch và Đầu tư",
        "Bộ Giao thông vận tải",
        "Bộ Thông tin và Truyền thông",
        "Bộ LĐTBXH",
        "Ủy ban Dân tộc",
    )


@original("nobody-accountable.xlsx", "A lead cell left empty, a unit no register knows, and a post.")
def nobody() -> bytes:
    return with_leads("", "Tổ công tác liên ngành", "Vụ trưởng Vụ Kế hoạch", "Bộ Y tế và các đơn vị liên quan")


@original("real-dates.xlsx", "Real dates: shown whole, as month and year, as a year, and with a time of day.")
def real_dates() -> bytes:
    dates = (date(2025, 6, 30), date(2025, 8, 1), date(2025, 12, 1), datetime(2025, 9, 15, 17, 0))  # noqa: DTZ001
    return with_deadlines(
        *dates,
        date(2025, 9, 1),
        formats={"F8": "dd/mm/yyyy", "F9": "mm/yyyy", "F10": "yyyy", "F11": "dd/mm/yyyy hh:mm", "F12": "d/m/yy"},
    )


@original("serial-dates.xlsx", "Days as Excel's bare serial numbers: 30 June, 31 August, 31 December 2025.")
def serial_dates() -> bytes:
    return with_deadlines(45838, 45900, 46022)


@original("text-dates.xlsx", "Days, months, quarters and half-years as texts, the month first once.")
def text_dates() -> bytes:
    return with_deadlines(
        "30/6/2025",
        "6/25/2025",
        "trước ngày 01/9/2025",
        "6/2025",
        "T8/2025",
        "Quý II/2025",
        "Quý III năm 2025",
        "cuối năm 2025",
        "6 tháng đầu năm 2025",
        "2025 - 2026",
        "31.8.2025",
        "ngày 15 tháng 9 năm 2025",
    )


@original("year-as-number.xlsx", "The year 2025 as a number, and as text.")
def year_as_number() -> bytes:
    return with_deadlines(2025, "2025", "Năm 2025", 2026)


@original("recurring-deadlines.xlsx", "Duties without a single day: monthly, quarterly, yearly, and ongoing.")
def recurring() -> bytes:
    return with_deadlines("Hằng tháng", "Hằng quý", "Hàng năm", "Thường xuyên", "Định kỳ 6 tháng")


@original(
    "deadlines-in-doubt.xlsx", 'No day, an event, a first day only, two steps, a past month without its year, "x".'
)
def doubtful_deadlines() -> bytes:
    return with_deadlines(
        "",
        "x",
        "Theo quy định",
        "Sau khi Luật có hiệu lực",
        "Từ ngày 01/7/2025",
        "Quý II/2025 (dự thảo); Quý IV/2025 (ban hành)",
        "Tháng 1",
        "Đang thực hiện",
    )


@original("impossible-dates.xlsx", "Days that do not exist: 30 February, 31 June.")
def impossible_dates() -> bytes:
    return with_deadlines("30/02/2025", "31/6/2025", "Tháng 9/2025")


@original("number-styles.xlsx", 'Numbers as "1.", "02", 3.0, "4)", "I.2.a", "5.1", "5.1.2".')
def number_styles() -> bytes:
    numbers = ("1.", "02", 3.0, "4)", "I.2.a", "5.1", "5.1.2", " 6 ")
    return book(annex(*((number, f"{WORK} số {number}", *RECORDS[2:]) for number in numbers)))


@original("same-number-twice.xlsx", "Number 2 stands twice over different work; number 1 twice over the same.")
def twice() -> bytes:
    return book(annex(DECREE, DECREE, RECORDS, (2, *TASKS[2][1:])))


@original("missing-numbers.xlsx", "A whole task without a number among numbered ones, and a row of unrelated words.")
def missing_numbers() -> bytes:
    stray = ("", "", "", "", "xem công văn kèm theo", "")
    return book(annex(DECREE, (), ("", *RECORDS[1:]), (), stray, (3, *TASKS[2][1:])))


@original("decomposed-letters.xlsx", "Every accent a character of its own (NFD), as a Mac writes it.")
def decomposed() -> bytes:
    return rewritten(lambda text: unicodedata.normalize("NFD", text))


@original("no-accents.xlsx", "Typed without any accent.")
def no_accents() -> bytes:
    return rewritten(
        lambda text: "".join(
            char
            for char in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
            if not unicodedata.combining(char)
        )
    )


@original("capitals.xlsx", "Everything in capitals.")
def capitals() -> bytes:
    return rewritten(str.upper)


@original("old-tone-marks.xlsx", "Tone marks placed the old way: hoá, uỷ ban, thuỷ lợi.")
def old_tone_marks() -> bytes:
    leads = ("Uỷ ban nhân dân tỉnh Thanh Hoá", "Bộ Văn hoá, Thể thao và Du lịch", "UBND tỉnh Khánh Hoà")
    return with_leads(*leads)


@original(
    "spaces-and-line-breaks.xlsx",
    "Non-breaking spaces, doubled spaces and line breaks inside headings, leads and deadlines.",
)
def spaces() -> bytes:
    headings = ("TT", "Nhiệm\xa0vụ", "Cơ quan\nchủ trì", "Cơ quan\r\nphối  hợp", " Sản phẩm ", "Thời gian\nhoàn thành:")
    rows = (
        (1, "Xây dựng Nghị định\xa0về định danh", "Bộ\xa0Công\xa0an", "", "", "Tháng\xa06/2025"),
        (2, "  Triển khai hồ sơ  ", "Bộ  Y tế ", "", "", " 31 / 8 / 2025 "),
        ("\xa03\xa0", "Rà soát phí\u200b", "Bộ\nTài chính", "", "", "Quý\nII/2025"),
    )
    return book(annex(*rows, headings=headings))


@original("words-like-formulas.xlsx", "Texts that begin with = + - @ stay the texts they are.")
def like_formulas() -> bytes:
    made = workbook(annex(DECREE, RECORDS, TASKS[2]))
    sheet = made.worksheets[0]
    for address, text in {"B8": "=HYPERLINK(hồ sơ)", "B9": "+ Việc một", "B10": "- Việc hai", "E8": "@văn bản"}.items():
        sheet[address].value = text
        sheet[address].data_type = "s"
    return saved(made)


@original("rows-marked-secret.xlsx", "One row is stamped MẬT: the whole file is refused, none of its words kept.")
def secret() -> bytes:
    return book(annex(DECREE, (2, "Nội dung không được lưu lại", "Bộ Công an", "", "", "MẬT"), TASKS[2]))


@original("formulas-never-calculated.xlsx", "Numbers and a deadline are formulas whose values no program has stored.")
def uncalculated() -> bytes:
    return book(annex(DECREE, ("=A8+1", *RECORDS[1:5], "=DATE(2025,8,31)"), (3, *TASKS[2][1:])))


@original("cells-in-error.xlsx", "A deadline and a product that ended as #REF! and #N/A.")
def in_error() -> bytes:
    made = workbook(annex(*TASKS))
    for address, error in {"F9": "#REF!", "E10": "#N/A"}.items():
        made.worksheets[0][address].value = error
        made.worksheets[0][address].data_type = "e"
    return saved(made)
