"""What some assignments' readers must hear over half a year, worked out on paper, is what the reviewed list says.

Nothing here asks Dondoc: the days are counted below from the directive's dates, the days off are written out, the
ladder is the shipped one in words. The list is `tests/expectations/notices-2025-h2.csv`.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

LIST = Path(__file__).parents[1] / "expectations" / "notices-2025-h2.csv"
# Weekdays off between March and October 2025: the Hùng Kings' day; Victory and Labour Day with 2 May, for which
# Saturday 26 April is worked; National Day with the day before it.
DAYS_OFF = {(4, 7), (4, 30), (5, 1), (5, 2), (9, 1), (9, 2)}
WORKED_SATURDAYS = {(4, 26)}
# Who hears at which offset from the effective due day, in working days.
FOCAL, UNIT, DEPUTY, HEAD = "dau-moi", "don-vi", "cap-pho", "nguoi-dung-dau"
GROUP = "to-cong-tac"
LADDER = {-10: FOCAL, -5: FOCAL, 1: UNIT, 5: DEPUTY, 10: HEAD, 20: GROUP}
END = "resolved"


class Heard(NamedTuple):
    """One line of the table: the day (day/month), the mailbox, the rung, and why then; `counted`: by days alone."""

    day: str
    who: str
    rung: int
    why: str
    counted: bool = True
    end: bool = False


def over(day: str, who: str, rung: int, why: str) -> Heard:
    return Heard(day, who, rung, why, counted=False, end=True)


def turn(day: str, who: str, rung: int, why: str) -> Heard:
    """Return a line whose day follows from an event rather than from the calendar alone."""
    return Heard(day, who, rung, why, counted=False)


# Code → effective due day, then all that anybody hears of it.
ON_PAPER: dict[str, tuple[date, list[Heard]]] = {
    # A collective's straggler. Due Monday 31 March; nothing is planned before Monday 14 April. 1-4 April are days 1-4,
    # the 7th is off, 8-11 April are 5-8, 14 April is 9: the deputy's rung is reached, the unit head's passed over.
    "63.BDTTG": (date(2025, 3, 31), [
        turn("14/04", "cap-pho.bdttg", 5, "first morning, day 9: the highest rung reached is +5"),
        Heard("15/04", "nguoi-dung-dau.bdttg", 10, "day 10"),
        Heard("28/04", "to-cong-tac", 20, "14 more: 16-18 (11-13), 21-25 (14-18), Saturday 26 worked (19), 28 (20)"),
    ]),
    # Due 30 April, a holiday; 1 May too, 2 May is swapped, then a weekend: Monday 5 May. Cancelled on 4 August, inside
    # the week of the outage (1-7 August): the first morning after it tells the end.
    "51.BNG": (date(2025, 5, 5), [
        Heard("17/04", "dau-moi.bng", -10, "before 5 May: 29, 28, 26 (Saturday), 25, 24 April (5), 23, 22, 21, 18, 17"),
        Heard("24/04", "dau-moi.bng", -5, "the fifth of these"),
        Heard("06/05", "don-vi.bng", 1, "day 1"),
        Heard("12/05", "cap-pho.bng", 5, "6-9 May are days 1-4"),
        Heard("19/05", "nguoi-dung-dau.bng", 10, "a week later"),
        Heard("02/06", "to-cong-tac", 20, "two weeks later"),
        *(over("08/08", who, rung, "cancelled on 4 August") for who, rung in (
            ("don-vi.bng", 1), ("cap-pho.bng", 5), ("nguoi-dung-dau.bng", 10), ("to-cong-tac", 20))),
    ]),
    # The same days; done, by the reports that came in the evening of 26 June.
    "49.BNG": (date(2025, 5, 5), [
        Heard("17/04", "dau-moi.bng", -10, "as 51"), Heard("24/04", "dau-moi.bng", -5, "as 51"),
        Heard("06/05", "don-vi.bng", 1, "as 51"), Heard("12/05", "cap-pho.bng", 5, "as 51"),
        Heard("19/05", "nguoi-dung-dau.bng", 10, "as 51"), Heard("02/06", "to-cong-tac", 20, "as 51"),
        *(over("27/06", who, rung, "reported on 26 June") for who, rung in (
            ("don-vi.bng", 1), ("cap-pho.bng", 5), ("nguoi-dung-dau.bng", 10), ("to-cong-tac", 20))),
    ]),
    # Due 30 June, extended on 27 June to 29 August: the ladder begins anew under the new day.
    "44.BKHCN": (date(2025, 8, 29), [
        turn("16/06", "dau-moi.bkhcn", -10, "before 30 June: 27, 26, 25, 24, 23 (5), 20, 19, 18, 17, 16"),
        turn("23/06", "dau-moi.bkhcn", -5, "the fifth of these"),
        Heard("15/08", "dau-moi.bkhcn", -10, "before 29 August: 28, 27, 26, 25, 22 (5), 21, 20, 19, 18, 15"),
        Heard("22/08", "dau-moi.bkhcn", -5, "the fifth of these"),
        Heard("03/09", "don-vi.bkhcn", 1, "30 and 31 August are a weekend, 1 and 2 September off"),
        Heard("09/09", "cap-pho.bkhcn", 5, "3, 4, 5, 8 September are days 1-4"),
        Heard("16/09", "nguoi-dung-dau.bkhcn", 10, "a week later"),
        Heard("30/09", "to-cong-tac", 20, "two weeks later"),
    ]),
    # On hold from 27 June through Friday 15 August: nobody hears of it, then the highest rung alone.
    "47.BNNMT": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.bnnmt", -10, "as 44 before its extension"),
        Heard("23/06", "dau-moi.bnnmt", -5, "as 44 before its extension"),
        turn("18/08", "to-cong-tac", 20, "the Monday after the hold: July has 23 working days, August 12 by then"),
    ]),
    # Committed on 15 August until the 29th, reported done on the 26th: kept, so no rung is entered.
    "16.BCA": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.bca", -10, "as 47"), Heard("23/06", "dau-moi.bca", -5, "as 47"),
        Heard("01/07", "don-vi.bca", 1, "day 1"), Heard("07/07", "cap-pho.bca", 5, "1-4 July are days 1-4"),
        Heard("14/07", "nguoi-dung-dau.bca", 10, "a week later"), Heard("28/07", "to-cong-tac", 20, "two weeks later"),
        *(over("27/08", who, rung, "reported on 26 August") for who, rung in (
            ("don-vi.bca", 1), ("cap-pho.bca", 5), ("nguoi-dung-dau.bca", 10), ("to-cong-tac", 20))),
    ]),
    # The deputy, told on 7 July, commits until Wednesday the 9th: broken on the 10th, one rung higher, four days early.
    "57.T04": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.t04", -10, "as 47"), Heard("23/06", "dau-moi.t04", -5, "as 47"),
        Heard("01/07", "don-vi.t04", 1, "day 1"), Heard("07/07", "cap-pho.t04", 5, "day 5"),
        turn("10/07", "nguoi-dung-dau.t04", 10, "day 8 only: the word given until 9 July is broken"),
        Heard("28/07", "to-cong-tac", 20, "day 20"),
    ]),
    # The unit head commits on 2 July until the 18th: that quiets nobody above.
    "59.T12": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.t12", -10, "as 47"), Heard("23/06", "dau-moi.t12", -5, "as 47"),
        Heard("01/07", "don-vi.t12", 1, "day 1"), Heard("07/07", "cap-pho.t12", 5, "day 5"),
        Heard("14/07", "nguoi-dung-dau.t12", 10, "day 10"), Heard("28/07", "to-cong-tac", 20, "day 20"),
    ]),
    # Due 31 July: days 1 to 5 are 1-7 August, the week nothing ran. 8 August is day 6: +5 alone, +1 passed over.
    "56.T14": (date(2025, 7, 31), [
        Heard("17/07", "dau-moi.t14", -10, "before 31 July: 30, 29, 28, 25, 24 (5), 23, 22, 21, 18, 17"),
        Heard("24/07", "dau-moi.t14", -5, "the fifth of these"),
        turn("08/08", "cap-pho.t14", 5, "the first morning after the outage, day 6"),
        Heard("14/08", "nguoi-dung-dau.t14", 10, "8, 11, 12, 13 August are days 6-9"),
        over("27/08", "cap-pho.t14", 5, "reported on 26 August"),
        over("27/08", "nguoi-dung-dau.t14", 10, "reported on 26 August"),
    ]),
    # Somebody stands in for the unit head from 3 July to 30 September: the end is told to whoever holds the post then.
    "61.T14": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.t14", -10, "as 47"), Heard("23/06", "dau-moi.t14", -5, "as 47"),
        Heard("01/07", "don-vi.t14", 1, "day 1, two days before the delegation"),
        Heard("07/07", "cap-pho.t14", 5, "day 5"), Heard("14/07", "nguoi-dung-dau.t14", 10, "day 10"),
        Heard("28/07", "to-cong-tac", 20, "day 20"),
        over("27/08", "pho.t14", 1, "the delegate holds the post"), over("27/08", "cap-pho.t14", 5, ""),
        over("27/08", "nguoi-dung-dau.t14", 10, ""), over("27/08", "to-cong-tac", 20, ""),
    ]),
    # The delegation ends on 30 September, the due day of that month's update.
    "64.T14.2025-09": (date(2025, 9, 30), [
        Heard("16/09", "dau-moi.t14", -10, "before 30 September: 29, 26, 25, 24, 23 (5), 22, 19, 18, 17, 16"),
        Heard("23/09", "dau-moi.t14", -5, "the fifth of these"),
        Heard("01/10", "don-vi.t14", 1, "day 1, and the unit head is back"),
        Heard("07/10", "cap-pho.t14", 5, "1, 2, 3, 6 October are days 1-4"),
        Heard("14/10", "nguoi-dung-dau.t14", 10, "a week later"),
    ]),
    # Due 31 August, a Sunday; 1 and 2 September are off: Wednesday 3 September.
    "64.BDTTG.2025-08": (date(2025, 9, 3), [
        Heard("18/08", "dau-moi.bdttg", -10, "before 3 September: 29, 28, 27, 26, 25 August (5), 22, 21, 20, 19, 18"),
        Heard("25/08", "dau-moi.bdttg", -5, "the fifth of these"),
        Heard("04/09", "don-vi.bdttg", 1, "day 1"), Heard("10/09", "cap-pho.bdttg", 5, "4, 5, 8, 9 are days 1-4"),
        Heard("17/09", "nguoi-dung-dau.bdttg", 10, "a week later"),
        Heard("01/10", "to-cong-tac", 20, "two weeks later"),
    ]),
    # The deputy of T56 is away in July, nobody stands in: the head hears the fifth day as well as the tenth.
    "57.T56": (date(2025, 6, 30), [
        Heard("16/06", "dau-moi.t56", -10, "as 47"), Heard("23/06", "dau-moi.t56", -5, "as 47"),
        Heard("01/07", "don-vi.t56", 1, "day 1"),
        Heard("07/07", "nguoi-dung-dau.t56", 5, "day 5; the post is vacant, the next one above hears"),
        Heard("14/07", "nguoi-dung-dau.t56", 10, "day 10"), Heard("28/07", "to-cong-tac", 20, "day 20"),
        over("27/08", "don-vi.t56", 1, "reported on 26 August"), over("27/08", "nguoi-dung-dau.t56", 10, ""),
        over("27/08", "to-cong-tac", 20, ""),
    ]),
    # Hà Giang joined Tuyên Quang (T08) on 1 July. Its posts are told so; the working group stays alarmed until the end.
    "58.XHAGIANG": (date(2025, 3, 31), [
        turn("14/04", "cap-pho.xhagiang", 5, "as 63"), Heard("15/04", "nguoi-dung-dau.xhagiang", 10, "as 63"),
        Heard("28/04", "to-cong-tac", 20, "as 63"),
        over("01/07", "cap-pho.xhagiang", 5, "passed to Tuyên Quang"),
        over("01/07", "nguoi-dung-dau.xhagiang", 10, "passed to Tuyên Quang"),
        over("27/08", "to-cong-tac", 20, "reported on 26 August"),
    ]),
    # Tuyên Quang's own was done by 26 June; on 1 July it holds the open part. The working group knows: its head hears.
    "58.T08": (date(2025, 3, 31), [
        turn("14/04", "cap-pho.t08", 5, "as 63"), Heard("15/04", "nguoi-dung-dau.t08", 10, "as 63"),
        Heard("28/04", "to-cong-tac", 20, "as 63"),
        over("27/06", "cap-pho.t08", 5, "reported on 26 June"), over("27/06", "nguoi-dung-dau.t08", 10, ""),
        over("27/06", "to-cong-tac", 20, ""),
        turn("01/07", "nguoi-dung-dau.t08", 10, "Hà Giang's part is open"),
        over("27/08", "nguoi-dung-dau.t08", 10, "reported on 26 August"),
    ]),
    # Kon Tum joined Quảng Ngãi (T51) on 1 July with the update of May: due Saturday 31 May, so Monday 2 June.
    "64.XKONTUM.2025-05": (date(2025, 6, 2), [
        Heard("19/05", "dau-moi.xkontum", -10, "before 2 June: 30, 29, 28, 27, 26 May (5), 23, 22, 21, 20, 19"),
        Heard("26/05", "dau-moi.xkontum", -5, "the fifth of these"),
        Heard("03/06", "don-vi.xkontum", 1, "day 1"), Heard("09/06", "cap-pho.xkontum", 5, "3-6 June are days 1-4"),
        Heard("16/06", "nguoi-dung-dau.xkontum", 10, "a week later"),
        Heard("30/06", "to-cong-tac", 20, "two weeks later"),
        over("01/07", "don-vi.xkontum", 1, "passed to Quảng Ngãi"), over("01/07", "cap-pho.xkontum", 5, ""),
        over("01/07", "nguoi-dung-dau.xkontum", 10, ""),
    ]),
}  # fmt: skip


def worked(day: date) -> bool:
    on = (day.month, day.day)
    return on in WORKED_SATURDAYS or (day.weekday() not in (5, 6) and on not in DAYS_OFF)


def days_between(due: date, day: date) -> int:
    """Count the working days after `due` through `day`; negative before it, one for each day stepped back."""
    step = timedelta(days=1 if day >= due else -1)
    counted = 0
    while due != day:
        due += step
        counted += worked(due)
    return counted if step.days > 0 else -counted


def on(day: str) -> date:
    number, month = map(int, day.split("/"))
    return date(2025, month, number)


def listed(code: str) -> list[tuple[date, str, int, bool]]:
    """Return what the reviewed list says of an assignment: the day, the mailbox, the rung, whether it is its end."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return sorted(
        (date.fromisoformat(row["day"]), row["person"], int(rung), reason == END)
        for row in rows
        for name, rung, reason in (item.rsplit(":", 2) for item in row["items"].split(" "))
        if name == code
    )


@pytest.mark.parametrize("code", ON_PAPER)
def test_the_days_on_paper_add_up(code: str) -> None:
    """Every line that follows from the calendar alone is as many working days from its due day as its rung says."""
    due, lines = ON_PAPER[code]
    assert worked(due)
    assert [line for line in lines if not worked(on(line.day))] == []
    assert [line for line in lines if line.counted and days_between(due, on(line.day)) != line.rung] == []
    assert [line for line in lines if line.why and not line.end and not _is_addressed(line)] == []


def _is_addressed(line: Heard) -> bool:
    """Whether the mailbox is of the post the rung addresses, or of the one above a post that is vacant."""
    post = line.who.partition(".")[0]
    return post == LADDER[line.rung] or (post == HEAD and "vacant" in line.why)


@pytest.mark.parametrize("code", ON_PAPER)
def test_the_reviewed_list_says_what_paper_says_and_nothing_else(code: str) -> None:
    expected = sorted((on(line.day), line.who, line.rung, line.end) for line in ON_PAPER[code][1])
    assert listed(code) == expected


def test_who_reads_the_list_finds_every_turn_of_events_in_it() -> None:
    assert len(ON_PAPER) >= 12
    assert {line.end for _, lines in ON_PAPER.values() for line in lines} == {True, False}
