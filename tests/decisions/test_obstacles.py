"""Obstacles: an answer has a due day of its own, falls to who is accountable that day, and may come late."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from decisions import AnswerObstacle, decide
from models import Store
from models.answer_tables import ObstacleAnswer
from models.assignment_tables import Undo
from models.obstacles import ObstacleRow, obstacles_of
from models.outcome_tables import AuditEntry
from models.raised_tables import Obstacle
from rules.obstacle import ObstacleStatus
from tests.models.world import World

FRIDAY_29_AUGUST, SUNDAY_31_AUGUST = date(2025, 8, 29), date(2025, 8, 31)
NOW = datetime(2025, 9, 8, 3, tzinfo=UTC)


def raised(session: Session, *, by: str = "BYT", batch: int = 1, **values: Any) -> None:
    given = {"text": "Chưa có hướng dẫn", "addressed_to": "BTC", "needed_by": SUNDAY_31_AUGUST, **values}
    session.add(
        Obstacle(
            assignment_id=1, batch_id=batch, raised_by=by, raised_on=date(2025, 8, 15), sheet="PL", row=9,
            digest=str(given), **given,
        )
    )  # fmt: skip
    session.flush()


@pytest.fixture
def blocked(store: Store) -> Store:
    """Give one assignment of the Ministry of Health, blocked until the Ministry of Finance answers by 31 August."""
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 9, 30))
        raised(session)
    return store


def standing(store: Store, as_of: date, known_at: datetime = NOW) -> list[ObstacleRow]:
    with store.reading() as session:
        return list(obstacles_of(session, as_of=as_of, known_at=known_at))


@pytest.mark.parametrize(
    ("as_of", "status", "days_late"),
    [
        (date(2025, 8, 31), ObstacleStatus.OPEN, 0),
        (date(2025, 9, 3), ObstacleStatus.OPEN, 0),
        (date(2025, 9, 4), ObstacleStatus.OVERDUE, 1),
        (date(2025, 9, 5), ObstacleStatus.OVERDUE, 2),
    ],
    ids=["its day, a Sunday", "the effective day", "a working day after", "two working days after"],
)
def test_an_answer_falls_due_on_a_working_day(
    blocked: Store, as_of: date, status: ObstacleStatus, days_late: int
) -> None:
    (row,) = standing(blocked, as_of)
    assert (row.status, row.days_late, row.effective_needed_by) == (status, days_late, date(2025, 9, 3))
    assert (row.assignment, row.addressed_to) == ("07-CT-TTg.1.BYT", "BTC")


def test_before_it_was_raised_nothing_stands_in_the_way(blocked: Store) -> None:
    assert standing(blocked, date(2025, 8, 14)) == []
    assert len(standing(blocked, date(2025, 8, 15))) == 1


def test_without_a_day_it_never_falls_due(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None)
        raised(session, needed_by=None, addressed_to=None)
    (row,) = standing(store, date(2026, 6, 1))
    assert (row.status, row.days_late, row.addressed_to) == (ObstacleStatus.OPEN, 0, None)


def test_a_successor_must_answer_for_who_ended(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None)
        raised(session, addressed_to="XKIENGIANG", needed_by=None)
    assert standing(store, date(2025, 9, 5))[0].addressed_to == "T89"


def test_of_several_an_agency_raised_the_newest_stands(blocked: Store) -> None:
    with blocked.writing() as session:
        raised(session, text="Đã có hướng dẫn, thiếu kinh phí")
        raised(session, by="BKHCN", text="Chờ nền tảng")
    assert [row.obstacle.text for row in standing(blocked, FRIDAY_29_AUGUST)] == [
        "Đã có hướng dẫn, thiếu kinh phí",
        "Chờ nền tảng",
    ]


def test_what_was_taken_back_or_not_yet_known_does_not_stand(blocked: Store) -> None:
    assert standing(blocked, FRIDAY_29_AUGUST, datetime(2025, 3, 14, tzinfo=UTC)) == []
    with blocked.writing() as session:
        session.add(Undo(batch_id=1, recorded_at=NOW))
    assert standing(blocked, FRIDAY_29_AUGUST) == []
    assert len(standing(blocked, FRIDAY_29_AUGUST, datetime(2025, 9, 1, tzinfo=UTC))) == 1


def answering(**values: Any) -> AnswerObstacle:
    given = {"obstacle": 1, "on": date(2025, 9, 5), "answer": "Đã có hướng dẫn", "document": "88/BTC-NSNN", **values}
    return AnswerObstacle(**given)


def test_an_answer_is_recorded_once_with_its_audit_entry(blocked: Store) -> None:
    first, again = (decide(answering(), store=blocked, by="Bộ Tài chính", now=NOW) for _ in range(2))
    assert (first.outcome, again.outcome, again.audit) == ("recorded", "unchanged", first.audit)
    with blocked.reading() as session:
        assert len(session.exec(select(ObstacleAnswer)).all()) == 1
        (entry,) = session.exec(select(AuditEntry)).all()
    assert (entry.action, entry.subject, entry.by) == ("decide.answer", "07-CT-TTg.1.BYT", "Bộ Tài chính")
    assert entry.detail["reason"] == "Đã có hướng dẫn"


def test_an_answer_counts_from_its_day_and_from_when_it_was_known(blocked: Store) -> None:
    decide(answering(), store=blocked, by="Bộ Tài chính", now=NOW)
    (before,), (after,) = standing(blocked, date(2025, 9, 4)), standing(blocked, date(2025, 9, 5))
    assert (before.status, after.status, after.days_late) == (ObstacleStatus.OVERDUE, ObstacleStatus.ANSWERED, 2)
    assert standing(blocked, date(2025, 9, 5), datetime(2025, 9, 8, 2, tzinfo=UTC))[0].status is ObstacleStatus.OVERDUE


def test_an_obstacle_repeated_in_the_same_words_stays_answered(blocked: Store) -> None:
    decide(answering(), store=blocked, by="Bộ Tài chính", now=NOW)
    with blocked.writing() as session:
        raised(session)
    (row,) = standing(blocked, date(2025, 9, 8))
    assert (row.obstacle.id, row.status) == (1, ObstacleStatus.ANSWERED)


def test_an_obstacle_raised_anew_in_other_words_is_open_again(blocked: Store) -> None:
    decide(answering(), store=blocked, by="Bộ Tài chính", now=NOW)
    with blocked.writing() as session:
        raised(session, text="Hướng dẫn chưa rõ", needed_by=date(2025, 9, 30))
    assert standing(blocked, date(2025, 9, 8))[0].status is ObstacleStatus.OPEN


@pytest.mark.parametrize(
    ("action", "by", "code"),
    [
        (answering(), " ", "needs_decider"),
        (answering(answer=" "), "Bộ Tài chính", "needs_answer"),
        (answering(obstacle=7), "Bộ Tài chính", "unknown_obstacle"),
        (answering(on=date(2025, 9, 9)), "Bộ Tài chính", "in_the_future"),
        (answering(on=date(2025, 8, 14)), "Bộ Tài chính", "before_raised"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(
    blocked: Store, action: AnswerObstacle, by: str, code: str
) -> None:
    outcome = decide(action, store=blocked, by=by, now=NOW)
    assert outcome.refusal is not None
    assert (outcome.outcome, outcome.refusal.code) == ("refused", code)
    assert " / " in outcome.message
    with blocked.reading() as session:
        assert session.exec(select(ObstacleAnswer)).all() == []
