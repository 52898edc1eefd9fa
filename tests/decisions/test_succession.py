"""An agency that was split keeps its duties until a person says who takes each over; then the day decides who holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from decisions import Outcome, Succeed, decide, open_questions
from models import Store, status_of
from models.assignment_tables import Assignment
from models.explain import explain
from models.register_tables import AgencyRow
from models.status_totals import totals_of
from rules.status import Flag, Status
from tests.models.world import World

# The Ministry of Information and Communications ended on 28 February 2025 and was split.
CODE = "07-CT-TTg.1.BTTTT"
NOW, LATER = datetime(2025, 9, 4, 2, tzinfo=UTC), datetime(2025, 9, 5, 2, tzinfo=UTC)
SUCCEED = Succeed(code=CODE, to="BCA", on=date(2025, 4, 1), document="12/TB-VPCP", reason="an ninh mạng")
DUE, DAY = date(2025, 8, 31), date(2025, 9, 5)


def taken(store: Store, action: Succeed = SUCCEED, now: datetime = NOW) -> Outcome:
    return decide(action, store=store, by="Văn phòng Chính phủ", now=now)


@pytest.fixture(autouse=True)
def _duties(store: Store) -> None:
    """One duty of the split ministry alone, one that Public Security holds beside it."""
    with store.writing() as session:
        world = World(session)
        world.duty("BTTTT", due=DUE)
        world.duty("BTTTT", "BCA", due=DUE)


def holders(store: Store, day: date = DAY, known_at: datetime = LATER) -> dict[str, str]:
    rows = status_of(store, as_of=day, known_at=known_at).rows
    for row in rows:
        alone = status_of(store, as_of=day, known_at=known_at, agency=row.agency).rows
        assert row in alone, "asking for one agency gives other rows"
    counted = {
        agency: counts["total"] for agency, counts in totals_of(store, as_of=day, known_at=known_at).by_agency().items()
    }
    assert sum(counts for counts in counted.values()) == len(rows)
    return {code: row.agency for row in rows for code in row.parts}


def test_nobody_takes_over_silently(store: Store) -> None:
    assert holders(store)[CODE] == "BTTTT"


@pytest.mark.parametrize(("day", "holder"), [(date(2025, 3, 31), "BTTTT"), (date(2025, 4, 1), "BCA"), (DAY, "BCA")])
def test_the_day_decides_who_is_accountable(store: Store, day: date, holder: str) -> None:
    assert taken(store).outcome == "recorded"
    assert holders(store, day)[CODE] == holder
    told = explain(store, CODE, as_of=day, known_at=LATER)
    assert told.status in {Status.OVERDUE, Status.IN_PROGRESS}


def test_before_it_was_known_the_former_agency_held_it(store: Store) -> None:
    taken(store)
    assert holders(store, DAY, NOW - timedelta(hours=1))[CODE] == "BTTTT"


def test_who_holds_a_part_of_its_own_holds_both_as_one(store: Store) -> None:
    taken(store, Succeed(code="07-CT-TTg.2.BTTTT", to="BCA", on=date(2025, 4, 1), document="12/TB", reason="x"))
    (row,) = (row for row in status_of(store, as_of=DAY, known_at=LATER, agency="BCA").rows)
    assert (set(row.parts), Flag.SUCCESSOR in row.flags) == ({"07-CT-TTg.2.BTTTT", "07-CT-TTg.2.BCA"}, True)
    assert len(holders(store)) == 3


def test_taken_over_by_one_that_was_merged_since_it_is_the_successors(store: Store) -> None:
    """Hậu Giang went into Cần Thơ on 1 July 2025."""
    taken(store, Succeed(code=CODE, to="XHAUGIANG", on=date(2025, 4, 1), document="12/TB", reason="x"))
    assert holders(store, date(2025, 6, 30))[CODE] == "XHAUGIANG"
    assert holders(store, date(2025, 7, 1))[CODE] == "T92"


def test_said_otherwise_later_the_newest_word_holds(store: Store) -> None:
    taken(store)
    assert (
        taken(store, Succeed(code=CODE, to="BKHCN", on=date(2025, 6, 1), document="13/TB", reason="x")).outcome
        == "recorded"
    )
    assert (holders(store, date(2025, 5, 31))[CODE], holders(store)[CODE]) == ("BCA", "BKHCN")


def test_what_waits_for_a_successor_is_an_open_question(store: Store) -> None:
    def waiting() -> list[tuple[str, str]]:
        found = open_questions(store, as_of=DAY, known_at=LATER)
        return [(each.assignment, each.agency) for each in found if each.kind == "succession"]

    assert waiting() == [(CODE, "BTTTT"), ("07-CT-TTg.2.BTTTT", "BTTTT")]
    taken(store)
    assert waiting() == [("07-CT-TTg.2.BTTTT", "BTTTT")]
    with store.writing() as session:
        world = object.__new__(World)
        world.session, world.batch = session, 1
        world.report(2, date(2025, 8, 29), evidence=date(2025, 8, 29))
    assert waiting() == []


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (Succeed(code="07-CT-TTg.2.BCA", to="BYT", on=DUE, document="1/TB", reason="x"), "not_split"),
        (Succeed(code=CODE, to="BCA", on=date(2025, 2, 28), document="1/TB", reason="x"), "before_document"),
        (Succeed(code=CODE, to="BXYZ", on=DUE, document="1/TB", reason="x"), "unknown_agency"),
        (Succeed(code=CODE, to="XHAUGIANG", on=DUE, document="1/TB", reason="x"), "agency_not_valid"),
        (Succeed(code=CODE, to="BCA", on=date(2025, 9, 6), document="1/TB", reason="x"), "in_the_future"),
        (Succeed(code=CODE, to="BCA", on=DUE, document=" ", reason="x"), "needs_document"),
    ],
)
def test_who_cannot_take_over_says_why(store: Store, action: Succeed, code: str) -> None:
    outcome = taken(store, action)
    assert outcome.refusal is not None
    assert outcome.refusal.code == code


def test_the_same_again_is_unchanged(store: Store) -> None:
    first = taken(store)
    assert (taken(store, now=LATER).outcome, taken(store, now=LATER).audit) == ("unchanged", first.audit)


def test_what_came_by_a_merger_to_one_that_was_split_since_is_given_to_who_takes_it_over(store: Store) -> None:
    """The desk asked who takes it over, and refused the answer: the body it was assigned to was never split."""
    with store.writing() as session:
        split = session.exec(select(AgencyRow).where(AgencyRow.code == "T92")).one()
        split.valid_to, split.split = date(2025, 8, 15), True
        session.add(split)
        session.execute(
            update(Assignment).where(col(Assignment.code) == "07-CT-TTg.2.BCA").values(agency_code="XHAUGIANG")
        )
    code = "07-CT-TTg.2.BCA"
    asked = [each.assignment for each in open_questions(store, as_of=DAY, known_at=NOW) if each.kind == "succession"]
    assert code in asked
    assert holders(store)[code] == "T92"
    early = Succeed(code=code, to="BYT", on=date(2025, 8, 15), document="12/TB", reason="x")
    outcome = taken(store, early)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "before_the_split"
    assert taken(store, replace(early, on=date(2025, 8, 16))).outcome == "recorded"
    assert holders(store)[code] == "BYT"
