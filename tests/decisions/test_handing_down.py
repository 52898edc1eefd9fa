"""Shares handed down inside an agency: refused with a sentence, rolled up beside the assignment, counted nowhere."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from decisions import Extend, HandDown, Hold, Outcome, ReportHanded, Resume, decide, hand_down, report_handed
from models import Store, status_of
from models.assignment_tables import Assignment, Progress
from models.explain import explain
from models.handed import HandedRow, HandedState, handed_of, rolled_up
from models.outcome_tables import AuditEntry
from models.reference import calendar_of
from reports import gather_facts
from rules.handed import HandedStatus, judge_handed
from rules.status import NEVER
from tests.conftest import SQLITE
from tests.models.world import World

NOW = datetime(2025, 7, 1, 2, tzinfo=UTC)
LATER = datetime(2025, 9, 5, 2, tzinfo=UTC)
TODAY = date(2025, 9, 5)
PARENT = "07-CT-TTg.1.BYT"
BY = "Chánh Văn phòng Bộ Y tế"
DUE = date(2025, 8, 31)  # a Sunday inside the National Day break: in time through 3 September


@pytest.fixture
def office(store: Store) -> Store:
    """Give a ministry with one assignment due at the end of August, and another ministry with its own."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=DUE)
    return store


def share(
    unit: str = "Cục Quản lý Khám, chữa bệnh", due: date = date(2025, 8, 15), *, code: str = PARENT, text: str = "",
    reason: str = "",
) -> HandDown:  # fmt: skip
    return HandDown(code=code, unit=unit, due_on=due, text=text, reason=reason)


def handed(store: Store, *actions: HandDown, agency: str = "BYT", now: datetime = NOW) -> list[Outcome]:
    return list(hand_down(actions, agency=agency, store=store, by=BY, now=now))


def reported(store: Store, code: str, state: HandedState, on: date, **more: object) -> Outcome:
    action = ReportHanded(code=code, state=state, on=on, **more)  # type: ignore[arg-type]
    return report_handed(action, agency="BYT", store=store, by=BY, now=LATER)


def shares(store: Store, as_of: date = TODAY, known_at: datetime = LATER) -> list[HandedRow]:
    with store.reading() as session:
        return list(handed_of(session, as_of=as_of, known_at=known_at, agency="BYT"))


def test_shares_roll_up_beside_the_assignment(office: Store) -> None:
    made = handed(office, share(), share("Vụ Pháp chế", DUE), share("Văn phòng Bộ", text="Bố trí kinh phí"))
    assert [outcome.outcome for outcome in made] == ["recorded"] * 3
    assert reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20), completed_on=date(2025, 8, 14)).audit
    rows = shares(office)
    assert [(row.handed.code, row.status, row.days_late) for row in rows] == [
        (f"{PARENT}/1", HandedStatus.COMPLETED_ON_TIME, 0),
        (f"{PARENT}/2", HandedStatus.OVERDUE, 2),
        (f"{PARENT}/3", HandedStatus.OVERDUE, 13),
    ]
    assert [row.handed.text for row in rows] == ["Nhiệm vụ 1", "Nhiệm vụ 1", "Bố trí kinh phí"]
    assert (rolled_up(rows).done, rolled_up(rows).total, rolled_up(rows).late) == (1, 3, (f"{PARENT}/2", f"{PARENT}/3"))


def test_yesterday_and_what_was_known_then_are_given_again(office: Store) -> None:
    handed(office, share())
    reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20))
    assert [row.status for row in shares(office, date(2025, 8, 19))] == [HandedStatus.OVERDUE]
    assert [row.status for row in shares(office, known_at=NOW)] == [HandedStatus.OVERDUE]
    assert shares(office, known_at=datetime(2025, 6, 30, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("done_on", "as_of", "status"),
    [
        (NEVER, date(2025, 9, 3), HandedStatus.OPEN),
        (NEVER, date(2025, 9, 4), HandedStatus.OVERDUE),
        (date(2025, 9, 3), date(2025, 9, 4), HandedStatus.COMPLETED_ON_TIME),
        (date(2025, 9, 4), date(2025, 9, 4), HandedStatus.COMPLETED_LATE),
        (date(2025, 9, 5), date(2025, 9, 4), HandedStatus.OVERDUE),
    ],
)
@pytest.mark.parametrize("store", [SQLITE], indirect=True)
def test_a_share_is_judged_by_its_own_day(store: Store, done_on: date, as_of: date, status: HandedStatus) -> None:
    with store.reading() as session:
        by = calendar_of(session).effective(DUE)
    assert by is not None
    assert judge_handed(last_good_day=by, completed_on=done_on, as_of=as_of) is status


@pytest.mark.parametrize(
    ("action", "agency", "code"),
    [
        (share(code="07-CT-TTg.9.BYT"), "BYT", "unknown_assignment"),
        (share(), "BTC", "not_the_holder"),
        (share(" "), "BYT", "needs_unit"),
        (share(due=date(2025, 3, 13)), "BYT", "handed_before_assigned"),
        (share(due=date(2025, 9, 4)), "BYT", "handed_due_later"),
    ],
)
def test_what_cannot_be_handed_down_is_refused_and_nothing_of_the_rest_stands(
    office: Store, action: HandDown, agency: str, code: str
) -> None:
    others = [] if agency == "BTC" else [share()]
    (refused,) = handed(office, *others, action, agency=agency)
    assert refused.refusal is not None
    assert refused.refusal.code == code
    assert refused.message.count(" / ") >= 1
    assert shares(office) == []


def test_the_effective_day_itself_is_in_time_and_a_later_one_needs_a_reason(office: Store) -> None:
    assert handed(office, share(due=date(2025, 9, 3)))[0].outcome == "recorded"
    assert handed(office, share(due=date(2025, 9, 30), reason="Chờ Luật"))[0].outcome == "recorded"
    extended = Extend(code=PARENT, on=date(2025, 7, 2), until_on=date(2025, 10, 31), document="1/QĐ", reason="Luật")
    assert decide(extended, store=office, by="VPCP", now=datetime(2025, 7, 2, 3, tzinfo=UTC)).outcome == "recorded"
    after = datetime(2025, 7, 3, tzinfo=UTC)
    assert handed(office, share("Vụ Tổ chức cán bộ", date(2025, 10, 31)), now=after)[0].outcome == "recorded"


def test_the_same_share_again_is_the_one_there_is(office: Store) -> None:
    first, again = handed(office, share(), share())
    assert (first.outcome, again.outcome, again.audit) == ("recorded", "unchanged", first.audit)
    done = [reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20)) for _ in range(2)]
    assert [outcome.outcome for outcome in done] == ["recorded", "unchanged"]


def test_a_share_taken_back_stands_no_more_and_its_number_is_not_given_again(office: Store) -> None:
    handed(office, share())
    assert reported(office, f"{PARENT}/1", HandedState.TAKEN_BACK, date(2025, 7, 2)).refusal is not None
    reported(office, f"{PARENT}/1", HandedState.TAKEN_BACK, date(2025, 7, 2), text="giao nhầm")
    handed(office, share(), now=LATER)
    assert [row.handed.code for row in shares(office)] == [f"{PARENT}/2"]


@pytest.mark.parametrize(
    ("code", "on", "refused"),
    [(f"{PARENT}/2", date(2025, 8, 1), "unknown_share"), (f"{PARENT}/1", date(2025, 9, 6), "in_the_future")],
)
def test_a_report_about_nothing_or_of_a_day_to_come_is_refused(
    office: Store, code: str, on: date, refused: str
) -> None:
    handed(office, share())
    outcome = reported(office, code, HandedState.DONE, on)
    assert outcome.refusal is not None
    assert outcome.refusal.code == refused


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        (date(2025, 8, 13), HandedStatus.OPEN),
        (date(2025, 8, 14), HandedStatus.COMPLETED_ON_TIME),
        (date(2025, 8, 31), HandedStatus.COMPLETED_ON_TIME),
        (date(2025, 9, 4), HandedStatus.COMPLETED_ON_TIME),
        (TODAY, HandedStatus.COMPLETED_ON_TIME),
    ],
)
def test_what_is_recorded_last_counts_from_the_day_it_speaks_of(
    office: Store, as_of: date, status: HandedStatus
) -> None:
    handed(office, share())
    reported(office, f"{PARENT}/1", HandedState.OPEN, TODAY)
    assert [row.status for row in shares(office)] == [HandedStatus.OVERDUE]
    reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 14))
    assert [row.status for row in shares(office, as_of)] == [status]


@pytest.mark.parametrize(("as_of", "count"), [(date(2025, 8, 31), 1), (date(2025, 9, 1), 0), (TODAY, 0)])
def test_a_share_taken_back_for_an_earlier_day_is_gone_from_that_day_on(office: Store, as_of: date, count: int) -> None:
    handed(office, share())
    reported(office, f"{PARENT}/1", HandedState.OPEN, TODAY)
    assert reported(office, f"{PARENT}/1", HandedState.TAKEN_BACK, date(2025, 9, 1), text="giao nhầm").audit
    assert len(shares(office, as_of)) == count


HELD_AT = datetime(2025, 8, 8, 2, tzinfo=UTC)
REST = Hold(code=PARENT, from_on=date(2025, 8, 11), until_on=date(2025, 8, 20), document="1/QĐ", reason="chờ Luật",
            stops_clock=True)  # fmt: skip


@pytest.mark.parametrize(
    ("due", "handed_at", "moved_to"),
    [
        (date(2025, 8, 8), NOW, date(2025, 8, 8)),  # a Friday: late when the rest began
        (date(2025, 8, 9), NOW, date(2025, 8, 19)),  # a Saturday, in time through the Monday it began on
        (date(2025, 8, 15), NOW, date(2025, 8, 25)),
        (date(2025, 8, 15), datetime(2025, 8, 9, tzinfo=UTC), date(2025, 8, 15)),  # handed down with the rest in view
    ],
)
def test_a_share_rests_as_long_as_its_assignment(office: Store, due: date, handed_at: datetime, moved_to: date) -> None:
    if handed_at < HELD_AT:
        handed(office, share(due=due), now=handed_at)
    assert decide(REST, store=office, by="VPCP", now=HELD_AT).outcome == "recorded"
    if handed_at > HELD_AT:
        handed(office, share(due=due), now=handed_at)
    before, (row,) = shares(office, known_at=HELD_AT - timedelta(seconds=1)), shares(office)
    assert [each.due_on for each in before] == ([due] if handed_at < HELD_AT else [])
    assert row.due_on == moved_to
    late_from = row.effective_due_on + timedelta(days=1)
    assert [each.status for each in shares(office, row.effective_due_on)] == [HandedStatus.OPEN]
    assert [each.status for each in shares(office, late_from)] == [HandedStatus.OVERDUE]


def test_a_rest_ended_early_is_as_long_as_it_was(office: Store) -> None:
    handed(office, share())
    decide(REST, store=office, by="VPCP", now=HELD_AT)
    back = Resume(code=PARENT, on=date(2025, 8, 14), document="2/QĐ", reason="đã có Luật")
    assert decide(back, store=office, by="VPCP", now=datetime(2025, 8, 14, 3, tzinfo=UTC)).outcome == "recorded"
    assert [row.due_on for row in shares(office)] == [date(2025, 8, 18)]


def test_shares_are_counted_nowhere(office: Store) -> None:
    def counted() -> object:
        table = status_of(office, as_of=TODAY, known_at=LATER)
        facts = gather_facts(
            office, month="2025-08", cutoff=date(2025, 8, 25), meeting=date(2025, 9, 3), known_at=LATER
        ).to_json()
        return table, json.dumps(facts, default=str, sort_keys=True)

    before = counted()
    handed(office, share(), share("Vụ Pháp chế"))
    reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20))
    assert counted() == before


def test_the_explanation_shows_the_shares_and_asks_about_open_ones_of_work_done(office: Store) -> None:
    handed(office, share(), share("Vụ Pháp chế", DUE))
    reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20))

    def told() -> str:
        return "\n".join(f"{s.what} {s.why}" for s in explain(office, PARENT, as_of=TODAY, known_at=LATER).steps)

    assert "1/2 phần việc xong" in told()
    assert f"Quá hạn: {PARENT}/2" in told()
    assert "cần xác nhận" not in told()
    with office.writing() as session:
        declare_done(session, PARENT)
    assert "còn 1 phần việc chưa xong: cần xác nhận" in told()


def declare_done(session: Session, code: str) -> None:
    """Report the assignment done, with evidence."""
    assignment = session.exec(select(Assignment).where(Assignment.code == code)).one()
    told: dict[str, Any] = {"declared_done": True, "evidence_number": "5/BC-BYT", "evidence_on": date(2025, 8, 20)}
    place: dict[str, Any] = {"batch_id": assignment.batch_id, "sheet": "PL", "row": 1, "digest": ""}
    session.add(Progress(assignment_id=assignment.id or 0, reported_on=date(2025, 8, 21), **told, **place))


def test_every_decision_has_one_audit_entry(office: Store) -> None:
    handed(office, share(), share("Vụ Pháp chế"))
    reported(office, f"{PARENT}/1", HandedState.DONE, date(2025, 8, 20))
    with office.reading() as session:
        found = [(e.action, e.subject, e.by) for e in session.exec(select(AuditEntry).order_by(AuditEntry.id))]  # type: ignore[arg-type]
    assert found == [
        ("decide.hand_down", f"{PARENT}/1", BY),
        ("decide.hand_down", f"{PARENT}/2", BY),
        ("decide.report_handed", f"{PARENT}/1", BY),
    ]
