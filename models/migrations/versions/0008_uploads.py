"""What uploads came to need: the files sent through the portal and their states."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _instant(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words("place", "name", "sha256"),
        sa.Column("size", sa.Integer(), nullable=False),
        *_words("held_to"),
        _maybe("agency_code", sa.String()),
        *_words("document"),
        _maybe("document_on", sa.Date()),
        _instant("sent_at"),
        *_words("sent_by"),
        _refers("upload", "agency_code", "agency.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("place", name=op.f("uq_upload_place")),
    )
    for column in ("held_to", "sent_at"):
        op.create_index(op.f(f"ix_upload_{column}"), "upload", [column], unique=False)
    op.create_table(
        "upload_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        *_words("stage"),
        _instant("at"),
        *_words("by", "reason"),
        _maybe("agency_code", sa.String()),
        *_words("kind"),
        _maybe("reported_on", sa.Date()),
        *_words("preview"),
        _maybe("batch_id", sa.Integer()),
        sa.Column("answer", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        _refers("upload_state", "upload_id", "upload.id"),
        _refers("upload_state", "agency_code", "agency.code"),
        _refers("upload_state", "batch_id", "batch.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_state")),
    )
    for column in ("upload_id", "batch_id"):
        op.create_index(op.f(f"ix_upload_state_{column}"), "upload_state", [column], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("upload_state")
    op.drop_table("upload")
