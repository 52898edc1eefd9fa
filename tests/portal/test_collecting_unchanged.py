"""What an upload comes to beside being recorded: sent as nothing new, left lying, taken back; and who did it."""

import re
from datetime import UTC, date, datetime

import httpx
import pytest
from sqlmodel import select

from models import Store
from models.outcome_tables import AuditEntry, Notice
from models.rounds import AgencyRound, Sent, round_of
from models.uploads import Stage
from notifications.reminding import REMINDER
from rules.access import Role
from tests.imports.workbooks import annex, report, task, told
from tests.imports.workbooks import recorded as recorded_at
from tests.portal.conftest import NOW, Browser, SignIn
from tests.portal.sending import plain, recorded, sent

AUGUST = "Hà Nội, ngày 25 tháng 8 năm 2025"
WORK = annex(task(1, deadline="Tháng 12/2025"), task(2, "Bộ Tài chính", "Tháng 12/2025"))


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which two ministries have work, recorded on 1 August."""
    recorded_at(WORK, store, now=datetime(2025, 8, 1, 2, tzinfo=UTC), today=date(2025, 8, 1))
    return store


def ministry_of_health(store: Store, month: str) -> AgencyRound:
    """Return how far it is with the report of a month."""
    with store.reading() as session:
        found = round_of(session, month, today=date(2025, 9, 30), known_at=NOW)
    return next(line for line in found.lines if line.agency == "BYT")


def unchanged(focal: Browser, number: int) -> httpx.Response:
    """Press the button that sends a report without changes."""
    preview = re.search(r'name="preview" value="(\w+)"', focal.get(f"/uploads/{number}").text)
    assert preview, "no button"
    return focal.send(f"/uploads/{number}", f"/uploads/{number}/unchanged", preview=preview[1])


def test_a_report_that_brings_nothing_new_can_be_sent_as_just_that(assigned: Store, sign_in: SignIn) -> None:
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    template = focal.get("/collecting/template/BYT.xlsx").content
    number, stage, page = sent(focal, assigned, template, "mau.xlsx")
    assert (stage, "Báo cáo không có thay đổi" in page) == (Stage.CHECKED, True)
    assert ministry_of_health(assigned, "2025-09").sent is Sent.TO_RECORD
    assert unchanged(focal, number).headers["location"] == f"/uploads/{number}"
    again = focal.send("/uploads/new", f"/uploads/{number}/unchanged", preview="x")
    assert again.headers["location"] == f"/uploads/{number}", "pressed twice"
    assert "Đã gửi báo cáo không có thay đổi" in plain(focal.get(f"/uploads/{number}").text)
    with assigned.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "send_unchanged")).all()
    now = ministry_of_health(assigned, "2025-09")
    assert (now.sent, now.sent_on, now.batch) == (Sent.SENT, date(2025, 9, 5), None)
    by = "Post of focal_point-BYT (focal_point-BYT)"
    assert [(each.by, each.detail["agency"], each.detail["file"]) for each in entries] == [(by, "BYT", "mau.xlsx")]
    assert "không có thay đổi, ngày 05/09/2025" in plain(focal.get("/collecting?month=2025-09").text)


def test_what_brings_something_new_is_not_sent_as_nothing(assigned: Store, sign_in: SignIn) -> None:
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    number, _, page = sent(focal, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    assert "Báo cáo không có thay đổi" not in page
    assert unchanged(focal, number).status_code == 422
    office = sign_in(Role.SECRETARIAT)
    again, _, page = sent(office, assigned, WORK, "viec.xlsx")
    assert "Báo cáo không có thay đổi" not in page, "a list of tasks is no report"
    assert office.send("/uploads/new", f"/uploads/{again}/unchanged", preview="x").status_code == 422
    assert ministry_of_health(assigned, "2025-08").sent is Sent.TO_RECORD


def test_who_uploaded_and_did_not_press_is_reminded(assigned: Store, sign_in: SignIn) -> None:
    office, focal = sign_in(Role.SECRETARIAT), sign_in(Role.FOCAL_POINT, "BYT")
    sent(focal, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    assert ministry_of_health(assigned, "2025-08").sent is Sent.TO_RECORD
    office.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    with assigned.reading() as session:
        reminded = session.exec(select(Notice.agency_code).where(Notice.reason == REMINDER)).all()
    assert sorted(reminded) == ["BTC", "BYT"]


def test_an_upload_that_was_taken_back_says_so(assigned: Store, sign_in: SignIn) -> None:
    office = sign_in(Role.SECRETARIAT)
    number, page = recorded(office, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    assert "nay không còn hiệu lực" not in page
    assert office.send("/batches/2/undo", "/batches/2/undo").status_code == 303
    page = plain(office.get(f"/uploads/{number}").text)
    assert "đã được ghi, nay không còn hiệu lực" in page
    assert "Báo cáo sẽ ghi" not in page
    assert "đã hoàn tác" in plain(office.get("/uploads").text)


def test_people_of_one_post_are_told_apart(assigned: Store, sign_in: SignIn) -> None:
    office = sign_in(Role.SECRETARIAT)
    recorded(office, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    office.send("/batches/2/undo", "/batches/2/undo")
    office.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    with assigned.reading() as session:
        by = {each.action: each.by for each in session.exec(select(AuditEntry))}
    person = "Post of secretariat-all (secretariat-all)"
    assert {action: by[action] for action in ("record_workbook", "undo_batch", "remind")} == dict.fromkeys(
        ("record_workbook", "undo_batch", "remind"), person
    )
