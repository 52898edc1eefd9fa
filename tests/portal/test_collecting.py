"""The secretariat's main path: send, mend, preview, record, undo; over the real application and real workbooks."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlmodel import select

from imports.uploads import record_upload
from models import Store
from models.assignment_tables import Batch
from models.outcome_tables import AuditEntry
from models.uploads import Stage, advance, upload_as_is
from portal.app import create_app
from portal.collecting.bench import Bench
from portal.desk import Desk
from rules.access import Role
from tests.goldens.files import content_of
from tests.imports.workbooks import annex, report, task, told
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn
from tests.portal.sending import number_of, plain, press, recorded, send, sent, settled


@pytest.fixture
def office(sign_in: SignIn) -> Browser:
    """Sign in somebody of the secretariat."""
    return sign_in(Role.SECRETARIAT)


def again(app: FastAPI) -> Browser:
    """Sign the same person in at another process."""
    browser = Browser(app)
    assert (
        browser.request("POST", "/sign-in", data={"name": "secretariat-all", "password": PASSWORD}).status_code == 303
    )
    return browser


def files(store: Store) -> list[str]:
    """Return the files recorded."""
    with store.reading() as session:
        return list(session.exec(select(Batch.file)).all())


def test_a_workbook_is_previewed_and_recorded_by_one_press(office: Browser, store: Store) -> None:
    number, stage, page = sent(office, store, content_of("assigned.xlsx"), "assigned.xlsx")
    assert stage is Stage.CHECKED
    assert files(store) == []
    button = re.search(r"Ghi (\d+) nhiệm vụ", page)
    assert button
    assert press(office, number).headers["location"] == f"/uploads/{number}"
    stage, page = settled(office, store, number)
    assert (stage, files(store)) == (Stage.RECORDED, ["assigned.xlsx"])
    assert "Post of secretariat-all (secretariat-all)" in page
    assert '<a class="govuk-link" href="/batches/1">' in page
    with store.reading() as session:
        assert session.get_one(Batch, 1).new == int(button[1])


def test_changes_are_told_field_by_field(office: Browser, store: Store) -> None:
    recorded(office, store, annex(task(1), task(2)))
    content = annex(task(1, text="Nhiệm vụ số 1 về dữ liệu"), task(2), task(3))
    _, stage, page = sent(office, store, content, "sua.xlsx")
    assert stage is Stage.CHECKED
    assert re.search(r"<del>.*Nhiệm vụ số 1</del> <ins>.*Nhiệm vụ số 1 về dữ liệu</ins>", page)
    assert "Ghi 2 nhiệm vụ" in page
    assert re.search(r"<strong>1</strong>\s*giữ nguyên", page)


def test_a_wrong_structure_says_what_the_file_has_and_takes_another(office: Browser, store: Store) -> None:
    number, stage, page = sent(office, store, content_of("letter.xlsx"), "letter.xlsx")
    assert stage is Stage.REFUSED
    assert "Hiện tệp có:" in page
    assert 'action="/uploads"' in page
    again = send_from(office, f"/uploads/{number}", content_of("assigned.xlsx"))
    assert settled(office, store, number_of(again))[0] is Stage.CHECKED


def send_from(browser: Browser, page: str, content: bytes) -> Any:
    """Send a workbook from the form of another page."""
    return browser.send(page, "/uploads", files={"file": ("x.xlsx", content)})


def test_bad_cells_are_counted_by_kind_and_only_their_rows_shown(office: Browser, store: Store) -> None:
    rows = [task(1), task(2, deadline="31/02/2025"), task(3), task(4, deadline="30/02/2025")]
    number, stage, page = sent(office, store, annex(*rows))
    assert stage is Stage.REFUSED
    words = plain(page)
    assert "có 2 dòng cần sửa" in words
    assert "sửa 2 ngày không có trong lịch" in words
    shown = re.findall(r'<span class="bad__row">Dòng </span>(\d+)', page)
    assert shown == ["5", "7"]
    assert page.count("bad__cell") == 2
    assert "Nhiệm vụ số 3" not in words
    copy = office.get(f"/uploads/{number}/annotated")
    assert copy.headers["content-disposition"].startswith("attachment;")
    marked = load_workbook(io.BytesIO(copy.content))["Phụ lục"]
    assert marked["F5"].comment is not None
    assert marked["F4"].comment is None


def test_rows_read_and_set_aside_are_the_rows_of_the_sheet(office: Browser, store: Store) -> None:
    _, _, page = sent(office, store, content_of("group-rows.xlsx"), "group-rows.xlsx")
    table = page[page.index('aria-labelledby="accounting"') :]
    found = [re.search(f'{label}">([0-9.]+)', table) for label in ("Có nội dung", "Đọc", "Để riêng")]
    filled, read, aside = (int(each[1]) for each in found if each)
    assert filled == read + aside > 0


def test_a_changed_deadline_is_asked_about(office: Browser, store: Store) -> None:
    recorded(office, store, annex(task(1)))
    number, stage, page = sent(office, store, annex(task(1, deadline="Tháng 7/2025")))
    assert stage is Stage.REFUSED
    assert "đổi thời hạn đã giao" in page
    path = f"/uploads/{number}"
    empty = office.send(path, f"{path}/reason", reason=" ")
    assert empty.status_code == 422
    assert "Chưa nêu lý do" in empty.text
    assert office.send(path, f"{path}/reason", reason="Theo Công văn số 512").status_code == 303
    stage, page = settled(office, store, number)
    assert stage is Stage.CHECKED
    assert "Theo Công văn số 512" in page
    assert "31/07/2025" in page


def test_nothing_new_has_no_button(office: Browser, store: Store) -> None:
    recorded(office, store, annex(task(1)))
    _, stage, page = sent(office, store, annex(task(1)))
    assert stage is Stage.CHECKED
    assert "không có gì mới" in page
    assert 'name="preview"' not in page


def test_a_double_press_makes_one_batch(office: Browser, store: Store) -> None:
    number, _, page = sent(office, store, annex(task(1)))
    preview = re.search(r'name="preview" value="(\w+)"', page)
    assert preview
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    form = {"form_token": token[1], "preview": preview[1]}
    answers = [office.request("POST", f"/uploads/{number}/record", data=form).status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert settled(office, store, number)[0] is Stage.RECORDED
    assert len(files(store)) == 1


def test_what_was_not_seen_is_not_recorded(office: Browser, store: Store) -> None:
    number, _, _ = sent(office, store, annex(task(1)))
    answer = office.send(f"/uploads/{number}", f"/uploads/{number}/record", preview="0" * 64)
    assert answer.status_code == 422
    assert "chưa ghi gì" in answer.text
    assert files(store) == []


def test_what_somebody_recorded_meanwhile_is_named(office: Browser, store: Store) -> None:
    number, _, page = sent(office, store, annex(task(1), task(2)))
    recorded(office, store, annex(task(1)), "cua-nguoi-khac.xlsx")
    preview = re.search(r'name="preview" value="(\w+)"', page)
    assert preview
    assert office.send(f"/uploads/{number}", f"/uploads/{number}/record", preview=preview[1]).status_code == 303
    stage, page = settled(office, store, number)
    assert stage is Stage.OVERTAKEN
    assert re.search(r"Post of secretariat-all \(secretariat-all\) đã ghi tệp cua-nguoi-khac.xlsx lúc", page)
    assert "Ghi 1 nhiệm vụ" in page
    press(office, number)
    assert settled(office, store, number)[0] is Stage.RECORDED


def test_a_check_lost_by_a_restart_is_begun_again_when_opened(office: Browser, store: Store) -> None:
    number, _, _ = sent(office, store, annex(task(1)))
    with store.writing() as session:
        found = upload_as_is(session, number)
        assert found
        found.state.stage = Stage.CHECKING  # as a process that died left it
        session.add(found.state)
    assert settled(office, store, number)[0] is Stage.CHECKED


def test_a_recording_lost_by_a_restart_goes_on_when_opened(office: Browser, store: Store) -> None:
    number, _, _ = sent(office, store, annex(task(1)))
    assert advance(store, number, Stage.RECORDING, after=[Stage.CHECKED], at=NOW, by="Thư ký")
    assert settled(office, store, number)[0] is Stage.RECORDED
    assert len(files(store)) == 1


def test_a_page_at_work_renews_itself_with_and_without_script(office: Browser, desk: Desk, store: Store) -> None:
    number, _, _ = sent(office, store, annex(task(1)))
    started: list[int] = []
    elsewhere = Browser(create_app(replace(desk, start_recording=started.append)))
    assert (
        elsewhere.request("POST", "/sign-in", data={"name": "secretariat-all", "password": PASSWORD}).status_code == 303
    )
    press(elsewhere, number)
    page = elsewhere.get(f"/uploads/{number}").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert 'hx-trigger="every 2s"' in page
    assert "Đang ghi tệp" in page
    assert started == [number]
    work = Bench(desk).work
    assert record_upload(number, work) is Stage.RECORDED
    page = elsewhere.get(f"/uploads/{number}").text
    assert "refresh" not in page
    assert "hx-get" not in page


def test_a_scheduler_that_does_not_answer_is_said_and_can_be_tried_again(
    office: Browser, desk: Desk, store: Store
) -> None:
    def broken(_number: int) -> None:
        raise ConnectionError

    number, _, _ = sent(office, store, annex(task(1)))
    elsewhere = again(create_app(replace(desk, start_recording=broken)))
    press(elsewhere, number)
    stage, page = settled(elsewhere, store, number)
    assert stage is Stage.FAILED
    assert "Chưa có gì được ghi" in page
    press(office, number)
    assert settled(office, store, number)[0] is Stage.RECORDED


def test_history_tells_who_when_and_what(office: Browser, store: Store) -> None:
    recorded(office, store, annex(task(1), task(2)))
    recorded(office, store, report(told(1, "Đang thực hiện")), "bao-cao.xlsx")
    listed = plain(office.get("/batches").text)
    assert "2. bao-cao.xlsx" in listed
    assert listed.count("Post of secretariat-all (secretariat-all)") >= 2
    one = plain(office.get("/batches/1").text)
    assert "07/CT-TTg · 1. Nhiệm vụ số 1" in one
    assert "Đang thực hiện" in plain(office.get("/batches/2").text)
    assert office.get("/batches/3").status_code == 404


def test_an_undo_is_asked_about_and_told(office: Browser, store: Store) -> None:
    recorded(office, store, annex(task(1), task(2)))
    recorded(office, store, report(told(1, "Đang thực hiện")), "bao-cao.xlsx")
    refused = office.send("/batches/1/undo", "/batches/1/undo")
    assert refused.status_code == 422
    assert "2. <bdi>bao-cao.xlsx</bdi>" in refused.text
    assert office.send("/batches/2/undo", "/batches/2/undo").headers["location"] == "/batches/2"
    assert "1 báo cáo thôi có hiệu lực" in plain(office.get("/batches/2").text)
    assert office.send("/batches/1/undo", "/batches/1/undo").status_code == 303
    assert "bỏ 2 nhiệm vụ mới" in plain(office.get("/batches/1").text)
    with store.reading() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry)) if "batch" in entry.subject]
    assert actions == ["record_workbook", "record_workbook", "undo_batch", "undo_batch"]


def test_only_the_secretariat_undoes(office: Browser, sign_in: SignIn, store: Store) -> None:
    recorded(office, store, annex(task(1)))
    for role in (Role.LEADER, Role.OPS, Role.AUDITOR, Role.FOCAL_POINT):
        other = sign_in(role, "BYT" if role is Role.FOCAL_POINT else "")
        assert other.get("/batches/1/undo").status_code == 403
        page = other.get("/batches/1")
        assert page.status_code == 200
        assert "/undo" not in page.text


def test_long_lists_are_paged(office: Browser, store: Store) -> None:
    number, _, page = sent(office, store, annex(*(task(n) for n in range(1, 131))))
    assert f'href="/uploads/{number}/changes/new"' in page
    first = office.get(f"/uploads/{number}/changes/new").text
    assert first.count('<th scope="row"') == 100
    assert f'href="/uploads/{number}/changes/new?page=2"' in first
    assert office.get(f"/uploads/{number}/changes/new?page=2").text.count('<th scope="row"') == 30
    assert office.get(f"/uploads/{number}/changes/other").status_code == 404
    press(office, number)
    settled(office, store, number)
    assert office.get("/batches/1").text.count('<th scope="row"') == 100
    assert office.get("/batches/1?page=2").text.count('<th scope="row"') == 30


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_form_says_what_is_missing(office: Browser, suffix: str) -> None:
    answer = office.send("/uploads/new", "/uploads", files={"file": ("", b"")}, document="07/CT-TTg")
    assert answer.status_code == 422
    assert "Chưa chọn bảng tính" in answer.text
    assert 'value="07/CT-TTg"' in answer.text
    wrong = send(office, b"x", f"x.{suffix}", agency="XXX", document_on="2025-02-30")
    assert wrong.status_code == 422
    assert "không có trong danh mục" in wrong.text
    assert "Ngày văn bản không đúng" in wrong.text


def test_what_is_secret_is_removed_and_only_its_place_named(office: Browser, desk: Desk, store: Store) -> None:
    content = annex(task(6), task(7, text="MẬT - Bảo vệ mục tiêu quan trọng"))
    number, stage, page = sent(office, store, content)
    assert stage is Stage.SECRET
    assert "Trang “Phụ lục”, dòng 5" in page
    assert "mục tiêu" not in page
    assert [path for path in Path(desk.data).rglob("*") if path.is_file()] == []
    assert office.get(f"/uploads/{number}/annotated").status_code == 404
