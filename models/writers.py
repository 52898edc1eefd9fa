"""One after another: a transaction that changes some tables waits for those that change them already."""

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from models.columns import table_of


def wait_for_writers_of(session: Session, *models: type[SQLModel]) -> None:
    """Wait until nobody else changes these tables, and keep others waiting until the transaction ends; all may read.

    This must be the transaction's first statement: PostgreSQL freezes what it sees at its first query, so the queue
    must form before it. Who queues for several tables at once names them in the order in which others do. SQLite's
    writers are alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(table_of(each).name for each in models)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
