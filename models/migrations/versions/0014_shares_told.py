"""Shares handed down are told of like answers owed: a share is part of what an item is about."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NAME = "uq_notice_item_told"
_BEFORE = ["notice_id", "assignment_id", "rung", "agency_code", "role", "obstacle_id"]


def upgrade() -> None:
    """Apply the change; what was told before was about no share."""
    with op.batch_alter_table("notice_item") as table:
        table.add_column(sa.Column("handed_id", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint(_NAME, type_="unique")
        table.create_unique_constraint(_NAME, [*_BEFORE, "handed_id"])


def downgrade() -> None:
    """Take the change back; what was told of shares is not known before it."""
    op.execute("DELETE FROM notice_item WHERE handed_id <> 0")
    with op.batch_alter_table("notice_item") as table:
        table.drop_constraint(_NAME, type_="unique")
        table.create_unique_constraint(_NAME, _BEFORE)
        table.drop_column("handed_id")
