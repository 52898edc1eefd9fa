"""Answers owed to obstacles: told up the ladder of the agency that owes them, beside the work they block."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from pydantic import SecretStr

from config.reference import load_reference_data
from decisions import Acknowledge, AnswerObstacle, decide
from models import Store
from models.answerable import answerable
from models.raised_tables import Obstacle
from notifications import NoticeState, Plan, plan_notices
from notifications.dead_letters import StaleLetterError, requeue
from notifications.links import Links
from notifications.proof import About, proof_of
from notifications.replay import compare_ladders
from rules.ladder import Role, Rung
from tests.models.world import World
from tests.notifications.duties import morning, plan, untold
from tests.notifications.test_climbing import JULY, with_ladder
from tests.notifications.test_overtaken import bring_to

DUE_LATER = date(2025, 12, 31)
# Needed by Monday 30 June; ten working days before it, five before, then one, five, ten and twenty after it.
CLIMB = [
    (date(2025, 6, 16), -10, Role.FOCAL_POINT), (date(2025, 6, 23), -5, Role.FOCAL_POINT),
    (date(2025, 7, 1), 1, Role.UNIT_HEAD), (date(2025, 7, 7), 5, Role.DEPUTY_HEAD),
    (date(2025, 7, 14), 10, Role.AGENCY_HEAD), (date(2025, 7, 28), 20, Role.WORKING_GROUP),
]  # fmt: skip
CODE = "07-CT-TTg.1.BYT"


def raise_obstacle(store: Store, assignment: int = 1, **values: Any) -> None:
    """Let the Ministry of Health wait for the Ministry of Finance until 30 June 2025."""
    given = {
        "raised_by": "BYT", "raised_on": date(2025, 6, 2), "text": "Chưa có hướng dẫn về kinh phí",
        "addressed_to": "BTC", "needed_by": date(2025, 6, 30), **values,
    }  # fmt: skip
    with store.writing() as session:
        session.add(
            Obstacle(
                assignment_id=assignment, batch_id=1, sheet="PL", row=9, digest=str(sorted(given.items())), **given
            )
        )


@pytest.fixture
def blocked(store: Store) -> Store:
    """Give one assignment of the Ministry of Health, due in December, that waits for an answer by 30 June."""
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    raise_obstacle(store)
    return store


def answer(store: Store, on: date) -> None:
    action = AnswerObstacle(obstacle=1, on=on, answer="Đã có hướng dẫn", document="88/BTC-NSNN")
    assert decide(action, store=store, by="Bộ Tài chính", now=morning(on)).outcome == "recorded"


def heard(found: Plan) -> list[tuple[str, int, str]]:
    return [(notice.key.partition("/")[2], item.rung, item.reason) for notice in found.notices for item in notice.items]


def test_an_answer_owed_climbs_the_ladder_of_the_agency_that_owes_it(blocked: Store) -> None:
    found = {day: plan(blocked, day) for day in [*(date(2025, 6, n) for n in range(2, 31)), *JULY]}
    told_on = [(day, item.rung, item.role) for day, each in found.items() for n in each.notices for item in n.items]
    assert told_on == CLIMB
    agencies = {item.agency for each in found.values() for notice in each.notices for item in notice.items}
    assert agencies == {"BTC"}
    assert untold(found[date(2025, 7, 2)]) == [(f"{CODE}#1/2025-06-30/+1", "already_told")]


def test_the_letter_names_who_asked_what_it_blocks_and_how_late(blocked: Store) -> None:
    (notice,) = plan(blocked, date(2025, 7, 7)).notices
    assert notice.subject == "[Đôn đốc] 1 vướng mắc chờ trả lời, quá hạn lâu nhất 5 ngày làm việc"
    for words in (
        "VƯỚNG MẮC CHỜ BỘ TÀI CHÍNH TRẢ LỜI (1 vướng mắc)",
        "Chậm 5 ngày làm việc",
        "Bộ Y tế nêu, đang vướng nhiệm vụ số 1, 07/CT-TTg: Nhiệm vụ 1",
        "Vướng mắc: Chưa có hướng dẫn về kinh phí",
        "Trả lời bằng văn bản cho cơ quan nêu vướng mắc",
    ):
        assert words in notice.text
        assert words.partition(":")[2].strip() in notice.html
    sheet = load_workbook(BytesIO(notice.attachments[0].content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][1] == "Bộ Tài chính"
    assert "Vướng mắc do Bộ Y tế nêu: Chưa có hướng dẫn về kinh phí" in str(sheet["F2"].value)


def test_it_stands_in_the_same_digest_beside_ones_own_late_work(blocked: Store) -> None:
    with blocked.writing() as session:
        world = World.__new__(World)
        world.session, world.signed_on = session, date(2025, 3, 14)
        world.numbers, world.batch, world.document = iter([2]), 1, 1  # type: ignore[assignment]
        world.duty("BTC", due=date(2025, 6, 30))
    (notice,) = plan(blocked, JULY[0]).notices
    assert notice.subject == (
        "[Đôn đốc] 1 nhiệm vụ quá hạn, lâu nhất 1 ngày làm việc; "
        "1 vướng mắc chờ trả lời, quá hạn lâu nhất 1 ngày làm việc"
    )
    assert sorted(item.obstacle_id for item in notice.items) == [0, 1]
    assert notice.text.index("BỘ TÀI CHÍNH (1 nhiệm vụ)") < notice.text.index("VƯỚNG MẮC CHỜ BỘ TÀI CHÍNH TRẢ LỜI")


def test_answered_each_post_that_was_alarmed_hears_it_once(blocked: Store) -> None:
    for day in (JULY[0], JULY[6]):
        plan(blocked, day)
    answer(blocked, JULY[7])
    found = plan(blocked, JULY[8])
    assert heard(found) == [("BTC/unit_head", 1, "resolved"), ("BTC/deputy_head", 5, "resolved")]
    assert "Đã được trả lời ngày 08/07/2025" in found.notices[0].text
    assert found.notices[0].subject == "[Đôn đốc] 1 vướng mắc không còn chờ trả lời"
    assert [plan(blocked, day).new for day in JULY[9:]] == [0] * len(JULY[9:])


def finish(store: Store) -> None:
    with store.writing() as session:
        world = World.__new__(World)
        world.session, world.batch = session, 1
        world.report(1, JULY[1], evidence=JULY[1])


def raise_it_in_other_words(store: Store) -> None:
    raise_obstacle(store, text="Thiếu biên chế", addressed_to="BNV", raised_on=JULY[1])


@pytest.mark.parametrize(("event", "rest"), [(finish, []), (raise_it_in_other_words, [("BNV/unit_head", 1, "first")])])
def test_what_nobody_waits_for_any_more_is_taken_back_once(blocked: Store, event: Any, rest: list[Any]) -> None:
    plan(blocked, JULY[0])
    event(blocked)
    assert sorted(heard(plan(blocked, JULY[2]))) == sorted([("BTC/unit_head", 1, "resolved"), *rest])
    assert plan(blocked, JULY[3]).new == 0


def test_while_the_work_rests_so_does_the_answer(blocked: Store) -> None:
    with blocked.writing() as session:
        world = World.__new__(World)
        world.session = session
        world.decide(1, "hold", JULY[0], until=JULY[9])
    assert [plan(blocked, day).new for day in JULY[:10]] == [0] * 10
    assert heard(plan(blocked, JULY[10])) == [("BTC/deputy_head", 5, "first")]


@pytest.mark.parametrize("values", [{"needed_by": None}, {"addressed_to": None}, {"addressed_to": "BYT"}])
def test_without_a_day_or_another_agency_nobody_is_told(store: Store, values: dict[str, Any]) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    raise_obstacle(store, **values)
    assert [plan(store, day).new for day in JULY] == [0] * len(JULY)


def test_a_step_that_repeats_is_told_again(blocked: Store) -> None:
    def every_other_day(rung: Rung) -> Rung:
        return replace(rung, repeat_every=2) if rung.offset == 10 else rung

    with_ladder(blocked, every_other_day)
    days = [day for day in JULY[13:20] if plan(blocked, day).new]
    assert days == [date(2025, 7, 14), date(2025, 7, 16), date(2025, 7, 18)]


def test_a_commitment_about_the_work_does_not_quiet_the_answer_another_agency_owes(blocked: Store) -> None:
    plan(blocked, JULY[0])
    action = Acknowledge(code=CODE, on=JULY[1], until_on=JULY[20], reason="đang làm")
    assert decide(action, store=blocked, by="Bộ Y tế", now=morning(JULY[1])).outcome == "recorded"
    assert heard(plan(blocked, JULY[6])) == [("BTC/deputy_head", 5, "worse")]


def test_a_link_to_an_answer_owed_commits_nobody_about_the_other_agencys_work(blocked: Store) -> None:
    (notice,) = plan(blocked, JULY[0]).notices
    with blocked.reading() as session:
        found = answerable(session, notice.key, known_at=morning(JULY[1]))
    assert found is not None
    assert found.items == {}


def test_a_letter_of_answers_alone_holds_no_link_to_answer_by(blocked: Store) -> None:
    links = Links(SecretStr("mot-khoa-bi-mat-dai"), "http://localhost")
    (notice,) = plan_notices(blocked, as_of=JULY[0], now=morning(JULY[0]), links=links).notices
    assert (notice.link, "/tra-loi/" in notice.text + notice.html) == ("", False)
    assert "vướng mắc chờ trả lời" in notice.html


def test_a_preview_and_a_second_run_agree_with_the_first(blocked: Store) -> None:
    preview = plan(blocked, JULY[0], dry_run=True)
    assert heard(preview) == heard(plan(blocked, JULY[0])) == [("BTC/unit_head", 1, "first")]
    assert plan(blocked, JULY[0]).new == 0


def test_an_unsent_letter_is_planned_anew(blocked: Store) -> None:
    plan(blocked, JULY[0], arrived=False)
    assert heard(plan(blocked, JULY[1], arrived=False)) == [("BTC/unit_head", 1, "first")]


def test_a_successor_owes_the_answer_and_the_former_agency_hears_so(store: Store) -> None:
    """Kiên Giang joined An Giang on 1 July 2025."""
    with store.writing() as session:
        World(session).duty("BYT", due=DUE_LATER)
    raise_obstacle(store, addressed_to="XKIENGIANG", needed_by=date(2025, 6, 23))
    plan(store, date(2025, 6, 24))
    found = plan(store, JULY[0])
    assert sorted(heard(found)) == [("T89/deputy_head", 5, "worse"), ("XKIENGIANG/unit_head", 1, "resolved")]
    assert "Đã chuyển cho UBND tỉnh An Giang trả lời" in "".join(notice.text for notice in found.notices)


def test_proof_and_requeue_tell_an_answer_from_the_work(blocked: Store) -> None:
    (notice,) = plan(blocked, JULY[0]).notices
    proof = proof_of(blocked, About(assignment=CODE), now=morning(JULY[1]))
    assert [(each["obstacle_id"], each["accountable"]) for each in proof["notices"][0]["items"]] == [(1, "BTC")]
    bring_to(blocked, NoticeState.FAILED_PERMANENT)
    now = morning(JULY[1]) + timedelta(hours=2)
    assert requeue(blocked, notice.key, by="VPCP", reason="hộp thư đầy", now=now) == "failed_permanent"
    bring_to(blocked, NoticeState.FAILED_PERMANENT)
    answer(blocked, JULY[1])
    with pytest.raises(StaleLetterError):
        requeue(blocked, notice.key, by="VPCP", reason="hộp thư đầy", now=now)


def test_a_replay_tells_answers_too(blocked: Store) -> None:
    shipped = load_reference_data().ladder
    later = [replace(rung, offset=6) if rung.offset == 5 else rung for rung in shipped]
    found = compare_ladders(blocked, later, through=JULY[-1], past_days=60)
    assert [(each.day.day, each.rung) for each in found.only_proposed()] == [(8, 6)]
    assert [(each.day.day, each.rung) for each in found.only_present()] == [(7, 5)]
