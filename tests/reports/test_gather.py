"""The facts of a month, on both databases: counts, lists by name, both snapshots, movement, proposals."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import Store
from models.outcome_tables import DayTotal
from reports import Facts, FactsDoNotAddUpError, ReportDaysError
from reports.counts import MilestoneFacts, StatusCounts
from reports.facts import Move
from reports.wording import proposal_text, result_text
from rules.scorecard import Measure
from rules.status import Status
from tests.reports.conftest import Written, fill
from tests.reports.ledger import KNOWN, Ledger, Said, august
from tests.reports.records import freeze


def test_every_status_is_counted_and_the_parts_add_up(store: Store) -> None:
    fill(store)
    facts = august(store)
    assert facts.totals == StatusCounts(
        completed_on_time=12,
        completed_late=1,
        in_progress=3,
        due_soon=2,
        overdue=10,
        ongoing=1,
        undated=1,
        total=30,
    )
    assert [(a.name, a.counts.total, a.counts.overdue, a.longest) for a in facts.agencies][:3] == [
        ("Bộ Công an", 13, 0, 0),
        ("Bộ Tài chính", 5, 1, 17),
        ("Bộ Y tế", 6, 6, 102),
    ]
    assert Facts.from_json(facts.to_json()) == facts


def test_work_by_name_says_what_was_last_reported(written: Written) -> None:
    work = next(work for work in written.facts.late if work.agency == "T04")
    assert (work.number, work.task, work.deadline_text) == ("1", "Số hóa hộ tịch", "Quý II/2025")
    assert (work.due_on, work.effective_due_on, work.days_late) == (date(2025, 6, 30), date(2025, 6, 30), 40)
    assert (work.result, work.difficulty, work.proposal) == ("Đang lấy ý kiến", "Thiếu kinh phí", "Bố trí kinh phí")


@pytest.mark.parametrize(
    ("reported", "quoted", "later"),
    [
        ({20: "Đang soạn", 25: "Đang trình", 28: "Đã ký"}, "Đang trình", False),
        ({26: "Đang trình", 28: "Đã ký"}, "Đã ký", True),
    ],
    ids=["the last one up to the cut-off", "only later ones: the last, marked"],
)
def test_a_paper_quotes_what_was_reported_by_its_cut_off(
    store: Store, reported: dict[int, str], quoted: str, *, later: bool
) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (late,) = ledger.duty("BCA", due=date(2025, 6, 30))
        for day, result in reversed(reported.items()):
            ledger.report(late, Said(on=date(2025, 8, day), result=result, proposal="Bố trí kinh phí"))
    (work,) = august(store).late
    assert (work.result, work.reported_later) == (quoted, later)
    mark = " (báo cáo ngày 28/08/2025)" if later else ""
    assert (result_text(work), proposal_text(work)) == (quoted + mark, "Bố trí kinh phí" + mark)


def test_of_merged_parts_the_one_reported_by_the_cut_off_is_quoted(store: Store) -> None:
    """Bắc Giang's duty passed to Bắc Ninh on 1 July 2025: one row, two assignments, reports about both."""
    with store.writing() as session:
        ledger = Ledger(session)
        own, inherited = ledger.duty("T27", "XBACGIANG", due=date(2025, 6, 30))
        ledger.report(own, Said(on=date(2025, 8, 28), result="Báo cáo sau"))
        ledger.report(inherited, Said(on=date(2025, 8, 20), result="Báo cáo trước"))
    (work,) = august(store).late
    assert (work.result, work.reported_later) == ("Báo cáo trước", False)


@pytest.mark.parametrize(
    ("due", "done_on", "counted"),
    [
        (date(2025, 9, 2), None, 1),  # a holiday: in time through 3 September, the meeting
        (date(2025, 9, 3), None, 1),
        (date(2025, 8, 28), None, 0),
        (date(2025, 9, 4), None, 0),
        (date(2025, 9, 3), date(2025, 9, 2), 0),
    ],
    ids=["rolled to the meeting", "due on it", "late before it", "due after it", "done by then"],
)
def test_work_whose_last_day_is_the_meeting_is_counted(
    store: Store, due: date, done_on: date | None, counted: int
) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (duty,) = ledger.duty("BCA", due=due)
        if done_on:
            ledger.report(duty, Said(on=date(2025, 8, 24), done_on=done_on))
    assert august(store).movement.last_day == counted


def test_facts_frozen_before_a_figure_was_counted_are_still_read(written: Written) -> None:
    older = written.facts.to_json()
    del older["without_due_day_counts"], older["movement"]["last_day"]
    for work in older["late"]:
        del work["reported_later"]
    read = Facts.from_json(older)
    assert (read.without_due_day_counts, read.movement.last_day, read.totals) == (None, 0, written.facts.totals)


def test_late_work_stands_by_agency_in_register_order(written: Written) -> None:
    agencies = list(dict.fromkeys(work.agency for work in written.facts.late))
    assert agencies == ["BTC", "BYT", "T04", "T11", "T42"]


def test_milestones_are_pending_until_their_day(written: Written) -> None:
    q2, august_, december = written.facts.milestones
    assert (q2.due, q2.met, q2.met_late, q2.missed, q2.pending) == (22, 12, 1, 9, 0)
    assert (august_.due, august_.pending, august_.pending_done) == (3, 3, 0)
    assert (december.due, december.pending) == (2, 2)
    assert (written.facts.beyond_milestones, written.facts.without_due_day) == (1, 2)


def test_between_cut_off_and_meeting(written: Written) -> None:
    """Work due on 28 August is late at the table; work due on Sunday 31 August is not, and is done on the 29th."""
    movement = written.facts.movement
    assert [(w.agency, w.deadline_text, w.days_late) for w in movement.becomes_late] == [("BTC", "28/8/2025", 2)]
    assert [(w.agency, w.completed_on) for w in movement.becomes_done] == [("BTC", date(2025, 8, 29))]
    assert Move(Status.DUE_SOON, Status.OVERDUE, 1) in movement.moves
    assert movement.totals.total == written.facts.totals.total


def test_lists_beside_the_total(written: Written) -> None:
    facts = written.facts
    assert [work.deadline_text for work in facts.due_next] == ["28/8/2025", "Tháng 8/2025"]
    assert [work.agency for work in facts.unconfirmed] == ["BTC"]
    assert [task.lead_text for task in facts.unled] == ["Các đơn vị đã hoàn thành số hóa"]
    assert [(c.done, c.overdue, c.members) for c in facts.collectives] == [(2, 3, 5)]


def test_proposals(written: Written) -> None:
    found = [(p.measure, p.agency, p.count, p.of) for p in written.facts.proposals]
    assert found == [
        (Measure.PRAISE, "BCA", 11, 11),
        (Measure.CRITICISM, "BYT", 6, 6),
        (Measure.REVIEW, "BYT", 6, 6),
    ]


def test_what_was_recorded_later_is_not_known(store: Store) -> None:
    fill(store)
    assert august(store, known_at=datetime(2025, 3, 1, tzinfo=UTC)).totals.total == 0


def test_movement_since_the_last_edition(store: Store) -> None:
    fill(store)
    july = august(store, month="2025-07", cutoff=date(2025, 7, 25), meeting=date(2025, 8, 1))
    freeze(store, july)
    previous = august(store).previous
    assert previous is not None
    assert (previous.edition, previous.as_of, previous.totals) == ("2025-07/1", date(2025, 7, 25), july.totals)


@pytest.mark.parametrize(
    ("stored", "chosen"),
    [
        ([date(2025, 7, 10), date(2025, 7, 25), date(2025, 8, 24)], date(2025, 7, 25)),
        ([date(2025, 7, 26), date(2025, 8, 24)], date(2025, 7, 26)),
        ([date(2025, 8, 25)], None),
    ],
    ids=["a month before", "a shorter history", "only the cut-off itself"],
)
def test_movement_since_a_stored_day(store: Store, stored: list[date], chosen: date | None) -> None:
    fill(store)
    with store.writing() as session:
        for day in stored:
            for agency, count in (("BCA", 3), ("BYT", 4)):
                session.add(DayTotal(as_of=day, agency_code=agency, status="overdue", count=count, assessed_at=KNOWN))
    previous = august(store).previous
    if chosen is None:
        assert previous is None
    else:
        assert previous is not None
        assert (previous.as_of, previous.totals) == (chosen, StatusCounts(overdue=7, total=7))


def test_the_october_2025_misprint_is_refused() -> None:
    """7,892 + 1,602 + 319 is 9,813, not the 9,831 that was printed."""
    with pytest.raises(FactsDoNotAddUpError, match=r"9813.*9831"):
        StatusCounts(completed_on_time=7892, in_progress=1602, overdue=319, total=9831)
    assert StatusCounts(completed_on_time=7892, in_progress=1602, overdue=319, total=9813).total == 9813


def test_facts_that_contradict_each_other_are_refused(written: Written) -> None:
    facts = written.facts
    with pytest.raises(FactsDoNotAddUpError, match="late work by name"):
        replace(facts, late=facts.late[1:], agencies=facts.agencies)
    with pytest.raises(FactsDoNotAddUpError, match="of all agencies"):
        replace(facts, agencies=facts.agencies[1:])
    with pytest.raises(FactsDoNotAddUpError, match="by milestone"):
        replace(facts, beyond_milestones=0)
    with pytest.raises(FactsDoNotAddUpError, match="without due day"):
        replace(facts, without_due_day_counts=StatusCounts(ongoing=1, total=1))
    with pytest.raises(FactsDoNotAddUpError, match="moves"):
        replace(facts, movement=replace(facts.movement, moves=()))
    with pytest.raises(FactsDoNotAddUpError, match="verdicts"):
        MilestoneFacts(
            "x", "x", date(2025, 6, 30), due=2, met=1, met_late=0, missed=0, extended=0, cancelled=0, pending=0
        )


def test_stored_facts_that_were_tampered_with_are_refused(written: Written) -> None:
    tampered = written.facts.to_json()
    tampered["totals"]["overdue"] += 1
    with pytest.raises(ValueError, match="give 31"):
        Facts.from_json(tampered)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"month": "2025-13"}, "YYYY-MM"),
        ({"month": "8/2025"}, "YYYY-MM"),
        ({"meeting": date(2025, 8, 24)}, "before the cut-off"),
    ],
)
def test_days_that_do_not_fit_are_refused(store: Store, days: dict[str, object], said: str) -> None:
    with pytest.raises(ReportDaysError, match=said):
        august(store, **days)


def test_december_looks_into_january(store: Store) -> None:
    with store.writing() as session:
        Ledger(session).duty("BCA", due=date(2026, 1, 31))
    facts = august(store, month="2025-12", cutoff=date(2025, 12, 25), meeting=date(2026, 1, 5))
    assert facts.due_through == date(2026, 1, 31)
    # 31 January 2026 is a Saturday: in time through Monday 2 February.
    assert facts.due_next == ()


def test_text_that_no_file_can_hold_is_cleaned(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (late,) = ledger.duty("BCA", due=date(2025, 6, 30), text="Nhie\u0302\u0323m vụ\x07 một\r\nhai")
        ledger.report(late, Said(result="\x0bKết quả"))
    (work,) = august(store).late
    assert (work.task, work.result) == ("Nhiệm vụ một\nhai", "Kết quả")
