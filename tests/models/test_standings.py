"""Standings say what the rows of `status_of` say, whatever was recorded since they were last asked for."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from random import Random
from time import monotonic, sleep

import pytest
from sqlmodel import select, update

from models import Store, status_of
from models.assignment_tables import Assignment, Batch, Undo
from models.changed_since import Change, changes_between
from models.chosen_rows import chosen_rows
from models.milestones_then import milestones_then
from models.register_tables import AgencyRow, CalendarDayRow
from models.standings import Asked, Stand, Standings, put_among
from models.standings_kept import StandingsKept
from models.status_table import StatusRow, StatusTable
from rules.status import CompletionLevel, Status
from tests.models.world import World
from tests.oracle.generated import generate, questions
from tests.oracle.stored import store_facts

DAY, LATER = date(2025, 9, 5), datetime(2025, 9, 5, 8, tzinfo=UTC)
LEVEL, WINDOW = CompletionLevel.EVIDENCED, 10


def told(table: StatusTable) -> list[tuple[object, ...]]:
    return [(r.period, r.agency, r.status, r.milestone, r.verdict, r.days_late, r.last_good_day) for r in table.rows]


def stand(standings: Standings) -> list[tuple[object, ...]]:
    return [
        (s.period, s.agency, s.status, s.milestone, s.verdict, s.days_late, s.last_good_day) for s in standings.rows
    ]


def rows_now(store: Store, known_at: datetime = LATER, *, as_of: date = DAY) -> StatusTable:
    return status_of(store, as_of=as_of, known_at=known_at, level=LEVEL, warning_working_days=WINDOW)


def rows_of(store: Store, kept: StandingsKept, standings: Standings) -> list[StatusRow]:
    with store.reading() as session:
        asked = Asked(standings.as_of, standings.known_at, LEVEL, WINDOW)
        return list(chosen_rows(session, asked, kept.reference(), standings.rows).values())


@pytest.fixture
def kept(store: Store) -> StandingsKept:
    """Give standings that keep nothing yet."""
    return StandingsKept(store, level=LEVEL, window=WINDOW)


@pytest.mark.parametrize("seed", range(2))
def test_they_say_what_the_rows_say_and_open_them(store: Store, seed: int) -> None:
    """Over every kind of duty, report and decision, any day and moment of knowing."""
    store_facts(store, generate(seed, tasks=60))
    for question in islice(questions(seed), 6):
        level = CompletionLevel(question.level)
        kept = StandingsKept(store, level=level, window=question.window)
        table = status_of(
            store, as_of=question.day, known_at=question.known_at, level=level, warning_working_days=question.window
        )
        standings = kept.at(question.day, question.known_at, then=True)
        assert stand(standings) == told(table)
        with store.reading() as session:
            asked = Asked(question.day, question.known_at, level, question.window)
            opened = chosen_rows(session, asked, kept.reference(), standings.rows)
        assert list(opened.values()) == list(table.rows)


@pytest.mark.parametrize("seed", range(2))
def test_what_was_kept_is_never_stale(store: Store, kept: StandingsKept, seed: int) -> None:
    """The clock goes on through every workbook and decision, and back once: each answer is of its own moment."""
    store_facts(store, generate(seed, tasks=60))
    first = datetime(2025, 1, 1, tzinfo=UTC)
    moments = [first + timedelta(days=21 * step) for step in range(20)]
    for known_at in [*moments, moments[7]]:
        assert stand(kept.at(DAY, known_at)) == told(rows_now(store, known_at))


def test_only_what_changed_is_judged_again(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        (late,) = world.duty("BYT", due=date(2025, 8, 1))
        world.duty("BTC", due=date(2025, 12, 31))
    before = kept.at(DAY, LATER)
    assert kept.at(DAY, LATER + timedelta(hours=1)) is before
    with store.writing() as session:
        world.session = session
        world.report(late, date(2025, 9, 4), evidence=date(2025, 9, 3), batch=world.new_batch(LATER))
    after = kept.at(DAY, LATER + timedelta(hours=1))
    assert [row.status for row in after.rows] == [Status.COMPLETED_LATE, Status.IN_PROGRESS]
    assert after.rows[1] is before.rows[1]
    assert [row.status for row in before.rows] == [Status.OVERDUE, Status.IN_PROGRESS]


def test_an_undo_a_link_and_another_register_are_seen(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        late, _ = world.duty("BYT", "BTC", due=date(2025, 8, 29))
        report = world.new_batch(LATER - timedelta(days=2))
        world.report(late, date(2025, 9, 2), evidence=date(2025, 8, 28), batch=report)
        world.next_document("120/TB-VPCP", date(2025, 6, 10))
        world.duty("BYT", due=date(2025, 12, 1))
    assert len(kept.at(DAY, LATER).rows) == 3
    with store.writing() as session:
        session.add(Undo(batch_id=report, recorded_at=LATER))
    assert stand(kept.at(DAY, LATER)) == told(rows_now(store))
    assert kept.at(DAY, LATER).rows[0].status is Status.OVERDUE
    with store.writing() as session:
        world.session = session
        world.same_work(1, 2, at=LATER)
    linked = kept.at(DAY, LATER)
    assert stand(linked) == told(rows_now(store))
    assert len(linked.rows) == 2
    assert rows_of(store, kept, linked) == list(rows_now(store).rows)
    with store.writing() as session:
        session.add(CalendarDayRow(day=date(2025, 9, 4), name="nghỉ bù", worked=False))
        session.execute(update(AgencyRow).where(AgencyRow.code == "BYT").values(name_vi="Bộ Y tế mới"))  # type: ignore[arg-type]
    assert stand(kept.at(DAY, LATER)) == told(rows_now(store))
    with store.reading() as session:
        assert kept.reference().register.by_code()["BYT"].name_vi == "Bộ Y tế mới"


def test_a_decision_with_a_lower_number_that_comes_later_is_seen(store: Store, kept: StandingsKept) -> None:
    """Two people decide at once: whoever began first may be done last."""
    with store.writing() as session:
        world = World(session)
        one, other = world.duty("BYT", "BTC", due=date(2025, 8, 1))
        world.decide(one, "cancel", date(2025, 9, 1), at=LATER)
        world.decide(other, "cancel", date(2025, 9, 1), at=LATER + timedelta(minutes=5))
    assert stand(kept.at(DAY, LATER + timedelta(minutes=9))) == told(rows_now(store, LATER + timedelta(minutes=9)))
    assert stand(kept.at(DAY, LATER)) == told(rows_now(store, LATER))
    assert stand(kept.at(DAY, LATER + timedelta(minutes=9))) == told(rows_now(store, LATER + timedelta(minutes=9)))


def test_words_and_codes_are_found_folded_those_of_a_predecessor_too(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        World(session).duty("XKIENGIANG", "BYT", due=date(2025, 12, 31))
        code = session.scalars(select(Assignment.code).where(Assignment.agency_code == "XKIENGIANG")).one()
    standings = kept.at(DAY, LATER)
    successor = next(row for row in standings.rows if row.agency != "BYT")
    assert code.lower() in successor.codes
    assert kept.wordings.holding(["nhiem", "vu", "1"], standings.runs) == standings.rows
    assert kept.wordings.holding(["vu", code.lower()], standings.runs) == [successor]
    assert not kept.wordings.holding(["vu", "khac"], standings.runs)
    assert kept.wordings.of_document("07/CT-TTg") == {successor.wording}


def test_changes_since_the_day_before(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 9, 4))
        (done,) = world.duty("BTC", due=date(2025, 12, 31))
        world.duty("BCA", due=date(2025, 8, 1))
    before = kept.at(date(2025, 9, 4), LATER - timedelta(days=1), then=True)
    with store.writing() as session:
        world.session, at = session, world.batch
        world.batch = world.new_batch(LATER)
        world.report(done, date(2025, 9, 5), evidence=date(2025, 9, 5), batch=world.batch)
        world.duty("BNV", due=date(2025, 12, 31))
        world.batch = at
    changes = changes_between(before, kept.at(DAY, LATER))
    assert {change: [row.agency for row in rows] for change, rows in changes.items()} == {
        Change.NEWLY_LATE: ["BYT"],
        Change.DONE: ["BTC"],
        Change.NEW: ["BNV"],
    }


def test_the_verdicts_then_are_those_of_milestones_then(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        late, _ = world.duty("BYT", "BTC", due=date(2025, 6, 30))
        world.report(late, date(2025, 6, 28), evidence=date(2025, 6, 27))
    with store.reading() as session:
        first, *_, last = sorted(kept.reference().milestones)
    for agency in (None, "BYT"):
        for _ in range(2):
            found = kept.verdicts_then(first, as_of=DAY, known_at=LATER, agency=agency)
            assert found == milestones_then(store, as_of=DAY, known_at=LATER, agency=agency)[first.code]
    assert kept.verdicts_then(last, as_of=DAY, known_at=LATER, agency=None) is None
    with store.writing() as session:
        session.add(Undo(batch_id=world.batch, recorded_at=datetime(2025, 6, 29, tzinfo=UTC)))
    found = kept.verdicts_then(first, as_of=DAY, known_at=LATER, agency=None)
    assert found == milestones_then(store, as_of=DAY, known_at=LATER)[first.code]
    assert found is not None
    assert found["due"] == 0


def much(world: World, store: Store, at: datetime, *reported: int) -> None:
    """Record a workbook of many rows, of which a few are told."""
    with store.writing() as session:
        world.session = session
        batch = world.new_batch(at)
        session.execute(update(Batch).where(Batch.id == batch).values(rows=1_001))  # type: ignore[arg-type]
        for assignment in reported:
            world.report(assignment, date(2025, 9, 4), evidence=date(2025, 9, 3), batch=batch)


def until_ready(kept: StandingsKept, now: datetime) -> None:
    give_up = monotonic() + 20
    while kept.ready_at(DAY, now) != now:
        assert monotonic() < give_up, "much was recorded, and never judged"
        sleep(0.01)


def test_while_much_is_judged_readers_are_told_of_the_instant_before(store: Store, kept: StandingsKept) -> None:
    """Not an old answer: the right one to a question a moment older, for every day in step; then all days at once."""
    with store.writing() as session:
        world = World(session)
        late, open_ = world.duty("BYT", "BTC", due=date(2025, 8, 1))
    earlier, recorded_at, now = LATER - timedelta(days=1), LATER, LATER + timedelta(minutes=1)
    before = {day: kept.at(day, recorded_at) for day in (DAY, DAY - timedelta(days=1))}
    much(world, store, recorded_at, late)
    spoken_of = kept.ready_at(DAY, now)
    assert spoken_of == recorded_at - timedelta(microseconds=1)
    for day, table in before.items():
        assert kept.at(day, spoken_of) is table
        assert stand(table) == told(rows_now(store, spoken_of, as_of=day))
    until_ready(kept, now)
    assert {day: kept.at(day, now).of("BYT")[0].status for day in before} == {
        DAY: Status.COMPLETED_LATE,
        DAY - timedelta(days=1): Status.COMPLETED_LATE,
    }
    assert stand(kept.at(DAY, now)) == told(rows_now(store, now))
    assert kept.at(DAY, spoken_of) is before[DAY], "who is in the middle of a page ends it at the instant it began with"
    assert kept.at(DAY, earlier, then=True).of("BTC")[0].part == open_


def test_whoever_asks_about_the_present_waits_for_it(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        (late,) = world.duty("BYT", due=date(2025, 8, 1))
    kept.at(DAY, LATER)
    much(world, store, LATER, late)
    assert kept.ready_at(DAY, LATER) < LATER
    assert kept.at(DAY, LATER).rows[0].status is Status.COMPLETED_LATE


def test_what_is_little_or_out_of_order_is_waited_for(store: Store, kept: StandingsKept) -> None:
    with store.writing() as session:
        world = World(session)
        one, other = world.duty("BYT", "BTC", due=date(2025, 8, 1))
    assert kept.ready_at(DAY, LATER) == LATER, "nothing is judged yet"
    kept.at(DAY, LATER)
    with store.writing() as session:
        world.session = session
        world.decide(one, "cancel", date(2025, 9, 1), at=LATER)
    assert kept.ready_at(DAY, LATER) == LATER, "one decision is little"
    assert kept.at(DAY, LATER).of("BYT")[0].status is Status.CANCELLED
    much(world, store, LATER - timedelta(minutes=5), other)
    assert kept.ready_at(DAY, LATER) == LATER, "no instant has the decision and not the workbook"
    assert stand(kept.at(DAY, LATER)) == told(rows_now(store))


@pytest.mark.parametrize("seed", range(20))
def test_rows_found_anew_are_put_where_sorting_would_put_them(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same rows every time
    numbers = chance.sample(range(1000), 60)
    rows = [_row(number) for number in sorted(numbers[:50])]
    found = [_row(number) for number in sorted(numbers[50 : 50 + seed % 10])]

    def order(row: Stand) -> tuple[int, int, str, int]:
        return 0, row.task, row.period, 0

    assert put_among(rows, found, order) == sorted([*rows, *found], key=order)


def _row(task: int) -> Stand:
    return Stand(task, "", "BYT", task, "", task, Status.OVERDUE, None, None, 1, DAY)
