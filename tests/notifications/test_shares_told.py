"""Shares handed down: told up the ladder of the agency that handed them down, and to nobody outside it."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from config.reference import load_reference_data
from decisions import HandDown, hand_down
from models import Store
from models.handed import HandedState
from rules.ladder import Role, Rung, inside
from rules.people import Holding, HoldingKind
from tests.models.world import World
from tests.notifications.duties import morning, plan, untold
from tests.notifications.shares import (
    BY,
    CODE,
    DUE_LATER,
    EARLY,
    UNIT,
    another_share,
    cancel_the_work,
    finish,
    finish_the_work,
    heard,
    say,
    share,
    strike_the_work,
    take_back,
    with_a_share,
    world,
)
from tests.notifications.test_climbing import JULY, hold_post, with_ladder

# The unit's day is Monday 30 June. At twenty working days the working group would hear of an assignment.
EDGES = [
    *(date(2025, 6, day) for day in (13, 16, 17, 20, 23, 24, 27, 30)),
    *(date(2025, 7, day) for day in (1, 2, 4, 7, 8, 11, 14, 15, 25, 28, 29)), date(2025, 9, 5),
]  # fmt: skip
CLIMB = [
    (date(2025, 6, 16), -10, Role.FOCAL_POINT), (date(2025, 6, 23), -5, Role.FOCAL_POINT),
    (date(2025, 7, 1), 1, Role.UNIT_HEAD), (date(2025, 7, 7), 5, Role.DEPUTY_HEAD),
    (date(2025, 7, 14), 10, Role.AGENCY_HEAD),
]  # fmt: skip


@pytest.fixture
def office(store: Store) -> Store:
    """Give the Ministry of Health an assignment due in December, with a share of it due on 30 June."""
    return with_a_share(store)


def test_a_share_climbs_at_the_posts_of_its_agency_and_nobody_outside_hears(office: Store) -> None:
    found = {day: plan(office, day) for day in EDGES}
    told_on = [(day, item.rung, item.role) for day, each in found.items() for n in each.notices for item in n.items]
    assert told_on == CLIMB
    assert {notice.agency for each in found.values() for notice in each.notices} == {"BYT"}
    assert untold(found[date(2025, 7, 2)]) == [(f"{CODE}/1/2025-06-30/+1", "already_told")]
    assert untold(found[EDGES[-1]]) == [(f"{CODE}/1/2025-06-30/+10", "already_told")]


def test_a_unit_s_day_off_rolls_to_a_working_day(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    share(store, due=date(2025, 6, 28))  # a Saturday: in time through Monday 30 June
    assert [day for day in EDGES[5:10] if plan(store, day).new] == [date(2025, 6, 24), JULY[0]]


def test_the_letter_names_unit_share_day_and_the_assignment(office: Store) -> None:
    (notice,) = plan(office, date(2025, 7, 7)).notices
    assert notice.subject == "[Đôn đốc] 1 phần việc giao lại quá hạn, lâu nhất 5 ngày làm việc"
    for words in (
        "PHẦN VIỆC ĐÃ GIAO LẠI CHO CÁC ĐƠN VỊ CỦA BỘ Y TẾ (1 phần việc)",
        "Chậm 5 ngày làm việc",
        "Cục Quản lý Dược, thuộc nhiệm vụ số 1, 07/CT-TTg: Nhiệm vụ 1",
        f"Phần việc: Soạn dự thảo thông tư ({CODE}/1)",
        "Sản phẩm: Dự thảo",
        "Hạn hiệu lực: 30/06/2025",
        "Đề nghị: Đôn đốc đơn vị hoàn thành",
        "Overdue shares handed down to units: 1; the latest is 5 working days late.",
    ):
        assert words in notice.text
        assert words.partition(": ")[2] in notice.html
    assert "Phần việc đã giao lại cho các đơn vị của Bộ Y tế" in notice.html
    sheet = load_workbook(BytesIO(notice.attachments[0].content)).active
    assert sheet is not None
    row = [cell.value for cell in sheet[2]]
    assert (row[1], row[5], row[-1]) == (
        "Bộ Y tế", "Phần việc giao Cục Quản lý Dược: Soạn dự thảo thông tư (thuộc nhiệm vụ: Nhiệm vụ 1)", f"{CODE}/1",
    )  # fmt: skip


def test_what_a_unit_is_given_stays_text(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    action = HandDown(code=CODE, unit="<b>Cục</b>\r\nBcc: x@y", due_on=date(2025, 6, 30), text="=1+1 <script>")
    hand_down([action], agency="BYT", store=store, by=BY, now=EARLY)
    (notice,) = plan(store, JULY[0]).notices
    assert ("<script>" in notice.html, "<b>Cục" in notice.html, "\r" in notice.text) == (False, False, False)


def test_it_stands_in_the_same_digest_beside_ones_own_late_work(office: Store) -> None:
    with office.writing() as session:
        another = world(session)
        another.numbers, another.document = iter([2]), 1  # type: ignore[assignment]
        another.duty("BYT", due=date(2025, 6, 30))
    (notice,) = plan(office, JULY[0]).notices
    assert notice.subject == (
        "[Đôn đốc] 1 nhiệm vụ quá hạn, lâu nhất 1 ngày làm việc; 1 phần việc giao lại quá hạn, lâu nhất 1 ngày làm việc"
    )
    assert sorted(item.handed_id for item in notice.items) == [0, 1]
    assert notice.text.index("BỘ Y TẾ (1 nhiệm vụ)") < notice.text.index("PHẦN VIỆC ĐÃ GIAO LẠI")


def test_late_work_is_told_as_it_is_without_shares(store: Store) -> None:
    """The working group hears of the assignment itself: a share beside it neither hurries nor quiets that."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 6, 30))
    share(store)
    found = {day: [item for notice in plan(store, day).notices for item in notice.items] for day in EDGES}
    with_share, without = (
        [
            (day, i.rung, i.role, i.reason)
            for day, items in found.items()
            for i in items
            if i.code == code and not i.handed_id
        ]
        for code in (CODE, "07-CT-TTg.1.BTC")
    )
    assert with_share == without
    assert [day for day, _, role, _ in with_share if role is Role.WORKING_GROUP] == [date(2025, 7, 28)]


@pytest.mark.parametrize(
    ("change", "ended", "words"),
    [
        (finish, "completed", "Đơn vị đã hoàn thành ngày 08/07/2025"),
        (take_back, "taken_back", "Đã thu hồi phần việc"),
        (finish_the_work, "work_done", "Nhiệm vụ đã hoàn thành"),
        (cancel_the_work, "cancelled", "Nhiệm vụ đã bãi bỏ"),
        (strike_the_work, "withdrawn", "Nhiệm vụ không còn trong danh mục theo dõi"),
    ],
)
def test_ended_each_post_that_was_alarmed_hears_it_once(office: Store, change: Any, ended: str, words: str) -> None:
    for day in (JULY[0], JULY[6]):
        plan(office, day)
    change(office)
    found = plan(office, JULY[8])
    assert heard(found) == [("BYT/deputy_head", 5, "resolved", ended), ("BYT/unit_head", 1, "resolved", ended)]
    assert words in found.notices[0].text
    assert found.notices[0].subject == "[Đôn đốc] 1 phần việc giao lại không còn phải đôn đốc"
    assert [plan(office, day).new for day in (JULY[9], JULY[13], JULY[30])] == [0, 0, 0]


@pytest.mark.parametrize("change", [finish, take_back])
def test_whoever_was_only_reminded_hears_of_no_end(store: Store, change: Any) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    share(store, due=date(2025, 7, 14))
    assert [plan(store, day).new for day in (date(2025, 6, 30), JULY[6])] == [1, 1]
    change(store)
    assert [plan(store, day).new for day in JULY[8:20]] == [0] * 12


def test_done_on_its_day_nobody_is_alarmed(office: Store) -> None:
    say(office, HandedState.DONE, date(2025, 6, 30))
    assert [plan(office, day).new for day in (*JULY[:4], JULY[6], JULY[13])] == [0] * 6


def test_a_share_that_is_not_done_after_all_climbs_on(office: Store) -> None:
    plan(office, JULY[0])
    say(office, HandedState.DONE, JULY[1])
    assert heard(plan(office, JULY[2])) == [("BYT/unit_head", 1, "resolved", "completed")]
    say(office, HandedState.OPEN, JULY[3])
    assert heard(plan(office, JULY[6])) == [("BYT/deputy_head", 5, "worse", "")]


def test_while_the_work_rests_so_does_the_share(office: Store) -> None:
    with office.writing() as session:
        world(session).decide(1, "hold", JULY[0], until=JULY[9])
    assert [plan(office, day).new for day in JULY[:10]] == [0] * 10
    assert heard(plan(office, JULY[10])) == [("BYT/deputy_head", 5, "first", "")]


def test_where_the_work_passes_on_the_former_posts_hear_so_and_the_successor_is_told_nothing(store: Store) -> None:
    """Kiên Giang joined An Giang on 1 July 2025; its departments are no business of An Giang's posts."""
    with store.writing() as session:
        World(session).duty("XKIENGIANG", due=DUE_LATER)
    code = "07-CT-TTg.1.XKIENGIANG"
    share(store, code=code, agency="XKIENGIANG", due=date(2025, 6, 20))
    for day in (date(2025, 6, 23), date(2025, 6, 27)):
        plan(store, day)
    found = plan(store, JULY[0])
    assert heard(found) == [
        ("XKIENGIANG/deputy_head", 5, "resolved", "transferred"),
        ("XKIENGIANG/unit_head", 1, "resolved", "transferred"),
    ]
    assert "Nhiệm vụ đã chuyển cho cơ quan khác" in found.notices[0].text
    assert [plan(store, day).new for day in JULY[1:10]] == [0] * 9


@pytest.mark.parametrize("agencies", [("XKIENGIANG",), ("T89", "XKIENGIANG")])
def test_what_a_successor_hands_down_itself_climbs_at_its_own_posts(store: Store, agencies: tuple[str, ...]) -> None:
    with store.writing() as session:
        World(session).duty(*agencies, due=DUE_LATER)
    action = HandDown(code="07-CT-TTg.1.XKIENGIANG", unit="Sở Y tế", due_on=JULY[13])
    (outcome,) = hand_down([action], agency="T89", store=store, by=BY, now=morning(JULY[1]))
    assert outcome.outcome == "recorded"
    assert [each for day in JULY[2:16] for each in heard(plan(store, day))] == [
        ("T89/focal_point", -10, "first", ""), ("T89/focal_point", -5, "worse", ""), ("T89/unit_head", 1, "worse", ""),
    ]  # fmt: skip


def test_without_a_head_the_share_waits_inside_rather_than_go_to_the_working_group(office: Store) -> None:
    away = [
        Holding("BYT", role, HoldingKind.AWAY, "Người đứng đầu", from_on=JULY[0], until_on=JULY[-1])
        for role in (Role.DEPUTY_HEAD, Role.AGENCY_HEAD)
    ]
    hold_post(office, *away)
    assert heard(plan(office, JULY[0])) == [("BYT/unit_head", 1, "first", "")]
    found = [plan(office, day) for day in (JULY[6], JULY[13], JULY[27], JULY[30])]
    assert [each.new for each in found] == [0] * len(found)
    assert (f"{CODE}/1/2025-06-30/+10", "no_contact") in untold(found[-1])


def test_a_rung_the_working_group_reads_for_information_is_not_read_there(office: Store) -> None:
    def read_outside(rung: Rung) -> Rung:
        read = (Role.AGENCY_HEAD, Role.WORKING_GROUP)
        return replace(rung, for_information=read) if rung.offset == 1 else rung

    with_ladder(office, read_outside)
    assert [who for who, *_ in heard(plan(office, JULY[0]))] == ["BYT/agency_head", "BYT/unit_head"]
    assert [rung.role for rung in inside(load_reference_data().ladder)][-1] is Role.AGENCY_HEAD


def test_a_step_that_repeats_is_told_again(office: Store) -> None:
    with_ladder(office, lambda rung: replace(rung, repeat_every=2) if rung.offset == 10 else rung)
    assert [day.day for day in JULY[13:20] if plan(office, day).new] == [14, 16, 18]


def test_two_shares_of_one_assignment_are_told_apart(office: Store) -> None:
    another_share(office)
    (notice,) = plan(office, JULY[0]).notices
    assert {item.share_code: item.unit for item in notice.items} == {f"{CODE}/1": UNIT, f"{CODE}/2": "Vụ Pháp chế"}
    say(office, HandedState.DONE, JULY[1], share=f"{CODE}/2")
    (done,) = plan(office, JULY[2]).notices
    assert [item.share_code for item in done.items] == [f"{CODE}/2"]


def test_a_preview_and_a_second_run_agree_with_the_first(office: Store) -> None:
    preview = plan(office, JULY[0], dry_run=True)
    assert heard(preview) == heard(plan(office, JULY[0])) == [("BYT/unit_head", 1, "first", "")]
    assert plan(office, JULY[0]).new == 0
