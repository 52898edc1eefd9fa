"""A story asks what was told of one assignment: found along an index."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEX = "ix_notice_item_assignment_id"


def upgrade() -> None:
    """Apply the change."""
    op.create_index(op.f(_INDEX), "notice_item", ["assignment_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f(_INDEX), "notice_item")
