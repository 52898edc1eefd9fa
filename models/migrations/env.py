"""Run migrations on the connection `models.schema` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel.sql.sqltypes import AutoString

from models.columns import Instant
from models.tables import METADATA


def plain_type(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Name column types without our own classes, so that a migration outlives them."""
    if kind != "type":
        return False
    plain = {
        AutoString: "sa.String()",
        Instant: "sa.DateTime(timezone=True)",
        JSON: 'sa.JSON().with_variant(JSONB(), "postgresql")',
    }
    return plain.get(type(item), False)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
