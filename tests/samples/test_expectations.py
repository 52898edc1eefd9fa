"""The engine against lists written by hand from the samples: the status of a day, and who hears on three days."""

from datetime import UTC, date, datetime

import pytest

from models.status import status_of
from models.status_table import StatusRow, StatusTable
from models.store import Store
from notifications import PlannedItem, PlannedNotice, plan_notices
from rules.ladder import Role
from tests.expectations.notation import (
    WORKING_GROUP,
    ExpectedItem,
    ExpectedStatus,
    Holding,
    expected_items,
    expected_statuses,
)

MEETING_WEEK = date(2025, 9, 5)
KNOWN_AT = datetime(2025, 9, 5, 1, tzinfo=UTC)
QUEUED = {6, 12, 13, 14, 25}


def test_status_of_5_september_equals_the_hand_written_list_row_by_row(filled_store: Store) -> None:
    table = status_of(filled_store, as_of=MEETING_WEEK, known_at=KNOWN_AT)
    found = {_holding(row.number, row.period, row.agency): _status(row) for row in table.rows}
    expected = expected_statuses(MEETING_WEEK)
    assert len(found) == len(table.rows)
    assert set(found) == set(expected)
    assert _different(found, expected) == {}


def test_tasks_nobody_answers_for_wait_in_the_queue(filled_store: Store) -> None:
    table = status_of(filled_store, as_of=MEETING_WEEK, known_at=KNOWN_AT)
    assert {(int(task.number), task.queue) for task in table.queue} == {
        (number, "no_accountable_lead") for number in QUEUED
    }
    assert QUEUED.isdisjoint(holding.number for holding in expected_statuses(MEETING_WEEK))


@pytest.mark.parametrize("as_of", [date(2025, 6, 16), date(2025, 7, 1), MEETING_WEEK], ids=str)
def test_who_hears_of_what_equals_the_hand_written_list(filled_store: Store, as_of: date) -> None:
    plan = plan_notices(filled_store, as_of=as_of, now=KNOWN_AT, dry_run=True)
    told = sorted(_item(notice, item) for notice in plan.notices for item in notice.items)
    assert told == expected_items(as_of)


@pytest.mark.parametrize("as_of", [date(2025, 6, 16), date(2025, 7, 1), MEETING_WEEK], ids=str)
def test_each_person_hears_once_and_reads_everything(filled_store: Store, as_of: date) -> None:
    plan = plan_notices(filled_store, as_of=as_of, now=KNOWN_AT, dry_run=True)
    people = [notice.address for notice in plan.notices]
    expected = {(item.recipient_agency, item.role) for item in expected_items(as_of)}
    assert len(people) == len(set(people)) == len(expected)


def test_the_hand_written_lists_agree_with_each_other() -> None:
    late = {holding for holding, status in expected_statuses(MEETING_WEEK).items() if status.status == "overdue"}
    assert {item.holding for item in expected_items(MEETING_WEEK)} == late


def _holding(number: str, period: str, agency: str) -> Holding:
    return Holding(int(number), period, agency)


def _status(row: StatusRow) -> ExpectedStatus:
    return ExpectedStatus(
        str(row.status),
        str(row.due_on or ""),
        str(row.effective_due_on or ""),
        row.days_late,
        str(row.completed_on or ""),
    )


def _different(
    found: dict[Holding, ExpectedStatus], expected: dict[Holding, ExpectedStatus]
) -> dict[Holding, tuple[ExpectedStatus, ExpectedStatus]]:
    return {holding: (found[holding], expected[holding]) for holding in expected if found[holding] != expected[holding]}


def _item(notice: PlannedNotice, item: PlannedItem) -> ExpectedItem:
    post = WORKING_GROUP if item.role is Role.WORKING_GROUP else item.agency
    assert notice.agency == post, (notice.key, item.code)
    return ExpectedItem(post, str(item.role), item.rung, _holding(item.number, item.period, item.agency))


def test_every_total_is_the_sum_of_its_parts(filled_store: Store) -> None:
    table: StatusTable = status_of(filled_store, as_of=MEETING_WEEK, known_at=KNOWN_AT)
    totals = dict(table.totals())
    assert totals.pop("total") == sum(totals.values()) == len(expected_statuses(MEETING_WEEK))
