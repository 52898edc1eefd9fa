"""The reports' room: made in the background, approved by a post, given out byte for byte, never rewritten."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from sqlmodel import col, select, update

from models import Store
from models.assignment_tables import Progress
from models.edition_tables import Edition, EditionFile
from models.outcome_tables import AuditEntry
from portal.app import create_app
from portal.desk import Desk
from reports.editions import edition_named, heads_of
from reports.sending import record_sending
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn, open_account

MONTH = "2025-08"
HOSTILE = "<script>alert(1)</script> {{7*7}}"


@pytest.fixture
def office(store: Store) -> Store:
    """Give a register of late and of done work."""
    with store.writing() as session:
        world = World(session)
        late, done = world.duty("BYT", "BTC", due=date(2025, 7, 31))
        world.report(late, date(2025, 8, 1), done=True)
        world.report(done, date(2025, 8, 4), evidence=date(2025, 7, 30))
    return store


def make(browser: Browser, state: str, **more: str) -> str:
    """Have an edition made and wait for it; return the page of the run."""
    sent = browser.send("/editions/new", "/editions", month=MONTH, state=state, **more)
    assert sent.status_code == 303, sent.text
    return finished(browser, sent.headers["location"])


def finished(browser: Browser, run: str) -> str:
    """Look at a run until it is finished."""
    for _ in range(300):
        page = browser.get(run).text
        if "hx-get" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError(page)


def approval(browser: Browser, **more: str) -> dict[str, str]:
    """Return the form of the review page, filled in."""
    page = browser.get(f"/editions/final?month={MONTH}").text
    found = re.search(r'name="known_at" value="([^"]+)"', page)
    known_at = found[1].replace("&#43;", "+") if found else ""
    return {"month": MONTH, "known_at": known_at, "approved_by": "Bộ trưởng, Chủ nhiệm", "confirmed": "yes", **more}


def codes(store: Store) -> list[tuple[str, str]]:
    """Return the editions with their states, oldest first."""
    return [(head.code, head.state) for head in reversed(heads_of(store))]


def test_a_month_goes_from_draft_to_final(sign_in: SignIn, desk: Desk, office: Store) -> None:
    browser = sign_in(Role.SECRETARIAT)
    assert f"{MONTH}/1" in make(browser, "draft")
    assert "không lập bản mới" in make(browser, "draft"), "the same facts make no second edition"
    unread = browser.send("/editions/new", "/editions/final", **approval(browser))
    assert (unread.status_code, codes(office)) == (422, [(f"{MONTH}/1", "draft")])
    make(browser, "submitted")
    before = {path.name: path.read_bytes() for path in desk.reports.iterdir()}
    sent = browser.send("/editions/new", "/editions/final", **approval(browser, reason=HOSTILE))
    assert f"{MONTH}/3" in finished(browser, sent.headers["location"])
    assert codes(office) == [(f"{MONTH}/1", "draft"), (f"{MONTH}/2", "submitted"), (f"{MONTH}/3", "final")]
    assert {name: (desk.reports / name).read_bytes() for name in before} == before
    page = browser.get(f"/editions/{MONTH}/3").text
    assert "Bộ trưởng, Chủ nhiệm" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page
    assert "<script>alert" not in page
    with office.reading() as session:
        audited = select(AuditEntry).where(AuditEntry.action == "edition.write").order_by(col(AuditEntry.id))
        entries = session.exec(audited).all()
    assert [(entry.subject, entry.by, entry.detail["approved_by"]) for entry in entries] == [
        (f"{MONTH}/{number}", "Post of secretariat-all (secretariat-all)", by)
        for number, by in ((1, ""), (2, ""), (3, "Bộ trưởng, Chủ nhiệm"))
    ]
    back = browser.send("/editions/new", "/editions/final", **approval(browser, confirmed=""))
    assert (back.status_code, len(codes(office))) == (422, 3)
    assert browser.send("/editions", "/editions", month=MONTH, state="draft").status_code == 422


def test_what_was_read_is_what_becomes_final(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.SECRETARIAT)
    make(browser, "submitted")
    form = approval(browser)
    for known_at in ("", "mai", "2025-09-05T08:00", (NOW + timedelta(minutes=1)).isoformat(),
                     (NOW - timedelta(days=2)).isoformat()):  # fmt: skip
        answer = browser.send("/editions/new", "/editions/final", **{**form, "known_at": known_at})
        assert (known_at, answer.status_code, len(codes(office))) == (known_at, 422, 1)
    for name in ("approved_by", "confirmed"):
        answer = browser.send("/editions/new", "/editions/final", **{**form, name: " "})
        assert (name, answer.status_code, len(codes(office))) == (name, 422, 1)
    sent = browser.send("/editions/new", "/editions/final", **form)
    finished(browser, sent.headers["location"])
    with office.reading() as session:
        final = session.exec(select(Edition).where(Edition.state == "final")).one()
    assert final.known_at.isoformat() == form["known_at"]


def test_a_file_is_given_as_it_was_made_or_not_at_all(sign_in: SignIn, desk: Desk, office: Store) -> None:
    browser = sign_in(Role.SECRETARIAT)
    make(browser, "draft")
    with office.reading() as session:
        files = session.exec(select(EditionFile)).all()
    assert {file.name.rpartition(".")[2] for file in files} == {"docx", "pdf", "xlsx", "json", "csv"}
    for file in files:
        answer = browser.get(f"/editions/{MONTH}/1/{file.name}")
        assert hashlib.sha256(answer.content).hexdigest() == file.sha256
        said = answer.headers["content-disposition"]
        assert said.startswith(f'attachment; filename="{file.name}"; ')
        assert unquote(said.partition("UTF-8''")[2]).startswith("Báo cáo tháng 8-2025, bản 1 (dự thảo).")
        assert answer.headers["x-content-type-options"] == "nosniff"
    paper = desk.reports / f"bao-cao-{MONTH}-1.docx"
    paper.write_bytes(paper.read_bytes() + b"x")
    assert "đã bị sửa" in browser.get(f"/editions/{MONTH}/1/{paper.name}").text
    assert browser.get(f"/editions/{MONTH}/1/{paper.name}").status_code == 409
    paper.unlink()
    assert browser.get(f"/editions/{MONTH}/1/{paper.name}").status_code == 404
    for name in ("../../dondoc.db", "..%2F..%2Fdondoc.db", "%2Fetc%2Fpasswd", f"bao-cao-{MONTH}-2.docx", "x.exe"):
        assert browser.get(f"/editions/{MONTH}/1/{name}").status_code == 404


def test_two_editions_are_told_apart(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.SECRETARIAT)
    make(browser, "draft")
    with office.writing() as session:
        session.execute(update(Progress).values(evidence_number="12/BC-BYT", evidence_on=date(2025, 8, 20)))
    make(browser, "draft")
    page = browser.get(f"/editions/compare?a={MONTH}/1&b={MONTH}/2").text
    assert "Từ bản 2025-08/1 sang bản 2025-08/2" in page
    assert "Tiếp theo bản 2025-08/1" in browser.get("/editions").text
    assert "Thay đổi so với bản 2025-08/1" in browser.get(f"/editions/{MONTH}/2").text
    assert "có cùng nội dung" in browser.get(f"/editions/compare?a={MONTH}/1&b={MONTH}/1").text
    assert browser.get(f"/editions/compare?a={MONTH}/1&b={MONTH}/9").status_code == 404


def test_who_reads_and_who_makes_editions(sign_in: SignIn, office: Store) -> None:
    make(sign_in(Role.SECRETARIAT), "draft")
    made = codes(office)
    for role, agency, reads in (
        (Role.LEADER, "", 200), (Role.OPS, "", 200), (Role.AUDITOR, "", 200), (Role.LEADER, "BYT", 403),
        (Role.FOCAL_POINT, "BYT", 403), (Role.ADMINISTRATOR, "", 403),
    ):  # fmt: skip
        browser = sign_in(role, agency)
        paths = ("/editions", f"/editions/{MONTH}/1", f"/editions/{MONTH}/1/bao-cao-{MONTH}-1.csv", "/editions/compare")
        assert (role, agency, {browser.get(path).status_code for path in paths}) == (role, agency, {reads})
        for path in ("/editions", "/editions/final"):
            form = {"month": MONTH, "state": "submitted", "confirmed": "yes", "approved_by": "x"}
            assert browser.send("/password", path, **form).status_code == 403
        assert {browser.get(path).status_code for path in ("/editions/new", "/editions/final")} == {403}
    assert codes(office) == made


def test_a_month_or_state_that_means_nothing_is_said(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.SECRETARIAT)
    for form in ({"month": "2025-13", "state": "draft"}, {"month": HOSTILE, "state": "draft"},
                 {"month": MONTH, "state": "final"}, {"month": MONTH, "state": "x"}):  # fmt: skip
        answer = browser.send("/editions/new", "/editions", **form)
        assert (form, answer.status_code, codes(office)) == (form, 422, [])
        assert "<script>alert" not in answer.text
    assert browser.get("/editions/runs/unknown").headers["location"] == "/editions"


def test_a_final_edition_goes_to_the_list_and_again_to_those_it_did_not_reach(desk: Desk, office: Store) -> None:
    asked = list[str]()

    def send(code: str) -> Mapping[str, int]:
        asked.append(code)
        record_sending(office, edition_named(office, code), "a@b.vn", now=NOW, channel="x", outcome="failed_temporary")
        return {"failed_temporary": 1}

    open_account(office, "van-thu", Role.SECRETARIAT)
    browser = Browser(create_app(replace(desk, send_edition=send)))
    browser.request("POST", "/sign-in", data={"name": "van-thu", "password": PASSWORD})
    make(browser, "submitted")
    final = browser.send("/editions/new", "/editions/final", **approval(browser))
    assert "1 địa chỉ chưa đến" in finished(browser, final.headers["location"])
    assert browser.send(f"/editions/{MONTH}/2", f"/editions/{MONTH}/2/send").status_code == 303
    assert asked == [f"{MONTH}/2"] * 2
    assert "1 địa chỉ chưa đến" in browser.get(f"/editions/{MONTH}/2").text
    assert browser.send("/editions/new", f"/editions/{MONTH}/1/send").status_code == 404


def test_a_making_that_a_restart_interrupted_says_so_and_offers_to_make_it_again(desk: Desk, office: Store) -> None:
    open_account(office, "van-thu", Role.SECRETARIAT)
    browsers = [Browser(create_app(desk)) for _ in range(2)]
    for browser in browsers:
        browser.request("POST", "/sign-in", data={"name": "van-thu", "password": PASSWORD})
    run = browsers[0].send("/editions/new", "/editions", month=MONTH, state="draft").headers["location"]
    lost = browsers[1].get(run.replace(".draft.", ".submitted.")).text
    assert "gián đoạn" in lost
    assert f"/editions/new?month={MONTH}" in lost
    finished(browsers[0], run)
    assert f"/editions/{MONTH}/1" in browsers[1].get(run).text
    for name in ("unknown", f"{MONTH}.no.1.x", f"{MONTH}.draft.99999999999.x", "2025-13.draft.1.x"):
        assert browsers[0].get(f"/editions/runs/{name}").headers["location"] == "/editions"
