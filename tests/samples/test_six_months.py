"""Half a year of the directive, day by day: who hears what equals a reviewed list, and no day run twice adds anything.

The list is `tests/expectations/notices-2025-h2.csv`; `DONDOC_WRITE_EXPECTATIONS=1` writes it anew, to be read before it
is kept. A reviewer looks at: 59.T12, whose unit commits on +1 and whose deputy head and head hear all the same; 57.T04,
whose broken commitment brings +10 forward to 10 July; T14, whose unit head is stood in for until 30 September and hears
again on 1 October; T56, whose deputy is away in July; 1 July, when provinces merge; 8 August, the first day after the
outage; the `resolved` lines after both rounds of reports. Every letter arrives the day it is planned. Together with the
list stand the rules it must obey whatever it says, and `tests/notifications/test_six_months_by_hand.py`, which works
out the days of some assignments on paper.
"""

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlmodel import col, select

from decisions import Acknowledge, Action, Cancel, Delegate, Extend, Hold, Outcome, Reply, RequestExtension, decide
from imports import check_workbook, record
from models.outcome_tables import Notice, NoticeItem
from models.people import add_holdings
from models.reference import calendar_of
from models.store import Store
from notifications import plan_notices
from rules.calendar import WorkingCalendar, days
from rules.ladder import Role
from rules.people import Holding, HoldingKind
from samples.directive import HERE
from tests.conftest import NewStore
from tests.notifications.duties import delivered

DEEP = os.environ.get("DONDOC_DEEP") == "1"
EXPECTED = Path(__file__).parents[1] / "expectations" / "notices-2025-h2.csv"
FIRST, LAST = date(2025, 4, 14), date(2025, 10, 14)
# The round each folder came in: before the first day, then on the evenings of two of them.
ROUNDS = {
    "assignments": date(2025, 4, 10),
    "progress-2025-06": date(2025, 6, 26),
    "progress-2025-08": date(2025, 8, 26),
}
OUTAGE = set(days(date(2025, 8, 1), date(2025, 8, 7)))
CODE = "07-CT-TTg.{}"


class Line(NamedTuple):
    """One digest as a person reviews it: whose, when, why, and each item with its rung and reason."""

    person: str
    day: str
    reason: str
    items: str


def decided_on(day: date) -> Sequence[Action | Reply | Delegate]:
    """Return what people decide and answer on the afternoon of a day."""
    said: dict[date, Sequence[Action | Reply | Delegate]] = {
        date(2025, 6, 27): [
            Extend(code=CODE.format("44.BKHCN"), on=day, until_on=date(2025, 8, 29), document="21/VPCP-KSTT",
                   reason="chờ dự án luật"),
            Hold(code=CODE.format("47.BNNMT"), from_on=day, until_on=date(2025, 8, 15), document="22/VPCP-KSTT",
                 reason="sắp xếp tổ chức"),
        ],
        date(2025, 7, 1): [
            RequestExtension(code=CODE.format("57.T04"), on=day, until_on=date(2025, 9, 30), reason="thiếu kinh phí"),
        ],
        date(2025, 7, 7): [
            Acknowledge(code=CODE.format("57.T04"), on=day, until_on=date(2025, 7, 9), reason="đang nghiệm thu"),
        ],
        date(2025, 7, 2): [
            Acknowledge(code=CODE.format("59.T12"), on=day, until_on=date(2025, 7, 18), reason="đang nghiệm thu"),
            Delegate(agency="T14", role=Role.UNIT_HEAD, to="Phó Giám đốc Sở", address="pho.t14@dondoc.example",
                     from_on=date(2025, 7, 3), until_on=date(2025, 9, 30), reason="đi học"),
        ],
        date(2025, 8, 15): [
            Acknowledge(code=CODE.format("16.BCA"), on=day, until_on=date(2025, 8, 29), reason="đang trình ký"),
        ],
        date(2025, 8, 4): [
            Cancel(code=CODE.format("51.BNG"), on=day, document="30/QĐ-TTg", reason="thay thế"),
        ],
    }  # fmt: skip
    return said.get(day, [])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if DEEP else ["sqlite"])
def fresh_store(
    request: pytest.FixtureRequest, new_store: NewStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Give a store with the shipped reference data; the other database takes its turn at full size."""
    with new_store(request.param, tmp_path_factory.mktemp("half_year")) as store:
        yield store


@pytest.fixture(scope="module")
def lived(fresh_store: Store) -> Store:
    """Give the store after half a year was lived through in it."""
    with fresh_store.reading() as session:
        calendar = calendar_of(session)
    away = Holding("T56", Role.DEPUTY_HEAD, HoldingKind.AWAY, "", from_on=date(2025, 7, 1), until_on=date(2025, 7, 31))
    with fresh_store.writing() as session:
        add_holdings(session, [away], source="danh-ba.xlsx", by="Văn phòng Chính phủ", now=at(FIRST, 0))
    for folder, on in ROUNDS.items():
        if on < FIRST:
            take_round(fresh_store, folder, on)
    for day in days(FIRST, LAST):
        if day not in OUTAGE:
            live_through(fresh_store, day, calendar)
        for folder, on in ROUNDS.items():
            if on == day:
                take_round(fresh_store, folder, on)
        for action in decided_on(day):
            outcome: Outcome = decide(action, store=fresh_store, by="Văn phòng Chính phủ", now=at(day, 8))
            assert outcome.refusal is None, (day, action, outcome.message)
    return fresh_store


def live_through(store: Store, day: date, calendar: WorkingCalendar) -> None:
    """Plan a morning, twice, after the letters of earlier days arrived: the second time adds nothing."""
    delivered(store, before=day)
    planned = plan_notices(store, as_of=day, now=at(day, 0))
    assert planned.new == 0 or calendar.is_working(day), day
    if DEEP or day.day % 5 == 0:
        assert plan_notices(store, as_of=day, now=at(day, 1)).new == 0, day


def take_round(store: Store, folder: str, on: date) -> None:
    """Record a folder of sample workbooks on the evening of a day."""
    for path in sorted((HERE / folder).glob("*.xlsx")):
        check = check_workbook(path.read_bytes(), name=path.name, store=store, today=on)
        assert record(check, store=store, now=at(on, 10)).outcome == "recorded", path


def at(day: date, hour: int) -> datetime:
    """Return an instant of a day; 0 o'clock UTC is 07:00 in Hanoi."""
    return datetime.combine(day, time(hour), tzinfo=UTC)


def told(store: Store) -> list[tuple[Notice, list[NoticeItem]]]:
    """Return every digest with its items, as the outbox keeps them."""
    with store.reading() as session:
        items: dict[int, list[NoticeItem]] = defaultdict(list)
        for item in session.exec(select(NoticeItem).order_by(col(NoticeItem.id))):
            items[item.notice_id].append(item)
        notices = session.exec(select(Notice).order_by(col(Notice.id))).all()
        session.expunge_all()
    return [(notice, items[notice.id or 0]) for notice in notices]


def lines(store: Store) -> list[Line]:
    """Return the digests person by person, each in the order of days."""
    return sorted(
        Line(
            notice.address.removesuffix("@dondoc.example"),
            notice.as_of.isoformat(),
            notice.reason,
            " ".join(
                f"{item.code.removeprefix(CODE.format(''))}:{item.rung:+d}:{item.reason}"
                for item in sorted(items, key=lambda each: (each.code, each.rung))
            ),
        )
        for notice, items in told(store)
    )


def test_who_hears_what_over_half_a_year_equals_the_reviewed_list(lived: Store) -> None:
    found = lines(lived)
    if os.environ.get("DONDOC_WRITE_EXPECTATIONS") == "1":
        with EXPECTED.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([Line._fields, *found])
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [Line(*row) for row in list(csv.reader(file))[1:]]
    assert [line for line in found if line not in set(expected)] == []
    assert [line for line in expected if line not in set(found)] == []


def test_nobody_gets_two_digests_on_a_day_and_none_goes_out_on_a_day_off(lived: Store) -> None:
    with lived.reading() as session:
        calendar = calendar_of(session)
    letters = Counter((notice.address, notice.as_of) for notice, _ in told(lived))
    assert max(letters.values()) == 1
    assert [day for _, day in letters if not calendar.is_working(day) or day in OUTAGE] == []


def test_no_step_of_a_due_day_is_told_twice_and_nobody_goes_down_the_ladder(lived: Store) -> None:
    climbed: dict[tuple[int, date], list[int]] = defaultdict(list)
    for _, items in told(lived):
        for item in items:
            if item.reason != "resolved":
                climbed[item.assignment_id, item.last_good_day].append(item.rung)
            else:
                climbed.pop((item.assignment_id, item.last_good_day), None)  # opened again, it begins again
    assert [key for key, rungs in climbed.items() if rungs != sorted(set(rungs))] == []


def test_whoever_was_alarmed_hears_once_of_the_end_and_nobody_else_does(lived: Store) -> None:
    alarmed: Counter[tuple[int, date, str, str]] = Counter()
    for _, items in told(lived):
        for item in items:
            who = (item.assignment_id, item.last_good_day, item.agency_code, item.role)
            if item.reason == "resolved":
                assert alarmed.pop(who), f"told of an end without an alarm: {item}"
            elif item.rung > 0:
                alarmed[who] += 1


def test_after_the_outage_only_the_highest_step_is_told_and_it_names_the_others(lived: Store) -> None:
    passed = {
        (item.code, item.rung): item.superseded.split(",")
        for notice, items in told(lived)
        if notice.as_of == date(2025, 8, 8)
        for item in items
        if item.superseded
    }
    assert passed, "nobody came to two steps in the week of the outage"
    assert Counter(code for code, _ in passed).most_common(1)[0][1] == 1


# What one assignment's readers hear: the day, the rung, the reason. Read against the directive's dates and the events.
WHAT_HAPPENED = {
    "57.T04": "16/06 -10 first, 23/06 -5 worse, 01/07 +1 worse, 07/07 +5 worse, 10/07 +10 worse, 28/07 +20 worse",
    "59.T12": "16/06 -10 first, 23/06 -5 worse, 01/07 +1 worse, 07/07 +5 worse, 14/07 +10 worse, 28/07 +20 worse",
    "44.BKHCN": "16/06 -10 first, 23/06 -5 worse, 15/08 -10 first, 22/08 -5 worse, 03/09 +1 worse, 09/09 +5 worse, "
    "16/09 +10 worse, 30/09 +20 worse",
    "47.BNNMT": "16/06 -10 first, 23/06 -5 worse, 18/08 +20 worse",
    "51.BNG": "17/04 -10 first, 24/04 -5 worse, 06/05 +1 worse, 12/05 +5 worse, 19/05 +10 worse, 02/06 +20 worse, "
    "08/08 +1 resolved, 08/08 +5 resolved, 08/08 +10 resolved, 08/08 +20 resolved",
}


@pytest.mark.parametrize("code", WHAT_HAPPENED)
def test_each_turn_of_events_is_told_as_it_must_be(lived: Store, code: str) -> None:
    """A broken commitment enters a rung higher, a lower rung's silences none above; extended, held, cancelled work."""
    heard = sorted(
        (notice.as_of, item.rung, f"{notice.as_of:%d/%m} {item.rung:+d} {item.reason}")
        for notice, items in told(lived)
        for item in items
        if item.code == CODE.format(code)
    )
    assert ", ".join(line for _, _, line in heard) == WHAT_HAPPENED[code]
