"""One work given by several documents is counted once, by a stated rule; every other (document, deadline) is shown."""

from datetime import UTC, date, datetime

import pytest

from models import Store, status_of
from models.milestones_then import milestones_then
from models.scorecard import scorecard_of
from models.status_answer import assignments_answer
from models.status_totals import totals_of
from rules.status import Flag, Status
from tests.models.world import World

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2025, 9, 5)
MARCH, JUNE = "07-CT-TTg.1.BYT", "07-CT-TTg.2.BYT"
AUGUST, DECEMBER = date(2025, 8, 31), date(2025, 12, 31)


def two_documents(
    world: World, *, march: date | None = DECEMBER, june: date | None = AUGUST, issued_on: date = date(2025, 6, 10)
) -> tuple[int, int]:
    (first,) = world.duty("BYT", due=march)
    world.next_document("120/TB-VPCP", issued_on)
    (second,) = world.duty("BYT", due=june)
    world.same_work(1, 2, at=datetime(2025, 6, 20, tzinfo=UTC))
    return first, second


@pytest.mark.parametrize(
    ("march", "june", "issued_on", "counted"),
    [
        pytest.param(DECEMBER, AUGUST, date(2025, 6, 10), JUNE, id="the latest document, earlier due"),
        pytest.param(AUGUST, DECEMBER, date(2025, 6, 10), JUNE, id="the latest document, later due"),
        pytest.param(AUGUST, DECEMBER, date(2025, 3, 14), MARCH, id="of one day: the strictest"),
        pytest.param(DECEMBER, AUGUST, date(2025, 3, 14), JUNE, id="of one day, the other way round"),
        pytest.param(DECEMBER, None, date(2025, 6, 10), MARCH, id="what gives no day binds to none"),
        pytest.param(None, None, date(2025, 6, 10), JUNE, id="no document gives a day"),
    ],
)
def test_which_deadline_binds(
    store: Store, march: date | None, june: date | None, issued_on: date, counted: str
) -> None:
    with store.writing() as session:
        two_documents(World(session), march=march, june=june, issued_on=issued_on)
    (row,) = status_of(store, as_of=DAY, known_at=NOW).rows
    assert (row.code, Flag.SEVERAL_DOCUMENTS in row.flags) == (counted, True)
    assert {row.code, *(other.code for other in row.same_work)} == {MARCH, JUNE}


def test_it_is_counted_once_in_every_table_and_the_other_deadline_is_shown(store: Store) -> None:
    with store.writing() as session:
        two_documents(World(session))
    table = status_of(store, as_of=DAY, known_at=NOW)
    totals = totals_of(store, as_of=DAY, known_at=NOW)
    assert table.totals() == totals.totals()
    assert (totals.totals()["overdue"], totals.totals()["total"]) == (1, 1)
    assert totals.by_milestone()["2025-08"]["missed"] == totals.by_milestone()["2025-08"]["due"] == 1
    assert totals.by_milestone()["2025-12"]["due"] == 0
    assert milestones_then(store, as_of=date(2026, 2, 1), known_at=NOW)["2025-12"]["due"] == 0
    assert scorecard_of(store, as_of=DAY, known_at=NOW).together.figures["total"].count == 1
    (answer,) = assignments_answer(table.rows)
    assert answer["same_work"] == [
        {"code": MARCH, "document": "07/CT-TTg", "due_on": DECEMBER, "status": Status.IN_PROGRESS, "parts": [MARCH]}
    ]


@pytest.mark.parametrize("reported_under", [0, 1])
def test_done_under_one_document_is_done_under_all(store: Store, reported_under: int) -> None:
    with store.writing() as session:
        world = World(session)
        duties = two_documents(world)
        world.report(duties[reported_under], date(2025, 9, 4), evidence=date(2025, 9, 3))
    (row,) = status_of(store, as_of=DAY, known_at=NOW).rows
    assert (row.code, row.status, row.completed_on) == (JUNE, Status.COMPLETED_ON_TIME, date(2025, 9, 3))


def test_what_was_heard_under_one_document_breaks_the_silence_of_all(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        first, _ = two_documents(world)
        world.report(first, date(2025, 8, 20), done=None)
    (row,) = status_of(store, as_of=DAY, known_at=NOW).rows
    assert (row.last_heard_on, Flag.SILENT in row.flags) == (date(2025, 8, 20), False)


def test_the_latest_document_cancelled_the_earlier_one_binds_again(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        _, second = two_documents(world)
        world.decide(second, "cancel", date(2025, 8, 1))
    before, after = (status_of(store, as_of=day, known_at=NOW).rows for day in (date(2025, 7, 31), date(2025, 8, 1)))
    assert ([row.code for row in before], [row.code for row in after]) == ([JUNE], [MARCH])


def test_before_it_was_said_and_before_the_second_document_there_are_two_and_one(store: Store) -> None:
    with store.writing() as session:
        two_documents(World(session))
    not_said_yet = datetime(2025, 6, 19, tzinfo=UTC)
    assert len(status_of(store, as_of=DAY, known_at=not_said_yet).rows) == 2
    (row,) = status_of(store, as_of=date(2025, 6, 9), known_at=NOW).rows
    assert (row.code, row.same_work, Flag.SEVERAL_DOCUMENTS in row.flags) == (MARCH, (), False)


def test_agencies_of_one_document_alone_stay_as_they_are(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", "BCA", due=DECEMBER)
        world.next_document("120/TB-VPCP", date(2025, 6, 10))
        world.duty("BYT", "BTC", due=AUGUST)
        world.same_work(1, 2)
    rows = {row.agency: row.code for row in status_of(store, as_of=DAY, known_at=NOW).rows}
    assert rows == {"BYT": JUNE, "BCA": "07-CT-TTg.1.BCA", "BTC": "07-CT-TTg.2.BTC"}
    for agency, code in rows.items():
        assert [row.code for row in status_of(store, as_of=DAY, known_at=NOW, agency=agency).rows] == [code]


def test_what_a_successor_inherited_of_one_document_is_one_work_with_its_own_of_another(store: Store) -> None:
    """An Giang took Kiên Giang over in July: both documents' rows are then its own, and counted once."""
    with store.writing() as session:
        world = World(session)
        world.duty("T89", "XKIENGIANG", due=DECEMBER)
        world.next_document("120/TB-VPCP", date(2025, 7, 10))
        world.duty("T89", due=AUGUST)
        world.same_work(1, 2)
    (row,) = status_of(store, as_of=DAY, known_at=NOW).rows
    assert (row.agency, row.code) == ("T89", "07-CT-TTg.2.T89")
    assert len(status_of(store, as_of=date(2025, 6, 30), known_at=NOW).rows) == 2
