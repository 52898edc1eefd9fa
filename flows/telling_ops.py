"""A run that failed or crashed says so to ops: which one, how it ended, where to look; never what its message held."""

import sys
from typing import Any

from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_UI_URL

from config.clock import now
from config.settings_file import data_folder, ops_channel
from notifications.ops import tell
from notifications.ops_memory import CRASHED, remembered
from texts import both


def tell_ops(flow: Any, flow_run: Any, state: State[Any]) -> None:
    """Tell DONDOC_OPS_CHANNEL that a run of `flow` ended in `state`: a hook of Prefect's, which swallows its errors.

    One letter an hour for each flow and way of ending, which says how many it stands for. A flow called inside another
    one's run stays silent: the outer one tells. What cannot be told is left to the next watch.
    """
    if flow_run.parent_task_run_id and not flow_run.deployment_id:
        return
    place, at, about = ops_channel(), now(), f"{flow.name} {state.name}"
    mark = f"{CRASHED} {flow_run.id}"
    if not place.strip():
        return
    with remembered(data_folder()) as memory:
        held = memory.due(about, now=at)
        if held is None:
            memory.told(mark, now=at)
            return
    subject = both("flow.ops_subject", flow=flow.name, state=state.name)
    text = both("flow.ops_ended", flow=flow.name, run=flow_run.name, state=state.name, link=page_of(flow_run))
    if held:
        text = f"{text}\n{both('flow.ops_held_back', count=held)}"
    taken = tell(place, subject, text, now=at)
    with remembered(data_folder()) as memory:
        if taken:
            memory.told(mark, now=at)
        else:
            memory.untold(mark, text, about, held)


def tell_of_unit(unit: str) -> bool:
    """Tell DONDOC_OPS_CHANNEL that a unit of this machine failed; say whether that was taken."""
    return bool(tell(ops_channel(), both("flow.ops_unit", unit=unit), both("flow.ops_unit_look", unit=unit), now=now()))


def page_of(run: Any) -> str:
    """Return where Prefect's pages show a run, or its number where there are no such pages."""
    pages = (PREFECT_UI_URL.value() or "").rstrip("/")
    return f"{pages}/runs/flow-run/{run.id}" if pages else str(run.id)


if __name__ == "__main__":
    sys.exit(not tell_of_unit(sys.argv[1]))
