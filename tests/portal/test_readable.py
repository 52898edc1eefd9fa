"""Pages speak of work, people and days: no code alone, no raw record, a page at a time."""

import re

from models import Store
from models.outcome_tables import AuditEntry
from portal.desk import Desk
from portal.operations.told import action_words, detail_lines
from portal.pages import Words
from rules.access import Role
from tests.portal.acting_office import CLAIMED, open_office
from tests.portal.conftest import NOW, SignIn
from tests.portal.office import fill
from tests.portal.sending import plain

MANY = re.compile(r"\b1 (?:open )?(?:assignments|items|agencies|reports|obstacles|notices|letters)\b")
LONGEST = "07-CT-TTg.2.BYT"


def test_the_first_page_names_the_work_and_whose_it_is(store: Store, sign_in: SignIn) -> None:
    fill(store)
    page = sign_in(Role.SECRETARIAT).get("/").text
    longest = re.search(r'<a class="govuk-link" href="/assignments/([^"?]+)[^"]*"><strong>(.*?)</li>', page, re.DOTALL)
    assert longest
    assert longest[1] == LONGEST
    words = plain(f"<li>{longest[2]}")
    assert "Nhiệm vụ" in words.replace("nhiệm vụ", "")
    assert "Bộ Y tế: Nhiệm vụ" in words


def test_a_story_is_headed_by_its_work_and_tells_why_before_it_asks(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    page = sign_in(Role.SECRETARIAT).get(f"/assignments/{CLAIMED}").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert heading
    words = plain(heading[1])
    assert CLAIMED in words
    assert not words.endswith(CLAIMED)
    assert page.index('id="why"') < page.index('id="acting-title"') < page.index('id="progress"')
    assert 'href="#acting-title"' in page[: page.index('id="why"')]
    forms = page[page.index('id="acting-title"') : page.index('id="progress"')]
    assert forms.count("<form") == forms.count("<details") > 3
    assert "<details open" not in forms


def test_a_leader_of_all_sees_no_way_to_forms_there_are_not(sign_in: SignIn, desk: Desk) -> None:
    open_office(desk.store)
    assert "#acting-title" not in sign_in(Role.LEADER).get(f"/assignments/{CLAIMED}").text


def test_months_are_written_as_people_write_them(store: Store, sign_in: SignIn) -> None:
    fill(store)
    browser = sign_in(Role.SECRETARIAT)
    assert "Kỳ báo cáo tháng 8 năm 2025" in browser.get("/collecting?month=2025-08").text
    review = browser.get("/editions/final?month=2025-08").text
    assert "duyệt báo cáo tháng 8 năm 2025" in review
    assert "tháng 2025-08" not in review


def test_a_day_to_type_says_its_form(store: Store, sign_in: SignIn) -> None:
    fill(store)
    page = sign_in(Role.SECRETARIAT).get("/").text
    asked = re.search(r'<input[^>]*type="date"[^>]*id="as_of"[^>]*aria-describedby="as_of-hint', page)
    assert asked
    assert "Ngày/tháng/năm, ví dụ 25/10/2026" in page


def test_the_audit_trail_speaks(store: Store, sign_in: SignIn) -> None:
    detail = {"decision": 7, "effective_on": "2025-09-05", "until_on": None, "document": "45/VPCP", "exception": True,
              "reversed": {"new": 0, "reports": 3}, "other": ["<b>", "y"]}  # fmt: skip
    with store.writing() as session:
        session.add(
            AuditEntry(at=NOW, by="Thư ký (a)", action="decide.extend", subject="07-CT-TTg.1.BYT", detail=detail)
        )
    auditor = sign_in(Role.AUDITOR)
    page = auditor.get("/audit").text
    words = plain(page[page.index("<table") :])
    assert "{" not in words
    assert "gia hạn" in words
    for said in ("Có hiệu lực từ", "05/09/2025", "45/VPCP", "Trường hợp đặc biệt", "&lt;b&gt;; y"):
        assert said in words
    assert "Đến hết ngày" not in words, "what is empty is left out"
    assert '<option value="decide.extend">' in page
    assert "decide.extend" in auditor.get("/audit.csv").text, "a file holds the name programs know"


def test_an_action_nobody_worded_stands_as_it_is() -> None:
    assert action_words("decide.confirm") == Words("decision.action_confirm", {})
    assert action_words("sign_in.refused") == Words("operations.action_sign_in_refused", {})
    assert action_words("restore.tested") == "restore.tested"
    assert detail_lines({}) == []


def test_posts_are_listed_a_page_at_a_time(sign_in: SignIn) -> None:
    browser = sign_in(Role.SECRETARIAT)
    first = browser.get("/people").text
    last = re.search(r"trang 1/(\d+)", first)
    assert last
    assert int(last[1]) > 1
    assert 'href="/people?page=2' in first
    second = browser.get("/people?page=2").text
    assert f"trang 2/{last[1]}" in second
    for page in (first, second):
        assert page.count('<tr class="govuk-table__row">') - 1 == 50
    posts = [set(re.findall(r'"source">(\S+@\S+)<', page)) for page in (first, second)]
    assert posts[0].isdisjoint(posts[1])


def test_a_letter_about_no_assignment_counts_no_items(store: Store, sign_in: SignIn) -> None:
    fill(store)
    browser = sign_in(Role.SECRETARIAT)
    browser.send("/collecting?month=2025-08", "/collecting/remind", month="2025-08")
    page = plain(browser.get("/people?agency=BYT").text)
    assert "1 thông báo" in page
    assert "0 mục" not in page


def test_one_is_not_said_as_many(store: Store, sign_in: SignIn) -> None:
    fill(store)
    browser = sign_in(Role.SECRETARIAT)
    browser.get("/language/en")
    for path in ("/", "/assignments?agency=BTC", "/agencies/BTC", "/questions", "/holds", "/obstacles", "/tomorrow"):
        words = plain(browser.get(path).text)
        assert not re.search(
            r"\b1 (?:open )?(?:assignments|items|agencies|reports|obstacles|notices|letters)\b", words
        ), path
