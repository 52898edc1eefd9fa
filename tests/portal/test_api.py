"""The API answers what the status query answers, to those with a token and for their agency alone."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

import samples
from models import Store, status_of
from models.assignment_tables import Undo
from models.edition_tables import Edition, EditionFile
from models.outcome_tables import AuditEntry
from models.status_answer import assignments_answer
from portal.api import uploading
from portal.app import REQUESTS_A_MINUTE, create_app
from portal.desk import Desk
from rules.access import Role, Scope
from tests.models.world import World
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn
from tests.portal.programs import Program

HEALTH = Path(samples.__file__ or "").parent / "assignments" / "bo-y-te.xlsx"


@pytest.fixture
def register(store: Store) -> None:
    """Fill a small register: late work of two agencies, undated work of a third."""
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", "BTC", due=date(2025, 8, 31))
        world.duty("BYT", due=date(2025, 6, 30))
        world.duty("BCA", due=None)


@pytest.fixture
def anybody(desk: Desk, register: None) -> Program:
    """Give a program that may read everything."""
    del register
    return Program(desk)


def test_without_a_good_token_nothing_is_answered(desk: Desk) -> None:
    browser = Browser(create_app(desk))
    for header in ({}, {"authorization": "Bearer x"}, {"authorization": "Basic eDp5"}):
        answer = browser.get("/api/v1/agencies", headers=header)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "no_token"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_is_no_token(sign_in: SignIn) -> None:
    """A browser would send it from any page; the API changes things without the token of a form."""
    browser = sign_in(Role.SECRETARIAT)
    assert browser.get("/api/v1/status").status_code == 401
    assert browser.request("POST", "/api/v1/workbooks", files={"file": ("x.xlsx", b"x")}).status_code == 401


def test_the_counts_are_those_of_the_status_query(anybody: Program, store: Store) -> None:
    answer = anybody.ask("/status").json()
    table = status_of(store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    assert answer["totals"] == table.totals()
    assert {each.pop("agency"): each for each in answer["agencies"]}["BYT"].pop("total") == 2
    assert {each.pop("milestone"): each for each in answer["milestones"]} == table.by_milestone()


def test_the_pages_of_a_list_are_the_whole_list_as_known_at_its_first(
    anybody: Program, desk: Desk, store: Store
) -> None:
    at = [NOW]
    anybody.browser = Browser(create_app(replace(desk, now=lambda: at[0])))
    table = status_of(store, as_of=ON_5_SEPTEMBER, known_at=NOW)
    page = anybody.ask("/assignments?limit=3").json()
    at[0] += timedelta(hours=1)
    with store.writing() as session:
        session.add(Undo(batch_id=1, recorded_at=at[0]))
    assert anybody.ask("/assignments").json()["total"] == 0
    rest = anybody.ask(f"/assignments?limit=3&cursor={page['next']}").json()
    assert (page["total"], rest["total"], rest["next"]) == (4, 4, None)
    codes = [each["code"] for each in (*page["assignments"], *rest["assignments"])]
    assert codes == [each["code"] for each in assignments_answer(table.rows)]


def test_filters_narrow_the_list(anybody: Program) -> None:
    cases = {
        "agency=BYT": ["07-CT-TTg.1.BYT", "07-CT-TTg.2.BYT"],
        "status=undated": ["07-CT-TTg.3.BCA"],
        "status=undated&status=overdue&agency=BTC": ["07-CT-TTg.1.BTC"],
        "q=nhiem+vu+2": ["07-CT-TTg.2.BYT"],
        "milestone=2025-Q2": ["07-CT-TTg.2.BYT"],
        "as_of=2025-03-01": [],
    }
    for query, codes in cases.items():
        found = anybody.ask(f"/assignments?{query}").json()["assignments"]
        assert [each["code"] for each in found] == codes, query


def test_one_assignment_comes_with_its_derivation(anybody: Program) -> None:
    answer = anybody.ask("/assignments/07-CT-TTg.1.BYT").json()
    assert (answer["assignment"]["status"], answer["assignment"]["days_late"]) == ("overdue", 2)
    assert "2 ngày làm việc" in answer["steps"][-1]["why"]
    assert all(step["what"] for step in answer["steps"])


def test_what_means_nothing_is_said_with_a_code(anybody: Program) -> None:
    cases = {
        "/assignments?as_of=2025-02-30": (422, "not_understood"),
        "/assignments?as_of=0001-01-01": (422, "bad_day"),
        "/status?known_at=0001-01-01T00:00%2B14:00": (422, "bad_instant"),
        "/assignments?known_at=9999-12-31T23:59-14:00": (422, "bad_instant"),
        "/assignments?limit=0": (422, "not_understood"),
        "/assignments?cursor=x": (422, "bad_cursor"),
        "/status?known_at=2025-09-05T00:00": (422, "not_understood"),
        "/status?agency=XXX": (404, "no_such_page"),
        "/assignments/none": (404, "unknown_assignment"),
        "/nothing": (404, "no_such_page"),
    }
    for path, expected in cases.items():
        answer = anybody.ask(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == expected, path
        assert " / " in answer.json()["error"]["message"]


def test_a_program_of_one_agency_sees_that_agency_alone(desk: Desk, register: None) -> None:
    del register
    theirs = Program(desk, agency="BYT")
    assert {each["agency"] for each in theirs.ask("/assignments").json()["assignments"]} == {"BYT"}
    assert [each["agency"] for each in theirs.ask("/status").json()["agencies"]] == ["BYT"]
    assert theirs.ask("/status").json()["totals"]["total"] == 2
    for path in ("/assignments?agency=BTC", "/status?agency=BTC", "/assignments/07-CT-TTg.1.BTC"):
        assert theirs.ask(path).status_code == 404, path
    assert theirs.ask("/editions").status_code == 403
    assert theirs.ask("/batches").json()["batches"] == []


def test_a_program_that_may_read_sends_nothing(anybody: Program) -> None:
    answer = anybody.ask("/workbooks", "POST", files={"file": ("x.xlsx", b"x")})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_in_scope")


def test_a_workbook_is_recorded_once_and_listed(desk: Desk) -> None:
    program = Program(desk, Scope.UPLOAD)
    (first,) = sent(program, HEALTH.read_bytes())
    (again,) = sent(program, HEALTH.read_bytes())
    assert (first["outcome"], first["new"], again["outcome"]) == ("recorded", 4, "unchanged")
    (listed,) = program.ask("/batches").json()["batches"]
    assert (listed["batch"], listed["sha256"], listed["undone_at"]) == (first["batch"], first["sha256"], None)
    with desk.store.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "api_client.sent")).all()
    assert [(entry.by, entry.subject) for entry in entries] == [("upload-", str(first["batch"]))]


def test_a_batch_whose_sender_cannot_be_audited_is_not_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry stands with the batch, or neither does."""

    def broken(*_about: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(uploading, "note_sent", broken)
    program = Program(desk, Scope.UPLOAD)
    with pytest.raises(AssertionError, match='"failed"'):
        sent(program, HEALTH.read_bytes())
    monkeypatch.undo()
    assert program.ask("/batches").json()["batches"] == []
    assert sent(program, HEALTH.read_bytes())[0]["outcome"] == "recorded"


def test_what_is_no_workbook_is_rejected_with_a_problem(desk: Desk) -> None:
    program = Program(desk, Scope.UPLOAD)
    for content in (b"", b"not a workbook", b"PK\x03\x04 broken"):
        (answer,) = sent(program, content, name="../../<b>.xlsx")
        assert (answer["outcome"], answer["batch"], answer["file"]) == ("rejected", None, "<b>.xlsx")
        assert answer["problems"][0]["severity"] == "stops"


def test_a_program_of_one_agency_gives_no_work(desk: Desk) -> None:
    (answer,) = sent(Program(desk, Scope.UPLOAD, "BYT"), HEALTH.read_bytes())
    assert (answer["outcome"], answer["problems"][0]["code"]) == ("rejected", "may_only_report")


def test_a_program_that_asks_too_often_waits(anybody: Program, desk: Desk) -> None:
    at = [NOW]
    anybody.browser = Browser(create_app(replace(desk, now=lambda: at[0])))
    for _ in range(REQUESTS_A_MINUTE):
        anybody.browser.app.state.pace.keep(1, at[0])
    answer = anybody.ask("/milestones")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    at[0] += timedelta(minutes=1)
    assert anybody.ask("/milestones").status_code == 200


def test_editions_are_listed_with_the_digests_of_their_files(desk: Desk) -> None:
    with desk.store.writing() as session:
        edition = Edition(
            code="2025-08/1", month="2025-08", cutoff=date(2025, 8, 25), meeting=date(2025, 9, 3), known_at=NOW,
            created_at=NOW, version="0.1.0", facts={"secret": "x"}, facts_sha256="f" * 64, state="final",
        )  # fmt: skip
        session.add(edition)
        session.flush()
        assert edition.id
        session.add(EditionFile(edition_id=edition.id, name="2025-08-1.pdf", sha256="a" * 64, size=9))
    (found,) = Program(desk).ask("/editions").json()["editions"]
    assert (found["code"], found["state"]) == ("2025-08/1", "final")
    assert found["files"] == [{"name": "2025-08-1.pdf", "sha256": "a" * 64, "size": 9}]
    assert "facts" not in found


def test_hostile_cells_are_values(desk: Desk) -> None:
    book = openpyxl.load_workbook(HEALTH)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and len(cell.value) > 60:
                cell.value += " <script>alert(1)</script> {{7*7}} ' OR 1=1 --"
    content = BytesIO()
    book.save(content)
    program = Program(desk, Scope.UPLOAD)
    (answer,) = sent(program, content.getvalue())
    assert answer["outcome"] == "recorded"
    assert "<script>" in program.ask("/assignments").json()["assignments"][0]["task"]


def test_half_a_letter_in_a_json_is_refused_with_its_sentence(desk: Desk) -> None:
    (answer,) = sent(Program(desk, Scope.UPLOAD), b'{"format": "dondoc-\\ud800", "version": 1}', "tep.json")
    assert (answer["outcome"], [each["code"] for each in answer["problems"]]) == ("rejected", ["open_not_json"])


def sent(program: Program, content: bytes, name: str = "bo-y-te.xlsx") -> list[dict[str, Any]]:
    answer = program.ask("/workbooks", "POST", files={"file": (name, content)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["batches"])
