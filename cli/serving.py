"""Serve every deployment of `prefect.yaml` from one process: what `dondoc up` uses instead of a work pool."""

from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

import flows

_FLOWS = Path(flows.__file__ or "").parent
_IN_THE_WHEEL = _FLOWS / "prefect.yaml"
DEPLOYMENTS = _IN_THE_WHEEL if _IN_THE_WHEEL.exists() else _FLOWS.parent / "prefect.yaml"


def deployments(path: Path = DEPLOYMENTS) -> list[RunnerDeployment]:
    """Return what `path` states: names, schedules, parameters, tags and limits, ready to be served."""
    return [_deployment(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["deployments"]]


def flow_at(entrypoint: str) -> Flow[..., Any]:
    """Return the flow an entrypoint ("flows.daily_round.daily_round") names."""
    module, _, name = entrypoint.rpartition(".")
    flow = getattr(import_module(module), name)
    assert isinstance(flow, Flow), f"{entrypoint} is no flow"
    return flow


def _deployment(entry: dict[str, Any]) -> RunnerDeployment:
    limit = entry.get("concurrency_limit")
    deployment = flow_at(entry["entrypoint"]).to_deployment(
        entry["name"],
        description=entry["description"],
        tags=entry["tags"],
        concurrency_limit=ConcurrencyLimitConfig(**limit) if limit else None,
        schedules=[
            Cron(each["cron"], timezone=each["timezone"], slug=each["slug"], parameters=each["parameters"])
            for each in entry["schedules"]
        ],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    assert isinstance(deployment, RunnerDeployment)
    return deployment


if __name__ == "__main__":
    # Two at work; a third place, for a final report may wait for its approver for days.
    serve(*deployments(), limit=3, pause_on_shutdown=False, print_starting_message=False)
