"""Work that passes on: to a successor, to another document, to its next step. What was told and promised goes along."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from decisions import Acknowledge, Succeed, decide
from models import Store
from notifications import Plan
from rules.ladder import Role
from rules.people import Holding, HoldingKind
from tests.models.world import World
from tests.notifications.duties import assign, morning, plan, untold
from tests.notifications.test_climbing import JULY, hold_post, report_done
from tests.notifications.test_overtaken import take_back

JUNE = [date(2025, 6, day) for day in range(1, 31)]
# Kiên Giang joined An Giang (T89), Quảng Nam joined Đà Nẵng (T48) on 1 July 2025.


def heard(found: Plan) -> list[tuple[str, int, str, str]]:
    """Return who hears which rung and why, and how it ended."""
    return sorted(
        (notice.key.partition("/")[2], item.rung, item.reason, item.ended)
        for notice in found.notices
        for item in notice.items
    )


def commit(store: Store, code: str, on: date, until: date) -> None:
    action = Acknowledge(code=code, on=on, until_on=until, reason="đang trình ký")
    assert decide(action, store=store, by="Vụ trưởng", now=morning(on)).outcome == "recorded"


def lived(store: Store, days: Sequence[date]) -> None:
    for day in days:
        plan(store, day)


def test_posts_of_an_agency_that_joined_another_are_told_once_to_whom_their_late_work_passed(store: Store) -> None:
    assign(store, "XKIENGIANG", due=date(2025, 6, 23))
    lived(store, JUNE)
    found = plan(store, JULY[0])
    assert heard(found) == [
        ("T89/deputy_head", 5, "worse", ""),
        ("XKIENGIANG/deputy_head", 5, "resolved", "transferred"),
        ("XKIENGIANG/unit_head", 1, "resolved", "transferred"),
    ]
    left = next(notice for notice in found.notices if notice.agency == "XKIENGIANG")
    assert left.subject == "[Đôn đốc] 1 nhiệm vụ không còn phải xử lý"
    assert "Đã chuyển cho UBND tỉnh An Giang" in left.text
    assert [plan(store, day).new for day in JULY[1:6]] == [0] * 5
    report_done(store, JULY[6])
    assert {agency.partition("/")[0] for agency, *_ in heard(plan(store, JULY[7]))} == {"T89"}


def test_posts_that_were_only_reminded_before_the_due_day_hear_of_no_transfer(store: Store) -> None:
    assign(store, "XKIENGIANG", due=date(2025, 7, 4))
    lived(store, JUNE)
    assert [each for day in JULY[:4] for each in heard(plan(store, day))] == [("T89/focal_point", -5, "worse", "")]


def test_the_working_group_stays_and_hears_of_no_transfer(store: Store) -> None:
    assign(store, "XKIENGIANG", due=date(2025, 5, 30))
    lived(store, JUNE)
    assert [who for who, *_ in heard(plan(store, JULY[0])) if "working_group" in who] == []


def test_work_of_a_split_agency_somebody_took_over_is_told_to_its_former_posts(store: Store) -> None:
    assign(store, "BTTTT", due=date(2025, 6, 23))
    address = "phu-trach@dondoc.example"
    hold_post(store, Holding("BTTTT", Role.UNIT_HEAD, HoldingKind.HOLDER, "Người phụ trách", address=address))
    lived(store, JUNE[:24])
    action = Succeed(code="07-CT-TTg.1.BTTTT", on=JUNE[24], to="BCA", reason="an ninh mạng", document="02/NĐ-CP")
    assert decide(action, store=store, by="VPCP", now=morning(JUNE[24])).outcome == "recorded"
    assert ("BTTTT/unit_head", 1, "resolved", "transferred") in heard(plan(store, JUNE[25]))


def test_a_promise_about_a_part_counts_for_the_successor_that_holds_it(store: Store) -> None:
    """Broken on 1 July it enters the deputy's rung a day before the calendar would."""
    assign(store, "T48", "XQUANGNAM", due=date(2025, 6, 25))
    lived(store, JUNE[:27])
    commit(store, "07-CT-TTg.1.XQUANGNAM", JUNE[26], JUNE[29])
    lived(store, JUNE[27:])
    assert heard(plan(store, JULY[0])) == [
        ("T48/deputy_head", 5, "worse", ""), ("XQUANGNAM/unit_head", 1, "resolved", "transferred"),
    ]  # fmt: skip


def test_what_the_working_group_was_told_of_a_part_is_told_done_under_the_parts_name(store: Store) -> None:
    assign(store, "T48", "XQUANGNAM", due=date(2025, 5, 30))
    lived(store, JUNE)
    plan(store, JULY[0])
    for assignment in (1, 2):
        done(store, assignment, JULY[1])
    found = plan(store, JULY[2])
    ended = [(item.code, item.ended) for n in found.notices if n.agency == "TCT06" for item in n.items]
    assert ended == [("07-CT-TTg.1.T48", "completed"), ("07-CT-TTg.1.XQUANGNAM", "completed")]


def done(store: Store, assignment: int, on: date, *, wholly: bool = True) -> None:
    """Let somebody report a document of that day, recorded at once."""
    at = datetime(on.year, on.month, on.day, 2, assignment, tzinfo=UTC)
    with store.writing() as session:
        world = World.__new__(World)
        world.session = session
        world.report(assignment, on, done=wholly or None, evidence=on, batch=world.new_batch(at))


def two_documents(store: Store) -> None:
    """Give the same work twice, each row told to the unit head on 1 July; on 2 July somebody says that it is one."""
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 6, 30))
        world.next_document("59/NQ-CP", date(2025, 4, 1))
        world.duty("BYT", due=date(2025, 6, 30))


def link(store: Store, on: date) -> None:
    with store.writing() as session:
        world = World.__new__(World)
        world.session = session
        world.same_work(1, 2, at=morning(on))


def test_linked_work_is_told_on_under_the_document_that_binds_and_ends_for_each_row_told(store: Store) -> None:
    two_documents(store)
    assert len(heard(plan(store, JULY[0]))) == 2
    link(store, JULY[1])
    assert heard(plan(store, JULY[6])) == [("BYT/deputy_head", 5, "worse", "")]
    done(store, 1, JULY[7])
    found = plan(store, JULY[8])
    assert [(who, reason) for who, _, reason, _ in heard(found)] == [
        ("BYT/deputy_head", "resolved"), ("BYT/unit_head", "resolved"), ("BYT/unit_head", "resolved"),
    ]  # fmt: skip
    assert [plan(store, day).new for day in JULY[9:]] == [0] * len(JULY[9:])


def test_a_promise_given_under_one_document_counts_under_the_one_that_binds(store: Store) -> None:
    two_documents(store)
    plan(store, JULY[0])
    commit(store, "07-CT-TTg.1.BYT", JULY[1], JULY[2])
    link(store, JULY[1])
    assert "committed" in {reason for _, reason in untold(plan(store, JULY[2]))}
    assert heard(plan(store, JULY[3])) == [("BYT/deputy_head", 5, "worse", "")]


def test_a_step_done_late_is_told_as_done_and_the_next_one_climbs_anew(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 7, 31))
        world.in_steps(1, ("dự thảo", date(2025, 6, 30)), ("ban hành", date(2025, 7, 31)))
    assert heard(plan(store, JULY[0])) == [("BYT/unit_head", 1, "first", "")]
    done(store, 1, JULY[1], wholly=False)
    found = plan(store, JULY[2])
    assert heard(found) == [("BYT/unit_head", 1, "resolved", "stepped")]
    assert "Đã xong bước trước; bước tiếp theo đến hạn 31/07/2025" in found.notices[0].text
    assert heard(plan(store, JULY[16])) == [("BYT/focal_point", -10, "first", "")]


@pytest.mark.parametrize("part", ["XQUANGNAM"])
def test_a_workbook_taken_back_ends_a_part_too(store: Store, part: str) -> None:
    assign(store, "T48", part, due=date(2025, 6, 23))
    lived(store, JUNE)
    take_back(store, JUNE[29])
    assert (f"{part}/unit_head", 1, "resolved", "withdrawn") in heard(plan(store, JULY[0]))
