"""Posts that are filled, delegated or handed on, and those who read for information: nobody misses out."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import update
from sqlmodel import col

from decisions import Delegate, Succeed, decide
from models import Store
from models.outcome_tables import Notice
from models.register_tables import ContactRow
from notifications import NoticeState, Plan
from rules.digest_policy import DigestPolicy
from rules.ladder import Role, Rung
from rules.people import HoldingKind
from tests.models.world import World
from tests.notifications.duties import assign, morning, plan, told, untold
from tests.notifications.test_climbing import CODE, JULY, heard, hold_post, person, report_done, with_ladder

MAILBOX = "van-thu.byt@dondoc.example"
HEAD, UNIT = "nguoi-dung-dau.byt@dondoc.example", "don-vi.byt@dondoc.example"


def hears(found: Plan) -> list[tuple[str, int, bool]]:
    """Return who hears which rung, and whether only for information."""
    return [(each.address, item.rung, item.information) for each in found.notices for item in each.items]


def head_reads_the_first_rung(rung: Rung) -> Rung:
    return replace(rung, for_information=(Role.AGENCY_HEAD,)) if rung.offset == 1 else rung


def fail(store: Store, address: str) -> None:
    """Let the letters to an address that wait be refused for good."""
    waits = (col(Notice.address) == address, col(Notice.state) == "planned")
    with store.writing() as session:
        session.execute(update(Notice).where(*waits).values(state=str(NoticeState.FAILED_PERMANENT)))


def delegate(store: Store, agency: str, role: Role, first: int, last: int) -> None:
    action = Delegate(
        agency=agency, role=role, to="Phó", address="pho@dondoc.example", from_on=date(2025, 7, first),
        until_on=date(2025, 7, last), reason="đi công tác",
    )  # fmt: skip
    assert decide(action, store=store, by="VPCP", now=morning(date(2025, 6, 2))).outcome == "recorded"


def test_one_mailbox_of_two_alarmed_posts_hears_of_the_end_and_planning_goes_on(store: Store) -> None:
    with store.writing() as session:
        session.execute(update(ContactRow).where(col(ContactRow.agency_code) == "BYT").values(address=MAILBOX))
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 26))
        world.revise(1, at=morning(JULY[0]) + timedelta(hours=8), due=date(2025, 6, 27))
    holders = (person(HoldingKind.HOLDER, "a", 1, 1), person(HoldingKind.HOLDER, "b", 3, None))
    hold_post(store, *(replace(each, address=MAILBOX) for each in holders))
    alarmed = [(item.rung, item.role) for day in JULY[:2] for each in plan(store, day).notices for item in each.items]
    assert alarmed == [(1, Role.UNIT_HEAD), (1, Role.DEPUTY_HEAD)]
    report_done(store, JULY[2])
    (notice,) = plan(store, JULY[3]).notices
    assert [(item.rung, item.role, item.reason) for item in notice.items] == [
        (1, Role.UNIT_HEAD, "resolved"), (1, Role.DEPUTY_HEAD, "resolved"),
    ]  # fmt: skip
    assert notice.text.count("Đã hoàn thành ngày") == 1
    assert [plan(store, day).new for day in JULY[6:9]] == [0, 0, 0]


def test_a_post_delegated_for_some_days_has_its_own_address_on_the_others(store: Store) -> None:
    assign(store, "BYT")
    delegate(store, "BYT", Role.UNIT_HEAD, 14, 18)
    found = plan(store, JULY[0], dry_run=True)
    assert (hears(found), untold(found)[-1][1]) == ([(UNIT, 1, False)], "superseded")
    with_ladder(store, lambda rung: replace(rung, offset=11) if rung.offset == 10 else rung)
    delegate(store, "BYT", Role.DEPUTY_HEAD, 7, 11)
    assert hears(plan(store, JULY[6], dry_run=True)) == [("pho@dondoc.example", 5, False)]


def test_the_working_group_hears_whatever_was_delegated_elsewhere(store: Store) -> None:
    assign(store, "BYT")
    delegate(store, "BYT", Role.WORKING_GROUP, 1, 2)
    assert [notice.key for notice in plan(store, JULY[27]).notices] == ["2025-07-28/TCT06/working_group"]


def test_who_reads_for_information_reads_once_though_the_one_who_answers_cannot_be_reached(store: Store) -> None:
    with_ladder(store, head_reads_the_first_rung)
    assign(store, "BYT")
    days = []
    for day in JULY[:4]:
        days.append(hears(plan(store, day)))
        fail(store, UNIT)
    assert days == [[(UNIT, 1, False), (HEAD, 1, True)], *[[(UNIT, 1, False)]] * 3]


def test_in_a_trial_that_lists_only_who_reads_for_information_they_read_once(store: Store) -> None:
    with_ladder(store, head_reads_the_first_rung)
    assign(store, "BYT")
    trial = DigestPolicy(trial=frozenset({HEAD}))
    assert [hears(plan(store, day, policy=trial)) for day in JULY[:3]] == [[(HEAD, 1, True)], [], []]


def test_what_a_full_digest_had_no_room_for_is_read_for_information_the_next_day(store: Store) -> None:
    with_ladder(store, head_reads_the_first_rung)
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 17))
        world.duty("BYT", due=date(2025, 6, 30))
    one = DigestPolicy(most_items=1)
    assert [hears(plan(store, day, policy=one)) for day in JULY[:4]] == [
        [(HEAD, 10, False), (UNIT, 1, False)], [(HEAD, 1, True)], [], [],
    ]  # fmt: skip


def test_nobody_reads_for_information_what_is_theirs_though_they_hold_two_posts(store: Store) -> None:
    with_ladder(store, head_reads_the_first_rung)
    assign(store, "BYT")
    with store.writing() as session:
        session.execute(update(ContactRow).where(col(ContactRow.agency_code) == "BYT").values(address=MAILBOX))
    assert [hears(plan(store, day)) for day in JULY[:3]] == [[(MAILBOX, 1, False)], [], []]


def test_work_opened_again_is_read_for_information_again(store: Store) -> None:
    with_ladder(store, head_reads_the_first_rung)
    assign(store, "BYT")
    heard(store, JULY[:1])
    report_done(store, JULY[1])
    assert hears(plan(store, JULY[2])) == [(UNIT, 1, False)]
    report_done(store, JULY[2], done=False)
    assert hears(plan(store, JULY[3])) == [(UNIT, 1, False), (HEAD, 1, True)]


def succeed(store: Store, to: str, on: date) -> None:
    """Let another agency answer from a day on for what the abolished one was assigned."""
    action = Succeed(
        code=CODE.replace("BYT", "BTTTT"), to=to, on=on, document="9/QĐ-TTg", reason="an toàn thông tin mạng"
    )
    outcome = decide(action, store=store, by="VPCP", now=morning(on) + timedelta(hours=8))
    assert outcome.outcome == "recorded", outcome.message


def test_an_agency_that_takes_late_work_over_hears_on_its_highest_post(store: Store) -> None:
    assign(store, "BTTTT")
    assert [each.key for each in told(plan(store, JULY[27]))] == ["2025-07-28/TCT06/working_group"]
    succeed(store, "BCA", JULY[28])
    found = plan(store, JULY[29])
    assert [(each.key, each.rung) for each in told(found)] == [("2025-07-30/BCA/agency_head", 10)]
    assert [plan(store, day).new for day in JULY[30:]] == [0]


def test_an_agency_that_takes_work_over_hears_though_the_former_one_heard_before(store: Store) -> None:
    assign(store, "BTTTT")
    before = [entry for day in JULY[:14] for entry in told(plan(store, day))]
    assert [entry.rung for entry in before] == [1, 5, 10]
    succeed(store, "BCA", JULY[14])
    assert [(each.key, each.rung, each.reason) for each in told(plan(store, JULY[15]))] == [
        ("2025-07-16/BCA/agency_head", 10, "worse"),
    ]  # fmt: skip
    assert [(each.key, each.rung) for day in JULY[16:] for each in told(plan(store, day))] == [
        ("2025-07-28/TCT06/working_group", 20),
    ]  # fmt: skip
