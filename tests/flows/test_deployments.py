"""`prefect.yaml` and flows/ belong together, and what is deployed can really be scheduled and served."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml
from prefect import Flow
from prefect.client.orchestration import get_client

import flows
from cli.serving import deployments, flow_at
from flows.telling_ops import tell_ops

HERE = Path(flows.__file__ or "").parent
DEPLOYED: list[dict[str, Any]] = yaml.safe_load((HERE.parent / "prefect.yaml").read_text("utf-8"))["deployments"]
BESIDE = {"__init__", "edge", "inviting", "meeting_list", "taking", "telling_ops"}
MODULES = sorted(path for path in HERE.glob("*.py") if path.stem not in BESIDE)
HOURS = {"1-6", "*"}
WAIT_FOR_A_PERSON = {"final-report"}
MANY_AT_ONCE = {"record-workbooks"}  # beside each other, on any machine


def test_every_flow_is_deployed_and_every_deployment_is_a_flow() -> None:
    assert sorted(entry["entrypoint"] for entry in DEPLOYED) == [f"flows.{path.stem}.{path.stem}" for path in MODULES]


@pytest.mark.parametrize("entry", DEPLOYED, ids=lambda entry: entry["name"])
def test_each_entrypoint_imports_and_says_what_it_is_for(entry: dict[str, Any]) -> None:
    """`prefect deploy` succeeds on a flow that cannot be imported."""
    flow = flow_at(entry["entrypoint"])
    assert isinstance(flow, Flow)
    assert inspect.getdoc(flow.fn)
    assert {"dondoc"} < set(entry["tags"])


@pytest.mark.parametrize("entry", DEPLOYED, ids=lambda entry: entry["name"])
def test_each_schedule_keeps_to_hanoi_and_can_be_paused_by_ops(entry: dict[str, Any]) -> None:
    """With `active:` in the file, the next deploy would undo a pause."""
    known = set(inspect.signature(flow_at(entry["entrypoint"]).fn).parameters)
    for schedule in entry["schedules"]:
        assert set(schedule) == {"slug", "cron", "timezone", "parameters"}
        assert schedule["timezone"] == "Asia/Ho_Chi_Minh"
        assert schedule["cron"].split()[-1] in HOURS, "the flow, not the cron, knows which Saturdays are worked"
        assert set(schedule["parameters"]) <= known
    if entry["name"] not in WAIT_FOR_A_PERSON:
        assert (entry["concurrency_limit"]["limit"] == 1) is (entry["name"] not in MANY_AT_ONCE)


def test_what_waits_for_a_person_has_no_limit_of_runs() -> None:
    """Pausing gives up the place among limited runs; the next renewal of it, minutes later, cancels the run."""
    pauses = {path.stem for path in MODULES if re.search("(pause|suspend)_flow_run", path.read_text("utf-8"))}
    waiting = {entry["name"] for entry in DEPLOYED if entry["entrypoint"].rpartition(".")[2] in pauses}
    assert waiting == WAIT_FOR_A_PERSON
    assert not [entry["name"] for entry in DEPLOYED if entry["name"] in waiting and "concurrency_limit" in entry]
    served = {each.name: each.concurrency_limit for each in deployments()}
    assert not [name for name in waiting if served[name] is not None]
    assert served["daily-round"] == 1, "a limit that is stated is served"


def test_what_is_urgent_is_not_behind_the_bulk_of_a_sweep() -> None:
    queues = {entry["name"]: entry["work_pool"]["work_queue_name"] for entry in DEPLOYED}
    assert {name for name, queue in queues.items() if queue == "bulk"} == MANY_AT_ONCE
    urgent = {name for name, queue in queues.items() if queue == "urgent"}
    assert {"deliver-notices", "escalate-lateness", "record-upload", "send-webhooks"} <= urgent
    assert {entry["work_pool"]["name"] for entry in DEPLOYED} == {"dondoc"}


def test_every_run_that_fails_or_crashes_reaches_ops() -> None:
    for entry in DEPLOYED:
        flow = flow_at(entry["entrypoint"])
        assert tell_ops in flow.on_failure_hooks, entry["name"]
        assert tell_ops in flow.on_crashed_hooks, entry["name"]


def test_sending_is_never_retried_by_prefect() -> None:
    from flows.deliver_notices import deliver_notices, relay_pass  # noqa: PLC0415

    assert (relay_pass.retries, deliver_notices.retries) == (0, 0)
    assert all(flow_at(entry["entrypoint"]).retries == 0 for entry in DEPLOYED)


@pytest.mark.parametrize("path", sorted(HERE.glob("*.py")), ids=lambda path: path.stem)
def test_no_table_and_no_class_lives_in_a_flow(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def test_schedules_make_runs(prefect_server: None) -> None:  # noqa: ARG001
    """With SQLAlchemy 2.1, Prefect 3.8's scheduler fails at every insert: nothing would ever run by itself."""
    (round_,) = [each for each in deployments() if each.name == "daily-round"]

    async def scheduled() -> int:
        deployment_id = await round_.apply()  # type: ignore[misc]
        async with get_client() as client:
            answer = await client._client.post(f"/deployments/{deployment_id}/schedule", json={"max_runs": 3})  # noqa: SLF001
            return int(answer.status_code)

    assert anyio.run(scheduled) == 200, "pin sqlalchemy below 2.1"
