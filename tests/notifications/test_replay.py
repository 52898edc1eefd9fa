"""Past days under another ladder: what would change, post by post, and nothing is written."""

from dataclasses import replace
from datetime import date

from config.reference import load_reference_data
from models import Store
from models.reference import load_reference
from notifications.replay import compare_ladders
from rules.ladder import Ladder, Role, Rung
from tests.notifications.duties import assign, stored

JULY_31 = date(2025, 7, 31)


def shipped() -> Ladder:
    """Return the ladder every test store holds."""
    return load_reference_data().ladder


def test_the_same_ladder_changes_nothing(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT", "BCA")
    found = compare_ladders(sqlite_store, shipped(), through=JULY_31, past_days=60)
    assert (found.only_present(), found.only_proposed()) == ([], [])
    assert [(each.day, each.rung) for each in found.present if each.agency == "BYT"] == [
        (date(2025, 6, 16), -10), (date(2025, 6, 23), -5), (date(2025, 7, 1), 1), (date(2025, 7, 7), 5),
        (date(2025, 7, 14), 10),
    ]  # fmt: skip


def test_a_ladder_without_reminders_and_with_a_quicker_head_says_what_would_change(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    proposed = [
        replace(rung, offset=3) if rung.role is Role.AGENCY_HEAD else rung for rung in shipped() if rung.offset > 0
    ]
    found = compare_ladders(sqlite_store, [*proposed, Rung(-30, Role.FOCAL_POINT)], through=JULY_31, past_days=90)
    gone = [(each.day, each.rung, each.role) for each in found.only_present()]
    assert gone[:3] == [
        (date(2025, 6, 16), -10, "focal_point"), (date(2025, 6, 23), -5, "focal_point"),
        (date(2025, 7, 14), 10, "agency_head"),
    ]  # fmt: skip
    assert [(each.day, each.rung, each.role) for each in found.only_proposed()] == [
        (date(2025, 5, 19), -30, "focal_point"), (date(2025, 7, 3), 3, "agency_head"),
    ]  # fmt: skip
    assert found.by_post()["BYT", "agency_head"] == (1, 1)


def test_a_replay_writes_nothing(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    compare_ladders(sqlite_store, shipped(), through=JULY_31, past_days=30)
    assert stored(sqlite_store) == []


def test_ladders_that_tell_once_each_on_another_day_differ(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    with sqlite_store.writing() as session:
        load_reference(session, replace(load_reference_data(), ladder=[Rung(5, Role.DEPUTY_HEAD)]))
    found = compare_ladders(sqlite_store, [Rung(7, Role.AGENCY_HEAD)], through=JULY_31, past_days=60)
    assert [(each.day, each.rung) for each in found.only_present()] == [(date(2025, 7, 7), 5)]
    assert [(each.day, each.rung) for each in found.only_proposed()] == [(date(2025, 7, 9), 7)]


def test_what_stands_on_the_first_working_day_counts_as_told_before_it(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    found = compare_ladders(sqlite_store, shipped(), through=JULY_31, past_days=31)
    assert [(each.day, each.rung) for each in found.present] == [
        (date(2025, 7, 7), 5), (date(2025, 7, 14), 10), (date(2025, 7, 28), 20),
    ]  # fmt: skip
