"""What other systems asked to hear of, what waits for them, and each attempt to tell them. Append-only.

No secret is kept: what signs a delivery is derived from a setting (see `rules.webhook`).
"""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from models.columns import instant, json_column


class Webhook(SQLModel, table=True):
    """A program of the API asks to hear at `address` of changes of the `kinds`; of one `agency` alone, or all ("")."""

    __tablename__ = "webhook"
    id: int | None = Field(default=None, primary_key=True)
    client_id: int = Field(foreign_key="api_client.id", index=True)
    address: str
    kinds: list[str] = Field(default_factory=list, sa_column=json_column())
    agency: str = ""
    created_at: datetime = Field(sa_column=instant())
    created_by: str


class WebhookState(SQLModel, table=True):
    """What a subscription is from a moment on: on, off, set aside or removed; the newest row counts."""

    __tablename__ = "webhook_state"
    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    state: str
    recorded_at: datetime = Field(sa_column=instant())
    recorded_by: str


class WebhookReading(SQLModel, table=True):
    """How far the facts of a `source` have been read for a subscription: the highest `position` counts."""

    __tablename__ = "webhook_reading"
    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", index=True)
    source: str
    position: int
    read_at: datetime = Field(sa_column=instant())


class WebhookMessage(SQLModel, table=True):
    """One change a subscriber is to hear of: the fact's id in its table; `key` names the delivery in every attempt."""

    __tablename__ = "webhook_message"
    __table_args__ = (UniqueConstraint("webhook_id", "kind", "position", name="uq_webhook_message_fact"),)
    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id")
    kind: str
    position: int
    key: str = Field(unique=True)
    made_at: datetime = Field(sa_column=instant())


class WebhookAttempt(SQLModel, table=True):
    """An attempt to deliver a message, written before anything is sent: whoever writes the number has the attempt."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (UniqueConstraint("message_id", "number", name="uq_webhook_attempt_number"),)
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="webhook_message.id")
    number: int
    started_at: datetime = Field(sa_column=instant())


class WebhookOutcome(SQLModel, table=True):
    """What came of an attempt: `outcome` is accepted, failed or refused, `status` the HTTP status (0: none came)."""

    __tablename__ = "webhook_outcome"
    attempt_id: int = Field(primary_key=True, foreign_key="webhook_attempt.id")
    outcome: str
    status: int
    detail: str = ""
    finished_at: datetime = Field(sa_column=instant())
