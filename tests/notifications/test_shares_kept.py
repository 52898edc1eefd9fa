"""What was told of shares, as it is kept: letters unsent, dead and proved, replays, and a release before."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import event, text, update
from sqlmodel import col, select

from config.reference import load_reference_data
from models import Store
from models.answerable import answerable
from models.handed import HandedState
from models.outcome_tables import Notice, NoticeItem
from models.schema import migrate
from notifications import NoticeState, plan_notices
from notifications.accounting import accounts
from notifications.dead_letters import StaleLetterError, requeue
from notifications.links import Links
from notifications.proof import About, proof_of
from notifications.replay import compare_ladders
from rules.ladder import Role
from tests.models.test_upgrade import config
from tests.models.world import World
from tests.notifications.duties import morning, plan, stored
from tests.notifications.shares import (
    CODE,
    DUE_LATER,
    EARLY,
    another_share,
    cancel_the_work,
    finish_the_work,
    heard,
    say,
    share,
    take_back,
    with_a_share,
    world,
)
from tests.notifications.test_climbing import JULY
from tests.notifications.test_overtaken import bring_to


@pytest.fixture
def office(store: Store) -> Store:
    """Give the Ministry of Health an assignment due in December, with a share of it due on 30 June."""
    return with_a_share(store)


def test_a_dead_letter_about_a_share_of_work_that_passed_on_is_not_put_back(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("XKIENGIANG", due=DUE_LATER)
    share(store, code="07-CT-TTg.1.XKIENGIANG", agency="XKIENGIANG", due=date(2025, 6, 20))
    (notice,) = plan(store, date(2025, 6, 23)).notices
    bring_to(store, NoticeState.FAILED_PERMANENT)
    in_time = morning(date(2025, 6, 30))
    assert requeue(store, notice.key, by="VPCP", reason="hộp thư đầy", now=in_time) == "failed_permanent"
    bring_to(store, NoticeState.FAILED_PERMANENT)
    with pytest.raises(StaleLetterError):
        requeue(store, notice.key, by="VPCP", reason="hộp thư đầy", now=morning(JULY[0]))


def test_a_letter_of_shares_alone_holds_no_link_and_answers_for_nothing(office: Store) -> None:
    links = Links(SecretStr("mot-khoa-bi-mat-dai"), "http://localhost")
    (notice,) = plan_notices(office, as_of=JULY[0], now=morning(JULY[0]), links=links).notices
    assert (notice.link, "/tra-loi/" in notice.text + notice.html) == ("", False)
    with office.reading() as session:
        found = answerable(session, notice.key, known_at=morning(JULY[1]))
    assert found is not None
    assert found.items == {}


def test_an_unsent_letter_is_planned_anew(office: Store) -> None:
    plan(office, JULY[0], arrived=False)
    assert heard(plan(office, JULY[1], arrived=False)) == [("BYT/unit_head", 1, "first", "")]
    (first, second) = accounts(office, now=morning(JULY[1]))
    assert (dict(first.states), dict(second.states)) == ({"bundled": 1}, {"planned": 1})
    assert first.balances
    assert second.balances


def test_proof_and_requeue_tell_a_share_from_the_work(office: Store) -> None:
    (notice,) = plan(office, JULY[0]).notices
    bring_to(office, NoticeState.FAILED_PERMANENT)
    now = morning(JULY[1]) + timedelta(hours=2)
    assert requeue(office, notice.key, by="VPCP", reason="hộp thư đầy", now=now) == "failed_permanent"
    bring_to(office, NoticeState.FAILED_PERMANENT)
    say(office, HandedState.DONE, JULY[1])
    with pytest.raises(StaleLetterError):
        requeue(office, notice.key, by="VPCP", reason="hộp thư đầy", now=now)
    proof = proof_of(office, About(assignment=CODE), now=now)
    assert [(each["handed_id"], each["accountable"]) for each in proof["notices"][0]["items"]] == [(1, "BYT")]
    assert [entry["action"] for entry in proof["answers"]] == [
        "decide.hand_down", "requeue_notice", "decide.report_handed",
    ]  # fmt: skip


@pytest.mark.parametrize("change", [take_back, finish_the_work, cancel_the_work])
def test_a_dead_letter_about_a_share_that_ended_is_not_put_back(office: Store, change: Any) -> None:
    (notice,) = plan(office, JULY[0]).notices
    bring_to(office, NoticeState.FAILED_PERMANENT)
    change(office)
    with pytest.raises(StaleLetterError):
        requeue(office, notice.key, by="VPCP", reason="hộp thư đầy", now=morning(JULY[8]))


def test_another_share_told_later_keeps_no_dead_letter_back(office: Store) -> None:
    another_share(office, due=JULY[0])
    first = next(notice for notice in plan(office, JULY[0]).notices if notice.role is Role.UNIT_HEAD)
    assert heard(plan(office, JULY[1])) == [("BYT/unit_head", 1, "worse", "")]
    bring_to(office, NoticeState.ACCEPTED)
    with office.writing() as session:
        session.execute(update(Notice).where(col(Notice.key) == first.key).values(state="failed_permanent"))
    now = morning(JULY[1]) + timedelta(hours=2)
    assert requeue(office, first.key, by="VPCP", reason="hộp thư đầy", now=now) == "failed_permanent"


def test_an_unsent_letter_of_two_shares_is_not_all_in_the_next_of_one(office: Store) -> None:
    another_share(office)
    plan(office, JULY[0], arrived=False)
    say(office, HandedState.DONE, JULY[0])
    (notice,) = plan(office, JULY[1], arrived=False).notices
    assert [item.share_code for item in notice.items] == [f"{CODE}/2"]
    assert [each.state for each in stored(office)] == ["superseded", "planned"]


def test_a_replay_tells_shares_too_each_by_its_own_code(office: Store) -> None:
    shipped = load_reference_data().ladder
    later = [replace(rung, offset=6) if rung.offset == 5 else rung for rung in shipped]
    found = compare_ladders(office, later, through=JULY[8], past_days=16)
    assert [(each.day.day, each.rung, each.code) for each in found.only_proposed()] == [(8, 6, f"{CODE}/1")]
    assert [(each.day.day, each.rung) for each in found.only_present()] == [(7, 5)]


def test_a_day_without_shares_asks_once_whether_there_are_any(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 6, 30))
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    plan(store, JULY[0])
    assert sum(words.startswith("SELECT handed_down.") for words in asked) == 1
    assert not [words for words in asked if "handed_report" in words]


def test_what_was_told_of_shares_is_not_known_to_the_release_before(office: Store) -> None:
    another_share(office)
    with office.writing() as session:
        world(session).revise(1, at=EARLY, due=date(2025, 6, 30))
    (notice,) = plan(office, JULY[0]).notices
    assert sorted(item.handed_id for item in notice.items) == [0, 1, 2]
    with office.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            command.downgrade(config(connection), "0013")
            left = connection.execute(text("SELECT assignment_id, obstacle_id FROM notice_item")).all()
    assert [tuple(row) for row in left] == [(1, 0)]
    migrate(office)
    with office.reading() as session:
        assert [(item.assignment_id, item.handed_id) for item in session.exec(select(NoticeItem))] == [(1, 0)]
