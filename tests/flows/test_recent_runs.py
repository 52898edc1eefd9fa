"""The portal's operations page is told the last run of each flow, each with its page at the scheduler."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL
from prefect.states import Scheduled

from cli.runs import recent_runs


@flow(name="a quick flow")
def quick(*, fails: bool) -> None:
    """Do nothing, or fail."""
    if fails:
        raise ValueError("as asked")


async def scheduled_ahead(count: int) -> None:
    """Schedule runs to come: Prefect keeps up to a hundred of each schedule."""
    at = datetime.now(UTC) + timedelta(days=30)
    async with get_client() as client:
        for _ in range(count):
            await client.create_flow_run(quick, parameters={"fails": False}, state=Scheduled(scheduled_time=at))


def test_without_a_scheduler_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert recent_runs() is None


def test_the_last_run_of_a_flow_is_told(prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del prefect_server
    url = str(PREFECT_API_URL.value())
    monkeypatch.setenv("PREFECT_API_URL", url)
    quick(fails=False)
    quick(fails=True, return_state=True)
    asyncio.run(scheduled_ahead(200))
    ask = recent_runs()
    assert ask
    (run,) = [each for each in ask() if each.flow == "a quick flow"]
    assert (run.state, run.started_at is not None, run.finished_at is not None) == ("Failed", True, True)
    assert run.url.startswith(f"{url.removesuffix('/api')}/runs/flow-run/")
