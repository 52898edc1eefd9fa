"""`totals_of` counts what `status_of` lists, on both databases; and one agency's duties are found along the indexes."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import Executable
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement

from models import Store, status_of
from models.question import Question
from models.reference import succession_of
from models.status_query import judged
from models.status_totals import counts_of, totals_of
from rules.status import AskedAbout, CompletionLevel
from tests.models.world import World
from tests.oracle.generated import generate, questions
from tests.oracle.stored import store_facts

DAY, NOW = date(2025, 9, 5), datetime(2025, 9, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(3))
def test_totals_count_the_rows(store: Store, seed: int) -> None:
    """Over every kind of duty, report and decision, any day and moment of knowing, for all and for one agency."""
    store_facts(store, generate(seed, tasks=60))
    for question in islice(questions(seed), 8):
        for agency in (None, "T89", "BTC", "XKIENGIANG"):
            asked: dict[str, Any] = {
                "as_of": question.day,
                "known_at": question.known_at,
                "agency": agency,
                "level": CompletionLevel(question.level),
                "warning_working_days": question.window,
            }
            totals, table = totals_of(store, **asked), status_of(store, **asked)
            assert totals.totals() == table.totals()
            assert totals.by_agency() == table.by_agency()
            assert totals.by_milestone() == table.by_milestone()
            together = totals_of(store, **asked, per_agency=False)
            assert (together.totals(), together.by_milestone()) == (totals.totals(), totals.by_milestone())
            listed = Counter((row.agency, row.status, row.milestone, row.verdict) for row in table.rows)
            assert {(t.agency, t.status, t.milestone, t.verdict): t.count for t in totals.tallies} == listed


def test_an_empty_register_counts_nothing(store: Store) -> None:
    totals = totals_of(store, as_of=DAY, known_at=NOW)
    assert (totals.totals()["total"], totals.by_agency(), counts_of(())["total"]) == (0, {}, 0)
    assert totals.by_milestone()["2025-Q2"]["due"] == 0


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("agency", ["BYT", "T89"])
def test_one_agencys_duties_are_looked_up_and_never_searched_for(store: Store, agency: str) -> None:
    """Whatever the size of the register: no table that grows with it is read from end to end."""
    with store.writing() as session:
        World(session).duty("BYT", "T89", "XKIENGIANG", due=date(2025, 6, 30))
    with store.reading() as session:
        question = Question(AskedAbout(DAY, DAY), NOW, CompletionLevel.EVIDENCED, succession_of(session), agency)
        plan = session.execute(_Plan(judged(question.shape(session))), dict(question.values())).all()
    scanned = {row.detail.split()[1] for row in plan if row.detail.startswith("SCAN")}
    assert not scanned & {"assignment", "assignment_revision", "revision", "progress", "word", "decision", "batch"}


class _Plan(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, query: Any) -> None:
        self.query = query.select()


@compiles(_Plan)
def _explain(plan: _Plan, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN QUERY PLAN {compiler.process(plan.query, **options)}"
