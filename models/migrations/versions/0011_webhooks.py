"""Other systems hear of changes: subscriptions, what waits for them, and each attempt."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("webhook", "webhook_state", "webhook_reading", "webhook_message", "webhook_attempt", "webhook_outcome")


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    """Apply the change."""
    _subscriptions()
    _messages()


def _subscriptions() -> None:
    op.create_table(
        "webhook",
        *_numbers("id", "client_id"),
        *_words("address"),
        sa.Column("kinds", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        *_words("agency"),
        _instant("created_at"),
        *_words("created_by"),
        _refers("webhook", "client_id", "api_client"),
        _key("webhook"),
    )
    _index("webhook", "client_id")
    op.create_table(
        "webhook_state",
        *_numbers("id", "webhook_id"),
        *_words("state"),
        _instant("recorded_at"),
        *_words("recorded_by"),
        _refers("webhook_state", "webhook_id", "webhook"),
        _key("webhook_state"),
    )
    _index("webhook_state", "webhook_id")
    op.create_table(
        "webhook_reading",
        *_numbers("id", "webhook_id"),
        *_words("source"),
        *_numbers("position"),
        _instant("read_at"),
        _refers("webhook_reading", "webhook_id", "webhook"),
        _key("webhook_reading"),
    )
    _index("webhook_reading", "webhook_id")


def _messages() -> None:
    op.create_table(
        "webhook_message",
        *_numbers("id", "webhook_id"),
        *_words("kind"),
        *_numbers("position"),
        *_words("key"),
        _instant("made_at"),
        _refers("webhook_message", "webhook_id", "webhook"),
        _key("webhook_message"),
        sa.UniqueConstraint("webhook_id", "kind", "position", name="uq_webhook_message_fact"),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_message_key")),
    )
    op.create_table(
        "webhook_attempt",
        *_numbers("id", "message_id", "number"),
        _instant("started_at"),
        _refers("webhook_attempt", "message_id", "webhook_message"),
        _key("webhook_attempt"),
        sa.UniqueConstraint("message_id", "number", name="uq_webhook_attempt_number"),
    )
    op.create_table(
        "webhook_outcome",
        *_numbers("attempt_id"),
        *_words("outcome"),
        *_numbers("status"),
        *_words("detail"),
        _instant("finished_at"),
        _refers("webhook_outcome", "attempt_id", "webhook_attempt"),
        _key("webhook_outcome", "attempt_id"),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in reversed(_TABLES):
        op.drop_table(table)
