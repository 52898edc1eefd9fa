"""Ranks, and whom the scorecard proposes for praise, criticism and review: before, at and after each threshold."""

import pytest

from rules.scorecard import (
    Criteria,
    DoesNotAddUpError,
    Measure,
    Proposal,
    Record,
    Thresholds,
    add_up,
    propose,
    ranks,
)

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


def ranked(minimum: int = 5, **figures: tuple[int, int, int]) -> dict[str, int]:
    """Rank agencies given as on time, late, overdue."""
    records = [Record(agency, on_time, late, (1,) * overdue) for agency, (on_time, late, overdue) in figures.items()]
    return dict(ranks(records, Criteria(rank_minimum=minimum)))


def test_equals_share_a_rank_and_the_next_is_counted_on() -> None:
    assert ranked(BCA=(10, 0, 0), BYT=(8, 2, 0), BTC=(16, 4, 0), BXD=(5, 5, 0)) == {
        "BCA": 1,
        "BYT": 2,
        "BTC": 2,
        "BXD": 4,
    }


def test_of_equal_shares_on_time_the_one_with_less_overdue_goes_first() -> None:
    assert ranked(BYT=(8, 1, 1), BTC=(8, 2, 0)) == {"BTC": 1, "BYT": 2}


@pytest.mark.parametrize(("decided", "ranked_"), [(4, False), (5, True)], ids=["one below the minimum", "the minimum"])
def test_a_sample_too_small_is_not_ranked(decided: int, *, ranked_: bool) -> None:
    assert ("BYT" in ranked(minimum=5, BYT=(decided, 0, 0))) is ranked_


def test_no_rank_without_work() -> None:
    assert ranked(minimum=1, BYT=(0, 0, 0), BCA=(0, 0, 1)) == {"BCA": 1}
    with pytest.raises(ValueError, match="minimum sample"):
        Criteria(rank_minimum=0)


def test_the_misprint_of_october_2025_is_refused() -> None:
    """The release said 7,892 + 1,602 + 319 of 9,831 tasks: two digits had changed places, and outlets reprinted it."""
    parts = {"hoàn thành đúng hạn": 7892, "đang thực hiện trong hạn": 1602, "quá hạn": 319}
    with pytest.raises(DoesNotAddUpError, match=r"7892.*1602.*319 give 9813, not 9831 \(difference -18\)"):
        add_up("nhiệm vụ", parts, 9831)
    assert add_up("nhiệm vụ", parts, 9813) == 9813


@pytest.mark.parametrize(
    ("parts", "total", "adds_up"),
    [
        ({}, 0, True),
        ({}, 1, False),
        ({"a": 1, "b": 2}, 3, True),
        ({"a": 1, "b": 2}, 4, False),
        ({"a": 4, "b": -1}, 3, False),
    ],
    ids=["nothing of nothing", "nothing of one", "exact", "one short", "a negative part"],
)
def test_parts_must_give_their_total(parts: dict[str, int], total: int, *, adds_up: bool) -> None:
    if adds_up:
        assert add_up("x", parts, total) == total
    else:
        with pytest.raises(DoesNotAddUpError):
            add_up("x", parts, total)
