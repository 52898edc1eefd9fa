"""What the report says beside the counts: requests, disputes, promises, obstacles, indicators, conclusions, queries."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models import Store, status_of
from models.answer_tables import ObstacleAnswer
from models.register_tables import MilestoneRow
from models.selection import Selection
from reports import Facts, FactsDoNotAddUpError, write_edition
from reports.contents import paper_of
from reports.form import Form
from reports.heat import heat_of, heat_table
from reports.paper import Heading, Paragraph, Plot, RowKind
from reports.raised import BurnPoint, Observed
from reports.wording import result_text
from rules.status import Nature, Status
from tests.reports.conftest import Written, fill
from tests.reports.ledger import DECEMBER, KNOWN, Q2, Ledger, Said, august
from tests.reports.records import decide


def paragraphs(facts: Facts) -> str:
    return "\n".join(block.text for block in paper_of(facts, Form()).blocks if isinstance(block, Paragraph))


def headings(facts: Facts) -> list[str]:
    return [block.text for block in paper_of(facts, Form()).blocks if isinstance(block, Heading) and block.level == 1]


def test_late_work_says_why_what_is_in_the_way_and_what_was_promised(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (late,) = ledger.duty("BCA", due=Q2)
        ledger.report(late, Said(result="Đang soạn"))
        ledger.promise(late, date(2025, 8, 20), "Chờ ý kiến")
        ledger.ask(late, DECEMBER, "Thiếu nhân lực", by="BCA")
        ledger.obstacle(late, "Chưa có kinh phí", by="BCA", to="BTC", needed_by=date(2025, 8, 15))
    (work,) = august(store).late
    assert (work.reason, work.committed_until, work.commitment) == ("Thiếu nhân lực", date(2025, 8, 20), "broken")
    assert (work.obstacle, work.obstacle_with) == ("Chưa có kinh phí", "Bộ Tài chính")
    assert result_text(work).split("\n") == [
        "Đang soạn",
        "Lý do: Thiếu nhân lực",
        "Vướng mắc: Chưa có kinh phí",
        "Chờ trả lời của Bộ Tài chính",
        "Cam kết hoàn thành ngày 20/08/2025 (không thực hiện)",
    ]


@pytest.mark.parametrize(("answered_on", "open_"), [(None, 1), (date(2025, 8, 25), 0), (date(2025, 8, 26), 1)])
def test_an_obstacle_waits_until_the_cut_off_answers_it(store: Store, answered_on: date | None, open_: int) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (late,) = ledger.duty("BCA", due=Q2)
        raised = ledger.obstacle(late, "Thiếu kinh phí", by="BCA", to="BTC", needed_by=date(2025, 8, 15))
        ledger.obstacle(ledger.duty("BYT", due=Q2)[0], "Chưa rõ", by="BYT", to=None)
        if answered_on:
            session.add(
                ObstacleAnswer(
                    obstacle_id=raised, answered_on=answered_on, answer="Đã bố trí", decided_by="BTC", recorded_at=KNOWN
                )
            )
    facts = august(store)
    waiting = [(o.addressed_name, o.days_late) for o in facts.obstacles if o.addressed_to]
    assert waiting == [("Bộ Tài chính", 6)] * open_
    assert f"Có {1 + open_} khó khăn, vướng mắc chưa được trả lời, {open_} trong số đó đã quá ngày" in paragraphs(facts)


def test_indicators_stand_against_their_way(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        ledger.duty("BCA", due=DECEMBER)
        ahead = {date(2025, 6, 30): 60.0, date(2025, 8, 20): 80.0, date(2025, 9, 1): 99.0}
        ledger.indicator("Hồ sơ trực tuyến", ahead, target=100, baseline=20)
        ledger.indicator("Định danh", {date(2025, 8, 20): 21.0}, target=100, baseline=20)
        ledger.indicator("Chưa đo", {}, target=100, baseline=None)
    facts = august(store)
    assert [(each.name, each.on_track, len(each.observed)) for each in facts.indicators] == [
        ("Hồ sơ trực tuyến", True, 2),
        ("Định danh", False, 1),
        ("Chưa đo", None, 0),
    ]
    assert facts.indicators[0].start == Observed(date(2025, 3, 14), 20.0)
    assert "1 đúng lộ trình, 1 chậm so với lộ trình, 1 chưa đánh giá được (chậm: Định danh)" in paragraphs(facts)
    (annex,) = [annex for annex in paper_of(facts, Form()).annexes if annex.title.startswith("CHỈ TIÊU")]
    (plot,) = [block for block in annex.blocks if isinstance(block, Plot)]
    assert [panel.title for panel in plot.panels] == ["Hồ sơ trực tuyến (%)", "Định danh (%)"]
    assert all(
        0 <= point.x <= 1 and 0 <= point.y <= 1
        for panel in plot.panels
        for line in panel.lines
        for point in line.points
    )


def test_recurring_and_ongoing_work_stand_apart(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        ledger.duty("BCA", "BYT", due=date(2025, 7, 31), period="2025-07")
        ledger.duty("BTC", due=None, nature=Nature.ONGOING)
    facts = august(store)
    assert [(work.number, work.agencies, work.counts.total, work.counts.overdue) for work in facts.recurring] == [
        ("1", 2, 2, 2)
    ]
    assert [work.agency for work in facts.ongoing or ()] == ["BTC"]
    assert "Có 1/3 nhiệm vụ (33,3%) thường xuyên, không có ngày đến hạn, của Bộ Tài chính." in paragraphs(facts)


@pytest.mark.parametrize(
    ("code", "issued_on", "opens"),
    [
        ("412/TB-VPCP", date(2025, 8, 1), True),
        ("20250801/KL-PH", date(2025, 8, 1), True),
        ("412/TB-VPCP", date(2025, 8, 25), True),
        ("412/TB-VPCP", date(2025, 7, 31), False),
        ("412/QĐ-TTg", date(2025, 8, 4), False),
    ],
    ids=["on the meeting day", "unnumbered", "by the cut-off", "of the meeting before", "another act"],
)
def test_the_report_opens_with_the_conclusions_of_the_last_meeting(
    store: Store, code: str, issued_on: date, *, opens: bool
) -> None:
    """The meeting that heard the July report was held on 1 August 2025."""
    with store.writing() as session:
        Ledger(session).duty("BCA", due=Q2)
        ledger = Ledger(session, code, issued_on)
        ledger.duty("BYT", due=date(2025, 8, 22), text="Kết luận thứ nhất")
        ledger.duty("BTC", due=DECEMBER, text="Kết luận thứ hai")
    facts = august(store)
    assert [each.document for each in facts.conclusions] == ([code] if opens else [])
    assert (headings(facts)[0] == "I. KẾT QUẢ THỰC HIỆN KẾT LUẬN PHIÊN HỌP TRƯỚC") is opens
    if opens:
        assert [work.task for work in facts.conclusions[0].works] == ["Kết luận thứ nhất", "Kết luận thứ hai"]
        assert "quá hạn 1/2 nhiệm vụ (50,0%)" in paragraphs(facts)


def test_what_became_late_since_the_last_edition_is_counted(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (done,) = ledger.duty("BCA", due=Q2)
        ledger.duty("BYT", due=Q2)
        ledger.duty("BTC", due=date(2025, 7, 31))
        ledger.report(done, Said(on=date(2025, 8, 5), done_on=date(2025, 8, 4)))
    july = august(store, month="2025-07", cutoff=date(2025, 7, 25), meeting=date(2025, 8, 1))
    write_edition(july, store=store, out=tmp_path, now=datetime(2025, 8, 1, tzinfo=UTC))
    previous = august(store).previous
    assert previous is not None
    assert (previous.newly_late, previous.late_no_more) == (("07-CT-TTg.3.BTC",), ("07-CT-TTg.1.BCA",))
    assert "có 1 nhiệm vụ mới quá hạn; 1 nhiệm vụ quá hạn kỳ trước nay không còn quá hạn" in paragraphs(august(store))


def test_every_query_opens_as_many_rows_as_its_figure_says(store: Store) -> None:
    fill(store)
    facts = august(store)
    tables = {day: status_of(store, as_of=day, known_at=facts.known_at) for day in (facts.cutoff, facts.meeting)}
    for opened in facts.opens:
        words = opened.words.split()
        given = dict(zip(words[::2], words[1::2], strict=True))
        rows = tables[opened.as_of].rows
        if "--milestone" in given:
            found = [row for row in rows if row.milestone == given["--milestone"]]
        else:
            chosen = Selection(
                agency=given.get("--agency"),
                statuses=(Status(given["--status"]),) if "--status" in given else (),
                flag=given.get("--flag"),  # type: ignore[arg-type]
                late_from=int(given.get("--late-from", 0)),
            )
            found = [row for row in rows if chosen.holds(row, {})]
        assert len(found) == opened.count, opened
    assert facts.opens[0].command("2025-08-25T10:00:00Z") == (
        "dondoc status --as-of 2025-08-25 --known-at 2025-08-25T10:00:00Z"
    )
    milestones = {f"milestones.{milestone.code}.due" for milestone in facts.milestones if milestone.due}
    asked = {"totals.overdue", "agencies.BYT.counts.overdue", "unconfirmed", *milestones}
    assert asked <= {opened.figure for opened in facts.opens}


def test_the_burn_down_ends_in_the_open_dated_work(written: Written) -> None:
    facts = written.facts
    points = {point.on: (point.planned, point.left) for point in facts.burndown}
    assert points[date(2025, 3, 31)] == (22, 28)
    assert points[facts.cutoff] == (5, 15)
    assert points[DECEMBER] == (1, None)
    with pytest.raises(FactsDoNotAddUpError, match="left at the cut-off"):
        type(facts)(**{**vars(facts), "burndown": (BurnPoint(facts.cutoff, 0, 3),)})


def test_the_way_to_a_far_milestone_is_drawn_through_the_cut_off(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        session.add(MilestoneRow(code="2030-12", on=date(2030, 12, 31), name_vi="Hết năm 2030", name_en="End of 2030"))
        Ledger(session).duty("BCA", due=Q2)
    facts = august(sqlite_store)
    days = [point.on for point in facts.burndown]
    assert (facts.cutoff in days, days[-1], 30 < len(days) <= 37) == (True, date(2030, 12, 31), True)
    assert "Đến ngày 25/08/2025 còn 1 nhiệm vụ có thời hạn chưa hoàn thành" in paragraphs(facts)
    with pytest.raises(FactsDoNotAddUpError, match="no point at the cut-off"):
        replace(facts, burndown=facts.burndown[-3:])


def test_work_done_late_in_an_extended_time_is_not_said_to_be_done_before_the_milestone(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        (duty,) = ledger.duty("BCA", due=Q2)
        decide(session, duty, "extend", date(2025, 7, 1), until=date(2025, 9, 30))
        ledger.report(duty, Said(done_on=date(2025, 8, 20)))
    said = paragraphs(august(sqlite_store))
    assert "có 1 nhiệm vụ, chưa đến ngày đánh giá; đã hoàn thành 1/1 nhiệm vụ (100,0%)." in said


def test_the_heat_map_adds_up(written: Written) -> None:
    facts = written.facts
    heat = heat_of(facts)
    days = sum(work.days_late for work in (*facts.late, *facts.done_late))
    assert sum(sum(months.values()) for months in heat.values()) == days
    table = heat_table(facts, 4)
    assert table.rows[-1].kind is RowKind.TOTAL
    assert table.rows[-1].cells[-1] == f"{days:,}".replace(",", ".")
    ministry = next(row for row in table.rows if row.cells[1] == "Bộ Y tế")
    assert ministry.cells[2:] == ("612", "", "", "612")
    assert ministry.shades == (0, 0, 4, 0, 0, 0)
