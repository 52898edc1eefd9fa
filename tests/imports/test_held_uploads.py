"""An upload held to one agency: its focal point reports on its own work and on nothing else."""

from imports.uploads import Workplace, check_upload
from models.uploads import Stage, UploadAsIs
from tests.imports.uploading import as_is, sent
from tests.imports.workbooks import annex, recorded, report, task, told


def held(content: bytes, work: Workplace, agency: str = "BYT") -> UploadAsIs:
    """Check what a focal point sends."""
    number = sent(content, work, "bao-cao.xlsx", held_to=agency)
    check_upload(number, work)
    return as_is(number, work)


def stopping(found: UploadAsIs) -> list[tuple[str, int | None]]:
    """Return what stops an upload, with rows."""
    answer = found.state.answer
    rows = [(said["code"], row["row"]) for row in answer["bad"] for said in row["says"]]
    return [*((cause["code"], None) for cause in answer["causes"]), *rows]


def test_a_focal_point_reports_on_its_own_work(work: Workplace) -> None:
    recorded(annex(task(1), task(2, lead="Bộ Tài chính")), work.store)
    found = held(report(told(1, "Đang thực hiện")), work)
    assert (found.stage, found.upload.agency_code) == (Stage.CHECKED, "BYT")


def test_a_focal_point_assigns_nothing(work: Workplace) -> None:
    found = held(annex(task(1)), work)
    assert (found.stage, stopping(found)) == (Stage.REFUSED, [("may_only_report", None)])
    assert found.state.answer["changes"]["new"] == []


def test_a_focal_point_sends_no_report_of_another_agency(work: Workplace) -> None:
    recorded(annex(task(1), task(1 + 1, lead="Bộ Tài chính")), work.store)
    found = held(report(told(1, "Đang thực hiện"), issuer="BỘ TÀI CHÍNH"), work)
    assert (found.stage, stopping(found)) == (Stage.REFUSED, [("report_of_another_agency", None)])


def test_a_row_of_another_agency_is_refused_by_its_number(work: Workplace) -> None:
    recorded(annex(task(1), task(2, lead="Bộ Tài chính")), work.store)
    headings = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"]
    rows = [[1, "Nhiệm vụ số 1", "Bộ Y tế", "Đang thực hiện"], [2, "Nhiệm vụ số 2", "Bộ Tài chính", "Hoàn thành"]]
    found = held(report(*rows, headings=headings), work)
    assert (found.stage, stopping(found)) == (Stage.REFUSED, [("row_of_another_agency", 5)])
    number = sent(report(*rows, headings=headings), work)
    assert check_upload(number, work) is Stage.CHECKED, "the secretariat may record the summary"


def test_work_taken_over_is_ones_own(work: Workplace) -> None:
    title = [["PHỤ LỤC"], ["(Kèm theo Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022)"]]
    recorded(annex(task(1, lead="Bộ Kế hoạch và Đầu tư", deadline="Tháng 12/2025"), title=title), work.store)
    about = [
        ["BỘ TÀI CHÍNH", "", "Hà Nội, ngày 27 tháng 6 năm 2025"],
        ["(Thực hiện Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022)"],
    ]
    headings = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"]
    rows = [[1, "Nhiệm vụ số 1", "Bộ Kế hoạch và Đầu tư", "Đang thực hiện"]]
    found = held(annex(*rows, title=about, headings=headings), work, "BTC")
    assert (found.stage, stopping(found)) == (Stage.CHECKED, [])
