from datetime import UTC, date, datetime

from models import Store, status_of


def test_empty_register_has_no_rows(store: Store) -> None:
    """Without workbooks nothing is counted."""
    table = status_of(store, as_of=date(2025, 9, 5), known_at=datetime(2025, 9, 5, tzinfo=UTC))
    assert table.rows == []
    assert table.totals()["total"] == 0
