"""A letter that never arrived told nobody: the next working day's digest tells again, once; an accepted one never."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from models import Store
from models.outcome_tables import Notice
from notifications import NoticeState, outbox, plan_notices
from notifications.letter import Outcome
from tests.notifications.duties import HEAD_HEARS, Told, assign, morning, plan, stored, told, untold

NEXT_DAY = date(2025, 7, 15)
FRIDAY, SATURDAY, MONDAY = date(2025, 7, 18), date(2025, 7, 19), date(2025, 7, 21)
GROUP_HEARS = date(2025, 7, 28)
CODE = "07-CT-TTg.1.BYT"
LOST = [NoticeState.FAILED_PERMANENT, NoticeState.UNKNOWN]
ON_ITS_WAY = [NoticeState.SENDING, NoticeState.ACCEPTED]


def end(store: Store, day: date, state: NoticeState) -> None:
    """Send the day's letter, which ends in `state`."""
    claimed = outbox.claim(store, morning(day), channel="mailto")
    assert claimed is not None, "no letter waits"
    outbox.record(store, claimed, Outcome(state), channel="mailto", finished_at=morning(day))


def keys_told(store: Store, day: date) -> list[tuple[str, int, str]]:
    return [(entry.key, entry.rung, entry.reason) for entry in told(plan(store, day))]


@pytest.mark.parametrize("state", LOST)
def test_a_lost_letter_is_told_again_the_next_working_day_once(store: Store, state: NoticeState) -> None:
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    end(store, HEAD_HEARS, state)
    assert told(plan(store, NEXT_DAY)) == [Told("2025-07-15/BYT/agency_head", CODE, 10, "first")]
    end(store, NEXT_DAY, NoticeState.ACCEPTED)
    for day in (NEXT_DAY, date(2025, 7, 16), date(2025, 7, 25)):
        assert untold(plan(store, day)) == [(f"{CODE}/2025-06-30/+10", "already_told")]
    assert [(notice.key, notice.state) for notice in stored(store)] == [
        ("2025-07-14/BYT/agency_head", state),
        ("2025-07-15/BYT/agency_head", "accepted"),
    ]


@pytest.mark.parametrize("state", LOST)
def test_on_the_day_of_the_lost_letter_nothing_is_told_again(store: Store, state: NoticeState) -> None:
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    end(store, HEAD_HEARS, state)
    later = plan_notices(store, as_of=HEAD_HEARS, now=morning(HEAD_HEARS) + timedelta(hours=9))
    assert (later.new, untold(later)) == (0, [(f"{CODE}/2025-06-30/+10", "already_told")])


def test_a_run_for_a_day_before_the_lost_letter_tells_nothing(store: Store) -> None:
    assign(store, "BYT")
    plan(store, NEXT_DAY)
    end(store, NEXT_DAY, NoticeState.UNKNOWN)
    assert plan(store, HEAD_HEARS).new == 0


@pytest.mark.parametrize("state", ON_ITS_WAY)
def test_a_letter_accepted_or_still_on_its_way_is_not_told_again(store: Store, state: NoticeState) -> None:
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    with store.writing() as session:
        session.execute(update(Notice).values(state=str(state), lease_until=morning(NEXT_DAY) + timedelta(seconds=1)))
    assert plan(store, NEXT_DAY).new == 0


def test_a_letter_lost_on_friday_is_told_on_monday(store: Store) -> None:
    assign(store, "BYT")
    plan(store, FRIDAY)
    end(store, FRIDAY, NoticeState.FAILED_PERMANENT)
    assert untold(plan(store, SATURDAY)) == [("2025-07-19", "day_off")]
    assert keys_told(store, MONDAY) == [("2025-07-21/BYT/agency_head", 10, "first")]


def test_after_a_lost_letter_the_rung_reached_by_now_is_told(store: Store) -> None:
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    end(store, HEAD_HEARS, NoticeState.UNKNOWN)
    assert keys_told(store, GROUP_HEARS) == [("2025-07-28/TCT06/working_group", 20, "first")]


def test_letters_lost_day_after_day_are_told_once_a_day(store: Store) -> None:
    assign(store, "BYT")
    days = [HEAD_HEARS, NEXT_DAY, date(2025, 7, 16)]
    for day in days:
        assert keys_told(store, day) == [(f"{day}/BYT/agency_head", 10, "first")]
        assert plan(store, day).new == 0
        end(store, day, NoticeState.FAILED_PERMANENT)


@pytest.mark.parametrize(
    ("channel", "run_out_at", "new"),
    [
        ("mailto", morning(NEXT_DAY), 1),
        ("mailto", morning(NEXT_DAY) + timedelta(microseconds=1), 0),
        ("maildir", morning(NEXT_DAY), 0),
    ],
)
def test_a_claim_left_by_a_killed_worker_counts_as_what_it_will_become(
    store: Store, channel: str, run_out_at: datetime, new: int
) -> None:
    """The morning plans before it sends: what only the sending turns into `unknown` must not wait one more day."""
    assign(store, "BYT")
    plan(store, HEAD_HEARS)
    assert outbox.claim(store, run_out_at - outbox.LEASE, channel=channel) is not None
    assert plan(store, NEXT_DAY, dry_run=True).new == new
    assert plan(store, NEXT_DAY).new == new
