"""The scorecard: every figure with its denominator and its rows, the movement of a month, ranks and proposals."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import select, update

from config.scorecard import HERE, load_criteria
from models import Store, status_of
from models.assignment_tables import AssignmentRevision, TaskRevision
from models.clear_duties import heads_of
from models.commitment_tables import Commitment
from models.reference import read_reference
from models.scorecard import FIGURES, Score, Scorecard, month_before, scorecard_of
from models.scorecard_answer import scorecard_answer
from rules.completeness import Clear
from rules.scorecard import Criteria, DoesNotAddUpError, Measure, Thresholds
from tests.models.world import World

FRIDAY_5_SEPTEMBER = date(2025, 9, 5)
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def card_of(store: Store, as_of: date = FRIDAY_5_SEPTEMBER, criteria: Criteria | None = None) -> Scorecard:
    return scorecard_of(store, as_of=as_of, known_at=NOW, criteria=criteria)


def of(card: Scorecard, agency: str) -> Score:
    return next(score for score in card.agencies if score.agency is not None and score.agency.code == agency)


def counts(score: Score) -> dict[str, tuple[int, int]]:
    return {name: (figure.count, figure.of) for name, figure in score.figures.items()}


@pytest.fixture
def september(store: Store) -> Store:
    """Give the Ministry of Health one duty of each sort on 5 September, the Ministry of Finance one overdue."""
    with store.writing() as session:
        world = World(session)
        (on_time,) = world.duty("BYT", due=date(2025, 8, 31))
        world.report(on_time, date(2025, 9, 3), evidence=date(2025, 9, 3))
        (late,) = world.duty("BYT", due=date(2025, 6, 30))
        world.report(late, date(2025, 8, 28), evidence=date(2025, 7, 2))
        (unproved,) = world.duty("BYT", due=date(2025, 8, 31))
        world.report(unproved, date(2025, 8, 29))
        (extended,) = world.duty("BYT", due=date(2025, 8, 15))
        world.decide(extended, "extend", date(2025, 8, 10), until=date(2025, 9, 30))
        world.duty("BYT", due=None)
        (cancelled,) = world.duty("BYT", due=date(2025, 5, 1))
        world.decide(cancelled, "cancel", date(2025, 5, 1))
        world.duty("BTC", due=date(2025, 8, 29))
        session.execute(update(TaskRevision).values(product="Báo cáo"))
    return store


def test_every_figure_has_its_denominator(september: Store) -> None:
    health = counts(of(card_of(september), "BYT"))
    assert {name: health[name] for name in health if not name.startswith("unclear")} == {
        "total": (6, 6),
        "due": (3, 6),
        "on_time": (1, 3),
        "late": (1, 3),
        "overdue": (1, 3),
        "in_time": (1, 6),
        "without_due_day": (1, 6),
        "resting": (1, 6),
        "not_done": (3, 6),
        "silent": (2, 3),
        "unconfirmed": (1, 3),
        "extended": (1, 6),
        "committed": (0, 6),
        "broken": (0, 0),
    }


def test_delays_are_working_days_of_what_was_late_or_is_overdue(september: Store) -> None:
    """Two days from 30 June to 2 July; two from 3 to 5 September, 1 and 2 September being days off."""
    delays = of(card_of(september), "BYT").delays
    assert (delays.of, delays.mean, delays.worst) == (2, 2.0, 2)
    assert of(card_of(september), "BTC").delays.worst == 3


def test_movement_is_what_happened_since_the_same_day_of_the_month_before(september: Store) -> None:
    card = card_of(september)
    assert card.since == date(2025, 8, 5)
    moved = {name: rise for name, rise in of(card, "BYT").moved.items() if name != "silent"}
    assert moved == {"due": 2, "on_time": 1, "late": 0, "overdue": 1, "unconfirmed": 1}
    assert card.together.moved["overdue"] == 2


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2025, 3, 31), date(2025, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2026, 1, 15), date(2025, 12, 15)),
        (date(2025, 9, 5), date(2025, 8, 5)),
    ],
)
def test_the_month_before(day: date, before: date) -> None:
    assert month_before(day) == before


def test_each_figure_opens_exactly_its_rows(september: Store) -> None:
    card = card_of(september)
    with september.reading() as session:
        heads = heads_of(read_reference(session).contacts)
    table = status_of(september, as_of=FRIDAY_5_SEPTEMBER, known_at=NOW)
    for score in (*card.agencies, card.together):
        for name, figure in score.figures.items():
            opened = figure.selection.narrowed(table, heads)
            assert opened.totals()["total"] == figure.count, name
            assert figure.of == score.figures[figure.of_what].count, name


def test_the_query_is_a_command_somebody_can_type(september: Store) -> None:
    answer = scorecard_answer(card_of(september))
    (health,) = [each for each in answer["agencies"] if each["agency"] == "BYT"]
    asked = "dondoc status --as-of 2025-09-05 --known-at 2026-01-05T00:00:00+00:00"
    assert health["overdue"] == {
        "count": 1,
        "of": 3,
        "of_what": "due",
        "query": f"{asked} --agency BYT --status overdue",
    }
    assert answer["together"]["total"]["query"] == asked
    assert set(health["unclear_by"]) == set(map(str, Clear))


@pytest.mark.parametrize(
    ("words", "unclear"),
    [
        ({}, set()),
        ({"product": ""}, {Clear.PRODUCT}),
        ({"text": " "}, {Clear.WORK}),
        ({"problem": "awaiting_event"}, set()),
    ],
    ids=["clear", "no product", "no work", "waits for a named event"],
)
def test_what_is_unclear_is_counted_by_what_is_missing(
    store: Store, words: dict[str, str], unclear: set[Clear]
) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None if "problem" in words else date(2025, 8, 31))
        session.execute(update(TaskRevision).values(**{"product": "Báo cáo", **words}))
    found = counts(of(card_of(store), "BYT"))
    assert {clear for clear in Clear if found[f"unclear_{clear}"] == (1, 1)} == unclear
    assert found["unclear"][0] == bool(unclear)


def test_two_leads_leave_the_responsibility_unclear_and_no_day_the_time(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=None)
        session.execute(update(AssignmentRevision).values(several_leads=True))
        assert session.exec(select(TaskRevision)).one().product == ""
    found = counts(of(card_of(store), "BYT"))
    missing = {clear for clear in Clear if found[f"unclear_{clear}"][0]}
    assert missing == {Clear.RESPONSIBILITY, Clear.TIME, Clear.PRODUCT}


def test_ranks_and_proposals_follow_the_stated_criteria(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        for agency, done in (("BCA", 4), ("BYT", 3), ("BTC", 3), ("BCD57", 0)):
            for number in range(4):
                (duty,) = world.duty(agency, due=date(2025, 8, 1))
                if number < done:
                    world.report(duty, date(2025, 8, 1), evidence=date(2025, 8, 1))
    limits = Thresholds(praise_minimum=4, criticism_minimum=4, criticism_overdue_percent=25, review_minimum=1)
    card = card_of(store, criteria=Criteria(limits, rank_minimum=4))
    assert {score.agency.code: score.rank for score in card.agencies if score.agency} == {
        "BCA": 1,
        "BYT": 2,
        "BTC": 2,
        "BCD57": None,
    }
    assert [(p.measure, p.agency) for p in card.proposals] == [
        (Measure.PRAISE, "BCA"),
        *((measure, agency) for measure in (Measure.CRITICISM, Measure.REVIEW) for agency in ("BTC", "BYT")),
    ]
    (praised,) = scorecard_answer(card)["praise"]
    assert praised["reason"]["vi"].startswith("4/4 nhiệm vụ hoàn thành đúng hạn, không có nhiệm vụ quá hạn")
    assert praised["query"].endswith("--agency BCA --status completed_on_time")
    assert scorecard_answer(card)["review"][0]["query"].endswith("--agency BTC --status overdue --late-from 20")


def contradictions(score: Score) -> Iterator[Callable[[], Score]]:
    """Yield the score with one figure changed, one after the other."""
    for name in ("total", "due", "on_time", "late", "overdue", "in_time", "without_due_day", "resting"):
        figure = score.figures[name]
        changed = {**score.figures, name: replace(figure, count=figure.count + 1)}
        yield partial(replace, score, figures=changed)


def test_a_score_that_does_not_add_up_is_refused(september: Store) -> None:
    score = card_of(september).together
    for wrong in contradictions(score):
        with pytest.raises(DoesNotAddUpError):
            wrong()
    with pytest.raises(DoesNotAddUpError):
        replace(score, delays=replace(score.delays, of=score.delays.of + 1))


def test_agencies_that_do_not_give_the_whole_are_refused(september: Store) -> None:
    card = card_of(september)
    with pytest.raises(DoesNotAddUpError, match="total: "):
        replace(card, agencies=card.agencies[1:])


def test_work_before_its_document_is_nobodys(september: Store) -> None:
    empty = card_of(september, as_of=date(2025, 3, 13))
    assert (empty.agencies, empty.together.figures["total"].count, empty.together.delays.mean) == ([], 0, 0.0)


def test_the_shipped_criteria_are_the_ones_the_reports_go_by() -> None:
    assert load_criteria() == Criteria()
    assert load_criteria().thresholds == Thresholds()


def test_a_criterion_that_judges_agencies_without_work_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "scorecard.toml"
    text = (HERE / "scorecard.toml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("minimum = 5 ", "minimum = 0 "), encoding="utf-8")
    with pytest.raises(ValueError, match="minimum sample"):
        load_criteria(wrong)


def test_a_later_day_has_more_late(september: Store) -> None:
    before, after = (card_of(september, FRIDAY_5_SEPTEMBER + timedelta(days=days)) for days in (0, 28))
    assert after.together.figures["overdue"].count > before.together.figures["overdue"].count
    assert set(FIGURES) == set(after.together.figures)


def promised(store: Store, assignment: int, until: date, *, last_good_day: date) -> None:
    with store.writing() as session:
        session.add(
            Commitment(
                assignment_id=assignment, last_good_day=last_good_day, rung=1, step="first", given_on=date(2025, 6, 9),
                until_on=until, reason="chờ ý kiến", given_by="Chủ tịch", recorded_at=datetime(2025, 6, 9, tzinfo=UTC),
            )
        )  # fmt: skip


def test_movement_across_a_merger_is_the_successors_and_adds_up(store: Store) -> None:
    """Hậu Giang and Sóc Trăng, merged into Cần Thơ on 1 July, took their late work out of everyone's movement."""
    with store.writing() as session:
        World(session).duty("T92", "XHAUGIANG", "XSOCTRANG", due=date(2025, 5, 30))
    card = card_of(store, date(2025, 7, 25))
    assert (card.together.moved["overdue"], of(card, "T92").moved["overdue"]) == (-2, -2)
    with pytest.raises(DoesNotAddUpError, match="movement of overdue"):
        replace(card, together=replace(card.together, moved={**card.together.moved, "overdue": -1}))


@pytest.mark.parametrize(
    ("as_of", "agency", "broken"),
    [
        (date(2025, 6, 20), "XHAUGIANG", (0, 1)),
        (date(2025, 6, 23), "XHAUGIANG", (1, 1)),
        (date(2025, 7, 2), "T92", (1, 1)),
    ],
)
def test_a_broken_commitment_counts_and_stays_with_the_successor(
    store: Store, as_of: date, agency: str, broken: tuple[int, int]
) -> None:
    """What Hậu Giang promised and did not keep was forgotten the day it became a part of Cần Thơ."""
    with store.writing() as session:
        _, ours = World(session).duty("T92", "XHAUGIANG", due=date(2025, 5, 30))
    promised(store, ours, date(2025, 6, 20), last_good_day=date(2025, 5, 30))
    card = card_of(store, as_of)
    assert counts(of(card, agency))["broken"] == broken
    (scored,) = [each for each in scorecard_answer(card)["agencies"] if each["agency"] == agency]
    assert scored["broken"]["query"].endswith(
        f"--as-of {as_of} --known-at 2026-01-05T00:00:00+00:00 --agency {agency} --flag broken_commitment"
    )
    table = status_of(store, as_of=as_of, known_at=NOW)
    assert FIGURES["broken"][0].narrowed(table, {}).totals()["total"] == broken[0]
