"""The month's round, reminders, templates; and a focal point sees and changes its own agency's alone."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from imports import undo
from models import Store
from models.outcome_tables import AuditEntry, Notice
from models.register_tables import ContactRow
from models.rounds import Sent, round_of
from models.uploads import Stage
from notifications import outbox, plan_notices
from notifications.accounting import accounts, balance
from notifications.reminding import REMINDER
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role
from tests.imports.workbooks import annex, report, task, told
from tests.imports.workbooks import recorded as recorded_at
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn
from tests.portal.sending import plain, recorded, sent, settled

AUGUST = "Hà Nội, ngày 25 tháng 8 năm 2025"
WORK = annex(
    task(1, deadline="Tháng 12/2025"), task(2, "Bộ Tài chính", "Tháng 12/2025"), task(3, "Bộ Công an", "Tháng 12/2025")
)


def at(day: int, month: int = 8) -> datetime:
    """Return nine in the morning in Hanoi."""
    return datetime(2025, month, day, 2, tzinfo=UTC)


@pytest.fixture
def assigned(store: Store) -> Store:
    """Give a store in which three ministries have work, recorded on 1 August."""
    recorded_at(WORK, store, now=at(1), today=date(2025, 8, 1))
    return store


def states(store: Store, today: date, known_at: datetime = NOW) -> dict[str, tuple[Sent, int]]:
    """Return how far each agency is with August's report, and its days late."""
    with store.reading() as session:
        found = round_of(session, "2025-08", today=today, known_at=known_at)
    return {line.agency: (line.sent, line.days_late) for line in found.lines}


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2025, 8, 25), 0), (date(2025, 8, 26), 1), (date(2025, 8, 29), 4), (date(2025, 9, 3), 5)],
    ids=["due today", "the day after", "Friday", "after the National Day break"],
)
def test_who_has_not_sent_is_late_by_working_days(assigned: Store, day: date, late: int) -> None:
    assert states(assigned, day) == dict.fromkeys(("BYT", "BTC", "BCA"), (Sent.NOT_SENT, late))


@pytest.mark.parametrize(("sent_on", "late"), [(25, 0), (26, 1)])
def test_a_report_counts_for_the_month_of_its_own_day(assigned: Store, sent_on: int, late: int) -> None:
    recorded_at(
        report(told(1, "Đang thực hiện"), day=AUGUST), assigned, "r.xlsx", now=at(sent_on), today=date(2025, 8, sent_on)
    )
    found = states(assigned, date(2025, 9, 5))
    assert found["BYT"] == (Sent.SENT, late)
    assert found["BTC"][0] is Sent.NOT_SENT
    with assigned.reading() as session:
        before = round_of(session, "2025-07", today=date(2025, 9, 5), known_at=NOW)
    assert before.counts["sent"] == 0


def test_a_report_taken_back_counts_no_more(assigned: Store) -> None:
    batch = recorded_at(report(told(1, "Đang thực hiện"), day=AUGUST), assigned, "r.xlsx", now=at(25)).batch
    assert batch
    assert undo(batch, store=assigned, now=at(26)).undone
    assert states(assigned, date(2025, 8, 27))["BYT"][0] is Sent.NOT_SENT


def test_a_summary_counts_for_every_agency_it_reports_on(assigned: Store) -> None:
    headings = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Tiến độ"]
    rows = [[1, "Nhiệm vụ số 1", "Bộ Y tế", "Đang thực hiện"], [2, "Nhiệm vụ số 2", "Bộ Tài chính", "Hoàn thành"]]
    recorded_at(report(*rows, headings=headings, issuer="", day=AUGUST), assigned, "r.xlsx", now=at(25))
    found = states(assigned, date(2025, 8, 26))
    assert [found[code][0] for code in ("BYT", "BTC", "BCA")] == [Sent.SENT, Sent.SENT, Sent.NOT_SENT]


def test_the_sentence_adds_up_and_leads_to_each_agency(assigned: Store, sign_in: SignIn) -> None:
    office = sign_in(Role.SECRETARIAT)
    recorded(office, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    bad = report(told(2, "Hoàn thành", completed="31/2/2025"), issuer="BỘ TÀI CHÍNH", day=AUGUST)
    _, stage, _ = sent(office, assigned, bad, "bad.xlsx", agency="BTC")
    assert stage is Stage.REFUSED
    page = office.get("/collecting?month=2025-08").text
    assert "1/3 cơ quan đã gửi, 1 có lỗi, 0 chờ ghi, 1 chưa gửi; 2 cơ quan quá hạn." in plain(page)
    assert "Hạn gửi: hết ngày 25/08/2025" in plain(page)
    for agency in ("BYT", "BTC", "BCA"):
        assert f'href="/collecting/{agency}?month=2025-08"' in page
    one = plain(office.get("/collecting/BTC?month=2025-08").text)
    assert "bad.xlsx" in one
    assert "Có lỗi" in one


@pytest.mark.parametrize("month", ["2025-13", "x", "9999-12", "2025-8", "<script>"])
def test_a_month_that_is_none_is_said(sign_in: SignIn, month: str) -> None:
    answer = sign_in(Role.SECRETARIAT).get("/collecting", params={"month": month})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


def test_a_template_filled_in_comes_back_without_retyping(assigned: Store, sign_in: SignIn) -> None:
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    answer = focal.get("/collecting/template/BYT.xlsx")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''bao-cao-tien-do-BYT-20250905.xlsx"
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book["Tiến độ"]
    row = next(row for row in sheet.iter_rows() if any(cell.value == "Nhiệm vụ số 1" for cell in row))
    column = next(c.column for r in sheet.iter_rows() for c in r if c.value == "TIẾN ĐỘ")
    row[column - 1].value = "Đang thực hiện"
    filled = io.BytesIO()
    book.save(filled)
    number, page = recorded(focal, assigned, filled.getvalue(), "mau.xlsx")
    assert f"/uploads/{number}" in focal.get("/uploads").text
    assert "đã được ghi" in page


def notices(store: Store) -> list[Notice]:
    """Return the reminders of the outbox."""
    with store.reading() as session:
        return list(session.exec(select(Notice).where(Notice.reason == REMINDER)))


def test_reminders_go_once_a_day_to_those_who_have_not_sent(assigned: Store, sign_in: SignIn) -> None:
    office = sign_in(Role.SECRETARIAT)
    recorded(office, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "r.xlsx")
    remind = {"page": "/collecting?month=2025-08", "path": "/collecting/remind", "month": "2025-08"}
    first = office.send(**remind)
    assert first.headers["location"] == "/collecting?month=2025-08"
    assert "Đã lập 2 thư nhắc" in plain(office.get("/collecting?month=2025-08").text)
    office.send(**remind)
    page = plain(office.get("/collecting?month=2025-08").text)
    assert "Đã lập 0 thư nhắc; 2 cơ quan đã được nhắc hôm nay" in page
    assert "05/09/2025: chờ gửi" in page
    found = notices(assigned)
    assert sorted(notice.agency_code for notice in found) == ["BCA", "BTC"]
    assert {(notice.role, notice.state) for notice in found} == {("focal_point", "planned")}
    assert all("quá hạn 25/08/2025" in notice.text for notice in found)
    with assigned.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "remind")).one()
    assert (entry.by, entry.detail) == ("Post of secretariat-all (secretariat-all)", {"agencies": ["BCA", "BTC"]})


def test_a_reminder_is_sent_and_accounted_for_like_any_notice(assigned: Store, sign_in: SignIn) -> None:
    office = sign_in(Role.SECRETARIAT)
    office.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    claimed = outbox.claim(assigned, NOW, channel="test")
    assert claimed
    assert claimed.letter.text.startswith("Kính gửi: Bộ ")
    assert balance(accounts(assigned, now=NOW))


def test_a_reminder_takes_nobodys_digest_away(assigned: Store, sign_in: SignIn) -> None:
    def digests() -> list[str]:
        day = date(2025, 12, 31)
        plan = plan_notices(assigned, as_of=day, now=datetime(2025, 12, 31, 2, tzinfo=UTC), dry_run=True)
        return sorted(notice.key for notice in plan.notices)

    before = digests()
    office = sign_in(Role.SECRETARIAT)
    office.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    assert len(notices(assigned)) == 3
    assert digests() == before != []
    plan_notices(assigned, as_of=date(2025, 9, 8), now=at(8, 9))
    assert {notice.state for notice in notices(assigned)} == {"planned"}, "a later day's planning leaves them"


def test_nobody_is_reminded_on_a_day_off(assigned: Store, desk: Desk, sign_in: SignIn) -> None:
    sign_in(Role.SECRETARIAT)
    saturday = Browser(create_app(replace(desk, today=lambda: date(2025, 9, 6))))
    saturday.request("POST", "/sign-in", data={"name": "secretariat-all", "password": PASSWORD})
    saturday.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    assert "Hôm nay là ngày nghỉ" in saturday.get("/collecting?month=2025-08").text
    assert notices(assigned) == []


def test_an_agency_without_an_address_is_said_to_have_none(assigned: Store, sign_in: SignIn) -> None:
    with assigned.writing() as session:
        for row in session.exec(select(ContactRow).where(ContactRow.agency_code == "BCA")):
            session.delete(row)
    office = sign_in(Role.SECRETARIAT)
    office.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    page = plain(office.get("/collecting?month=2025-08").text)
    assert "1 cơ quan không có địa chỉ" in page
    assert "không có địa chỉ đầu mối" in page


def test_a_focal_point_sees_its_own_alone(assigned: Store, sign_in: SignIn) -> None:
    office, focal = sign_in(Role.SECRETARIAT), sign_in(Role.FOCAL_POINT, "BYT")
    theirs, _, _ = sent(office, assigned, WORK)
    recorded(office, assigned, report(told(2, "Đang thực hiện"), issuer="BỘ TÀI CHÍNH", day=AUGUST), "btc.xlsx")
    own, _ = recorded(focal, assigned, report(told(1, "Đang thực hiện"), day=AUGUST), "byt.xlsx")
    page = focal.get("/collecting?month=2025-08").text
    assert "Bộ Y tế" in page
    assert "Bộ Tài chính" not in page
    assert "cơ quan đã gửi" not in page
    listed = focal.get("/uploads").text + focal.get("/batches").text
    assert "byt.xlsx" in listed
    assert "btc.xlsx" not in listed
    for path in (f"/uploads/{theirs}", f"/uploads/{theirs}/changes/new", f"/uploads/{theirs}/annotated", "/batches/1",
                 "/batches/2", "/collecting/BTC", "/collecting/template/BTC.xlsx", "/uploads/99"):  # fmt: skip
        assert focal.get(path).status_code == 404, path
    for path in (f"/uploads/{theirs}/record", f"/uploads/{theirs}/reason", f"/uploads/{theirs}/check"):
        assert focal.send("/uploads/new", path, preview="x", reason="y").status_code == 404, path
    assert focal.send("/uploads/new", "/collecting/remind", month="2025-08").status_code == 403
    assert focal.get(f"/uploads/{own}").status_code == 200


def test_a_focal_point_cannot_send_for_others_whatever_the_form_says(assigned: Store, sign_in: SignIn) -> None:
    focal = sign_in(Role.FOCAL_POINT, "BYT")
    answer = focal.send("/uploads/new", "/uploads", agency="BTC", files={"file": ("x.xlsx", WORK)})
    assert answer.status_code == 422
    number, stage, page = sent(focal, assigned, WORK)
    assert stage is Stage.REFUSED
    assert "chỉ được gửi báo cáo tiến độ của cơ quan mình" in page
    assert 'name="preview"' not in page
    other = report(told(2, "Hoàn thành"), issuer="BỘ TÀI CHÍNH", day=AUGUST)
    assert sent(focal, assigned, other)[1] is Stage.REFUSED
    assert settled(focal, assigned, number)[0] is Stage.REFUSED


@pytest.mark.parametrize("role", [Role.LEADER, Role.OPS, Role.AUDITOR, Role.ADMINISTRATOR])
def test_others_send_nothing(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)
    for path in ("/uploads", "/uploads/new", "/uploads/1", "/collecting", "/collecting/template/BYT.xlsx"):
        assert browser.get(path).status_code == 403, path
    assert browser.request("POST", "/uploads", files={"file": ("x.xlsx", WORK)}).status_code == 403
