"""Look after the other runs: tell ops of those that are late, run for too long, or died without a word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed
from pydantic import Field

from config.clock import now
from flows.edge import run_name, settings, show_table
from flows.telling_ops import page_of, tell_ops
from notifications.ops import tell
from notifications.ops_memory import CRASHED, remembered
from texts import both

Late = Annotated[
    int, Field(ge=1, le=1440, description="Muộn bao nhiêu phút / Minutes late; 1–1440; quá thì báo / then told")
]
TooLong = Annotated[int, Field(ge=10, le=10080, description="Chạy quá bao nhiêu phút / Minutes running; 10–10080")]
LooksEvery = Annotated[
    int,
    Field(
        ge=1,
        le=1440,
        description="Phút giữa hai lần xem, như lịch / Minutes between two looks, as scheduled",
    ),
]
_PAGE = _MOST_LINES = 200
# A run ends at an instant that is set before it can be found: looks overlap, and what was told is remembered.
_OVERLAP = timedelta(minutes=2)
_WORDS = {"late": "flow.ops_late", "too_long": "flow.ops_too_long", CRASHED: "flow.ops_crashed"}


@flow(name="watch_runs", flow_run_name=run_name, on_failure=[tell_ops], on_crashed=[tell_ops])
async def watch_runs(late_minutes: Late = 15, running_minutes: TooLong = 240, looks_every: LooksEvery = 30) -> Any:
    """Canh các lần chạy / Tell DONDOC_OPS_CHANNEL of each run once: late, too long, or crashed without a word.

    What could not be told, or came while nobody watched, is told at the next watch, up to a week later.
    """
    at, data = now(), settings().data
    with remembered(data) as memory:
        since, told_before, waiting = (
            memory.since(at, timedelta(minutes=looks_every)),
            {*memory.runs},
            {**memory.waiting},
        )
    found = {
        "late": await _started_late(since, at, timedelta(minutes=late_minutes)),
        "too_long": await _running(since, at, timedelta(minutes=running_minutes)),
        CRASHED: await _crashed(since, at),
    }
    new = {f"{what} {run.id}": (what, run) for what, runs in found.items() for run in runs}
    new = {mark: each for mark, each in new.items() if mark not in told_before | waiting.keys()}
    told = None
    if new or waiting:
        rows = [{"what": what, "run": run.name, "page": page_of(run)} for what, run in new.values()]
        await show_table("runs-to-look-at", rows, both("flow.table_runs"))
        told = _told([*waiting.values(), *(_line(what, run) for what, run in new.values())], at)
    with remembered(data) as memory:
        memory.looked_at = (since if told is False else at).isoformat()
        for mark in [] if told is False else [*waiting, *new]:
            memory.told(mark, now=at)
    counts = {each: sum(what == each for what, _ in new.values()) for each in _WORDS}
    name = "NotTold" if told is False else "Completed"
    return Completed(name=name, message=both("flow.watched", **counts), data={**counts, "told": told})


def _told(lines: list[str], at: datetime) -> bool | None:
    shown = lines[:_MOST_LINES]
    if more := len(lines) - len(shown):
        shown.append(both("flow.ops_and_more", count=more))
    subject = both("flow.ops_runs", count=len(lines))
    return tell(settings().ops_channel.get_secret_value(), subject, "\n".join(shown), now=at)


async def _started_late(since: datetime, at: datetime, late: timedelta) -> Sequence[FlowRun]:
    """Find the runs whose time came and that nobody has begun, since the last look."""
    return await _found(
        [StateType.SCHEDULED, StateType.PENDING],
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate(_between(since - late, at - late)),
    )


async def _running(since: datetime, at: datetime, long: timedelta) -> Sequence[FlowRun]:
    window = _between(since - long, at - long)
    return await _found([StateType.RUNNING], start_time=FlowRunFilterStartTime.model_validate(window))


async def _crashed(since: datetime, at: datetime) -> Sequence[FlowRun]:
    """Find the runs that crashed since the last look: a machine that died could not say so itself."""
    return await _found([StateType.CRASHED], end_time=FlowRunFilterEndTime.model_validate(_between(since, at)))


async def _found(types: list[StateType], **narrowed: Any) -> Sequence[FlowRun]:
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)), **narrowed)
    runs: list[FlowRun] = []
    async with get_client() as client:
        while True:
            page = await client.read_flow_runs(flow_run_filter=wanted, limit=_PAGE, offset=len(runs))
            runs += page
            if len(page) < _PAGE:
                return runs


def _between(first: datetime, last: datetime) -> dict[str, datetime]:
    return {"after_": first - _OVERLAP, "before_": last}


def _line(what: str, run: FlowRun) -> str:
    return both(_WORDS[what], run=run.name, link=page_of(run))
