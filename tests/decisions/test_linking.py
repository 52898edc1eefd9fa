"""A person says that tasks of two documents are one work, and may take it back; nothing else links them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from decisions import Link, Outcome, Succeed, Unlink, decide
from models import Store, status_of
from models.outcome_tables import AuditEntry
from tests.models.world import World

NOW = datetime(2025, 9, 5, 2, tzinfo=UTC)
MARCH, JUNE, JULY = "07-CT-TTg.1.BYT", "07-CT-TTg.2.BYT", "07-CT-TTg.3.BYT"
OTHERS = "07-CT-TTg.4.BCA"
LINK = Link(code=JUNE, same_as=MARCH, reason="cùng yêu cầu ban hành kế hoạch")


@pytest.fixture(autouse=True)
def _three_documents(store: Store) -> None:
    with store.writing() as session:
        world = World(session)
        world.duty("BYT", due=date(2025, 12, 31))
        given = (
            ("120/TB-VPCP", 10, "BYT"),
            ("130/TB-VPCP", 11, "BYT"),
            ("140/TB-VPCP", 12, "BCA"),
            ("150/TB-VPCP", 14, "BTTTT"),
        )
        for code, on, agency in given:
            world.next_document(code, date(2025, 7, on))
            world.duty(agency, due=date(2025, 10, on))


def taken(store: Store, action: Link | Unlink, after: timedelta = timedelta()) -> Outcome:
    return decide(action, store=store, by="Văn phòng Chính phủ", now=NOW + after)


def counted(store: Store) -> list[str]:
    rows = status_of(store, as_of=date(2025, 9, 5), known_at=NOW + timedelta(days=9)).rows
    return sorted(row.code for row in rows if row.agency == "BYT")


def test_linked_tasks_are_counted_once_with_one_audit_entry(store: Store) -> None:
    outcome = taken(store, LINK)
    assert (outcome.outcome, counted(store)) == ("recorded", [JUNE, JULY])
    with store.reading() as session:
        (entry,) = session.exec(select(AuditEntry)).all()
    assert (entry.id, entry.action, entry.subject) == (outcome.audit, "decide.link", JUNE)
    assert entry.detail["same_as"] == MARCH


def test_the_same_again_adds_nothing(store: Store) -> None:
    first = taken(store, LINK)
    again = taken(store, LINK, timedelta(hours=1))
    assert (again.outcome, again.audit) == ("unchanged", first.audit)


def test_a_third_document_joins_and_works_grow_together(store: Store) -> None:
    taken(store, LINK)
    taken(store, Link(code=MARCH, same_as=JULY, reason="cùng một việc"), timedelta(hours=1))
    assert counted(store) == [JULY]


@pytest.mark.parametrize("leaving", [MARCH, JUNE, JULY])
def test_whichever_leaves_stands_alone_and_the_others_stay_together(store: Store, leaving: str) -> None:
    taken(store, LINK)
    taken(store, Link(code=JULY, same_as=MARCH, reason="cùng một việc"), timedelta(hours=1))
    assert counted(store) == [JULY]
    taken(store, Unlink(code=leaving, reason="khác phạm vi"), timedelta(hours=2))
    stay = max(code for code in (MARCH, JUNE, JULY) if code != leaving)
    assert counted(store) == sorted([leaving, stay])
    assert taken(store, Unlink(code=leaving, reason="khác phạm vi"), timedelta(hours=3)).outcome == "unchanged"


@pytest.mark.parametrize(
    ("action", "refused"),
    [
        (Link(code=JUNE, same_as="07-CT-TTg.9.BYT", reason="x"), "unknown_assignment"),
        (Link(code=JUNE, same_as=JUNE, reason="x"), "same_document"),
        (Link(code=JUNE, same_as=OTHERS, reason="x"), "no_common_agency"),
        (Link(code=JUNE, same_as=MARCH, reason=" "), "needs_reason"),
        (Unlink(code="07-CT-TTg.9.BYT", reason="x"), "unknown_assignment"),
    ],
)
def test_what_cannot_be_one_work_is_refused_with_a_sentence(store: Store, action: Link | Unlink, refused: str) -> None:
    outcome = taken(store, action)
    assert outcome.refusal is not None
    assert (outcome.refusal.code, len(outcome.message) > 20) == (refused, True)
    assert counted(store) == [MARCH, JUNE, JULY]


def test_what_was_taken_over_is_linked_with_what_the_successor_holds(store: Store) -> None:
    """The one agency holds both, though one of them was assigned to the ministry that was split."""
    former = "07-CT-TTg.5.BTTTT"
    link = Link(code=former, same_as=OTHERS, reason="cùng một việc")
    refused = taken(store, link)
    assert refused.refusal is not None
    assert refused.refusal.code == "no_common_agency"
    succeed = Succeed(code=former, to="BCA", on=date(2025, 7, 20), document="12/TB-VPCP", reason="an ninh mạng")
    assert decide(succeed, store=store, by="Văn phòng Chính phủ", now=NOW).outcome == "recorded"
    assert taken(store, link, timedelta(hours=1)).outcome == "recorded"
    rows = status_of(store, as_of=date(2025, 9, 5), known_at=NOW + timedelta(days=9), agency="BCA").rows
    assert [row.code for row in rows] == [former]
