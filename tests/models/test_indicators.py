"""Indicators beside an assignment: the newest definition, the newest value of each day, by what was known."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from models import Store
from models.assignment_tables import Assignment, Undo
from models.indicators import MeasuredIndicator, indicators_beside
from models.raised_tables import Indicator, IndicatorValue
from tests.models.world import World

LATER = datetime(2025, 9, 1, tzinfo=UTC)
NOW = datetime(2025, 9, 8, tzinfo=UTC)
AUGUST_28 = date(2025, 8, 28)


def defined(session: Session, *, batch: int = 1, **values: Any) -> int:
    given = {
        "code": "07-CT-TTg.1.CT-1", "task_id": 1, "agency_code": "BYT", "baseline": 0, "direction": "up",
        "target": 100, "target_on": date(2025, 9, 30), **values,
    }  # fmt: skip
    row = Indicator(
        batch_id=batch, document_id=1, number="1", name="Bệnh án điện tử", sheet="PL", row=9, digest="", **given
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def observed(session: Session, indicator: int, value: float, on: date = AUGUST_28, *, batch: int = 1) -> None:
    row = IndicatorValue(
        indicator_id=indicator, batch_id=batch, reported_by="BYT", observed_on=on, value=value,
        value_text=str(value), sheet="PL", row=9,
    )  # fmt: skip
    session.add(row)
    session.flush()


def beside(
    store: Store, as_of: date = date(2025, 9, 5), known_at: datetime = NOW, agency: str = "BYT"
) -> list[MeasuredIndicator]:
    with store.reading() as session:
        assignment = session.exec(select(Assignment).where(Assignment.agency_code == agency)).one()
        return list(indicators_beside(session, assignment, as_of=as_of, known_at=known_at))


@pytest.fixture
def measured(store: Store) -> Store:
    """Give one task of two ministries with an indicator of one of them, 60 % on 28 August."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 9, 30))
        observed(session, defined(session), 60)
    return store


def test_an_indicator_stands_beside_the_assignment_of_its_agency(measured: Store) -> None:
    (found,) = beside(measured)
    assert found.latest is not None
    assert (found.latest.value, found.standing.on_track, found.standing.reaches) == (60, False, False)
    assert beside(measured, agency="BTC") == []


def test_one_of_nobody_in_particular_stands_beside_every_agency(measured: Store) -> None:
    with measured.writing() as session:
        defined(session, code="07-CT-TTg.1.CT-2", agency_code=None)
    assert len(beside(measured, agency="BTC")) == 1
    assert len(beside(measured)) == 2


def test_the_newest_definition_counts_with_every_value_of_its_code(measured: Store) -> None:
    with measured.writing() as session:
        defined(session, target=50)
    (found,) = beside(measured)
    assert (found.indicator.target, found.standing.on_track) == (50, True)


def test_of_several_values_of_one_day_the_newest_counts(measured: Store) -> None:
    with measured.writing() as session:
        observed(session, 1, 90)
    assert beside(measured)[0].standing.on_track is True


@pytest.mark.parametrize(("as_of", "value"), [(date(2025, 8, 27), None), (AUGUST_28, 60)])
def test_a_value_counts_from_its_day(measured: Store, as_of: date, value: float | None) -> None:
    (found,) = beside(measured, as_of)
    assert (found.latest.value if found.latest else None) == value


def test_only_what_was_known_and_not_taken_back_counts(measured: Store) -> None:
    assert beside(measured, known_at=datetime(2025, 3, 14, tzinfo=UTC)) == []
    with measured.writing() as session:
        session.add(Undo(batch_id=1, recorded_at=LATER))
    assert beside(measured) == []


@pytest.mark.parametrize("missing", [{"target": None}, {"target_on": None}])
def test_without_target_or_day_the_value_alone_is_told(store: Store, missing: dict[str, Any]) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 9, 30))
        observed(session, defined(session, **missing), 60)
    (found,) = beside(store)
    assert (found.standing.expected, found.standing.on_track, found.latest is None) == (None, None, False)
