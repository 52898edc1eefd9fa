"""Whom the scorecard proposes for praise, criticism and review: the case before, at and after each threshold."""

import pytest

from rules.scorecard import Measure, Proposal, Record, Thresholds, propose

LIMITS = Thresholds(
    praise_minimum=10,
    praise_on_time_percent=95,
    criticism_minimum=5,
    criticism_overdue_percent=30,
    review_days_late=20,
    review_minimum=2,
)


def measures(on_time: int = 0, late: int = 0, overdue: tuple[int, ...] = ()) -> list[Measure]:
    return [proposal.measure for proposal in propose([Record("BCA", on_time, late, overdue)], LIMITS)]


@pytest.mark.parametrize(
    ("on_time", "late", "overdue", "praised"),
    [
        (10, 0, (), True),
        (9, 0, (), False),
        (19, 1, (), True),
        (18, 1, (), False),
        (100, 0, (1,), False),
        (0, 0, (), False),
    ],
    ids=["the minimum", "one below the minimum", "exactly 95 %", "below 95 %", "one overdue", "nothing decided"],
)
def test_praise(on_time: int, late: int, overdue: tuple[int, ...], *, praised: bool) -> None:
    assert (Measure.PRAISE in measures(on_time, late, overdue)) is praised


@pytest.mark.parametrize(
    ("on_time", "overdue", "criticised"),
    [
        (7, (1, 1, 1), True),
        (8, (1, 1, 1), False),
        (3, (1, 1), True),
        (2, (1, 1), False),
        (5, (), False),
        (0, (1,) * 5, True),
    ],
    ids=["exactly 30 %", "below 30 %", "the minimum", "one below the minimum", "none overdue", "all overdue"],
)
def test_criticism(on_time: int, overdue: tuple[int, ...], *, criticised: bool) -> None:
    assert (Measure.CRITICISM in measures(on_time, overdue=overdue)) is criticised


@pytest.mark.parametrize(
    ("overdue", "reviewed"),
    [((20, 20), True), ((20, 19), False), ((400,), False), ((), False), ((1, 20, 35), True)],
    ids=["two by 20 days", "one a day short", "one alone", "none", "two of three"],
)
def test_review_of_the_head(overdue: tuple[int, ...], *, reviewed: bool) -> None:
    assert (Measure.REVIEW in measures(on_time=50, overdue=overdue)) is reviewed


def test_a_proposal_carries_the_figures_it_rests_on() -> None:
    found = propose([Record("BCA", 2, 1, (1, 20, 35))], LIMITS)
    assert found == [
        Proposal(Measure.CRITICISM, "BCA", count=3, of=6, longest=35),
        Proposal(Measure.REVIEW, "BCA", count=2, of=3, longest=35),
    ]


def test_proposals_keep_the_order_of_the_records_within_a_measure() -> None:
    records = [Record("BYT", 0, 0, (30,) * 5), Record("BCA", 12, 0), Record("BTC", 0, 0, (30,) * 5)]
    assert [(p.measure, p.agency) for p in propose(records, LIMITS)] == [
        (Measure.PRAISE, "BCA"),
        (Measure.CRITICISM, "BYT"),
        (Measure.CRITICISM, "BTC"),
        (Measure.REVIEW, "BYT"),
        (Measure.REVIEW, "BTC"),
    ]


def test_thresholds_without_a_minimum_sample_are_refused() -> None:
    with pytest.raises(ValueError, match="minimum sample"):
        Thresholds(criticism_minimum=0)
