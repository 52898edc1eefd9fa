"""The pages answer what the status query answers, on both databases; whatever stands in a workbook is shown as text."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, update

from models import Store, status_of
from models.assignment_tables import Assignment, TaskRevision
from rules.access import Role
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn
from tests.portal.office import DONE, LATE, fill

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 {{7*7}} ../../etc/passwd"
PAGES = (
    "/", "/assignments", f"/assignments/{LATE}", "/agencies", "/agencies/BYT", "/milestones/2025-Q2", "/people",
)  # fmt: skip


@pytest.fixture
def browser(store: Store, sign_in: SignIn) -> Browser:
    """Give the secretariat's browser over the small register."""
    fill(store)
    return sign_in(Role.SECRETARIAT)


def words_of(page: str) -> str:
    """Return the words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_first_page_says_how_many_whose_and_how_long(browser: Browser) -> None:
    page = browser.get("/").text
    assert "đến ngày 05/09/2025" in page
    assert "<strong>2</strong>" in page
    assert "<strong>Bộ Y tế</strong>" in page
    assert "<strong>47</strong>" in page, "30 June to 5 September is 47 working days"
    assert "trong tổng số 4" in page


@pytest.mark.parametrize(
    ("as_of", "late"), [("2025-06-30", 0), ("2025-07-01", 1), ("2025-09-03", 1), ("2025-09-04", 2)]
)
def test_the_day_can_be_changed(browser: Browser, as_of: str, late: int) -> None:
    assert f"<strong>{late}</strong>" in browser.get("/", params={"as_of": as_of}).text


def test_the_first_page_says_what_changed_and_each_number_opens_its_rows(browser: Browser) -> None:
    page = browser.get("/", params={"as_of": "2025-09-04"})
    assert "1 nhiệm vụ mới quá hạn" in page.text
    assert "1 nhiệm vụ mới hoàn thành" in browser.get("/", params={"as_of": "2025-09-03"}).text
    assert LATE in browser.get("/assignments?as_of=2025-09-04&changed=newly_late").text
    done = browser.get("/assignments?as_of=2025-09-03&changed=done").text
    assert (DONE in done, LATE in done) == (True, False)


def test_what_was_recorded_today_is_new_today(store: Store, sign_in: SignIn) -> None:
    world, browser = fill(store), sign_in(Role.SECRETARIAT)
    assert "0 nhiệm vụ mới giao" in browser.get("/").text
    with store.writing() as session:
        world.session = session
        world.batch = world.new_batch(datetime(2025, 9, 5, 2, tzinfo=UTC))
        world.duty("BNV", due=date(2025, 12, 31))
    assert ">07-CT-TTg.4.BNV</a>" in browser.get("/assignments?changed=new").text
    assert "1 nhiệm vụ mới giao" in browser.get("/").text


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.AUDITOR, Role.LEADER])
def test_every_link_of_the_looking_pages_leads_somewhere(store: Store, sign_in: SignIn, role: Role) -> None:
    fill(store)
    browser = sign_in(role, "BYT" if role is Role.LEADER else "")
    seen, waiting = set[str](), ["/", "/people"]
    while waiting:
        path = waiting.pop()
        response = browser.get(path)
        assert response.status_code == 200, path
        seen.add(path)
        main = response.text.partition("<main")[2]
        links = {part.split('"')[0].replace("&amp;", "&") for part in main.split('href="')[1:]}
        ours = {link for link in links if re.match(r"/($|\?|assignments|agencies|milestones|people)", link)}
        waiting.extend(ours - seen - set(waiting))
    assert len([path for path in seen if re.match("/assignments/[^?#/]+$", path)]) == (2 if role is Role.LEADER else 4)


def test_the_story_of_one_assignment_ends_in_its_status(browser: Browser) -> None:
    page = browser.get(f"/assignments/{LATE}").text
    assert "quá hạn 2 ngày làm việc" in page
    assert "2 working days late" in page
    assert "bảng quyết định, dòng 7/9" in page
    assert "1 báo cáo" in words_of(page)


def test_the_story_tells_decisions_and_the_same_work(store: Store, sign_in: SignIn) -> None:
    world, browser = fill(store), sign_in(Role.SECRETARIAT)
    with store.writing() as session:
        world.session = session
        world.decide(1, "extend", date(2025, 9, 1), until=date(2025, 10, 31))
        world.same_work(1, 2)
    page = browser.get(f"/assignments/{LATE}").text
    assert "Gia hạn" in page
    assert "Văn phòng Chính phủ" in page
    assert "/assignments/07-CT-TTg.2.BYT" in page


def test_an_agency_is_told_with_its_denominators_and_movement(browser: Browser, store: Store) -> None:
    page = words_of(browser.get("/agencies/BYT").text)
    rows = status_of(store, as_of=ON_5_SEPTEMBER, known_at=NOW, agency="BYT").rows
    assert f"Tổng số nhiệm vụ All assignments {len(rows)} {len(rows)}" in page
    assert "Quá hạn Overdue 2 2 +1" in page, "one was late a month before"
    assert "07-CT-TTg.2.BYT" in page


def test_a_milestone_says_what_was_known_then_beside_what_is_known_now(store: Store, sign_in: SignIn) -> None:
    world = fill(store)
    with store.writing() as session:
        world.session = session
        told_late = world.new_batch(datetime(2025, 7, 5, tzinfo=UTC))
        world.report(3, date(2025, 7, 5), evidence=date(2025, 6, 27), batch=told_late)
    browser = sign_in(Role.SECRETARIAT)
    page = words_of(browser.get("/milestones/2025-Q2").text)
    assert "Theo dữ liệu hiện có As known now 1 1 0 0" in page
    assert "Theo dữ liệu khi hết ngày 30/06/2025 As known when 30/06/2025 ended 1 0 0 1" in page
    assert browser.get("/milestones/2030-Q9").status_code == 404


def test_people_are_posts_with_work_addresses(store: Store, sign_in: SignIn) -> None:
    fill(store)
    page = sign_in(Role.AUDITOR).get("/people?agency=BYT")
    assert page.status_code == 200
    assert "Bộ Y tế" in page.text
    assert {sign_in(role).get("/people").status_code for role in (Role.OPS, Role.ADMINISTRATOR)} == {403}
    assert sign_in(Role.FOCAL_POINT, "BYT").get("/people").status_code == 403
    own = sign_in(Role.LEADER, "BYT").get("/people?agency=BCA").text.partition("<main")[2]
    assert "Bộ Công an" not in own


@pytest.mark.parametrize("role", [Role.LEADER, Role.FOCAL_POINT])
def test_one_agency_sees_its_own_and_nothing_else(store: Store, sign_in: SignIn, role: Role) -> None:
    fill(store)
    browser = sign_in(role, "BYT")
    for path in (
        "/",
        "/assignments",
        "/assignments?agency=BTC",
        "/agencies",
        "/assignments.csv",
        "/milestones/2025-T8",
    ):
        page = browser.get(path)
        assert DONE not in page.text, path
        assert "Bộ Tài chính" not in page.text.partition("<main")[2], path
    for path in (f"/assignments/{DONE}", "/agencies/BTC", "/assignments/nothing", "/agencies/NOTHING"):
        assert browser.get(path).status_code == 404, path
    assert browser.get(f"/assignments/{LATE}").status_code == 200


def test_what_was_known_then_can_be_asked_on_every_page(browser: Browser) -> None:
    for path in PAGES[:2] + PAGES[3:]:
        page = browser.get(path, params={"known_at": "2025-03-14T00:00", "as_of": "2025-09-04"})
        assert page.status_code == 200, path
        assert "04/09/2025" in page.text
        assert "00:00 14/03/2025" in page.text
        assert LATE not in page.text
    assert browser.get(f"/assignments/{LATE}", params={"known_at": "2025-03-14T00:00"}).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_need_no_script_and_no_style_of_their_own(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert page.status_code == 200
    own = page.text.replace("<script src=", "")
    assert not [word for word in ("<script", "style=", "http://", "https://", "javascript:") if word in own], path
    assert page.text.count("<h1") == 1
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_english_alone_when_asked(browser: Browser, path: str) -> None:
    browser.get("/language/en")
    page = browser.get(path).text
    assert '<html lang="en"' in page
    assert 'class="en"' not in page


def test_every_chart_has_words_and_a_table(browser: Browser) -> None:
    page = browser.get("/").text
    for name in ("chart-late", "chart-agencies"):
        assert f'role="img" aria-labelledby="{name}-title {name}-desc"' in page
    assert '<desc id="chart-late-desc">1–5 ngày làm việc: 1; 6–10 ngày làm việc: 0' in page
    assert page.count("<svg") >= 2


def test_hostile_words_are_shown_as_text(store: Store, sign_in: SignIn) -> None:
    fill(store)
    with store.writing() as session:
        session.execute(update(TaskRevision).values(text=HOSTILE, deadline_text=HOSTILE, section=HOSTILE))
    browser = sign_in(Role.SECRETARIAT)
    for path in ("/assignments", f"/assignments/{LATE}", "/agencies/BYT"):
        page = browser.get(path, params={"q": HOSTILE.split(maxsplit=1)[0]} if path == "/assignments" else {}).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page, path
        assert "{{7*7}}" in page, path


def test_a_recurring_duty_names_its_period_in_words(store: Store, sign_in: SignIn) -> None:
    fill(store)
    with store.writing() as session:
        session.execute(update(Assignment).where(col(Assignment.code) == LATE).values(period="2025-08"))
    browser = sign_in(Role.SECRETARIAT)
    page = browser.get("/assignments").text
    assert "kỳ tháng 8/2025" in page
    assert page.count("kỳ tháng") == 1
    assert "kỳ tháng 8/2025" in browser.get(f"/assignments/{LATE}").text
    browser.get("/language/en")
    assert "for month 8/2025" in browser.get("/assignments").text


def test_another_host_name_is_not_answered(browser: Browser) -> None:
    """A page elsewhere that points its name at this machine must not read it."""
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/assignments", "/agencies", "/people", f"/assignments/{LATE}"])
def test_nothing_can_be_written_where_one_looks(browser: Browser, path: str) -> None:
    assert {browser.request(method, path).status_code for method in ("POST", "PUT", "PATCH", "DELETE")} == {405}
