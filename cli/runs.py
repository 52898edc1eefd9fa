"""The flows' last runs, asked of a Prefect API; the portal shows them and knows no Prefect."""

import os
from collections.abc import Callable, Sequence

from portal.desk import Run

_API = "PREFECT_API_URL"


def recent_runs() -> Callable[[], Sequence[Run]] | None:
    """Return what asks for the last run of each flow, or None when no Prefect API is configured."""
    return _ask if os.environ.get(_API) else None


def _ask() -> Sequence[Run]:
    """Return the last run of each flow, by name. Raises whatever keeps the API from answering."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterId, FlowRunFilter, FlowRunFilterStartTime
    from prefect.client.schemas.sorting import FlowRunSort

    started = FlowRunFilter(start_time=FlowRunFilterStartTime(is_null_=False))

    with get_client(sync_client=True) as client:
        last = {
            flow.name: client.read_flow_runs(
                flow_filter=FlowFilter(id=FlowFilterId(any_=[flow.id])),
                flow_run_filter=started,
                sort=FlowRunSort.START_TIME_DESC,
                limit=1,
            )
            for flow in client.read_flows()
        }
    shown = os.environ[_API].removesuffix("/").removesuffix("/api")
    runs = [
        Run(name, run.state_name or "", run.start_time, run.end_time, f"{shown}/runs/flow-run/{run.id}")
        for name, found in last.items()
        for run in found
    ]
    return sorted(runs, key=lambda run: run.flow)
