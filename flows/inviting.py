"""The runs a sweep invites to share its work: one for each claim, called off once another run works that claim."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
    FlowRunFilter,
    FlowRunFilterIdempotencyKey,
)
from prefect.deployments.flow_runs import arun_deployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled

from imports import Outcome
from texts import both

INVITED = "record_workbooks/record-workbooks"
_TABLES_AT_ONCE = 200  # the most Prefect gives; a run leaves one for each claim it worked
_PATIENCE = 15  # seconds: a run that died stays running for long


async def invite(claims: Sequence[str], day: date) -> list[UUID]:
    """Ask the work pool for a run for each claim (names); return the runs, none where flows run in one process alone.

    Asked again for the same claim, the answer is the run there is.
    """
    if not claims:
        return []
    async with get_client() as client:
        try:
            if not (await client.read_deployment_by_name(INVITED)).work_pool_name:
                return []
        except ObjectNotFound:
            return []
        return [await _invite(client, claim, day) for claim in claims]


async def call_off(claim: str) -> None:
    """Call off the run invited for a claim that another run works, where it can be; else it finds nothing to do."""
    with suppress(HTTPError, ObjectNotFound):
        async with get_client() as client:
            invited = FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=[claim]))
            for run in await client.read_flow_runs(flow_run_filter=invited):
                if run.start_time is None:
                    await client.set_flow_run_state(run.id, Cancelled(message=both("flow.called_off")))


async def told_by(runs: Sequence[UUID]) -> tuple[int, int]:
    """Count what the invited runs took in and rejected, by the tables they left; some may still be leaving theirs."""
    async with get_client() as client:
        for _ in range(_PATIENCE):
            if not any([await _is_running(client, run) for run in runs]):
                break
            await asyncio.sleep(1)
        outcomes = [outcome for run in runs for outcome in await _outcomes(client, run)]
    return len(outcomes), outcomes.count(Outcome.REJECTED)


async def _invite(client: PrefectClient, claim: str, day: date) -> UUID:
    parameters = {"claim": claim, "as_of": day.isoformat()}
    run = await arun_deployment(INVITED, client=client, parameters=parameters, timeout=0, idempotency_key=claim)
    return run.id


async def _is_running(client: PrefectClient, run: UUID) -> bool:
    try:
        state = (await client.read_flow_run(run)).state
    except ObjectNotFound:  # somebody deleted it
        return False
    return state is not None and state.is_running()


async def _outcomes(client: PrefectClient, run: UUID) -> list[str]:
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run]), key=ArtifactFilterKey(any_=["workbooks"]))
    tables = await client.read_artifacts(artifact_filter=of_run, limit=_TABLES_AT_ONCE)
    return [row["outcome"] for table in tables for row in json.loads(str(table.data))]
