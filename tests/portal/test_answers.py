"""Answering by a link: reading changes nothing, a form records one answer, nobody answers what they were not sent."""

import re
from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func
from sqlmodel import select, update

from decisions import open_questions
from models import Store
from models.assignment_tables import TaskRevision
from models.commitment_tables import Appeal, Commitment
from models.outcome_tables import AuditEntry, Notice, NoticeItem
from notifications import plan_notices
from notifications.links import Links
from portal.app import create_app
from portal.desk import Desk
from tests.models.world import World
from tests.portal.conftest import Browser

KEY = "khóa-bí-mật-để-thử-nghiệm"
DAY, NOW = date(2025, 7, 2), datetime(2025, 7, 2, 1, tzinfo=UTC)
LINKS = Links(SecretStr(KEY), "http://localhost")
HOSTILE = "<script>alert(1)</script> {{7*7}}\r\nBcc: x@y.vn\u202e"
HEADERS = {"content-security-policy", "x-frame-options"}


@pytest.fixture
def read(store: Store) -> Browser:
    """Give a portal with links, over a store where two ministries were told on 2 July that work is late."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 6, 30))
    plan_notices(store, as_of=DAY, now=NOW, links=LINKS)
    return reader(store)


def reader(store: Store, today: date = DAY, *, links: Links | None = LINKS) -> Browser:
    """Return the browser of somebody who opens links on a phone."""
    return Browser(create_app(Desk(store, today=lambda: today, now=lambda: NOW, links=links)))


def link_of(store: Store, agency: str = "BYT") -> str:
    """Return the path of the link in the letter of an agency."""
    with store.reading() as session:
        text = session.exec(select(Notice.text).where(Notice.agency_code == agency)).one()
    found = re.search(r"http://localhost(/tra-loi/\S+/\d+)", text)
    assert found
    return found[1]


def recorded(store: Store) -> tuple[int, int, int]:
    """Count commitments, appeals and audit entries."""
    with store.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(each)) or 0 for each in (Commitment, Appeal, AuditEntry)
        ]
    return counts[0], counts[1], counts[2]


def test_opening_the_links_of_a_letter_changes_nothing(read: Browser, store: Store) -> None:
    one = link_of(store)
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in (one, one.rpartition("/")[0]):
            read.request(method, path)
    page = read.request("GET", one)
    assert (page.status_code, recorded(store)) == (200, (0, 0, 0))
    assert page.text.count('<form method="post"') == 4
    assert "Vụ trưởng" in page.text
    assert {*page.headers} >= HEADERS
    assert 'name="viewport"' in page.text


@pytest.mark.parametrize(
    ("form", "commitments", "appeals"),
    [
        ({"action": "acknowledge", "until": "2025-07-10", "reason": "đang trình ký"}, 1, 0),
        ({"action": "extension", "until": "2025-08-15", "reason": "chờ ý kiến"}, 0, 1),
        ({"action": "dispute", "reason": "đã ban hành 12/QĐ-BYT"}, 0, 1),
        ({"action": "redirect", "to": "Cục Khám, chữa bệnh", "reason": "đã chuyển giao"}, 0, 1),
    ],
)
def test_a_form_records_one_answer_once(
    read: Browser, store: Store, form: dict[str, str], commitments: int, appeals: int
) -> None:
    first, second = (read.request("POST", link_of(store), data=form) for _ in range(2))
    assert (first.status_code, second.status_code, recorded(store)) == (200, 200, (commitments, appeals, 1))
    assert "Đã ghi nhận" in first.text
    assert form["reason"] in first.text
    with store.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
    assert entry.by == "Vụ trưởng (Cục trưởng) được giao chủ trì, Bộ Y tế"
    assert (len(open_questions(store, as_of=DAY, known_at=NOW)), entry.detail["notice"]) == (
        appeals, "2025-07-02/BYT/unit_head",
    )  # fmt: skip


def test_a_commitment_from_the_link_quiets_the_rung_it_was_told_on(read: Browser, store: Store) -> None:
    read.request("POST", link_of(store), data={"action": "acknowledge", "until": "2025-07-10", "reason": "x"})
    with store.reading() as session:
        row = session.exec(select(Commitment)).one()
    assert (row.rung, row.step, row.until_on) == (1, "unit", date(2025, 7, 10))


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "cancel", "reason": "x"}, {"action": "acknowledge", "reason": "x"},
     {"action": "acknowledge", "until": "mai", "reason": "x"}, {"action": "acknowledge", "until": "2025-07-10"},
     {"action": "acknowledge", "until": "2026-07-10", "reason": "x"}, {"action": "redirect", "reason": "x"},
     {"action": "dispute", "reason": "\u200b \r\n"}],
)  # fmt: skip
def test_an_answer_that_cannot_be_taken_is_said_and_not_recorded(
    read: Browser, store: Store, form: dict[str, str]
) -> None:
    page = read.request("POST", link_of(store), data=form)
    assert (page.status_code, recorded(store)) == (422, (0, 0, 0))
    assert re.search(r'error-summary__list.*<span class="en" lang="en">', page.text, re.DOTALL)


def test_what_was_typed_into_a_refused_answer_is_kept(read: Browser, store: Store) -> None:
    form = {"action": "acknowledge", "until": "2026-07-10", "reason": "chờ ý kiến Bộ Tài chính"}
    page = read.request("POST", link_of(store), data=form).text
    assert 'value="2026-07-10"' in page
    assert page.count("chờ ý kiến Bộ Tài chính") == 1
    assert page.count('<details class="govuk-details" open>') == 1


def test_nobody_answers_what_they_were_not_sent(read: Browser, store: Store) -> None:
    mine, theirs = link_of(store, "BYT"), link_of(store, "BTC")
    form = {"action": "dispute", "reason": "x"}
    crossed = f"{mine.rpartition('/')[0]}/{theirs.rpartition('/')[2]}"
    assert read.request("POST", crossed, data=form).status_code == 404
    altered = mine.replace("/tra-loi/", "/tra-loi/x")
    assert read.request("POST", altered, data=form).status_code == 410
    other_key = Links(SecretStr("khóa khác"), "http://localhost").link("2025-07-02/BYT/unit_head", DAY)
    assert read.request("GET", other_key).status_code == 410
    assert recorded(store) == (0, 0, 0)


@pytest.mark.parametrize(("today", "status"), [(date(2025, 8, 1), 200), (date(2025, 8, 2), 410)])
def test_a_link_lives_thirty_days(read: Browser, store: Store, today: date, status: int) -> None:
    del read
    late = reader(store, today)
    assert late.get(link_of(store)).status_code == status


def test_without_a_key_there_are_no_links_and_no_pages(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 6, 30))
    (notice,) = plan_notices(store, as_of=DAY, now=NOW).notices
    assert "tra-loi" not in notice.text + notice.html
    plain = reader(store, links=None)
    assert plain.get(LINKS.link(notice.key, DAY)).status_code == 404


def test_what_stands_in_a_workbook_or_a_form_is_shown_as_text(read: Browser, store: Store) -> None:
    with store.writing() as session:
        session.execute(update(TaskRevision).values(text=HOSTILE))
    form = {"action": "redirect", "to": HOSTILE, "reason": HOSTILE}
    page = read.request("POST", link_of(store), data=form).text
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} Bcc: x@y.vn") >= 3
    assert "<script" not in page
    assert "\u202e" not in page


def test_the_key_is_never_stored_or_shown(read: Browser, store: Store) -> None:
    page = read.request("GET", link_of(store)).text
    with store.reading() as session:
        texts = [text + html for text, html in session.exec(select(Notice.text, Notice.html))]
    assert [text for text in [page, *texts, repr(LINKS)] if KEY in text] == []


def test_who_reads_for_information_asks_for_no_more_time_with_a_form_of_their_own(read: Browser, store: Store) -> None:
    with store.writing() as session:
        session.execute(update(NoticeItem).values(information=True))
    one = link_of(store)
    assert read.request("GET", one).text.count('<form method="post"') == 2
    for form in (
        {"action": "extension", "until": "2025-08-15", "reason": "chờ ý kiến"},
        {"action": "acknowledge", "until": "2025-07-10", "reason": "x"},
    ):
        assert (read.request("POST", one, data=form).status_code, recorded(store)) == (422, (0, 0, 0))
    assert read.request("POST", one, data={"action": "dispute", "reason": "x"}).status_code == 200


def test_one_items_page_reads_one_item_of_a_long_digest(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        for _ in range(40):
            world.duty("BYT", due=date(2025, 6, 30))
    plan_notices(store, as_of=DAY, now=NOW, links=LINKS)
    read = reader(store)
    one = link_of(store)
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *details: asked.append(str(details[2])))
    assert read.request("GET", one).status_code == 200
    for_one = len(asked)
    assert read.request("GET", one.rpartition("/")[0]).text.count("Nhiệm vụ") >= 40
    assert for_one < 20 < len(asked) - for_one
