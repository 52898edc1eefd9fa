"""Somebody an identity provider knows comes back: bound to another account when theirs was closed."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WHOM = ["issuer", "subject"]


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("account_identity") as table:
        table.drop_constraint("uq_account_identity_subject", type_="unique")
        table.create_index("ix_account_identity_subject", _WHOM, unique=False)


def downgrade() -> None:
    """Take the change back; of whom was bound more than once the last binding is left."""
    op.execute(
        "DELETE FROM account_identity WHERE EXISTS (SELECT 1 FROM account_identity AS later"
        " WHERE later.issuer = account_identity.issuer AND later.subject = account_identity.subject"
        " AND later.account_id > account_identity.account_id)"
    )
    with op.batch_alter_table("account_identity") as table:
        table.drop_index("ix_account_identity_subject")
        table.create_unique_constraint("uq_account_identity_subject", _WHOM)
