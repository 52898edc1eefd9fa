"""What a digest says, and that text out of a workbook stays text."""

import re
from datetime import date

import pytest
from sqlalchemy import update

from models import Store
from models.assignment_tables import Assignment, TaskRevision
from models.register_tables import ContactRow
from notifications import PlannedNotice
from notifications.plain_text import LONGEST, plain
from tests.models.world import World
from tests.notifications.duties import HEAD_HEARS, assign, plan

HOSTILE = "<b>Đề án</b> {0} {{ 7*7 }} </td><script>alert(1)</script>\r\nBcc: x@y.vn\u202e nộp\x07 & “&amp;”\u2028hết"
HARMLESS = "<b>Đề án</b> {0} {{ 7*7 }} </td><script>alert(1)</script> Bcc: x@y.vn nộp & “&amp;” hết"

HEAD_IS_ASKED = "Trực tiếp chỉ đạo hoàn thành"
EVIDENCE_IS_ASKED = "chưa có minh chứng"
GROUP_IS_ASKED = "Kiểm tra, đôn đốc; đưa vào báo cáo Thủ tướng Chính phủ tại phiên họp Chính phủ thường kỳ."


def worded(sqlite_store: Store, **words: str) -> PlannedNotice:
    """Plan the digest of one late assignment whose row says `words`."""
    assign(sqlite_store, "BYT")
    with sqlite_store.writing() as session:
        session.execute(update(TaskRevision).values(**words))
    return plan(sqlite_store, HEAD_HEARS).notices[0]


def test_a_digest_says_what_is_late_since_when_and_what_is_asked(sqlite_store: Store) -> None:
    notice = worded(sqlite_store, text="Hoàn thành Bệnh án điện tử", product="Báo cáo", deadline_text="Quý II/2025")
    for line in (
        "Kính gửi: Bộ trưởng, Bộ Y tế",
        "Tình hình đến ngày 14/07/2025",
        "1 nhiệm vụ quá hạn, lâu nhất 10 ngày làm việc.",
        "Overdue assignments: 1; the latest is 10 working days late.",
        "BỘ Y TẾ (1 nhiệm vụ)",
        "* Chậm 10 ngày làm việc",
        "  Nhiệm vụ số 1, 07/CT-TTg: Hoàn thành Bệnh án điện tử",
        "  Sản phẩm: Báo cáo",
        "  Hạn theo văn bản: Quý II/2025",
        "  Hạn hiệu lực: 30/06/2025",
    ):
        assert line in notice.text.splitlines()
    for words in (
        "Hoàn thành Bệnh án điện tử",
        "Chậm 10 ngày làm việc",
        "Quý II/2025",
        "30/06/2025",
        "Trực tiếp chỉ đạo",
    ):
        assert words in notice.html


def test_vietnamese_stands_before_english(sqlite_store: Store) -> None:
    text = worded(sqlite_store, text="Việc").text
    assert text.index("ngày làm việc.") < text.index("Overdue assignments")


@pytest.mark.parametrize(
    ("due", "subject"),
    [
        ([date(2025, 7, 18)], "[Đôn đốc] 1 nhiệm vụ sắp đến hạn, gần nhất còn 4 ngày làm việc"),
        ([date(2025, 7, 14)], "[Đôn đốc] 1 nhiệm vụ đến hạn hôm nay"),
        ([date(2025, 7, 14), date(2025, 7, 18)], "[Đôn đốc] 2 nhiệm vụ sắp đến hạn, gần nhất đến hạn hôm nay"),
    ],
)
def test_before_the_due_day_the_subject_says_how_long_is_left(
    sqlite_store: Store, due: list[date], subject: str
) -> None:
    with sqlite_store.writing() as session:
        world = World(session)
        for day in due:
            world.duty("BYT", due=day)
    assert plan(sqlite_store, HEAD_HEARS).notices[0].subject == subject


def test_agencies_stand_in_groups_the_most_severe_first(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        world = World(session)
        world.duty("BCA", due=date(2025, 6, 16))
        world.duty("BYT", due=date(2025, 6, 9))
        world.duty("BCA", due=date(2025, 6, 13))
    text = plan(sqlite_store, HEAD_HEARS).notices[0].text
    assert re.findall(r"^BỘ .*", text, re.MULTILINE) == ["BỘ Y TẾ (1 nhiệm vụ)", "BỘ CÔNG AN (2 nhiệm vụ)"]
    assert re.findall(r"Chậm \d+", text) == ["Chậm 25", "Chậm 21", "Chậm 20"]


def test_declared_done_without_evidence_asks_for_the_evidence(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        world = World(session)
        (assignment,) = world.duty("BYT", due=date(2025, 6, 30))
        world.report(assignment, date(2025, 6, 27))
    assert "chưa có minh chứng" in plan(sqlite_store, HEAD_HEARS).notices[0].text


def test_what_is_asked_about_every_item_stands_once_at_the_top(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT", "BCA", tasks=2)
    notice = plan(sqlite_store, date(2025, 7, 28)).notices[0]
    assert len(notice.items) == 4
    for written in (notice.text, notice.html):
        assert (written.count("Đề nghị"), written.count(GROUP_IS_ASKED)) == (1, 1)
        assert written.index(GROUP_IS_ASKED) < written.index("Overdue assignments") < written.index("Nhiệm vụ số 1")
    assert f"Đề nghị: {GROUP_IS_ASKED}" in notice.text.splitlines()


def test_missing_evidence_is_asked_for_beside_its_item_only(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        world = World(session)
        (declared,), _, _ = (world.duty("BYT", due=date(2025, 6, 30)) for _ in range(3))
        world.report(declared, date(2025, 6, 27))
    notice = plan(sqlite_store, HEAD_HEARS).notices[0]
    for written in (notice.text, notice.html):
        assert [written.count(words) for words in ("Đề nghị", HEAD_IS_ASKED, EVIDENCE_IS_ASKED)] == [2, 1, 1]
        assert written.index(HEAD_IS_ASKED) < written.index("Nhiệm vụ số 1") < written.index(EVIDENCE_IS_ASKED)


def test_where_the_posts_differ_each_item_says_what_is_asked(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        session.execute(update(ContactRow).values(address="yte@example.vn"))
        world = World(session)
        for due in (date(2025, 6, 30), date(2025, 7, 11)):
            world.duty("BYT", due=due)
    notice = plan(sqlite_store, HEAD_HEARS).notices[0]
    for written in (notice.text, notice.html):
        assert [written.count(words) for words in ("Đề nghị", HEAD_IS_ASKED)] == [2, 1]
        assert written.index("Nhiệm vụ số 1") < written.index("Đề nghị")


@pytest.mark.parametrize(
    ("period", "read"),
    [
        ("2025-06", "Nhiệm vụ số 1, 07/CT-TTg, kỳ tháng 6/2025"),
        ("2025-Q2", "Nhiệm vụ số 1, 07/CT-TTg, kỳ quý II/2025"),
        ("2025-H1", "Nhiệm vụ số 1, 07/CT-TTg, kỳ 6 tháng đầu năm 2025"),
        ("", "Nhiệm vụ số 1, 07/CT-TTg"),
    ],
)
def test_a_recurring_duty_names_its_period_as_people_do(sqlite_store: Store, period: str, read: str) -> None:
    assign(sqlite_store, "BYT")
    with sqlite_store.writing() as session:
        session.execute(update(Assignment).values(period=period))
    notice = plan(sqlite_store, HEAD_HEARS).notices[0]
    assert f"  {read}: Nhiệm vụ 1" in notice.text.splitlines()
    assert f">{read}<" in notice.html


def test_hostile_words_reach_the_reader_as_text(sqlite_store: Store) -> None:
    notice = worded(sqlite_store, text=HOSTILE, product=HOSTILE, deadline_text=HOSTILE)
    assert notice.text.count(HARMLESS) == 3
    assert "<script" not in notice.html
    assert notice.html.count("&lt;script&gt;alert(1)&lt;/script&gt; Bcc: x@y.vn nộp &amp; “&amp;amp;” hết") == 3
    for character in "\r\u202e\u2028\x07":
        assert character not in notice.text + notice.html
    assert "\n" not in notice.subject


def test_the_page_needs_nothing_from_elsewhere_and_fits_a_phone(sqlite_store: Store) -> None:
    html = worded(sqlite_store, text="Việc").html
    assert not re.search(r"(src|href)=|url\(|https?:", html)
    assert 'name="viewport"' in html
    assert "max-width:640px" in html


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  hai   dấu cách\t", "hai dấu cách"),
        ("dòng một\r\ndòng hai", "dòng một dòng hai"),
        ("hoa\u0301", "hoá"),
        ("\u2067phải\u2069 \u200bkhông\ufeff rộng", "phải không rộng"),
        ("một\u00a0khoảng", "một khoảng"),
        ("\x00\x1b[31mđỏ", "[31mđỏ"),
        ("", ""),
    ],
)
def test_words_become_one_visible_line(written: str, read: str) -> None:
    assert plain(written) == read


def test_very_long_words_are_cut_visibly() -> None:
    assert len(plain("dài " * 10_000)) <= LONGEST
    assert plain("dài " * 10_000).endswith("…")
    assert plain("á" * LONGEST) == "á" * LONGEST
