"""What a sweep and the runs it invites have in common: one claim of workbooks, each recorded or set aside."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext
from pydantic import Field
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from config.clock import now
from flows.edge import log, opened_store, settings, show_page, show_table
from imports import StaleCheckError
from imports.claims import Claim, ClaimState
from imports.inbox import Taken, Waiting, set_aside, take_in
from models.store import Store
from texts import both

# A database that is restarted is back within three workbooks' retries; one that is gone stops the claim, not the inbox.
GIVE_UP_AFTER = 3
# What any other file would meet too, and of it what lies in the file's own data.
_OF_THE_STORE = (DBAPIError, PoolTimeoutError, StaleCheckError)
_OF_THE_FILE = (DataError, IntegrityError)
LeaseSeconds = Annotated[
    int,
    Field(
        ge=5,
        le=3600,
        description="Giây im lặng thì coi như đã dừng / Seconds of silence after which a claim is lost; 5–3600",
    ),
]


# Recording is one transaction and finds its own work again, so a retry cannot record twice. Without tags: of each task
# with tags Prefect's server is asked for a place under their limits, also where there are none.
@task(
    name="record workbook",
    task_run_name="{name}",
    retries=2,
    retry_delay_seconds=[3, 10],
    cache_policy=NO_CACHE,
)
def record_workbook(
    name: str,  # noqa: ARG001 - names the run
    file: str,
    agency: str | None,
    day: date,
    opened: Callable[[], Store],
    *,
    others_follow: bool = False,
) -> Taken | Waiting | None:
    """Check, record and put away one workbook, or leave it waiting for its annex while others follow.

    One that cannot be dealt with is set aside; what is wrong with the store is raised.
    """
    waits, inbox, store = Waiting(Path(file), agency), settings().inbox, opened()
    try:
        return take_in(waits, inbox=inbox, store=store, today=day, now=now, others_follow=others_follow)
    except Exception as error:
        if isinstance(error, _OF_THE_STORE) and not isinstance(error, _OF_THE_FILE):
            raise
        return set_aside(waits, error, inbox=inbox, at=now())


def work(claim: Claim, day: date, *, others_follow: bool) -> tuple[list[Taken], int]:
    """Record every workbook of a claim begun by this run; return those taken and how many were set aside or left.

    A workbook that cannot be recorded even by retrying keeps none of the others from it, unless the store fails several
    in a row.
    """
    taken: list[Taken] = []
    left = in_a_row = 0
    # One client of Prefect's for all: each task would make its own, which costs half of what recording does.
    with SyncClientContext.get_or_create(), ExitStack() as until_done:
        opened = cache(lambda: until_done.enter_context(opened_store()))  # once; while it fails, with each workbook
        for waits in claim.files:
            claim.touch()
            named = (waits.name, str(waits.file), waits.agency)
            try:
                outcome = record_workbook(*named, day, opened, others_follow=others_follow)
            except Exception as error:  # noqa: BLE001 - told below, and by the run's own log and state
                log("workbook_failed", failed=True, claim=claim.name, error=type(error).__name__)
                left, in_a_row = left + 1, in_a_row + (not isinstance(error, OSError))
                if in_a_row == GIVE_UP_AFTER:
                    break
                continue
            in_a_row = 0
            if isinstance(outcome, Taken):
                taken.append(outcome)
                _log(claim, outcome)
    _put_down(claim, left)
    return taken, left + sum(each.is_set_aside for each in taken)


def _log(claim: Claim, taken: Taken) -> None:
    if taken.is_set_aside:
        log("workbook_failed", failed=True, claim=claim.name, error=taken.problems[0].found)
    log("workbook", claim=claim.name, batch=taken.batch, outcome=taken.outcome, rows=taken.rows)


def _put_down(claim: Claim, left: int) -> None:
    claim.clear()
    if claim.files:
        claim.becomes(ClaimState.LEFT if left else ClaimState.AGAIN)


async def show(taken: Sequence[Taken]) -> None:
    """Leave the tables of the workbooks taken in, and of their problems."""
    if not taken:
        return
    counts = ("rows", "new", "changed", "unchanged", "gone")
    await show_table(
        "workbooks",
        [
            {
                "file": each.name,
                "agency": each.agency,
                "outcome": each.outcome,
                "batch": each.batch,
                **{count: getattr(each, count) for count in counts},
                "problems": len(each.problems),
                "place": each.place,
                "annotated_copy": each.annotated_copy,
            }
            for each in taken
        ],
        both("flow.table_workbooks"),
    )
    problems = [
        {"file": each.name, "severity": problem.severity, "message": problem.message}
        for each in taken
        for problem in each.problems
    ]
    await show_page("/batches")
    if problems:
        await show_table("workbook-problems", problems, both("flow.table_problems"))
