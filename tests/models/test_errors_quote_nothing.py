"""What a database says of a failure names what went wrong; letters, addresses and signed links stay out of it."""

import traceback
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from models import Store
from models.outcome_tables import Notice

NOW = datetime(2025, 9, 5, 1, 0, tzinfo=UTC)
LINK = "https://dondoc.example/tra-loi/WyJzaWduZWQi"
ADDRESS = "nguoi-dung-dau.byt@dondoc.example"


def letter(**more: object) -> dict[str, object]:
    told = {"key": "k", "as_of": date(2025, 9, 5), "agency_code": "BYT", "role": "head", "recipient": "Bộ trưởng"}
    return {**told, "address": ADDRESS, "reason": "overdue", "subject": "Đôn đốc", "text": LINK, "html": LINK,
            "planned_at": NOW, "state": "planned", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"key": None}, "null|NULL"), ({"agency_code": "NOBODY"}, "foreign key|FOREIGN KEY")],
    ids=["a value is missing", "an agency nobody registered"],
)
def test_a_letter_that_cannot_be_written_is_not_quoted(store: Store, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(DBAPIError, match=says) as refused, store.writing() as session:
        session.execute(Notice.__table__.insert(), [letter(**wrong)])  # type: ignore[attr-defined]
    quoted = "".join(traceback.format_exception(refused.value))
    assert [private for private in (LINK, ADDRESS, "Bộ trưởng") if private in quoted] == []
