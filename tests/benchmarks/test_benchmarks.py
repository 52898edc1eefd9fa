"""The benchmarks measure what they say: small ones, so that they do not rot between the large runs."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.imports.workbook import tasks, write_annex
from benchmarks.planning import register as overdue_register
from benchmarks.status import handwritten
from benchmarks.status.register import AS_OF, KNOWN_AT, fill
from imports import Check, Outcome, check_workbook, record
from models import Store, status_of
from models.question import Question
from models.reference import calendar_of, succession_of
from models.status_totals import totals_of
from notifications import plan_notices
from rules.digest_policy import DigestPolicy
from rules.status import AskedAbout, CompletionLevel, Status

ROWS = 120


def test_the_generated_annex_is_read_whole_and_saved_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    def checked(*, saved_again: bool) -> Check:
        path = tmp_path / "annex.xlsx"
        write_annex(path, ROWS, saved_again=saved_again)
        return check_workbook(path.read_bytes(), name=path.name, store=store, today=date(2025, 9, 5))

    first = checked(saved_again=False)
    assert (first.new, first.stops) == (ROWS, False)
    assert [task.text for task in first.tasks] == [task.text for task in tasks(ROWS)]
    assert record(first, store=store, now=datetime(2025, 9, 5, tzinfo=UTC)).outcome is Outcome.RECORDED
    again = checked(saved_again=True)
    assert (again.unchanged, again.changes.nothing, again.sha256 != first.sha256) == (ROWS, True, True)


def test_the_statements_written_by_hand_give_the_products_answers(store: Store) -> None:
    fill(store, 6_000, agencies=150)
    with store.reading() as session:
        window = AskedAbout(AS_OF, calendar_of(session).add_working_days(AS_OF, 10))
        everyone = Question(window, KNOWN_AT, CompletionLevel.EVIDENCED, succession_of(session))
        commune = replace(everyone, agency="C00010")
        apart = handwritten.totals(session, everyone, per_agency=True)
        together = handwritten.totals(session, everyone, per_agency=False)
        overdue = handwritten.overdue_of(session, commune)
    totals = totals_of(store, as_of=AS_OF, known_at=KNOWN_AT)
    assert apart == Counter({replace(tally, count=0): tally.count for tally in totals.tallies})
    assert together.total() == totals.totals()["total"] > 4_000
    assert min(totals.totals().values()) > 0, "the register lacks a status"
    rows = status_of(store, as_of=AS_OF, known_at=KNOWN_AT, agency="C00010").rows
    assert overdue == sorted(row.code for row in rows if row.status is Status.OVERDUE)
    assert overdue


def test_everything_in_the_register_of_planning_is_overdue_and_told(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "dondoc.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store(f"sqlite:///{path}")
    overdue_register.fill(store, 600)
    asked: dict[str, Any] = {"as_of": overdue_register.AS_OF, "now": overdue_register.NOW}
    first = plan_notices(store, **asked, policy=DigestPolicy(most_items=600))
    table = status_of(store, as_of=overdue_register.AS_OF, known_at=overdue_register.NOW)
    assert sum(len(notice.items) for notice in first.notices) == len(table.rows) == table.totals()[Status.OVERDUE]
    assert plan_notices(store, **asked).new == 0
    store.close()
