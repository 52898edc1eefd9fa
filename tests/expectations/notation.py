"""Expand the hand-written expectation files: one line names a task and a set of agencies, here each gets its row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.agencies import load_register
from rules.register import AgencyKind

HERE = Path(__file__).parent
WORKING_GROUP = "TCT06"
CENTRAL = {AgencyKind.MINISTRY, AgencyKind.MINISTERIAL_LEVEL, AgencyKind.GOVERNMENT_AGENCY}
KINDS = {
    "ministries": CENTRAL,
    "provinces": {AgencyKind.PROVINCE},
    "everyone": {*CENTRAL, AgencyKind.PROVINCE},
}


@dataclass(frozen=True, order=True)
class Holding:
    """A task (and the period of a recurring one) with the agency accountable for it on the day asked about."""

    number: int
    period: str
    agency: str


@dataclass(frozen=True)
class ExpectedStatus:
    """How one holding stands; `days_late` in working days, days as ISO text, "" where there is none."""

    status: str
    due_on: str
    effective_due_on: str
    days_late: int
    completed_on: str


@dataclass(frozen=True, order=True)
class ExpectedItem:
    """One holding told to one post, on a rung of the ladder (offset in working days)."""

    recipient_agency: str
    role: str
    rung: int
    holding: Holding


def expected_statuses(as_of: date) -> dict[Holding, ExpectedStatus]:
    """Return every holding's expected status on `as_of`; a holding written twice is an error of the file."""
    expected: dict[Holding, ExpectedStatus] = {}
    for row in _lines(f"status-{as_of}.csv"):
        status = ExpectedStatus(
            row["status"], row["due_on"], row["effective_due_on"], int(row["days_late"]), row["completed_on"]
        )
        for holding in _holdings(row, as_of):
            assert holding not in expected, f"written twice: {holding}"
            expected[holding] = status
    return expected


def expected_items(as_of: date) -> list[ExpectedItem]:
    """Return everything that must be told on `as_of`, sorted; a holding told twice is an error of the file."""
    items, told = [], set()
    for row in _lines(f"escalation-{as_of}.csv"):
        for holding in _holdings(row, as_of):
            assert holding not in told, f"written twice: {holding}"
            told.add(holding)
            post = WORKING_GROUP if row["role"] == "working_group" else holding.agency
            items.append(ExpectedItem(post, row["role"], int(row["rung"]), holding))
    return sorted(items)


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _holdings(row: dict[str, str], as_of: date) -> Iterator[Holding]:
    members, exceptions = _agencies(row["agencies"], as_of), _agencies(row["except"], as_of)
    strangers = set(exceptions) - set(members)
    assert not strangers, f"excepted but not a member: {strangers} in {row}"
    for agency in members:
        if agency not in exceptions:
            yield Holding(int(row["number"]), row["period"], agency)


def _agencies(written: str, as_of: date) -> list[str]:
    register = load_register()
    known = register.by_code()
    members = []
    for word in written.split():
        if word in KINDS:
            members += [a.code for a in register.agencies if a.kind in KINDS[word] and a.valid_on(as_of)]
        else:
            assert known[word].valid_on(as_of), f"{word} does not exist on {as_of}"
            members.append(word)
    return members
