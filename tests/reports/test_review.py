"""Before it goes: what changed since the draft, what is disputed, what is not proven, which figures jumped."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import Store
from models.edition_tables import EditionSending
from reports import EditionState, Purpose, write_edition
from reports.editions import edition_named
from reports.review import review_of, review_rows
from reports.sending import covering_letter, record_sending, to_be_sent
from tests.reports.conftest import fill
from tests.reports.ledger import KNOWN, Q2, Ledger, august

LATER = datetime(2025, 8, 26, 3, tzinfo=UTC)


def test_the_first_review_has_nothing_to_compare_with(store: Store) -> None:
    fill(store)
    review = review_of(store, august(store))
    assert (review.since, review.changes, review.moved) == ("", (), ())
    assert [work.agency for work in review.without_evidence] == ["BTC"]


def test_what_changed_since_the_draft_and_what_is_still_open(store: Store, tmp_path: Path) -> None:
    fill(store)
    write_edition(august(store), store=store, out=tmp_path, now=KNOWN)
    write_edition(august(store), store=store, out=tmp_path, now=KNOWN, purpose=Purpose(EditionState.SUBMITTED))
    with store.writing() as session:
        ledger = Ledger(session, "57/NQ-TW")
        (late,) = ledger.duty("BQP", due=Q2)
        ledger.appeal(late, "dispute", "Không thuộc nhiệm vụ của Bộ")
        ledger.ask(late, date(2025, 12, 31), "Chờ Luật", by="BQP")
    review = review_of(store, august(store))
    assert review.since == "2025-08/1"
    assert [each.text for each in review.disputes] == ["Không thuộc nhiệm vụ của Bộ"]
    assert [each.text for each in review.extensions] == ["Chờ Luật"]
    assert ("totals", "overdue", 10, 11) not in [(c.part, c.field, c.before, c.after) for c in review.moved]
    assert {row["what"] for row in review_rows(review)} == {"dispute", "extension", "evidence", "changed"} | (
        {"moved"} if review.moved else set()
    )


@pytest.mark.parametrize(("percent", "named"), [(10, True), (11, False)], ids=["10 of 100", "less than 11"])
def test_a_figure_is_named_from_the_share_stated(store: Store, tmp_path: Path, percent: int, *, named: bool) -> None:
    """10 overdue become 11: a tenth more."""
    fill(store)
    write_edition(august(store), store=store, out=tmp_path, now=KNOWN)
    with store.writing() as session:
        Ledger(session, "57/NQ-TW").duty("BQP", due=Q2)
    moved = {(c.part, c.field) for c in review_of(store, august(store), moved_percent=percent).moved}
    assert (("totals", "overdue") in moved) is named


def test_an_edition_goes_to_each_address_once_and_a_lost_claim_is_not_sent_again(store: Store, tmp_path: Path) -> None:
    write_edition(august(store), store=store, out=tmp_path, now=KNOWN)
    edition = edition_named(store, "2025-08/1")
    addresses = ["a@x.example", "b@x.example", "c@x.example", "a@x.example"]
    assert to_be_sent(store, edition, addresses) == addresses[:3]
    for address, outcomes in {
        "a@x.example": ["accepted"],
        "b@x.example": [],
        "c@x.example": ["failed_temporary"],
    }.items():
        record_sending(store, edition, address, now=LATER, channel="mailtos")
        for outcome in outcomes:
            record_sending(store, edition, address, now=LATER, channel="mailtos", outcome=outcome)
    assert to_be_sent(store, edition, addresses) == ["c@x.example"]
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(EditionSending)) == 5
    covering = covering_letter(edition)
    assert covering.subject == "Báo cáo phục vụ phiên họp Chính phủ thường kỳ tháng 8/2025 (bản 2025-08/1)"
    assert "số liệu chốt ngày 25/08/2025" in covering.text
