"""The progress workbooks: one per reporting agency, one of the provinces, one of the agencies without their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.agencies import load_register
from rules.folding import fold
from rules.register import Agency, AgencyKind
from samples.directive import CITATION, MOTTO, DirectiveRow, directive_rows
from samples.drawing import (
    merge_boxed,
    put,
    put_across,
    put_footer,
    put_record,
    set_page,
    set_widths,
    workbook_bytes,
)
from samples.progress import PROVINCES, REPORTED_ON, ProgressRow, progress_rows

OWN = (*("BCA", "BTP", "VPCP", "BYT", "BTC", "BNV", "BGDDT", "BKHCN", "BNNMT", "BNG", "BXD", "TTCP", "VTV", "VOV"),)
# These offices type the day of completion as text ("25/6/2025"); the others enter a date.
DATES_AS_TEXT = {"BTP", "BTC", "BNV", "BNG", "VOV", "ubnd-cap-tinh"}
STANDING_AGENCY = "TỔ CÔNG TÁC TRIỂN KHAI ĐỀ ÁN 06"
INVENTED = (
    "Số liệu tiến độ là giả định cho bản trình diễn / "
    "The progress figures are invented for the demonstration; they say nothing about any agency"
)
COLLECTIVE_NAME = "UBND các tỉnh, thành phố trực thuộc Trung ương"
STEERING_NAME = "Ban Chỉ đạo của Chính phủ (Tổ công tác triển khai Đề án 06)"
HEADINGS = (
    ("TT", 6.0),
    ("NHIỆM VỤ", 46.0),
    ("CƠ QUAN CHỦ TRÌ", 40.0),
    ("THỜI GIAN HOÀN THÀNH", 17.0),
    ("TIẾN ĐỘ", 14.0),
    ("KẾT QUẢ HIỆN NAY", 34.0),
    ("VĂN BẢN KẾT QUẢ", 24.0),
    ("NGÀY HOÀN THÀNH", 14.0),
    ("KHÓ KHĂN, VƯỚNG MẮC", 25.0),
    ("ĐỀ XUẤT, KIẾN NGHỊ", 25.0),
)
LEAD = 2


@dataclass(frozen=True)
class Report:
    """One workbook of a round: who signs it, what it is called, and whether it names a lead per row."""

    slug: str
    issuer: str
    subject: str
    rows: Sequence[ProgressRow]
    reported_on: date
    names_leads: bool
    dates_as_text: bool
    title_row: int


def progress_files() -> Iterator[tuple[str, bytes]]:
    """Yield the name below `samples/` and the content of every progress workbook."""
    directive, agencies = directive_rows(), load_register().by_code()
    for day in REPORTED_ON.items():
        for report in _reports(*day, agencies):
            yield f"progress-{day[0]}/{report.slug}.xlsx", _workbook(report, directive, agencies)


def _reports(round_: str, reported_on: date, agencies: Mapping[str, Agency]) -> Iterator[Report]:
    rows = sorted((row for row in progress_rows() if row.round == round_), key=lambda row: row.number)
    for position, code in enumerate(OWN):
        name = agencies[code].name_vi
        slug = "-".join(fold(name).split())
        subject = f"TÌNH HÌNH THỰC HIỆN NHIỆM VỤ CỦA {name.upper()}"
        own = [row for row in rows if row.agencies == (code,)]
        yield Report(slug, name.upper(), subject, own, reported_on, False, code in DATES_AS_TEXT, 1 + position % 3)  # noqa: FBT003
    provinces = [row for row in rows if _of_provinces(row, agencies)]
    subject = "TỔNG HỢP TÌNH HÌNH THỰC HIỆN NHIỆM VỤ CỦA CÁC ĐỊA PHƯƠNG"
    yield Report("ubnd-cap-tinh", STANDING_AGENCY, subject, provinces, reported_on, True, True, 1)  # noqa: FBT003
    others = [row for row in rows if not _of_provinces(row, agencies) and row.agencies[0] not in OWN]
    subject = "TỔNG HỢP TÌNH HÌNH THỰC HIỆN NHIỆM VỤ CỦA CÁC CƠ QUAN KHÁC Ở TRUNG ƯƠNG"
    yield Report("co-quan-thuong-truc", STANDING_AGENCY, subject, others, reported_on, True, False, 2)  # noqa: FBT003


def _of_provinces(row: ProgressRow, agencies: Mapping[str, Agency]) -> bool:
    return row.agencies == (PROVINCES,) or agencies[row.agencies[0]].kind is AgencyKind.PROVINCE


def _workbook(report: Report, directive: Mapping[int, DirectiveRow], agencies: Mapping[str, Agency]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Tiến độ"
    shown = [heading for column, heading in enumerate(HEADINGS) if column != LEAD or report.names_leads]
    set_widths(sheet, [width for _, width in shown])
    header = _title(sheet, report, len(shown))
    for column, (heading, _) in enumerate(shown, start=1):
        put(sheet, header, column, heading, bold=True, align="center", boxed=True)
        put(sheet, header + 1, column, f"({column})", italic=True, align="center", boxed=True)
    sheet.row_dimensions[header].height, sheet.row_dimensions[header + 1].height = 40, 18
    set_page(sheet, header_rows=(header, header + 1))
    end = _body(sheet, report, directive, agencies, header + 2)
    put_footer(sheet, end + 1, ("Tổ công tác triển khai Đề án 06;", "Văn phòng Chính phủ;", "Lưu: VT."))
    return workbook_bytes(workbook)


def _title(sheet: Worksheet, report: Report, last: int) -> int:
    """Write the title block and return the row of the table's header."""
    row, left, right, day = report.title_row, (1, 2), (last - 4, last), report.reported_on
    put_across(sheet, row, left, report.issuer, size=13, bold=True)
    put_across(sheet, row, right, MOTTO[0], size=13, bold=True)
    put_across(sheet, row + 1, right, MOTTO[1], size=13, bold=True)
    written = f"Hà Nội, ngày {day:%d} tháng {day.month} năm {day.year}"
    put_across(sheet, row + 2, right, written, size=13, italic=True)
    put_across(sheet, row + 4, (1, last), f"PHỤ LỤC: {report.subject}", size=14, bold=True)
    put_across(sheet, row + 5, (1, last), f"(Thực hiện {CITATION})", size=13, italic=True)
    put_across(sheet, row + 6, (1, last), f"(Số liệu tính đến ngày {day:%d}/{day.month}/{day.year})", italic=True)
    put_across(sheet, row + 7, (1, last), INVENTED, bold=True, italic=True)
    return row + 9


def _body(
    sheet: Worksheet,
    report: Report,
    directive: Mapping[int, DirectiveRow],
    agencies: Mapping[str, Agency],
    row: int,
) -> int:
    """Write one line per row, in the summaries under a band per section; return the row below the last."""
    band, last = "", len(HEADINGS) - (not report.names_leads)
    for progress in report.rows:
        task = directive[progress.number]
        if report.names_leads and task.section != band:
            band = task.section
            put(sheet, row, 1, band, bold=True, boxed=True)
            merge_boxed(sheet, (row, row), (1, last))
            sheet.row_dimensions[row].height = 20
            row += 1
        values = _values(report, progress, task, agencies)
        put_record(sheet, row, values, centred={1, *range(last - 6, last - 4), last - 2})
        row += 1
    return row


def _values(
    report: Report, progress: ProgressRow, task: DirectiveRow, agencies: Mapping[str, Agency]
) -> list[str | int | date | None]:
    done = progress.completed_on
    as_text = f"{done.day}/{done.month}/{done.year}" if done and report.dates_as_text else done
    lead = [_names(report, progress, agencies)] if report.names_leads else []
    given = (task.deadline, progress.declared, progress.result, progress.evidence, as_text)
    return [task.number, task.task, *lead, *given, progress.difficulty, progress.proposal]


def _names(report: Report, progress: ProgressRow, agencies: Mapping[str, Agency]) -> str:
    if progress.agencies == (PROVINCES,):
        return COLLECTIVE_NAME
    separator = ", " if report.reported_on == REPORTED_ON["2025-06"] else "; "
    return separator.join(_name(agencies[code]) for code in progress.agencies)


def _name(agency: Agency) -> str:
    """Return the name a summary uses: the short one of a province, the official one of the others."""
    if agency.kind is AgencyKind.STEERING:
        return STEERING_NAME
    return agency.aliases[0] if agency.kind is AgencyKind.PROVINCE else agency.name_vi
