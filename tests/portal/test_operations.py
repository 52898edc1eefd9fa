"""How the product runs: runs, outbox, letters put back, chains, the audit trail; health and metrics for machines."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import col, select

from models import Store
from models.outcome_tables import AuditEntry, Notice
from portal.app import create_app
from portal.desk import Desk, Run
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, PASSWORD, Browser, SignIn, open_account

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>"


def notice(store: Store, key: str, state: str, reason: str = "", hours: int = 2) -> None:
    with store.writing() as session:
        row = Notice(
            key=key, as_of=ON_5_SEPTEMBER, agency_code="BYT", role="focal_point", recipient="Đầu mối",
            address="byt@example.vn", reason="first", subject="s", text="t", html="h",
            planned_at=NOW - timedelta(hours=hours), state=state, state_reason=reason,
        )  # fmt: skip
        session.add(row)


def state_of(store: Store, key: str) -> str:
    with store.reading() as session:
        return session.exec(select(Notice.state).where(Notice.key == key)).one()


def test_the_page_tells_runs_outbox_letters_and_what_all_rests_on(sign_in: SignIn, store: Store) -> None:
    notice(store, "n1", "planned")
    notice(store, "n2", "failed_permanent", reason=HOSTILE)
    page = sign_in(Role.OPS).get("/operations").text
    assert "2 thông báo" in page
    assert "1 thông báo không tự gửi lại" in page
    assert "<script>" not in page
    assert "Không có thông tin từ bộ lập lịch" in page
    assert "chính thức các năm" in page


def test_no_password_of_the_database_is_shown(desk: Desk) -> None:
    open_account(desk.store, "ops", Role.OPS)
    browser = Browser(create_app(desk))
    browser.request("POST", "/sign-in", data={"name": "ops", "password": PASSWORD})
    url = desk.store.url
    desk.store.url = url.set(password="s3cret-of-the-database")  # noqa: S106 - of tests alone
    try:
        assert "s3cret" not in browser.get("/operations").text
    finally:
        desk.store.url = url


def test_the_last_runs_lead_to_the_scheduler(desk: Desk) -> None:
    run = Run("daily_round", "Completed", NOW, NOW, "http://127.0.0.1:4200/runs/flow-run/1")
    assert run.url in page_of(replace(desk, recent_runs=lambda: [run]))

    def broken() -> list[Run]:
        raise ConnectionError

    assert "không liên lạc được" in page_of(replace(desk, recent_runs=broken), "ops2")


def page_of(desk: Desk, name: str = "ops") -> str:
    open_account(desk.store, name, Role.OPS)
    browser = Browser(create_app(desk))
    browser.request("POST", "/sign-in", data={"name": name, "password": PASSWORD})
    return browser.get("/operations").text


def test_a_letter_is_put_back_with_a_reason(sign_in: SignIn, store: Store) -> None:
    notice(store, "n1", "failed_permanent")
    ops = sign_in(Role.OPS)
    assert ops.send("/operations", "/operations/requeue", key="n1", reason=" ").status_code == 422
    assert ops.send("/operations", "/operations/requeue", key="none", reason="x").status_code == 422
    assert state_of(store, "n1") == "failed_permanent"
    answer = ops.send("/operations", "/operations/requeue", key="n1", reason="máy chủ đã chạy lại")
    assert (answer.status_code, state_of(store, "n1")) == (303, "planned")
    assert "n1" in ops.get(answer.headers["location"]).text
    with store.reading() as session:
        newest = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert newest
    assert (newest.action, newest.by, newest.subject) == ("requeue_notice", "Post of ops-all (ops-all)", "n1")


def test_an_auditor_sees_letters_and_puts_none_back(sign_in: SignIn, store: Store) -> None:
    notice(store, "n1", "failed_permanent")
    auditor = sign_in(Role.AUDITOR)
    assert 'action="/operations/requeue"' not in auditor.get("/operations").text
    assert auditor.send("/operations", "/operations/requeue", key="n1", reason="x").status_code == 403


def test_the_chains_hold_until_somebody_alters_a_row(sign_in: SignIn, store: Store) -> None:
    ops = sign_in(Role.OPS)
    assert "chuỗi còn nguyên vẹn" in ops.get("/operations/chains").text
    with store.writing() as session:
        session.execute(text("UPDATE audit_entry SET subject = 'somebody else'"))
    assert "chuỗi đứt tại dòng 1" in ops.get("/operations/chains").text


@pytest.fixture
def trail(store: Store) -> None:
    """Write 120 entries on three days by two posts."""
    with store.writing() as session:
        for number in range(120):
            at = datetime(2025, 9, 1 + number % 3, 16, 59, tzinfo=NOW.tzinfo)
            by = "Văn thư" if number % 2 else HOSTILE
            session.add(AuditEntry(at=at, by=by, action=f"a.{number % 4}", subject=f"s%{number}", detail={"n": number}))
            session.flush()


def test_the_audit_trail_is_narrowed_by_its_url(sign_in: SignIn, trail: None) -> None:
    """The days are Hanoi's, the sign-in of the reader is an entry too."""
    del trail
    auditor = sign_in(Role.AUDITOR)
    cases = {
        "": 121, "who=văn": 60, "action=a.1": 30, "subject=s%2511": 11, "day=2025-09-02": 40, "day=2025-09-04": 0,
        "day=&who=": 121, "who=V%C4%83n&action=a.1&day=2025-09-01": 10, "page=3": 121,
    }  # fmt: skip
    for query, count in cases.items():
        assert f"{count} mục" in auditor.get(f"/audit?{query}").text, query
        file = auditor.get(f"/audit.csv?{query}").content.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(file)))) == count + 1, query


def test_a_cell_of_the_file_is_no_formula(sign_in: SignIn, trail: None) -> None:
    del trail
    file = sign_in(Role.AUDITOR).get("/audit.csv").content.decode("utf-8-sig")
    assert not [row for row in csv.reader(io.StringIO(file)) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_filter_that_means_nothing_is_said(sign_in: SignIn) -> None:
    auditor = sign_in(Role.AUDITOR)
    for query in ("day=2025-02-30", "page=0", "page=x", "day=9999-12-31"):
        assert auditor.get(f"/audit?{query}").status_code == 422, query


def test_health_and_readiness_are_told_apart(desk: Desk) -> None:
    browser = Browser(create_app(desk))
    assert [browser.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    with desk.store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert [browser.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


def test_the_metrics_say_what_the_store_holds(desk: Desk) -> None:
    with desk.store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 6, 30))
    notice(desk.store, "n1", "planned")
    notice(desk.store, "n2", "failed_temporary", hours=30)
    browser = Browser(create_app(desk))
    browser.get("/assignments/some-code")
    told = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(browser.get("/metrics").text)  # type: ignore[no-untyped-call]
        for sample in family.samples
    }
    assert told["dondoc_assignments", (("status", "overdue"),)] == 2
    assert told["dondoc_notices", (("state", "planned"),)] == 1
    assert told["dondoc_oldest_planned_notice_seconds", ()] == 30 * 3600, "one that failed for now waits too"
    overdue = {
        dict(labels)["agency"]: told[name, labels]
        for name, labels in told
        if "agency" in dict(labels) and told[name, labels]
    }
    assert overdue == {"BYT": 1, "BTC": 1}
    assert told["dondoc_newest_batch_seconds", ()] > 0
    assert told["dondoc_batches", ()] == 1
    routes = {dict(labels)["route"] for name, labels in told if name == "dondoc_request_seconds_count"}
    assert "/assignments/{code}" in routes
    assert "some-code" not in repr(told)


def test_the_assignments_are_counted_once_a_minute(desk: Desk) -> None:
    at = [NOW, NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)]
    browser = Browser(create_app(replace(desk, now=lambda: at[0])))
    seen = []
    while at:
        told = browser.get("/metrics").text
        seen.append('dondoc_assignments{status="overdue"} 2.0' in told)
        if len(at) == 3:
            with desk.store.writing() as session:
                World(session).duty("BYT", "BTC", due=date(2025, 6, 30))
        at.pop(0)
    assert seen == [False, False, True]


def test_the_metrics_are_for_this_machine_or_who_has_the_token(desk: Desk) -> None:
    browser = Browser(create_app(desk, metrics_token=SecretStr("t" * 16)))
    through_a_proxy = {"x-forwarded-for": "127.0.0.1"}
    cases = [
        ({}, 200),
        (through_a_proxy, 404),
        ({**through_a_proxy, "authorization": "Bearer wrong"}, 404),
        ({**through_a_proxy, "authorization": f"Bearer {'t' * 16}"}, 200),
    ]
    for headers, status in cases:
        assert browser.get("/metrics", headers=headers).status_code == status, headers
