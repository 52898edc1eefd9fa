"""Who hears what on which day: the ladder's edges, one digest per person, nothing twice and nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from models import Store
from models.outcome_tables import Notice, NoticeItem
from models.register_tables import ContactRow
from notifications import plan_notices
from rules.ladder import Role
from rules.status import Nature
from tests.models.world import World
from tests.notifications.duties import DUE_30_JUNE, HEAD_HEARS, Told, assign, morning, plan, stored, told, untold

NOBODY = None


WORK_DUE_ON_30_JUNE_IS_TOLD_TO = [
    (date(2025, 6, 13), NOBODY, NOBODY),
    (date(2025, 6, 16), -10, Role.FOCAL_POINT),
    (date(2025, 6, 20), -10, Role.FOCAL_POINT),
    (date(2025, 6, 23), -5, Role.FOCAL_POINT),
    (date(2025, 6, 30), -5, Role.FOCAL_POINT),
    (date(2025, 7, 1), 1, Role.UNIT_HEAD),
    (date(2025, 7, 4), 1, Role.UNIT_HEAD),
    (date(2025, 7, 7), 5, Role.DEPUTY_HEAD),
    (date(2025, 7, 11), 5, Role.DEPUTY_HEAD),
    (date(2025, 7, 14), 10, Role.AGENCY_HEAD),
    (date(2025, 7, 25), 10, Role.AGENCY_HEAD),
    (date(2025, 7, 28), 20, Role.WORKING_GROUP),
]


def test_work_due_on_30_june_is_told_to_the_post_whose_day_has_come(store: Store) -> None:
    assign(store, "BYT")
    for day, rung, role in WORK_DUE_ON_30_JUNE_IS_TOLD_TO:
        heard = [(item.rung, item.role) for notice in plan(store, day, dry_run=True).notices for item in notice.items]
        assert heard == ([] if rung is NOBODY else [(rung, role)]), day


def test_lateness_counts_working_days_from_the_day_after_a_break(store: Store) -> None:
    """31 August 2025 is a Sunday inside the National Day break: the effective due day is 3 September."""
    assign(store, "BYT", due=date(2025, 8, 31))
    notice = plan(store, date(2025, 9, 5)).notices[0]
    item = notice.items[0]
    assert (item.last_good_day, item.days_late, item.rung) == (date(2025, 9, 3), 2, 1)
    assert notice.subject == "[Đôn đốc] 1 nhiệm vụ quá hạn, lâu nhất 2 ngày làm việc"


def test_a_digest_holds_all_that_one_post_must_hear_most_severe_first(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        for due in (date(2025, 7, 11), date(2025, 6, 27), date(2025, 7, 4)):
            world.duty("BYT", due=due)
    found = plan(store, date(2025, 7, 1))
    assert [(notice.key, len(notice.items)) for notice in found.notices] == [
        ("2025-07-01/BYT/focal_point", 2),
        ("2025-07-01/BYT/unit_head", 1),
    ]
    assert [item.days_left for item in found.notices[0].items] == [3, 8]
    assert (found.notices[0].rung, found.notices[1].rung) == (-5, 1)


def test_the_working_group_hears_of_every_agency_in_one_digest(store: Store) -> None:
    assign(store, "BYT", "BCA", "BNG", tasks=2)
    found = plan(store, date(2025, 7, 28))
    assert [(notice.key, len(notice.items)) for notice in found.notices] == [("2025-07-28/TCT06/working_group", 6)]
    assert found.notices[0].recipient == "Tổ trưởng, Tổ công tác triển khai Đề án 06"


def test_one_mailbox_for_two_posts_gets_one_digest(store: Store) -> None:
    with store.writing() as session:
        session.execute(update(ContactRow).where(col(ContactRow.agency_code) == "BYT").values(address="Yte@example.vn"))
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 30))
        world.duty("BYT", due=date(2025, 7, 11))
    found = plan(store, date(2025, 7, 1))
    assert [(notice.key, [item.role for item in notice.items]) for notice in found.notices] == [
        ("2025-07-01/BYT/unit_head", [Role.UNIT_HEAD, Role.FOCAL_POINT])
    ]
    assert plan(store, date(2025, 7, 1)).new == 0


def test_one_mailbox_hears_once_a_day_whatever_its_posts(store: Store) -> None:
    first_day = date(2025, 7, 1)
    with store.writing() as session:
        session.execute(update(ContactRow).where(col(ContactRow.agency_code) == "BYT").values(address="yte@example.vn"))
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 30))
        world.batch = world.new_batch(morning(first_day) + timedelta(hours=3))
        world.duty("BYT", due=date(2025, 7, 11))
    assert [notice.role for notice in plan(store, first_day).notices] == [Role.UNIT_HEAD]
    again = plan_notices(store, as_of=first_day, now=morning(first_day) + timedelta(hours=4))
    assert (again.new, untold(again)[-1]) == (0, ("07-CT-TTg.2.BYT/2025-07-11/-10", "next_digest"))


def test_a_second_run_tells_nothing_again(store: Store) -> None:
    assign(store, "BYT", "BCA")
    first, second = plan(store, HEAD_HEARS), plan(store, HEAD_HEARS)
    assert (first.new, second.new, second.notices) == (2, 0, ())
    assert sorted(untold(second)) == [
        ("07-CT-TTg.1.BCA/2025-06-30/+10", "already_told"),
        ("07-CT-TTg.1.BYT/2025-06-30/+10", "already_told"),
    ]
    assert len(stored(store)) == 2


def test_day_after_day_each_rung_is_told_once_and_gets_worse(store: Store) -> None:
    assign(store, "BYT")
    days = [date(2025, month, day) for month in (6, 7) for day in range(1, 31)]
    heard = [entry for day in days for entry in told(plan(store, day))]
    code = "07-CT-TTg.1.BYT"
    assert heard == [
        Told("2025-06-16/BYT/focal_point", code, -10, "first"),
        Told("2025-06-23/BYT/focal_point", code, -5, "worse"),
        Told("2025-07-01/BYT/unit_head", code, 1, "worse"),
        Told("2025-07-07/BYT/deputy_head", code, 5, "worse"),
        Told("2025-07-14/BYT/agency_head", code, 10, "worse"),
        Told("2025-07-28/TCT06/working_group", code, 20, "worse"),
    ]


def test_after_an_outage_only_the_highest_rung_is_told(store: Store) -> None:
    assign(store, "BYT")
    plan(store, date(2025, 6, 16))
    found = plan(store, HEAD_HEARS)
    assert [(entry.rung, entry.reason) for entry in told(found)] == [(10, "worse")]
    assert untold(found) == [
        ("07-CT-TTg.1.BYT/2025-06-30/-5", "superseded"),
        ("07-CT-TTg.1.BYT/2025-06-30/+1", "superseded"),
        ("07-CT-TTg.1.BYT/2025-06-30/+5", "superseded"),
    ]


def test_a_run_for_an_earlier_day_does_not_go_down_the_ladder(store: Store) -> None:
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    found = plan(store, date(2025, 7, 1))
    assert (found.new, untold(found)) == (0, [("07-CT-TTg.1.BYT/2025-06-30/+1", "superseded")])


def test_what_comes_after_the_days_digest_waits_for_the_next_working_day(store: Store) -> None:
    friday, saturday, monday = date(2025, 7, 11), date(2025, 7, 12), date(2025, 7, 14)
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 26))
        world.batch = world.new_batch(morning(friday) + timedelta(hours=3))
        world.duty("BYT", due=date(2025, 6, 27))
    assert plan(store, friday).new == 1
    again = plan_notices(store, as_of=friday, now=morning(friday) + timedelta(hours=4))
    assert (again.new, untold(again)[-1]) == (0, ("07-CT-TTg.2.BYT/2025-06-27/+10", "next_digest"))
    assert untold(plan(store, saturday)) == [("2025-07-12", "day_off")]
    assert [(entry.key, entry.code) for entry in told(plan(store, monday))] == [
        ("2025-07-14/BYT/agency_head", "07-CT-TTg.2.BYT")
    ]


def test_a_new_address_during_the_day_gets_no_second_digest(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=DUE_30_JUNE)
        world.batch = world.new_batch(morning(HEAD_HEARS) + timedelta(hours=3))
        world.duty("BYT", due=DUE_30_JUNE)
    plan(store, HEAD_HEARS)
    with store.writing() as session:
        session.execute(update(ContactRow).values(address="moi@example.vn"))
    again = plan_notices(store, as_of=HEAD_HEARS, now=morning(HEAD_HEARS) + timedelta(hours=4))
    assert (again.new, untold(again)[-1][1]) == (0, "next_digest")


@pytest.mark.parametrize("day_off", [date(2025, 9, 6), date(2025, 9, 7), date(2025, 9, 2)])
def test_on_a_day_off_nothing_is_planned(store: Store, day_off: date) -> None:
    assign(store, "BYT")
    found = plan(store, day_off)
    assert (found.new, untold(found)) == (0, [(day_off.isoformat(), "day_off")])
    assert stored(store) == []


def test_a_vacant_post_skips_up_at_once_and_says_so(store: Store) -> None:
    assign(store, "BYT")
    with store.writing() as session:
        session.execute(delete(ContactRow).where(col(ContactRow.role) == Role.AGENCY_HEAD))
    found = plan(store, HEAD_HEARS)
    assert [(notice.role, notice.rung) for notice in found.notices] == [(Role.WORKING_GROUP, 10)]
    assert ("07-CT-TTg.1.BYT/2025-06-30/+10", "no_contact") in untold(found)


def test_an_empty_address_is_no_contact(store: Store) -> None:
    assign(store, "BYT")
    with store.writing() as session:
        session.execute(update(ContactRow).values(address=" "))
    assert [reason for _, reason in untold(plan(store, HEAD_HEARS))] == ["no_contact"]


def test_finished_cancelled_held_ongoing_and_undated_work_is_not_told(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        (done,), (cancelled,), (held,) = (world.duty("BYT", due=DUE_30_JUNE) for _ in range(3))
        world.duty("BYT", due=None, nature=Nature.ONGOING)
        world.duty("BYT", due=None)
        world.report(done, date(2025, 7, 1), evidence=date(2025, 7, 1))
        world.decide(cancelled, "cancel", date(2025, 7, 1))
        world.decide(held, "hold", date(2025, 7, 1), until=date(2025, 12, 31))
    found = plan(store, HEAD_HEARS)
    assert (found.notices, found.suppressed) == ((), ())


def test_an_extended_due_day_starts_the_ladder_anew_and_those_alarmed_hear_of_it(store: Store) -> None:
    day_after = date(2025, 7, 15)
    with store.writing() as session:
        world = World(session)
        (assignment,) = world.duty("BYT", due=DUE_30_JUNE)
        world.decide(assignment, "extend", day_after, until=date(2025, 7, 18), at=morning(day_after))
    assert plan(store, HEAD_HEARS).new == 1
    assert [(entry.key, entry.rung, entry.reason) for entry in told(plan(store, day_after))] == [
        ("2025-07-15/BYT/agency_head", 10, "resolved"),
        ("2025-07-15/BYT/focal_point", -5, "first"),
    ]


def test_after_a_merger_the_successor_hears_of_its_parts_once(store: Store) -> None:
    """Quảng Nam joined Đà Nẵng on 1 July 2025; both held the same collective task."""
    assign(store, "T48", "XQUANGNAM")
    assert [(entry.key, entry.code) for entry in told(plan(store, HEAD_HEARS))] == [
        ("2025-07-14/T48/agency_head", "07-CT-TTg.1.T48")
    ]


def test_a_dry_run_answers_the_same_and_writes_nothing(store: Store) -> None:
    assign(store, "BYT", "BCA")
    preview = plan(store, HEAD_HEARS, dry_run=True)
    assert stored(store) == []
    assert preview == plan(store, HEAD_HEARS)


def test_two_planners_at_once_plan_each_digest_once(store: Store) -> None:
    assign(store, "BYT", "BCA", "BNG", "BQP", tasks=3)
    with ThreadPoolExecutor(3) as pool:
        plans = list(pool.map(lambda _: plan(store, HEAD_HEARS), range(3)))
    assert sorted(found.new for found in plans) == [0, 0, 4]
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(NoticeItem)) == 12
        assert session.scalar(select(func.count()).select_from(Notice)) == 4


def test_the_outbox_keeps_what_was_planned(store: Store) -> None:
    assign(store, "BYT")
    planned, (kept,) = plan(store, HEAD_HEARS).notices[0], stored(store)
    assert (kept.key, kept.address, kept.subject, kept.text, kept.html) == (
        planned.key, planned.address, planned.subject, planned.text, planned.html,
    )  # fmt: skip
    assert (kept.state, kept.attempts, kept.planned_at) == ("planned", 0, morning(HEAD_HEARS))
