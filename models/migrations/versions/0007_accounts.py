"""What the portal came to need: accounts and their states, attempts to sign in, clients of the API."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("name", "email"),
        _instant("created_at"),
        *_words("created_by"),
        _key("account"),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=False)
    op.create_table(
        "account_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *_words("post", "role", "agency", "password_hash"),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        _instant("recorded_at"),
        *_words("recorded_by"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_state_account_id")),
        _key("account_state"),
    )
    op.create_index(op.f("ix_account_state_account_id"), "account_state", ["account_id"], unique=False)
    op.create_table(
        "account_identity",
        sa.Column("account_id", sa.Integer(), nullable=False),
        *_words("issuer", "subject"),
        _instant("bound_at"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_identity_account_id")),
        _key("account_identity", "account_id"),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_identity_subject"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("name", "address"),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        _instant("at"),
        _key("sign_in_attempt"),
    )
    op.create_index(op.f("ix_sign_in_attempt_name"), "sign_in_attempt", ["name"], unique=False)
    op.create_index(op.f("ix_sign_in_attempt_address"), "sign_in_attempt", ["address"], unique=False)
    op.create_table("session_end", *_words("session"), _instant("ended_at"), _key("session_end", "session"))
    op.create_table(
        "api_client",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("name", "scope", "agency", "token_sha256"),
        _instant("created_at"),
        *_words("created_by"),
        _key("api_client"),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_client_token_sha256")),
    )
    op.create_table(
        "api_client_end",
        sa.Column("client_id", sa.Integer(), nullable=False),
        _instant("ended_at"),
        *_words("ended_by"),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_api_client_end_client_id")),
        _key("api_client_end", "client_id"),
    )


def downgrade() -> None:
    """Take the change back."""
    _drop("api_client_end", "api_client", "session_end", "sign_in_attempt", "account_identity")
    _drop("account_state", "account")


def _drop(*tables: str) -> None:
    for table in tables:
        op.drop_table(table)
