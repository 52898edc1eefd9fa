"""The report of August 2025 says what `status` says at its cut-off: totals, agencies, milestones, late work."""

from datetime import UTC, date, datetime

import pytest

from models import StatusTable, Store, status_of
from reports import Facts, gather_facts
from rules.milestone import Verdict
from rules.status import Status

CUTOFF, MEETING = date(2025, 8, 25), date(2025, 9, 3)
KNOWN_AT = datetime(2025, 9, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts(filled_store: Store) -> Facts:
    return gather_facts(filled_store, month="2025-08", cutoff=CUTOFF, meeting=MEETING, known_at=KNOWN_AT)


@pytest.fixture(scope="module")
def status(filled_store: Store) -> StatusTable:
    return status_of(filled_store, as_of=CUTOFF, known_at=KNOWN_AT)


def test_totals_by_status(facts: Facts, status: StatusTable) -> None:
    totals = status.totals()
    assert {each: facts.totals.of(each) for each in Status} == {each: totals[each] for each in Status}
    assert facts.totals.total == totals["total"] == 1282


def test_totals_on_the_meeting_day(facts: Facts, filled_store: Store) -> None:
    at_the_table = status_of(filled_store, as_of=MEETING, known_at=KNOWN_AT).totals()
    assert {each: facts.movement.totals.of(each) for each in Status} == {each: at_the_table[each] for each in Status}


def test_each_agency(facts: Facts, status: StatusTable) -> None:
    by_agency = status.by_agency()
    assert {agency.code for agency in facts.agencies} == set(by_agency)
    for agency in facts.agencies:
        assert {each: agency.counts.of(each) for each in Status} == {
            each: by_agency[agency.code][each] for each in Status
        }


def test_each_milestone(facts: Facts, status: StatusTable) -> None:
    by_milestone = status.by_milestone()
    for milestone in facts.milestones:
        counts = {"due": milestone.due, **{verdict.value: milestone.of(verdict) for verdict in Verdict}}
        assert counts == by_milestone[milestone.code]


def test_late_work_by_name(facts: Facts, status: StatusTable) -> None:
    late = {(row.code, row.days_late) for row in status.rows if row.status is Status.OVERDUE}
    assert {(work.code, work.days_late) for work in facts.late} == late
    assert len(facts.late) == 39


def test_every_query_lists_as_many_rows_as_its_figure(facts: Facts, filled_store: Store) -> None:
    tables = {day: status_of(filled_store, as_of=day, known_at=KNOWN_AT).rows for day in (CUTOFF, MEETING)}
    assert len(facts.opens) > 200
    for opened in facts.opens:
        words = opened.words.split()
        given = dict(zip(words[::2], words[1::2], strict=True))
        found = [
            row
            for row in tables[opened.as_of]
            if given.get("--agency") in {None, row.agency}
            and given.get("--status") in {None, row.status}
            and given.get("--milestone") in {None, row.milestone}
            and ("--flag" not in given or given["--flag"] in row.flags)
            and row.days_late >= int(given.get("--late-from", 0))
        ]
        assert len(found) == opened.count, opened.figure


def test_the_way_to_plan_ends_in_the_open_dated_work(facts: Facts, status: StatusTable) -> None:
    (left,) = [point.left for point in facts.burndown if point.on == CUTOFF]
    closed = {Status.COMPLETED_ON_TIME, Status.COMPLETED_LATE, Status.CANCELLED}
    assert left == sum(row.milestone is not None and row.status not in closed for row in status.rows)
