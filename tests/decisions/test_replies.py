"""What those who were told answer: commitments within bounds, appeals that wait for a person, no day moved."""

from datetime import UTC, date, datetime

import pytest

from decisions import (
    Acknowledge,
    Delegate,
    Dispute,
    Extend,
    Hold,
    Outcome,
    Redirect,
    RequestExtension,
    Settle,
    decide,
    holds_of,
    open_questions,
    replying,
)
from models import Store, status_of
from models.assignment_tables import Progress
from models.people import holdings_of
from rules.ladder import Role
from rules.status import Flag
from tests.models.world import World

CODE, ON = "07-CT-TTg.1.BYT", date(2025, 7, 2)
NOW = datetime(2025, 7, 2, 3, tzinfo=UTC)
HEAD = "Vụ trưởng, Bộ Y tế"
FURTHEST = date(2025, 7, 30)  # twenty working days after 2 July


@pytest.fixture
def duty(store: Store) -> int:
    """Give an assignment due on 30 June 2025."""
    with store.writing() as session:
        (assignment,) = World(session).duty("BYT", due=date(2025, 6, 30))
    return assignment


def commit(store: Store, until: date, *, on: date = ON, reason: str = "đang trình ký", by: str = HEAD) -> Outcome:
    action = Acknowledge(code=CODE, on=on, until_on=until, reason=reason)
    return decide(action, store=store, by=by, now=datetime(on.year, on.month, on.day, 3, tzinfo=UTC))


def report_done(store: Store, duty: int, on: date) -> None:
    with store.writing() as session:
        session.add(
            Progress(
                assignment_id=duty, batch_id=1, reported_on=on, declared_done=True, evidence_number="12/BC-BYT",
                evidence_on=on, sheet="PL", row=9, digest="",
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        (date(2025, 7, 1), "committed_to_the_past"),
        (ON, None),
        (FURTHEST, None),
        (date(2025, 7, 31), "committed_too_far"),
    ],
)
@pytest.mark.usefixtures("duty")
def test_a_commitment_reaches_from_today_to_twenty_working_days(store: Store, until: date, refusal: str | None) -> None:
    found = commit(store, until)
    assert (found.refusal.code if found.refusal else None) == refusal


@pytest.mark.usefixtures("duty")
def test_a_running_commitment_is_only_brought_forward_and_a_broken_one_is_not_renewed(store: Store) -> None:
    assert commit(store, date(2025, 7, 7)).outcome == "recorded"
    assert commit(store, date(2025, 7, 7)).outcome == "unchanged"
    later = commit(store, date(2025, 7, 8))
    assert later.refusal
    assert later.refusal.code == "already_committed"
    assert commit(store, date(2025, 7, 3)).outcome == "recorded"
    again = commit(store, date(2025, 7, 20), on=date(2025, 7, 4))
    assert again.refusal
    assert again.refusal.code == "commitment_broken"


@pytest.mark.usefixtures("duty")
@pytest.mark.parametrize(("by", "reason", "refusal"), [("", "x", "needs_decider"), (HEAD, " ", "needs_reason")])
def test_who_and_why_are_needed(store: Store, by: str, reason: str, refusal: str) -> None:
    found = commit(store, FURTHEST, by=by, reason=reason)
    assert found.refusal
    assert found.refusal.code == refusal
    assert " / " in found.message


def test_done_and_unknown_work_is_not_committed_to(store: Store, duty: int) -> None:
    unknown = decide(Acknowledge(code="nothing", on=ON, until_on=ON, reason="x"), store=store, by=HEAD, now=NOW)
    assert unknown.refusal
    assert unknown.refusal.code == "unknown_assignment"
    report_done(store, duty, date(2025, 7, 1))
    done = commit(store, FURTHEST)
    assert done.refusal
    assert done.refusal.code == "already_completed"


def test_an_extension_asked_for_waits_and_moves_nothing_until_it_is_granted(store: Store, duty: int) -> None:
    action = RequestExtension(code=CODE, on=ON, until_on=date(2025, 8, 15), reason="chờ ý kiến thành viên Chính phủ")
    assert decide(action, store=store, by=HEAD, now=NOW).outcome == "recorded"
    assert decide(action, store=store, by=HEAD, now=NOW).outcome == "unchanged"
    (row,) = status_of(store, as_of=ON, known_at=NOW).rows
    assert (row.assignment_id, row.due_on) == (duty, date(2025, 6, 30))
    (waits,) = open_questions(store, as_of=date(2025, 7, 4), known_at=NOW)
    assert (waits.kind, waits.assignment, waits.until_on, waits.days_waiting) == (
        "extension", CODE, date(2025, 8, 15), 2,
    )  # fmt: skip
    granted = Extend(code=CODE, on=ON, until_on=date(2025, 8, 15), document="5/VPCP", reason="đồng ý", exception=True)
    assert decide(granted, store=store, by="Văn phòng Chính phủ", now=NOW).outcome == "recorded"
    assert open_questions(store, as_of=ON, known_at=NOW) == []


def test_disputes_and_redirections_wait_until_somebody_settles_them(store: Store, duty: int) -> None:
    del duty
    dispute = Dispute(code=CODE, on=ON, reason="đã ban hành Quyết định 12/QĐ-BYT")
    redirect = Redirect(code=CODE, on=ON, to="Cục Quản lý Khám, chữa bệnh", reason="đã chuyển giao")
    for action in (dispute, redirect):
        assert decide(action, store=store, by=HEAD, now=NOW).outcome == "recorded"
    waiting = open_questions(store, as_of=ON, known_at=NOW)
    assert [each.kind for each in waiting] == ["dispute", "redirect"]
    settled = Settle(appeal=waiting[0].number, on=ON, accepted=False, reason="chưa có văn bản")
    assert decide(settled, store=store, by="VPCP", now=NOW).outcome == "recorded"
    assert decide(settled, store=store, by="VPCP", now=NOW).outcome == "unchanged"
    assert [each.kind for each in open_questions(store, as_of=ON, known_at=NOW)] == ["redirect"]
    missing = decide(Settle(appeal=99, on=ON, accepted=True, reason="x"), store=store, by="VPCP", now=NOW)
    assert missing.refusal
    assert missing.refusal.code == "unknown_appeal"


def test_a_hold_is_listed_while_it_runs_and_ends_by_itself(store: Store, duty: int) -> None:
    del duty
    hold = Hold(code=CODE, from_on=date(2025, 7, 1), until_on=date(2025, 7, 10), document="7/VPCP", reason="chờ luật")
    assert decide(hold, store=store, by="VPCP", now=NOW).outcome == "recorded"
    runs = {day: len(holds_of(store, as_of=date(2025, 7, day), known_at=NOW)) for day in (1, 10, 11)}
    assert runs == {1: 1, 10: 1, 11: 0}
    assert status_of(store, as_of=date(2025, 7, 11), known_at=NOW).rows[0].status == "overdue"


def test_a_delegation_is_recorded_for_its_days(store: Store) -> None:
    action = Delegate(
        agency="BYT", role=Role.AGENCY_HEAD, to="Thứ trưởng thường trực", address="thu-truong@byt.example",
        from_on=date(2025, 7, 3), until_on=date(2025, 7, 9), reason="đi công tác",
    )  # fmt: skip
    assert decide(action, store=store, by="Bộ trưởng, Bộ Y tế", now=NOW).outcome == "recorded"
    assert decide(action, store=store, by="Bộ trưởng, Bộ Y tế", now=NOW).outcome == "unchanged"
    with store.reading() as session:
        (holding,) = holdings_of(session, known_at=NOW)
    assert (holding.kind, holding.address, holding.covers(date(2025, 7, 9)), holding.covers(date(2025, 7, 10))) == (
        "delegate", "thu-truong@byt.example", True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "done", "broken"),
    [
        (date(2025, 7, 10), None, 0),
        (date(2025, 7, 11), None, 1),
        (date(2025, 7, 20), date(2025, 7, 10), 0),
        (date(2025, 7, 20), date(2025, 7, 11), 1),
    ],
)
def test_a_commitment_not_kept_counts_against_the_agency(
    store: Store, duty: int, as_of: date, done: date | None, broken: int
) -> None:
    assert commit(store, date(2025, 7, 10)).outcome == "recorded"
    if done:
        report_done(store, duty, done)
    table = status_of(store, as_of=as_of, known_at=datetime(2025, 8, 1, tzinfo=UTC))
    assert sum(Flag.BROKEN_COMMITMENT in row.flags for row in table.rows if row.agency == "BYT") == broken


@pytest.mark.usefixtures("duty")
def test_one_digest_takes_so_many_appeals_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replying, "MOST_APPEALS", 2)
    found = [
        decide(Dispute(code=CODE, on=ON, reason=str(number), notice="n"), store=store, by=HEAD, now=NOW)
        for number in range(3)
    ]
    assert [outcome.outcome for outcome in found] == ["recorded", "recorded", "refused"]
