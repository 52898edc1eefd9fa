"""The run that tells other systems: it needs the key, sends what waits, and names what needs a person."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from prefect import State

from decisions.clients import issue_client
from decisions.webhooks import subscribe
from flows.send_webhooks import send_webhooks
from models import Store
from models.assignment_tables import Batch
from rules.access import Scope
from rules.webhook import ChangeKind
from tests.notifications.receiver import INSIDE, receiving

NOW = datetime(2025, 9, 5, tzinfo=UTC)


@pytest.mark.usefixtures("deployment")
def test_a_run_tells_what_waits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finished().name == "NoKey"
    monkeypatch.setenv("DONDOC_WEBHOOK_KEY", "k" * 40)
    monkeypatch.setenv("DONDOC_WEBHOOK_HOSTS", "localhost")
    issue_client(store, name="x", scope=Scope.READ, by="t", now=NOW)
    counts: dict[str, Any] = {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "gone": 0}
    with receiving() as receiver:
        kinds = [ChangeKind.WORKBOOK_RECORDED]
        subscribe(store, client=1, address=receiver.address, kinds=kinds, inside=INSIDE, by="t", now=NOW)
        receiver.answers = [204, 410]
        with store.writing() as session:
            session.add_all(Batch(file=f"{n}.xlsx", sha256="a", recorded_at=NOW, kind="x", **counts) for n in (1, 2))
        state = finished()
    assert (state.name, receiver.kinds) == ("NeedsAPerson", ["workbook.recorded"] * 2)
    assert "1" in (state.message or "")


def finished() -> State[Any]:
    async def ran() -> State[Any]:
        return await send_webhooks(return_state=True)

    return asyncio.run(ran())
