"""What an edition came to need: its state, what it follows and changes, its letterhead, and whom it was sent to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORDS = {"state": "draft", "follows": "", "corrects": "", "reason": "", "approved_by": ""}
_VALUES = {"letterhead": "{}", "changes": "[]"}


def upgrade() -> None:
    """Apply the change; editions frozen before it are drafts of which no letterhead was kept."""
    with op.batch_alter_table("edition", schema=None) as batch_op:
        for name, default in _WORDS.items():
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=default))
        for name, default in _VALUES.items():
            kind = sa.JSON().with_variant(JSONB(), "postgresql")
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    op.create_table(
        "edition_sending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_sending_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_sending")),
    )
    with op.batch_alter_table("edition_sending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_sending_edition_id"), ["edition_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("edition_sending")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        for name in (*reversed(_VALUES), *reversed(_WORDS)):
            batch_op.drop_column(name)
