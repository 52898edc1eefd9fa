"""An answer that takes long stands in, with its instant, while the next is worked out; who changed something waits."""

from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic, sleep

import pytest

from models import Store
from models.outcome_tables import AuditEntry
from portal.kept import Kept

NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def takes_long(answer: str) -> str:
    sleep(1.05)
    return answer


def decide(store: Store) -> None:
    with store.writing() as session:
        session.add(AuditEntry(at=NOW, by="Thư ký", action="confirm", subject="1", detail={}))


@pytest.fixture
def kept(store: Store) -> Kept[str]:
    """Give an answer that took long, kept."""
    kept = Kept[str](store)
    assert kept.of(1, NOW, lambda: takes_long("first"), waits=False) == ("first", NOW)
    return kept


def test_the_answer_before_stands_in_with_its_instant(store: Store, kept: Kept[str]) -> None:
    decide(store)
    go_on = Event()

    def make() -> str:
        go_on.wait(20)
        return "second"

    assert kept.of(1, LATER, make, waits=False) == ("first", NOW)
    assert kept.of(1, LATER, lambda: "nobody else works it out", waits=False) == ("first", NOW)
    go_on.set()
    give_up = monotonic() + 20
    while kept.of(1, LATER, make, waits=False) != ("second", LATER):
        assert monotonic() < give_up
        sleep(0.01)


def test_whoever_waits_gets_the_new_one(store: Store, kept: Kept[str]) -> None:
    decide(store)
    assert kept.of(1, LATER, lambda: "second") == ("second", LATER)


def test_nothing_stands_in_for_another_day_or_after_long(store: Store, kept: Kept[str]) -> None:
    decide(store)
    assert kept.of(2, LATER, lambda: takes_long("other day"), waits=False) == ("other day", LATER)
    decide(store)
    much_later = LATER + timedelta(minutes=21)
    assert kept.of(2, much_later, lambda: "anew", waits=False) == ("anew", much_later)


def test_what_is_quick_is_worked_out_at_once(store: Store) -> None:
    kept = Kept[str](store)
    kept.of(1, NOW, lambda: "first", waits=False)
    decide(store)
    assert kept.of(1, LATER, lambda: "second", waits=False) == ("second", LATER)
