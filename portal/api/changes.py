"""What other systems are told of changes, as the OpenAPI document describes it: requests Dondoc sends, not receives."""

from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Header
from pydantic import Field

from portal.api.answers import Answer
from rules.webhook import ChangeKind


class Changed(Answer):
    """What changed, in stable codes: which of the keys are there depends on the kind; keys are added, never taken away.

    Workbooks: `batch`, `file`, `sha256`, `workbook` (its kind), with counts when recorded. Decisions and replies:
    `assignment`, `action`, and `outcome` of a request that was settled. Editions: `edition`, `month`, `corrects`.
    """

    batch: int | None = None
    file: str | None = Field(None, description="As its sender named it: any text.")
    sha256: str | None = None
    workbook: str | None = None
    rows: int | None = None
    new: int | None = None
    changed: int | None = None
    unchanged: int | None = None
    gone: int | None = None
    assignment: str | None = None
    action: str | None = None
    outcome: str | None = None
    edition: str | None = None
    month: str | None = None
    corrects: str | None = None


class Change(Answer):
    """One change; `id` is the same in every attempt to tell it, `link` where `/api/v1` says more."""

    id: str
    kind: ChangeKind
    at: datetime
    agency: str | None
    what: Changed
    link: str


def describe_changes(app: FastAPI) -> None:
    """Put what subscribers receive into the OpenAPI document."""

    @app.webhooks.post("change", tags=["dondoc"], responses={204: {"description": "Taken; any 2xx will do"}})
    def change(
        told: Change,
        dondoc_signature: Annotated[str, Header(description="t=<seconds>,v1=<HMAC-SHA256 of '<t>.<body>', hex>")],
        idempotency_key: Annotated[str, Header(description="The `id` of the change: drop what was taken before")],
    ) -> None:
        """Sent to the address of a subscription, in the order of the changes.

        Anything but 2xx (a redirect too) is sent again with growing gaps; after 24 hours, or at once after 410, the
        subscription is set aside until an administrator turns it on again.
        """
