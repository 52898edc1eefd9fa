"""Setting the day of work given without one: dated from then on, told with its document, set anew by decision."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from decisions import Extend, SetDueDay, decide, open_questions
from imports.storing.undoing import undo
from models import Store, status_of
from models.assignment_tables import Batch
from models.explain import explain
from rules.status import Nature, Status
from tests.models.world import World

CODE, ON, DUE = "07-CT-TTg.1.BYT", date(2025, 7, 2), date(2025, 9, 30)
NOW, LATER = datetime(2025, 7, 2, 3, tzinfo=UTC), datetime(2025, 7, 3, 3, tzinfo=UTC)


@pytest.fixture
def undated(store: Store) -> Store:
    """Give an assignment nobody has set a day for."""
    with store.writing() as session:
        World(session).duty("BYT", due=None)
    return store


def dated(store: Store, until_on: date = DUE, *, on: date = ON, document: str = "45/VPCP-TH") -> str:
    action = SetDueDay(code=CODE, on=on, until_on=until_on, document=document, reason="theo ý kiến chỉ đạo")
    outcome = decide(action, store=store, by="Văn phòng Chính phủ", now=NOW)
    return outcome.refusal.code if outcome.refusal else outcome.outcome


def standing(store: Store, as_of: date) -> tuple[Status, date | None, Nature]:
    (row,) = status_of(store, as_of=as_of, known_at=LATER).rows
    return row.status, row.original_due_on, row.nature


def test_work_without_a_day_is_due_on_the_day_set(undated: Store) -> None:
    assert standing(undated, ON) == (Status.UNDATED, None, Nature.UNDATED)
    assert [dated(undated), dated(undated)] == ["recorded", "unchanged"]
    assert standing(undated, DUE) == (Status.DUE_SOON, DUE, Nature.DATED)
    assert standing(undated, date(2025, 10, 1)) == (Status.OVERDUE, DUE, Nature.DATED)


def test_the_day_set_waits_no_more_and_is_told(undated: Store) -> None:
    before = open_questions(undated, as_of=ON, known_at=NOW)
    dated(undated)
    after = open_questions(undated, as_of=ON, known_at=LATER)
    assert ([each.kind for each in before], after) == (["undated"], [])
    told = " ".join(step.what for step in explain(undated, CODE, as_of=ON, known_at=LATER).steps)
    assert "Thời hạn được xác định: 30/09/2025" in told
    assert "đọc lại hôm nay" not in told


@pytest.mark.parametrize(
    ("until_on", "on", "document", "refused"),
    [(date(2025, 3, 13), ON, "45/VPCP", "due_before_document"), (date(2025, 3, 14), ON, "45/VPCP", "recorded"),
     (DUE, date(2025, 7, 3), "45/VPCP", "in_the_future"), (DUE, ON, " ", "needs_document"),
     (DUE, date(2025, 3, 13), "45/VPCP", "before_document")],
)  # fmt: skip
def test_a_day_that_cannot_be_set_is_refused(
    undated: Store, until_on: date, on: date, document: str, refused: str
) -> None:
    assert dated(undated, until_on, on=on, document=document) == refused


def test_a_day_set_by_mistake_is_set_anew(undated: Store) -> None:
    assert [dated(undated), dated(undated, date(2025, 9, 1)), dated(undated, date(2025, 9, 1))] == [
        "recorded", "recorded", "unchanged",
    ]  # fmt: skip
    assert standing(undated, ON) == (Status.IN_PROGRESS, date(2025, 9, 1), Nature.DATED)
    assert dated(undated) == "recorded", "back to the first day"
    assert standing(undated, ON) == (Status.IN_PROGRESS, DUE, Nature.DATED)


def test_no_undo_takes_a_decision_back(undated: Store) -> None:
    dated(undated)
    with undated.reading() as session:
        batch = session.exec(select(Batch.id).where(Batch.kind == "decision")).one()
    assert batch is not None
    assert undo(batch, store=undated, now=LATER).undone is False
    assert standing(undated, ON) == (Status.IN_PROGRESS, DUE, Nature.DATED)


def test_a_day_once_set_may_be_extended(undated: Store) -> None:
    dated(undated)
    longer = Extend(code=CODE, on=ON, until_on=date(2025, 10, 31), document="46/VPCP-TH", reason="x")
    assert decide(longer, store=undated, by="Văn phòng Chính phủ", now=LATER).outcome == "recorded"
    (row,) = status_of(undated, as_of=ON, known_at=LATER).rows
    assert (row.original_due_on, row.due_on) == (DUE, date(2025, 10, 31))


@pytest.mark.parametrize(("due", "nature"), [(date(2025, 8, 29), Nature.DATED), (None, Nature.ONGOING)])
def test_work_with_a_day_or_without_end_is_not_dated(store: Store, due: date | None, nature: Nature) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=due, nature=nature)
    assert dated(store) == "not_undated"
