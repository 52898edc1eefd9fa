"""The accountable agency hands shares down to its units and says how far they are; nobody else does or may."""

import re
from datetime import date

import httpx
import pytest
from sqlmodel import col, func, select

from decisions import Confirm, HandDown, decide, hand_down
from models import Store
from models.assignment_tables import Assignment
from models.handed_tables import HandedDown, HandedReport
from models.outcome_tables import AuditEntry
from portal.desk import Desk
from rules.access import Role
from tests.portal.acting_office import CLAIMED, ELSEWHERE, LATE, OTHERS, open_office
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn
from tests.portal.sending import plain

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 {{7*7}} '; DROP TABLE handed_down; --\r\nBcc: x@y.vn"
SHARE = {"unit": "Vụ Pháp chế", "due_on": "2025-09-30", "text": "Xây dựng dự thảo", "product": "Dự thảo"}
DONE = {"state": "done", "on": "2025-09-05", "completed_on": "2025-09-04", "evidence": "12/BC-PC", "text": "đã trình"}
BACK = {"state": "taken_back", "on": "2025-09-05", "text": "giao nhầm"}
OWN = [(Role.FOCAL_POINT, "BYT"), (Role.LEADER, "BYT")]
FOREIGN = [
    (Role.FOCAL_POINT, "BTC", 404), (Role.LEADER, "BTC", 404), (Role.LEADER, "", 403), (Role.SECRETARIAT, "", 403),
    (Role.OPS, "", 403), (Role.AUDITOR, "", 403), (Role.ADMINISTRATOR, "", 403),
]  # fmt: skip


@pytest.fixture
def office(desk: Desk) -> Store:
    """Open the office: the ministry of health answers for four assignments, of finance for one."""
    open_office(desk.store)
    return desk.store


def hand(browser: Browser, given: dict[str, str], code: str = ELSEWHERE) -> httpx.Response:
    form = {f"hand_down-{name}": value for name, value in given.items()}
    return browser.send("/password", f"/assignments/{code}/hand-down", at="hand_down", **form)


def tell(browser: Browser, given: dict[str, str], share: str = f"{ELSEWHERE}/shares/1", **more: str) -> httpx.Response:
    form = {f"report_handed-{name}": value for name, value in given.items()}
    return browser.send("/password", f"/assignments/{share}", at="report_handed", **form, **more)


def handed(store: Store, unit: str, due: date, *, code: str = ELSEWHERE, agency: str = "BYT") -> None:
    action = HandDown(code=code, unit=unit, due_on=due, reason="theo kế hoạch")
    (outcome,) = hand_down([action], agency=agency, store=store, by="Chánh Văn phòng", now=NOW)
    assert outcome.outcome == "recorded", outcome.message


def stored(store: Store) -> tuple[int, int]:
    """Count the shares and the reports of them."""
    with store.reading() as session:
        shares = session.exec(select(func.count()).select_from(HandedDown)).one()
        return shares, session.exec(select(func.count()).select_from(HandedReport)).one()


@pytest.mark.parametrize(("role", "agency"), OWN)
def test_the_accountable_agency_hands_down_once_however_often_it_presses(
    sign_in: SignIn, office: Store, role: Role, agency: str
) -> None:
    browser = sign_in(role, agency)
    said = []
    for _ in range(2):
        answer = hand(browser, SHARE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/assignments/{ELSEWHERE}#shares")
        page = browser.get(f"/assignments/{ELSEWHERE}").text
        assert page.count("outcome-title") == 2, "said once, where the shares stand"
        assert page.index('id="shares"') < page.index('id="outcome-title"') < page.index('id="shares-title"')
        said.append(plain(page))
    assert "Đã ghi nhận: giao lại cho đơn vị (nhật ký số" in said[0]
    assert "đã được ghi nhận trước đó: giao lại cho đơn vị" in said[1]
    assert "0/1 phần việc đã xong, 0 quá hạn" in said[1]
    assert stored(office) == (1, 0)
    with office.reading() as session:
        share = session.exec(select(HandedDown)).one()
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (share.code, share.agency_code, share.due_on) == (f"{ELSEWHERE}/1", "BYT", date(2025, 9, 30))
    assert (share.unit, share.text, share.product) == (SHARE["unit"], SHARE["text"], SHARE["product"])
    assert entry is not None
    by = f"Post of {role}-{agency} ({role}-{agency})"
    assert (entry.action, entry.subject, entry.by) == ("decide.hand_down", share.code, by)


def test_without_words_of_its_own_a_share_is_worded_as_the_assignment(sign_in: SignIn, office: Store) -> None:
    assert hand(sign_in(Role.FOCAL_POINT, "BYT"), {**SHARE, "text": " "}).status_code == 303
    with office.reading() as session:
        assert session.exec(select(HandedDown.text)).one().startswith("Nhiệm vụ")


def test_nobody_else_hands_down_or_tells_of_a_share(sign_in: SignIn, office: Store) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30))
    before = stored(office)
    for role, agency, status in FOREIGN:
        browser = sign_in(role, agency)
        paths = (f"/assignments/{ELSEWHERE}/hand-down", f"/assignments/{ELSEWHERE}/shares/1")
        answers = [hand(browser, SHARE), tell(browser, DONE), *map(browser.get, paths)]
        statuses = {answer.status_code for answer in answers}
        assert (role, agency, statuses, stored(office)) == (role, agency, {status}, before)


REFUSED = [
    ({}, "Chưa điền mục này"),
    ({**SHARE, "unit": " "}, "Chưa điền mục này"),
    ({**SHARE, "due_on": "mai"}, "Giá trị này không đúng"),
    ({**SHARE, "due_on": "2025-01-01"}, "trước ngày nhiệm vụ"),
    ({**SHARE, "due_on": "2026-01-05"}, "sau hạn hiệu lực của nhiệm vụ (31/12/2025)"),
]


def test_a_refused_share_is_said_and_what_was_typed_is_kept(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    for given, said in REFUSED:
        answer = hand(browser, given)
        assert (said, answer.status_code, stored(office)) == (said, 422, (0, 0))
        page = answer.text
        assert said in page
        typed = [value for value in given.values() if value.strip()]
        assert [each for each in typed if f'value="{each}"' not in page and f">{each}</text" not in page] == []
    reasoned = {**SHARE, "due_on": "2026-01-05", "reason": "chờ Luật có hiệu lực"}
    assert (hand(browser, reasoned).status_code, stored(office)) == (303, (1, 0))


def test_a_share_is_told_of_and_told_the_same_again_changes_nothing(sign_in: SignIn, office: Store) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30))
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    form = browser.get(f"/assignments/{ELSEWHERE}/shares/1").text
    assert "Vụ Pháp chế" in form
    assert 'name="report_handed-state" value="taken_back"' in form
    for _ in range(2):
        answer = tell(browser, DONE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/assignments/{ELSEWHERE}#shares")
        assert stored(office) == (1, 1)
    page = plain(browser.get(f"/assignments/{ELSEWHERE}").text)
    assert "1/1 phần việc đã xong" in page
    assert "xong đúng hạn" in page
    with office.reading() as session:
        said = session.exec(select(HandedReport)).one()
    assert (said.state, said.completed_on, said.evidence, said.text) == (
        "done", date(2025, 9, 4), DONE["evidence"], DONE["text"],
    )  # fmt: skip


def test_a_report_that_says_too_little_is_refused_and_kept(sign_in: SignIn, office: Store) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30))
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    for given, said in (
        ({"evidence": "12/BC-PC"}, "Chưa điền mục này"),
        ({**DONE, "state": "lost"}, "Giá trị này không đúng"),
        ({**DONE, "on": "2025-09-06"}, "ở sau hôm nay"),
        ({**DONE, "completed_on": "2025-09-06"}, "ở sau hôm nay"),
        ({"state": "taken_back", "evidence": "12/BC-PC"}, "Chưa có lý do"),
    ):
        answer = tell(browser, given)
        assert (said, answer.status_code, stored(office)) == (said, 422, (1, 0))
        assert said in answer.text
        assert 'value="12/BC-PC"' in answer.text
        checked = f'value="{given.get("state")}" checked'
        assert (checked in answer.text) is (given.get("state") in {"done", "taken_back"})


def test_a_share_taken_back_stands_no_more_and_a_second_press_finds_nothing_to_do(
    sign_in: SignIn, office: Store
) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30))
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    for _ in range(2):
        answer = tell(browser, BACK)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/assignments/{ELSEWHERE}#shares")
        assert stored(office) == (1, 1)
    assert browser.get(f"/assignments/{ELSEWHERE}/shares/1").status_code == 303
    assert "Chưa giao lại phần việc nào" in browser.get(f"/assignments/{ELSEWHERE}").text
    assert "Vụ Pháp chế" not in browser.get("/agencies/BYT/shares").text


@pytest.mark.parametrize("share", [f"{ELSEWHERE}/shares/2", f"{LATE}/shares/1", f"{OTHERS}/shares/1", "x/shares/1"])
def test_a_share_never_handed_down_is_no_page(sign_in: SignIn, office: Store, share: str) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30))
    handed(office, "Vụ Ngân sách", date(2025, 9, 30), code=OTHERS, agency="BTC")
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    assert {browser.get(f"/assignments/{share}").status_code, tell(browser, DONE, share).status_code} == {404}


def test_the_list_has_the_latest_first_and_says_how_many_are_done(sign_in: SignIn, office: Store) -> None:
    for unit, due, code in (
        ("Vụ Pháp chế", date(2025, 9, 30), CLAIMED), ("Cục An toàn thực phẩm", date(2025, 8, 29), ELSEWHERE),
        ("Văn phòng Bộ", date(2025, 8, 15), LATE), ("Vụ Pháp chế", date(2025, 9, 30), LATE),
    ):  # fmt: skip
        handed(office, unit, due, code=code)
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    assert tell(browser, DONE, f"{CLAIMED}/shares/1").status_code == 303
    confirmed = Confirm(code=CLAIMED, on=ON_5_SEPTEMBER, reason="đủ văn bản")
    assert decide(confirmed, store=office, by="VPCP", now=NOW).outcome == "recorded"
    handed(office, "Thanh tra Bộ", date(2025, 9, 30), code=CLAIMED)
    page = browser.get("/agencies/BYT/shares").text
    shares = re.findall(r'<span class="source">([^<]+/\d)</span>', page)
    assert shares == [f"{LATE}/1", f"{LATE}/2", f"{ELSEWHERE}/1", f"{CLAIMED}/2", f"{CLAIMED}/1"]
    words = plain(page)
    assert "5 phần việc của 3 nhiệm vụ, tính đến ngày 05/09/2025: 1 đã xong, 2 quá hạn" in words
    assert "0/2 đã xong, 1 quá hạn" in words
    assert "chậm 3 ngày làm việc" in words, "due on 29 August; 1 and 2 September are days off"
    assert f"{CLAIMED}: báo cáo hoàn thành khi còn 1 phần việc chưa xong" in words
    for code in (LATE, ELSEWHERE, CLAIMED):
        assert f'href="/assignments/{code}"' in page
    for link in re.findall(r'href="(/assignments/[^"]+/shares/[^"]+)"', page):
        assert browser.get(link).status_code == 200


LISTED = [
    ("unit=phap+che", {f"{LATE}/1"}), ("unit=Pháp+chế&state=overdue", set()), ("state=overdue", {f"{ELSEWHERE}/1"}),
    ("state=nonsense", {f"{LATE}/1", f"{ELSEWHERE}/1"}), ("as_of=2025-08-29&state=overdue", set()),
]  # fmt: skip


def test_the_url_says_of_which_unit_and_state_shares_are_listed(sign_in: SignIn, office: Store) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 9, 30), code=LATE)
    handed(office, "Cục Quản lý dược", date(2025, 8, 29))
    browser = sign_in(Role.LEADER, "BYT")
    for query, shares in LISTED:
        page = browser.get(f"/agencies/BYT/shares?{query}").text
        assert (query, set(re.findall(r'<span class="source">([^<]+/\d)</span>', page))) == (query, shares)


def test_a_form_reached_from_the_list_leads_back_to_it(sign_in: SignIn, office: Store) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 8, 29))
    browser, here = sign_in(Role.FOCAL_POINT, "BYT"), "/agencies/BYT/shares?unit=phap"
    link = re.search(r'href="(/assignments/[^"]+/shares/1\?[^"]+)"', browser.get(here).text)
    assert link
    back = re.search(r'name="back" value="([^"]+)"', browser.get(link[1]).text)
    assert back
    answer = tell(browser, DONE, back=back[1].replace("&amp;", "&"))
    assert answer.headers["location"].startswith(here)
    assert "Đã ghi nhận: tiến độ phần việc của đơn vị" in browser.get("/agencies/BYT/shares").text


def test_shares_are_listed_for_those_who_see_the_agency_and_told_of_by_itself_alone(
    sign_in: SignIn, office: Store
) -> None:
    handed(office, "Vụ Pháp chế", date(2025, 8, 29))
    for role, agency, status, forms in (
        (Role.FOCAL_POINT, "BYT", 200, True), (Role.LEADER, "BYT", 200, True), (Role.SECRETARIAT, "", 200, False),
        (Role.LEADER, "", 200, False), (Role.AUDITOR, "", 200, False), (Role.FOCAL_POINT, "BTC", 404, False),
        (Role.LEADER, "BTC", 404, False),
    ):  # fmt: skip
        browser = sign_in(role, agency)
        answer = browser.get("/agencies/BYT/shares")
        found = (answer.status_code, "Vụ Pháp chế" in answer.text, "/shares/1" in answer.text)
        assert (role, agency, *found) == (role, agency, status, status == 200, forms)
        linked = [f'href="{path}"' in browser.get(page).text for page, path in (
            ("/", f"/agencies/{agency}/shares"), (f"/assignments/{ELSEWHERE}", f"/assignments/{ELSEWHERE}/hand-down"),
        )]  # fmt: skip
        assert (role, agency, linked) == (role, agency, [bool(agency), forms])
    assert sign_in(Role.OPS).get("/agencies/XXX/shares").status_code == 404


def test_what_passed_to_another_agency_is_listed_and_leads_nowhere(sign_in: SignIn, office: Store) -> None:
    with office.writing() as session:
        assignment = session.exec(select(Assignment.id).where(Assignment.code == ELSEWHERE)).one()
        share = HandedDown(
            code=f"{ELSEWHERE}/1", assignment_id=assignment or 0, agency_code="BTC", unit="Vụ Ngân sách",
            text="Cấp vốn", due_on=date(2025, 8, 29), decided_by="Chánh Văn phòng", recorded_at=NOW,
        )  # fmt: skip
        session.add(share)
    page = sign_in(Role.FOCAL_POINT, "BTC").get("/agencies/BTC/shares").text
    assert "Cơ quan nay không còn chịu trách nhiệm" in page
    assert f'href="/assignments/{ELSEWHERE}' not in page
    own = sign_in(Role.FOCAL_POINT, "BYT")
    assert own.get(f"/assignments/{ELSEWHERE}/shares/1").status_code == 404
    assert "Chưa giao lại phần việc nào" in own.get(f"/assignments/{ELSEWHERE}").text


def test_hostile_words_are_text_on_every_page(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    given = {**SHARE, "unit": HOSTILE, "text": HOSTILE, "product": HOSTILE, "reason": HOSTILE}
    refused = hand(browser, {**given, "due_on": HOSTILE})
    assert hand(browser, {**given, "due_on": "2026-01-05"}).status_code == 303
    assert tell(browser, {**DONE, "state": "open", "evidence": HOSTILE, "text": HOSTILE}).status_code == 303
    pages = ("/agencies/BYT/shares", f"/assignments/{ELSEWHERE}", f"/assignments/{ELSEWHERE}/shares/1")
    for page in (refused.text, *(browser.get(path).text for path in pages)):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{7*7}}" in page
    assert browser.get(f"/agencies/BYT/shares?unit={HOSTILE[:40]}").status_code == 200
    assert stored(office) == (1, 1)
