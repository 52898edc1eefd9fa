"""Originals whose shape is that of the table: headings, groups, merged cells, several tables and sheets."""

from tests.goldens.originals import original
from tests.goldens.pages import DECREE, DIRECTIVE, FEES, HEADINGS, RECORDS, TASKS, TITLE, Page, annex, book


@original("plain-annex.xlsx", "A title block with the motto, one row of headings, three tasks.")
def plain() -> bytes:
    return book(annex(*TASKS, merges=("A4:F4", "A5:F5", "A6:F6")))


@original(
    "two-tier-headings.xlsx", "Chủ trì and Phối hợp under one heading, the other headings merged over both tiers."
)
def two_tiers() -> bytes:
    upper = ("TT", "Nhiệm vụ", "Cơ quan thực hiện", "", "Sản phẩm", "Thời gian hoàn thành")
    lower = ("", "", "Chủ trì", "Phối hợp", "", "")
    merges = ("C7:D7", "A7:A8", "B7:B8", "E7:E8", "F7:F8")
    return book(annex(lower, *TASKS, headings=upper, merges=merges))


@original("two-tiers-without-merges.xlsx", "The same two tiers, laid out without a single merged cell.")
def two_tiers_unmerged() -> bytes:
    upper = ("STT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "", "Kết quả/Sản phẩm", "Thời hạn")
    return book(annex(("", "", "Chủ trì", "Phối hợp", "", ""), *TASKS, headings=upper))


@original("three-tier-headings.xlsx", "Three tiers: Tổ chức thực hiện over Cơ quan over Chủ trì and Phối hợp.")
def three_tiers() -> bytes:
    tiers = (
        ("TT", "Nhiệm vụ", "Tổ chức thực hiện", "", "", ""),
        ("", "", "Cơ quan", "", "Sản phẩm", "Thời gian hoàn thành"),
        ("", "", "Chủ trì", "Phối hợp", "", ""),
    )
    merges = ("C7:F7", "A7:A9", "B7:B9", "C8:D8", "E8:E9", "F8:F9")
    return book(annex(*tiers[1:], *TASKS, headings=tiers[0], merges=merges))


@original("column-numbers.xlsx", "A row (1) (2) (3) … under the headings.")
def column_numbers() -> bytes:
    return book(annex(tuple(f"({number})" for number in range(1, 7)), *TASKS))


@original(
    "column-numbers-bare.xlsx",
    "The columns numbered 1 2 3 … as numbers; a first task would look no different in its first cell.",
)
def column_numbers_bare() -> bytes:
    return book(annex((1, 2, 3, 4, 5, 6), *TASKS))


@original(
    "repeated-headings.xlsx", "The headings and their numbers repeated after a page break in the middle of the table."
)
def repeated() -> bytes:
    numbers = tuple(f"({number})" for number in range(1, 7))
    return book(annex(numbers, DECREE, RECORDS, HEADINGS, numbers, FEES))


@original("two-tables-one-sheet.xlsx", "Two tables one below the other: other columns in another order.")
def two_tables() -> bytes:
    other = ("STT", "Nội dung công việc", "Thời hạn hoàn thành", "Đơn vị chủ trì")
    below = (4, "Kết nối cơ sở dữ liệu đất đai", "Tháng 12/2025", "Bộ Nông nghiệp và Môi trường")
    return book(annex(DECREE, RECORDS, (), ("B. NHIỆM VỤ KHÁC",), other, below))


@original("several-sheets.xlsx", "A cover, one sheet for each ministry, and a list of words; numbers run through.")
def several_sheets() -> bytes:
    cover = Page([("DANH MỤC NHIỆM VỤ",), (f"Kèm theo {DIRECTIVE}",), ("Gồm 02 phụ lục",)], name="Bìa")
    health = annex(RECORDS, name="Bộ Y tế", title=(("PHỤ LỤC I",),))
    police = annex(DECREE, name="Bộ Công an", title=(("PHỤ LỤC II",),))
    words = Page([("Viết tắt", "Nghĩa"), ("CSDL", "Cơ sở dữ liệu")], name="Viết tắt")
    return book(cover, health, police, words)


@original(
    "numbers-restart-on-each-sheet.xlsx",
    "Each ministry's sheet numbers its tasks from 1 again: different work under the same number.",
)
def numbers_restart() -> bytes:
    health = annex((1, *RECORDS[1:]), name="Bộ Y tế")
    return book(health, annex((1, *DECREE[1:]), name="Bộ Công an"))


@original("hidden-sheet.xlsx", "A hidden sheet with a draft of the same table.")
def hidden_sheet() -> bytes:
    draft = annex((9, "Việc đang cân nhắc", "Bộ Y tế", "", "", "2026"), name="Nháp", state="hidden")
    return book(annex(*TASKS), draft)


@original("very-hidden-sheet.xlsx", "A sheet hidden so that Excel's menu does not offer it.")
def very_hidden_sheet() -> bytes:
    return book(annex(*TASKS), Page([("khóa", "giá trị")], name="_meta", state="veryHidden"))


@original("hidden-rows-and-columns.xlsx", "The second task's row and the column of cooperating agencies are hidden.")
def hidden_rows() -> bytes:
    return book(annex(*TASKS, hidden_rows=(9,), hidden_columns=("D",)))


@original("footer.xlsx", "Below the table: a total, a note, the list of addressees, who signs.")
def footer() -> bytes:
    signs = (("", "", "", "", "KT. BỘ TRƯỞNG"), ("", "", "", "", "THỨ TRƯỞNG"))
    below = (("Tổng số: 3 nhiệm vụ",), ("Ghi chú: thời hạn tính theo ngày làm việc",), (), ("Nơi nhận:",))
    return book(annex(*TASKS, *below, ("- Như trên;",), ("- Lưu: VT, KSTT.",), *signs))


@original("merged-leads-down.xlsx", "One lead and one deadline merged down over three tasks.")
def merged_down() -> bytes:
    rows = (
        DECREE,
        (2, "Cấp thẻ căn cước lưu động", "", "", "Báo cáo", ""),
        (3, "Mở rộng VNeID", "", "", "Báo cáo", ""),
    )
    return book(annex(*rows, FEES_FOURTH, merges=("C8:C10", "F8:F10", "D8:D9")))


FEES_FOURTH = (4, *FEES[1:])


@original("merged-across.xlsx", "Group rows merged over the whole table, and a task's text merged over two columns.")
def merged_across() -> bytes:
    headings = ("TT", "Nhiệm vụ", "", "Cơ quan chủ trì", "Sản phẩm", "Thời hạn")
    rows = (
        ("I. HOÀN THIỆN THỂ CHẾ",),
        (1, "Xây dựng Nghị định về định danh điện tử", "", "Bộ Công an", "Nghị định", "Tháng 6/2025"),
        ("II. PHÁT TRIỂN DỮ LIỆU",),
        (2, "Triển khai hồ sơ sức khỏe điện tử", "", "Bộ Y tế", "Báo cáo", "31/8/2025"),
    )
    merges = ("B7:C7", "A8:F8", "B9:C9", "A10:F10", "B11:C11")
    return book(annex(*rows, headings=headings, merges=merges, bold=(8, 10)))


@original("group-rows.xlsx", "Groups in capitals, with Roman numbers and with letters; the numbers run through.")
def groups() -> bytes:
    rows = (
        ("A", "NHIỆM VỤ TRỌNG TÂM"),
        ("I", "Hoàn thiện thể chế"),
        DECREE,
        ("II", "Phát triển dữ liệu"),
        RECORDS,
        ("B", "NHIỆM VỤ THƯỜNG XUYÊN"),
        FEES,
    )
    return book(annex(*rows, bold=(8, 9, 11, 13)))


@original("numbers-restart-in-groups.xlsx", "Every group begins with number 1 again.")
def restart_in_groups() -> bytes:
    rows = (("I", "Hoàn thiện thể chế"), DECREE, RECORDS, ("II", "Phát triển dữ liệu"), (1, *FEES[1:]))
    return book(annex(*rows, bold=(8, 11)))


@original("groups-numbered-as-rows.xlsx", 'A group is "1 | Thể chế" and its tasks are 1.1 and 1.2.')
def numbered_groups() -> bytes:
    rows = (("1", "Thể chế"), ("1.1", *DECREE[1:]), ("1.2", *FEES[1:]), ("2", "Dữ liệu"), ("2.1", *RECORDS[1:]))
    return book(annex(*rows))


@original("continuation-rows.xlsx", "A task's text and its cooperating agencies go on in rows without a number.")
def continuation() -> bytes:
    rows = (
        DECREE,
        ("", "và hướng dẫn thi hành trên toàn quốc", "", "Bộ Tài chính", "", ""),
        RECORDS,
        ("", "tại 63 tỉnh, thành phố", "", "", "", ""),
    )
    return book(annex(*rows))


@original("sub-items.xlsx", "Sub-items a), b) inside one cell, and others as rows of their own.")
def sub_items() -> bytes:
    inside = "Triển khai hồ sơ sức khỏe điện tử:\na) Chuẩn hóa dữ liệu;\nb) Kết nối VNeID;\nc) Báo cáo kết quả."
    rows = (
        (1, inside, *RECORDS[2:]),
        (2, "Rà soát, sửa đổi văn bản:", "Bộ Tư pháp", "", "Báo cáo", "Quý III/2025"),
        ("a)", "Văn bản về định danh", "Bộ Công an", "", "Nghị định", "Tháng 6/2025"),
        ("b)", "Văn bản về phí", "Bộ Tài chính", "", "Thông tư", "Tháng 7/2025"),
    )
    return book(annex(*rows))


@original(
    "table-far-below.xlsx", "The table begins in row 61 and column D, below a whole page of the directive's text."
)
def far_below() -> bytes:
    text = [(f"{number}. Các bộ, ngành, địa phương tổ chức thực hiện nghiêm Chỉ thị này.",) for number in range(1, 53)]
    shifted = [("", "", "", *row) for row in (HEADINGS, *TASKS)]
    return book(Page([*TITLE, *text, (), (), *shifted]))


@original("two-tables-side-by-side.xlsx", "Beside the table, two columns away, a list of abbreviations.")
def side_by_side() -> bytes:
    beside = [("", "", "Viết tắt", "Nghĩa"), ("", "", "CSDL", "Cơ sở dữ liệu"), ("", "", "DVC", "Dịch vụ công")]
    rows = [(*row, *extra) for row, extra in zip((HEADINGS, DECREE, RECORDS), beside, strict=True)]
    return book(Page([*TITLE, *rows, FEES]))


@original("note-columns.xlsx", "Columns nobody reads: a remark, a budget, and one without a heading.")
def note_columns() -> bytes:
    headings = (*HEADINGS, "Ghi chú", "Nguồn kinh phí", "")
    return book(annex((*DECREE, "Trọng tâm", "NSNN", "x"), (*RECORDS, "", "", ""), headings=headings))


@original("several-documents.xlsx", "Each row names its own document and the document's day.")
def several_documents() -> bytes:
    headings = (*HEADINGS, "Văn bản giao nhiệm vụ", "Ngày văn bản")
    rows = (
        (*DECREE, "Chỉ thị số 07/CT-TTg", "14/3/2025"),
        (*RECORDS, "Nghị quyết số 71/NQ-CP", "1/4/2025"),
        (1, *FEES[1:], "Nghị quyết số 71/NQ-CP", "1/4/2025"),
    )
    return book(annex(*rows, headings=headings, title=(("TỔNG HỢP NHIỆM VỤ",),)))


@original("indicators-beside-tasks.xlsx", "A sheet of indicators (their unit, their target) beside the sheet of tasks.")
def indicators() -> bytes:
    headings = ("TT", "Chỉ tiêu", "Đơn vị", "Kết quả", "Cơ quan chủ trì", "Thời gian hoàn thành")
    rows = (
        (1, "Tỷ lệ hồ sơ trực tuyến toàn trình", "%", "80", "Bộ Công an", "Tháng 12/2025"),
        (2, "Số tài khoản định danh mức 2", "Triệu", "1.234,5", "Bộ Công an", "Tháng 12/2025"),
    )
    return book(annex(*TASKS), annex(*rows, headings=headings, name="Chỉ tiêu", title=(("CHỈ TIÊU NĂM 2025",),)))


@original("indicators-alone.xlsx", "An indicator annex by itself: there is no task in it.")
def indicators_alone() -> bytes:
    headings = ("TT", "Tên chỉ tiêu", "Đơn vị tính", "Mục tiêu năm 2025", "Cơ quan theo dõi")
    return book(annex((1, "Tỷ lệ hồ sơ trực tuyến", "%", 80, "Bộ Công an"), headings=headings))


@original("tables-side-by-side.xlsx", "Two tables of tasks beside each other, each with its own headings.")
def tables_beside() -> bytes:
    short = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn")
    rows = [
        (*short, "", *short),
        (1, DECREE[1], "Bộ Công an", "Tháng 6/2025", "", 3, FEES[1], "Bộ Tài chính", "Quý II/2025"),
        (
            2,
            RECORDS[1],
            "Bộ Y tế",
            "31/8/2025",
            "",
            4,
            "Kết nối đất đai",
            "Bộ Nông nghiệp và Môi trường",
            "Tháng 12/2025",
        ),
    ]
    return book(Page([*TITLE, *rows]))


@original("rows-below-the-footer.xlsx", "A task someone added below the list of addressees.")
def below_footer() -> bytes:
    return book(annex(DECREE, RECORDS, (), ("Nơi nhận:",), ("- Như trên.",), FEES))


@original("rows-not-understood.xlsx", "Words in the column of products alone, a remark in two cells.")
def not_understood() -> bytes:
    stray, remark = ("", "", "", "", "xem công văn kèm theo", ""), ("", "", "", "Bộ Tư pháp", "", "đã thống nhất")
    return book(annex(DECREE, (), stray, (), remark, (), (2, *RECORDS[1:])))


@original("documents-without-a-day.xlsx", "A row names a document nobody has stored, without its day.")
def without_a_day() -> bytes:
    headings = (*HEADINGS, "Văn bản giao nhiệm vụ")
    rows = ((*DECREE, "Chỉ thị số 07/CT-TTg"), (*RECORDS, "Nghị quyết số 71/NQ-CP"))
    return book(annex(*rows, headings=headings))


@original("bulleted-rows.xlsx", "Rows below a task that begin with a dash instead of a number: they belong to it.")
def bulleted() -> bytes:
    bullets = (("-", "Chuẩn hóa dữ liệu bệnh án", "", "", "", ""), ("-", "Kết nối với VNeID", "", "", "", ""))
    return book(annex(DECREE, RECORDS, *bullets, FEES))
