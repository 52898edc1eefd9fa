from datetime import date

import pytest

from rules.milestone import Milestone, Verdict, VerdictFacts, milestone_of, verdict
from rules.status import NEVER

Q2 = Milestone(date(2025, 6, 30), "2025-Q2", "Quý II/2025", "Q2 2025")
AUGUST = Milestone(date(2025, 8, 31), "2025-08", "Tháng 8/2025", "August 2025")
DECEMBER = Milestone(date(2025, 12, 31), "2025-12", "Tháng 12/2025", "December 2025")


@pytest.mark.parametrize(
    ("assigned_due", "milestone"),
    [
        (date(2025, 3, 31), Q2),
        (date(2025, 6, 30), Q2),
        (date(2025, 7, 1), AUGUST),
        (date(2025, 8, 31), AUGUST),
        (date(2025, 9, 1), DECEMBER),
        (date(2025, 12, 31), DECEMBER),
        (date(2026, 1, 1), None),
        (None, None),
    ],
)
def test_first_milestone_on_or_after_the_day_as_assigned(
    assigned_due: date | None, milestone: Milestone | None
) -> None:
    assert milestone_of(assigned_due, [DECEMBER, Q2, AUGUST]) is milestone


SUNDAY_31_AUGUST_ROLLS_TO = date(2025, 9, 3)
IN_OCTOBER = date(2025, 10, 31)


@pytest.mark.parametrize(
    ("story", "completed", "cancelled", "extended_to", "as_of", "expected"),
    [
        ("pending on the milestone's day", NEVER, NEVER, None, date(2025, 8, 31), Verdict.PENDING),
        ("pending through 3 September", NEVER, NEVER, None, date(2025, 9, 3), Verdict.PENDING),
        ("missed from 4 September", NEVER, NEVER, None, date(2025, 9, 4), Verdict.MISSED),
        ("met on the last good day", date(2025, 9, 3), NEVER, None, date(2025, 9, 4), Verdict.MET),
        ("met late the day after", date(2025, 9, 4), NEVER, None, date(2025, 9, 5), Verdict.MET_LATE),
        ("missed until it is done", date(2025, 9, 9), NEVER, None, date(2025, 9, 8), Verdict.MISSED),
        ("cancelled", NEVER, date(2025, 7, 1), None, date(2025, 9, 4), Verdict.CANCELLED),
        ("an extension keeps it pending", NEVER, NEVER, IN_OCTOBER, date(2025, 10, 31), Verdict.PENDING),
        ("done within the extension", date(2025, 10, 15), NEVER, IN_OCTOBER, date(2025, 11, 3), Verdict.EXTENDED),
        ("extended and still missed", NEVER, NEVER, IN_OCTOBER, date(2025, 11, 3), Verdict.MISSED),
        ("extended but done by the first day", date(2025, 8, 1), NEVER, IN_OCTOBER, date(2025, 11, 3), Verdict.MET),
    ],
)
def test_verdict(
    story: str, completed: date, cancelled: date, extended_to: date | None, as_of: date, expected: Verdict
) -> None:
    last_good_day = extended_to or SUNDAY_31_AUGUST_ROLLS_TO
    facts = VerdictFacts(last_good_day, SUNDAY_31_AUGUST_ROLLS_TO, completed, cancelled)
    assert verdict(facts, AUGUST, as_of) is expected, story
