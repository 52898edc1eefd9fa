"""Letters that did not leave on their day: nobody gets them late, and what is still due stands in today's digests."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from decisions import Acknowledge, decide
from models import Store
from models.assignment_tables import Undo
from models.commitment_tables import Commitment
from models.outcome_tables import Notice
from models.register_tables import ContactRow
from notifications import NoticeState, Reason, outbox
from notifications.accounting import accounts
from notifications.dead_letters import cancel
from notifications.letter import Outcome
from rules.ladder import Role
from tests.models.world import World
from tests.notifications.duties import assign, morning, plan, stored, told, untold
from tests.notifications.test_climbing import report_done

JULY = [date(2025, 7, day) for day in range(1, 32)]
DAYS_OF_REMINDERS = (date(2025, 6, 16), date(2025, 6, 23))


def states(store: Store) -> list[tuple[str, str]]:
    return [(notice.key, notice.state) for notice in stored(store)]


def bring_to(store: Store, state: NoticeState) -> None:
    """Let every letter in the outbox stand in a state."""
    with store.writing() as session:
        session.execute(update(Notice).values(state=str(state)))


def test_after_an_outage_of_the_mail_server_nobody_gets_two_letters_about_one_assignment(store: Store) -> None:
    assign(store, "BYT")
    first, second = (plan(store, day, arrived=False) for day in DAYS_OF_REMINDERS)
    assert [(entry.rung, entry.reason) for each in (first, second) for entry in told(each)] == [
        (-10, "first"), (-5, "first"),
    ]  # fmt: skip
    assert ("07-CT-TTg.1.BYT/2025-06-30/-10", "superseded") in untold(second)
    assert states(store) == [("2025-06-16/BYT/focal_point", "superseded"), ("2025-06-23/BYT/focal_point", "planned")]


def test_work_finished_before_its_letter_left_is_told_to_nobody(store: Store) -> None:
    assign(store, "BYT")
    for day in (JULY[0], JULY[6]):
        plan(store, day, arrived=False)
    report_done(store, JULY[7])
    assert plan(store, JULY[8], arrived=False).notices == ()
    assert [state for _, state in states(store)] == ["superseded", "superseded"]


def test_work_taken_back_before_its_letter_left_is_told_to_nobody(store: Store) -> None:
    assign(store, "BYT")
    plan(store, JULY[0], arrived=False)
    take_back(store, JULY[0])
    assert (plan(store, JULY[1], arrived=False).notices, states(store)) == (
        (), [("2025-07-01/BYT/unit_head", "superseded")],
    )  # fmt: skip


def test_what_a_letter_still_had_to_say_is_in_the_next_days_digest(store: Store) -> None:
    assign(store, "BYT", "BCA")
    plan(store, JULY[0], arrived=False)
    found = plan(store, JULY[1], arrived=False)
    assert sorted((entry.key, entry.rung, entry.reason) for entry in told(found)) == [
        ("2025-07-02/BCA/unit_head", 1, "first"), ("2025-07-02/BYT/unit_head", 1, "first"),
    ]  # fmt: skip
    assert [state for _, state in states(store)] == ["bundled", "bundled", "planned", "planned"]
    assert "So với thư ngày" not in found.notices[0].text


def test_a_letter_that_failed_for_now_is_told_anew_the_next_day(store: Store) -> None:
    assign(store, "BYT")
    plan(store, JULY[0], arrived=False)
    bring_to(store, NoticeState.FAILED_TEMPORARY)
    assert plan(store, JULY[1], arrived=False).new == 1
    assert [state for _, state in states(store)] == ["bundled", "planned"]


@pytest.mark.parametrize("state", [NoticeState.CANCELLED, NoticeState.SUPPRESSED, NoticeState.SUPERSEDED])
def test_who_never_got_a_letter_was_not_told_and_hears_of_no_end(store: Store, state: NoticeState) -> None:
    assign(store, "BYT")
    plan(store, JULY[0])
    bring_to(store, state)
    assert [entry.rung for entry in told(plan(store, JULY[1], dry_run=True))] == [1]
    report_done(store, JULY[2])
    assert plan(store, JULY[3]).notices == ()


def test_a_letter_somebody_called_off_is_told_in_the_next_digest(store: Store) -> None:
    assign(store, "BYT")
    plan(store, JULY[0])
    assert cancel(store, "2025-07-01/BYT/unit_head", by="VPCP", reason="sai địa chỉ", now=morning(JULY[0]))
    assert [(entry.rung, entry.reason) for entry in told(plan(store, JULY[1]))] == [(1, "first")]


def test_a_preview_says_what_the_day_will_tell_and_leaves_the_old_letters_as_they_are(store: Store) -> None:
    assign(store, "BYT")
    plan(store, JULY[0], arrived=False)
    preview = plan(store, JULY[1], dry_run=True, arrived=False)
    assert states(store) == [("2025-07-01/BYT/unit_head", "planned")]
    assert preview == plan(store, JULY[1], arrived=False)


def take_back(store: Store, on: date) -> None:
    """Undo the workbook the assignments came from, in the afternoon."""
    with store.writing() as session:
        session.add(Undo(batch_id=1, recorded_at=morning(on) + timedelta(hours=8)))


def withdraw(store: Store, on: date) -> None:
    """Let a new workbook leave the assignment out, in the afternoon."""
    with store.writing() as session:
        world = World.__new__(World)
        world.session, world.signed_on = session, date(2025, 3, 14)
        world.revise(1, at=morning(on) + timedelta(hours=8), due=date(2025, 6, 30), standing=False)


@pytest.mark.parametrize("end", [withdraw, take_back])
def test_those_alarmed_about_withdrawn_work_are_told_once_that_it_is_off_the_list(store: Store, end: object) -> None:
    assert callable(end)
    assign(store, "BYT")
    for day in (JULY[0], JULY[6]):
        plan(store, day)
    end(store, JULY[6])
    found = plan(store, JULY[7])
    assert [(notice.role, notice.reason) for notice in found.notices] == [
        (Role.UNIT_HEAD, Reason.RESOLVED), (Role.DEPUTY_HEAD, Reason.RESOLVED),
    ]  # fmt: skip
    assert "Không còn trong danh mục theo dõi" in found.notices[0].text
    assert [plan(store, day).new for day in JULY[8:12]] == [0, 0, 0, 0]


def test_work_put_back_on_the_list_is_told_again(store: Store) -> None:
    assign(store, "BYT")
    plan(store, JULY[0])
    withdraw(store, JULY[0])
    plan(store, JULY[1])
    with store.writing() as session:
        world = World.__new__(World)
        world.session, world.signed_on = session, date(2025, 3, 14)
        world.revise(1, at=datetime(2025, 7, 3, 9, tzinfo=UTC), due=date(2025, 6, 30))
    assert [(entry.rung, entry.reason) for entry in told(plan(store, JULY[3]))] == [(1, "worse")]


def test_a_part_that_passed_to_a_successor_is_not_withdrawn(store: Store) -> None:
    """Quảng Nam joined Đà Nẵng on 1 July 2025: its part goes on under the successor's name."""
    assign(store, "T48", "XQUANGNAM", due=date(2025, 5, 30))
    plan(store, date(2025, 6, 16))
    assert [item.ended for notice in plan(store, date(2025, 7, 1)).notices for item in notice.items if item.ended] == [
        "transferred"
    ]


GROUP_HEARS, NEXT_DAY = date(2025, 7, 28), date(2025, 7, 29)


@pytest.mark.parametrize(
    ("answer", "stands"),
    [(NoticeState.ACCEPTED, "accepted"), (NoticeState.FAILED_PERMANENT, "bundled"), (NoticeState.UNKNOWN, "bundled")],
)
def test_a_servers_yes_that_comes_after_another_letter_took_its_place_still_counts(
    store: Store, answer: NoticeState, stands: str
) -> None:
    """The letter to the working group must be delivered: its lost claim waits to be sent again, and is overtaken."""
    assign(store, "BYT")
    plan(store, GROUP_HEARS)
    at = morning(GROUP_HEARS)
    claimed = outbox.claim(store, at, channel="mailto")
    assert claimed is not None
    outbox.expire(store, at + outbox.LEASE)
    plan(store, NEXT_DAY, arrived=False)
    outbox.record(store, claimed, Outcome(answer), channel="mailto", finished_at=at + timedelta(hours=25))
    assert [state for _, state in states(store)] == [stands, "planned"]
    assert [day.adrift for day in accounts(store, now=morning(NEXT_DAY))] == [(), ()]


def test_who_answers_an_overtaken_letter_answers_the_one_that_took_its_place(store: Store) -> None:
    """The mailbox of two posts got the unit head's letter and, before that was known, the deputy's in its place."""
    with store.writing() as session:
        session.execute(
            update(ContactRow).where(col(ContactRow.agency_code) == "BYT").values(address="a@dondoc.example")
        )
    assign(store, "BYT")
    first, second = (plan(store, day, arrived=False) for day in (JULY[0], JULY[6]))
    assert [(entry.rung, entry.reason) for each in (first, second) for entry in told(each)] == [
        (1, "first"),
        (5, "first"),
    ]
    assert [state for _, state in states(store)] == ["superseded", "planned"]
    action = Acknowledge(
        code="07-CT-TTg.1.BYT", on=JULY[7], until_on=JULY[9], reason="đang ký", notice=first.notices[0].key
    )
    assert decide(action, store=store, by="Bộ Y tế", now=morning(JULY[7])).outcome == "recorded"
    with store.reading() as session:
        assert session.scalars(select(Commitment.rung)).all() == [5]


def test_who_was_sent_no_later_letter_answers_the_one_they_have(store: Store) -> None:
    assign(store, "BYT")
    first = plan(store, JULY[0], arrived=False)
    plan(store, JULY[6], arrived=False)  # to another mailbox
    action = Acknowledge(
        code="07-CT-TTg.1.BYT", on=JULY[7], until_on=JULY[9], reason="đang ký", notice=first.notices[0].key
    )
    assert decide(action, store=store, by="Bộ Y tế", now=morning(JULY[7])).outcome == "recorded"
    with store.reading() as session:
        assert session.scalars(select(Commitment.rung)).all() == [1]
