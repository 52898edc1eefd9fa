"""The shipped samples go in whole: every workbook recorded, every assignment counted."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from imports import Outcome, check_workbook, record
from models import Store, status_of
from models.assignment_tables import Assignment, Progress, Task

SAMPLES = Path(__file__).parents[2] / "samples"
ROUNDS = {
    "assignments": date(2025, 3, 17),
    "progress-2025-06": date(2025, 6, 28),
    "progress-2025-08": date(2025, 8, 29),
}


def take_in(store: Store, folder: str) -> Counter[str]:
    """Record every workbook of a folder; count the outcomes and the problems by severity."""
    said: Counter[str] = Counter()
    day = ROUNDS[folder]
    for file in sorted((SAMPLES / folder).glob("*.xlsx")):
        check = check_workbook(file.read_bytes(), name=file.name, store=store, today=day)
        now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        said[record(check, store=store, now=now).outcome] += 1
        said.update(str(problem.severity) for problem in check.problems)
        assert check.new + check.changed + check.unchanged == check.rows, file.name
    return said


def test_the_annexes_give_every_assignment_of_the_directive(store: Store) -> None:
    said = take_in(store, "assignments")
    files = len(list((SAMPLES / "assignments").glob("*.xlsx")))
    assert (said[Outcome.RECORDED], said["stops"]) == (files, 0)
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Task)) == 66
        counted = session.execute(
            select(col(Task.number), func.count())
            .join(Assignment, col(Assignment.task_id) == col(Task.id))
            .group_by(col(Task.number))
        )
        by_task = {row[0]: row[1] for row in counted}
    # 85 = 14 ministries, 3 at ministerial level, 5 Government agencies and 63 provinces on 14 March 2025.
    assert {number: by_task[number] for number in ("1", "9", "19", "54", "57", "62", "65")} == {
        "1": 85,
        "9": 22,
        "19": 1,
        "54": 2,
        "57": 63,
        "62": 85,
        "65": 1,
    }
    assert (by_task["64"], by_task["66"]) == (85 * 10, 10)
    queue = status_of(store, as_of=date(2025, 9, 5), known_at=datetime(2025, 9, 5, tzinfo=UTC)).queue
    assert {task.number for task in queue} == {"6", "12", "13", "14", "25"}
    assert take_in(store, "assignments")[Outcome.UNCHANGED] == files


def test_the_reports_find_every_assignment(store: Store) -> None:
    take_in(store, "assignments")
    for folder in ("progress-2025-06", "progress-2025-08"):
        files = len(list((SAMPLES / folder).glob("*.xlsx")))
        said = take_in(store, folder)
        assert (said[Outcome.RECORDED], said["stops"]) == (files, 0)
        assert take_in(store, folder)[Outcome.UNCHANGED] == files
    with store.reading() as session:
        assert set(session.scalars(select(Progress.reported_on).distinct())) == {date(2025, 6, 27), date(2025, 8, 28)}  # type: ignore[call-overload]
