"""The flows' last runs, asked of a Prefect API; the portal shows them and knows no Prefect."""

import os
from collections.abc import Callable, Sequence

from portal.desk import Run

_MOST = 200
_API = "PREFECT_API_URL"


def recent_runs() -> Callable[[], Sequence[Run]] | None:
    """Return what asks for the last run of each flow, or None when no Prefect API is configured."""
    return _ask if os.environ.get(_API) else None


def _ask() -> Sequence[Run]:
    """Return the last run of each flow, by name. Raises whatever keeps the API from answering."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import FlowRunSort

    with get_client(sync_client=True) as client:
        names = {flow.id: flow.name for flow in client.read_flows()}
        found = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=_MOST)
        last = {run.flow_id: run for run in reversed(found) if run.start_time}
    shown = os.environ[_API].removesuffix("/").removesuffix("/api")
    runs = [
        Run(names[id_], run.state_name or "", run.start_time, run.end_time, f"{shown}/runs/flow-run/{run.id}")
        for id_, run in last.items()
        if id_ in names
    ]
    return sorted(runs, key=lambda run: run.flow)
