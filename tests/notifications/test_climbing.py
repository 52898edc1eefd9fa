"""What the ladder does over days: repeats, commitments kept and broken, recovery, reopening, a changed ladder, caps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from config.reference import load_reference_data
from decisions import Acknowledge, decide
from models import Store
from models.assignment_tables import Progress
from models.outcome_tables import NoticeItem
from models.people import add_holdings
from models.reference import load_reference
from notifications import Plan, Reason, outbox, plan_notices
from rules.calendar import WorkingCalendar
from rules.digest_policy import DigestPolicy
from rules.ladder import Role, Rung
from rules.people import Holding, HoldingKind
from tests.models.world import World
from tests.notifications.duties import DUE_30_JUNE, assign, morning, plan, told, untold

CODE = "07-CT-TTg.1.BYT"
JULY = [date(2025, 7, day) for day in range(1, 32)]


def with_ladder(store: Store, change: Callable[[Rung], Rung]) -> None:
    """Load the shipped reference data with another ladder."""
    shipped = load_reference_data()
    with store.writing() as session:
        load_reference(session, replace(shipped, ladder=sorted(change(rung) for rung in shipped.ladder)))


def hold_post(store: Store, *holdings: Holding) -> None:
    with store.writing() as session:
        add_holdings(session, holdings, source="danh-ba.xlsx", by="VPCP", now=datetime(2025, 6, 1, tzinfo=UTC))


def promise(store: Store, on: date, until: date) -> None:
    action = Acknowledge(code=CODE, on=on, until_on=until, reason="đang trình ký")
    assert decide(action, store=store, by="Vụ trưởng", now=morning(on)).outcome == "recorded"


def report_done(store: Store, on: date, *, done: bool = True) -> None:
    """Let the ministry report on a day, recorded at once."""
    with store.writing() as session:
        world = World.__new__(World)
        world.session = session
        batch = world.new_batch(datetime.combine(on, time(2), tzinfo=UTC))
        session.add(
            Progress(
                assignment_id=1,
                batch_id=batch,
                reported_on=on,
                declared_done=done,
                sheet="PL",
                row=9,
                digest="",
                evidence_number="12/BC-BYT" if done else None,
                evidence_on=on if done else None,
            )
        )


def heard(store: Store, days: list[date]) -> list[tuple[int, int, str]]:
    """Return what is told day after day: the day of July, the rung, the reason."""
    return [(day.day, entry.rung, entry.reason) for day in days for entry in told(plan(store, day))]


def test_a_rung_that_repeats_is_told_again_every_so_many_working_days(store: Store) -> None:
    with_ladder(store, lambda rung: replace(rung, repeat_every=2) if rung.offset == 10 else rung)
    assign(store, "BYT")
    assert heard(store, JULY) == [
        (1, 1, "first"), (7, 5, "worse"), (14, 10, "worse"), (16, 10, "repeat"), (18, 10, "repeat"),
        (22, 10, "repeat"), (24, 10, "repeat"), (28, 20, "worse"),
    ]  # fmt: skip


def test_a_commitment_quiets_the_ladder_through_its_day_and_a_broken_one_enters_a_rung_higher(store: Store) -> None:
    assign(store, "BYT")
    assert heard(store, JULY[:1]) == [(1, 1, "first")]
    promise(store, date(2025, 7, 2), date(2025, 7, 3))
    assert untold(plan(store, date(2025, 7, 3))) == [(f"{CODE}/2025-06-30/+1", "committed")]
    assert heard(store, JULY[3:]) == [(4, 5, "worse"), (14, 10, "worse"), (28, 20, "worse")]


def test_a_commitment_to_a_day_off_runs_to_the_next_working_day(store: Store) -> None:
    with_ladder(store, lambda rung: replace(rung, offset=7) if rung.role is Role.DEPUTY_HEAD else rung)
    assign(store, "BYT")
    heard(store, JULY[:1])
    promise(store, date(2025, 7, 2), date(2025, 7, 5))  # a Saturday
    assert heard(store, JULY[1:9]) == [(8, 7, "worse")]


def test_a_commitment_on_a_lower_rung_does_not_silence_those_above_it(store: Store) -> None:
    assign(store, "BYT")
    plan(store, date(2025, 6, 16))
    promise(store, date(2025, 6, 17), date(2025, 7, 14))
    assert [(entry.rung, entry.reason) for entry in told(plan(store, date(2025, 6, 23)))] == [(-5, "worse")]
    assert heard(store, JULY[:14]) == [(1, 1, "worse"), (7, 5, "worse"), (14, 10, "worse")]


def test_the_working_group_hears_whatever_was_promised(store: Store) -> None:
    assign(store, "BYT")
    heard(store, JULY[:14])
    promise(store, date(2025, 7, 15), date(2025, 8, 8))
    assert heard(store, JULY[14:]) == [(28, 20, "worse")]


def test_those_who_were_alarmed_are_told_once_that_it_is_done(store: Store) -> None:
    assign(store, "BYT")
    heard(store, JULY[:7])
    report_done(store, date(2025, 7, 8))
    days = {day: plan(store, day) for day in JULY[8:12]}
    found = [(notice.role, notice.reason, notice.subject) for each in days.values() for notice in each.notices]
    assert found == [
        (Role.UNIT_HEAD, Reason.RESOLVED, "[Đôn đốc] 1 nhiệm vụ đã xong"),
        (Role.DEPUTY_HEAD, Reason.RESOLVED, "[Đôn đốc] 1 nhiệm vụ đã xong"),
    ]
    assert "Đã hoàn thành ngày 08/07/2025" in days[JULY[8]].notices[0].text


def test_who_was_only_reminded_is_not_told_that_it_is_done(store: Store) -> None:
    assign(store, "BYT")
    plan(store, date(2025, 6, 16))
    report_done(store, date(2025, 6, 20))
    assert plan(store, date(2025, 6, 23)).notices == ()


def test_work_opened_again_is_told_again_from_the_rung_it_has_reached(store: Store) -> None:
    assign(store, "BYT")
    heard(store, JULY[:1])
    report_done(store, date(2025, 7, 2))
    assert heard(store, JULY[2:8]) == [(3, 1, "resolved")]
    report_done(store, date(2025, 7, 9), done=False)
    assert heard(store, JULY[9:14]) == [(10, 5, "worse"), (14, 10, "worse")]


def test_a_changed_ladder_leaves_what_was_begun_and_tells_no_step_twice(store: Store) -> None:
    assign(store, "BYT")
    heard(store, JULY[:7])
    with_ladder(store, lambda rung: replace(rung, offset=8) if rung.role is Role.DEPUTY_HEAD else rung)
    assert heard(store, JULY[7:]) == [(14, 10, "worse"), (28, 20, "worse")]


def test_what_was_told_before_steps_had_names_is_not_told_twice_either(store: Store) -> None:
    assign(store, "BYT")
    heard(store, JULY[:7])
    with store.writing() as session:
        for item in session.exec(select(NoticeItem)):
            item.step = item.ladder = ""
    with_ladder(store, lambda rung: replace(rung, offset=8) if rung.role is Role.DEPUTY_HEAD else rung)
    assert heard(store, JULY[7:]) == [(14, 10, "worse"), (28, 20, "worse")]


def test_a_lower_step_that_was_passed_over_is_recorded_with_the_one_that_stands_for_it(store: Store) -> None:
    assign(store, "BYT")
    plan(store, date(2025, 7, 14))
    with store.reading() as session:
        (item,) = session.exec(select(NoticeItem)).all()
    assert item.superseded == "first_reminder,second_reminder,unit,deputy"


def test_what_is_too_much_for_a_digest_is_told_in_the_next(store: Store) -> None:
    assign(store, "BYT", tasks=5)
    policy, days = DigestPolicy(most_items=2), (14, 15, 16, 17)
    plans = [plan(store, date(2025, 7, day), policy=policy) for day in days]
    assert [sum(len(notice.items) for notice in each.notices) for each in plans] == [2, 2, 1, 0]
    assert [reason for _, reason in untold(plans[0])].count("overflow") == 3


def test_what_repeats_every_day_leaves_room_for_what_was_never_told(store: Store) -> None:
    """With room for two, three items on one rung that repeats daily take turns, the new one first."""
    with_ladder(store, lambda rung: replace(rung, repeat_every=1) if rung.offset == 10 else rung)
    assign(store, "BYT", tasks=2)
    two = DigestPolicy(most_items=2)
    plan(store, JULY[13], policy=two)
    with store.writing() as session:
        world = World.__new__(World)
        world.session, world.signed_on, world.numbers, world.document = session, date(2025, 3, 14), count(3), 1
        world.batch = world.new_batch(morning(JULY[13]))
        world.duty("BYT", due=DUE_30_JUNE)
    days = [[entry.code[len("07-CT-TTg.")] for entry in told(plan(store, day, policy=two))] for day in JULY[14:18]]
    assert days == [["1", "3"], ["1", "2"], ["1", "3"], ["1", "2"]]


def test_the_next_digest_says_what_is_new_done_and_still_open(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        for _ in range(2):
            world.duty("BYT", due=DUE_30_JUNE)
        world.batch = world.new_batch(datetime(2025, 7, 1, 5, tzinfo=UTC))
        world.duty("BYT", due=DUE_30_JUNE)
    plan(store, date(2025, 7, 1))
    report_done(store, date(2025, 7, 1))
    (notice,) = [each for each in plan(store, date(2025, 7, 2)).notices if each.role is Role.UNIT_HEAD]
    assert notice.reason is Reason.NEW_ITEMS
    assert "So với thư ngày 01/07/2025: 1 mới, 1 đã xong, 1 đã báo trước, vẫn chưa xong" in notice.text
    assert notice.subject == "[Đôn đốc] 1 nhiệm vụ quá hạn, lâu nhất 2 ngày làm việc; 1 đã xong"


def test_in_a_trial_nobody_else_receives_and_nobody_else_counts_as_told(store: Store) -> None:
    assign(store, "BYT", "BCA")
    day = date(2025, 7, 14)
    trial = DigestPolicy(trial=frozenset({"Nguoi-Dung-Dau.BYT@dondoc.example"}))
    found = plan_notices(store, as_of=day, now=morning(day), policy=trial)
    assert ([notice.agency for notice in found.notices], untold(found)[-1]) == (
        ["BYT"], ("2025-07-14/BCA/agency_head", "trial"),
    )  # fmt: skip
    assert [entry.key for entry in told(plan(store, date(2025, 7, 15)))] == ["2025-07-15/BCA/agency_head"]


@pytest.mark.parametrize(("hour", "waits_until"), [(20, None), (21, (16, 6)), (23, (16, 6)), (5, (15, 6)), (6, None)])
def test_quiet_hours_defer_a_letter_and_never_drop_it(hour: int, waits_until: tuple[int, int] | None) -> None:
    at, calendar = (
        datetime(2025, 7, 15, hour, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        WorkingCalendar({}, frozenset(), frozenset()),
    )
    found = DigestPolicy(quiet_from=time(21), quiet_until=time(6)).not_before(at, calendar)
    assert (found and (found.day, found.hour, found.minute)) == (waits_until and (*waits_until, 0))
    assert DigestPolicy().not_before(at, calendar) is None


def person(kind: HoldingKind, name: str, first: int | None, last: int | None, role: Role = Role.UNIT_HEAD) -> Holding:
    """Return somebody at a post of the Ministry of Health between two days of July."""
    days = [date(2025, 7, day) if day else None for day in (first, last)]
    return Holding("BYT", role, kind, "Vụ trưởng", name, f"{name}@byt.example", days[0], days[1])


WHO_HEARS = [
    ([], "don-vi.byt@dondoc.example", ()),
    ([person(HoldingKind.HOLDER, "a", 1, 1)], "a@byt.example", ()),
    ([person(HoldingKind.HOLDER, "a", 2, None)], "cap-pho.byt@dondoc.example", (Role.UNIT_HEAD,)),
    ([person(HoldingKind.HOLDER, "a", None, None), person(HoldingKind.ACTING, "b", 1, 5)], "b@byt.example", ()),
    (
        [person(HoldingKind.HOLDER, "a", None, None), person(HoldingKind.AWAY, "a", 1, 5),
         person(HoldingKind.DELEGATE, "c", 1, 5)],
        "c@byt.example", (),
    ),
    (
        [person(HoldingKind.HOLDER, "a", None, None), person(HoldingKind.AWAY, "a", 1, 5)],
        "cap-pho.byt@dondoc.example", (Role.UNIT_HEAD,),
    ),
    ([person(HoldingKind.INFORMATION, "d", None, None)], "don-vi.byt@dondoc.example", ()),
]  # fmt: skip


@pytest.mark.parametrize(("holdings", "address", "skipped"), WHO_HEARS)
def test_who_holds_the_post_that_day_hears(
    store: Store, holdings: list[Holding], address: str, skipped: tuple[Role, ...]
) -> None:
    assign(store, "BYT")
    hold_post(store, *holdings)
    notice = plan(store, date(2025, 7, 1), dry_run=True).notices[0]
    assert (notice.address, notice.items[0].skipped) == (address, skipped)
    assert ("đang khuyết: thủ trưởng đơn vị chủ trì" in notice.text) == bool(skipped)


def test_others_read_for_information_and_one_answers(store: Store) -> None:
    with_ladder(store, lambda rung: replace(rung, for_information=(Role.FOCAL_POINT,)) if rung.offset == 1 else rung)
    assign(store, "BYT")
    hold_post(store, person(HoldingKind.INFORMATION, "d", None, None))
    found = plan(store, date(2025, 7, 1))
    assert [(notice.address, notice.items[0].information) for notice in found.notices] == [
        ("don-vi.byt@dondoc.example", False), ("dau-moi.byt@dondoc.example", True), ("d@byt.example", True),
    ]  # fmt: skip
    assert "Để biết" in found.notices[1].text
    assert plan(store, date(2025, 7, 2)).new == 0


def test_planning_twice_changes_nothing_whatever_happened(store: Store) -> None:
    assign(store, "BYT", "BCA", tasks=2)
    for day in JULY[:10]:
        plan(store, day)
        assert plan(store, day).new == 0


def test_two_people_at_one_post_never_share_a_key(store: Store) -> None:
    """The digest's key names the post; who is named for information there gets a key of their own."""
    assign(store, "BYT")
    hold_post(store, person(HoldingKind.INFORMATION, "d", None, None), person(HoldingKind.INFORMATION, "e", None, None))
    found: Plan = plan(store, date(2025, 7, 1))
    assert len({notice.key for notice in found.notices}) == len(found.notices) == 3


def test_a_letter_planned_at_night_goes_out_when_the_quiet_hours_end(store: Store) -> None:
    assign(store, "BYT")
    night, day = datetime(2025, 7, 13, 22, tzinfo=UTC), date(2025, 7, 14)  # 05:00 in Hanoi
    policy = DigestPolicy(quiet_from=time(21), quiet_until=time(6))
    assert plan_notices(store, as_of=day, now=night, policy=policy).new == 1
    with outbox.desk(store) as desk:
        assert desk.claim(night.replace(minute=59), channel="mailto") is None
        assert desk.claim(night.replace(hour=23), channel="mailto") is not None
