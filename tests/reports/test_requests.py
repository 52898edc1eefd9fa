"""More time and another status asked for: each waits until it is answered, granted or moot."""

from datetime import UTC, date, datetime

import pytest

from models import Store
from reports import Facts
from reports.contents import paper_of
from reports.form import Form
from reports.paper import Paragraph
from reports.review import review_of
from tests.reports.ledger import AUGUST, KNOWN, Ledger, Said, august
from tests.reports.records import decide

REQUESTED_ON, EXTENDED_TO = date(2025, 8, 14), date(2025, 9, 30)


def paragraphs(facts: Facts) -> str:
    return "\n".join(block.text for block in paper_of(facts, Form()).blocks if isinstance(block, Paragraph))


def test_requests_are_listed_until_they_are_answered(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        (first,) = ledger.duty("BCA", due=AUGUST)
        (second,) = ledger.duty("BYT", due=AUGUST)
        ledger.ask(first, date(2025, 10, 31), "Lý do một", by="BCA", on=date(2025, 8, 1))
        ledger.ask(second, date(2025, 11, 30), "Lý do hai", by="BYT", on=date(2025, 8, 26))
        ledger.appeal(second, "dispute", "Đã hoàn thành từ tháng 6")
        ledger.appeal(second, "redirect", "Không phải đầu mối này")
        decide(session, first, "extend", date(2025, 8, 22), until=date(2025, 10, 31))
    facts = august(store)
    assert [(each.code, each.until_on, each.answer) for each in facts.extensions] == [
        ("07-CT-TTg.1.BCA", date(2025, 10, 31), "granted")
    ]
    assert [(each.agency, each.kind, each.text) for each in facts.disputes] == [
        ("BYT", "dispute", "Đã hoàn thành từ tháng 6")
    ]
    said = paragraphs(facts)
    assert "Có 1 đề nghị gia hạn của Bộ Công an, trong đó 0 đề nghị chưa được trả lời." in said
    assert "Có 1 kiến nghị về tình trạng nhiệm vụ của Bộ Y tế, trong đó 1 kiến nghị chưa được trả lời." in said


@pytest.mark.parametrize(
    ("action", "on", "at", "answer"),
    [
        ("extend", date(2025, 8, 14), KNOWN, "granted"),
        ("extend", date(2025, 8, 28), KNOWN, "granted"),
        ("extend", date(2025, 8, 14), datetime(2025, 3, 14, tzinfo=UTC), ""),
        ("extend", date(2025, 8, 14), datetime(2025, 8, 26, tzinfo=UTC), ""),
        ("cancel", date(2025, 8, 20), KNOWN, "cancelled"),
        ("cancel", date(2025, 8, 26), KNOWN, ""),
    ],
    ids=["granted", "granted from after the cut-off", "extended before it was asked", "extended when not known yet",
         "cancelled", "cancelled after the cut-off"],
)  # fmt: skip
@pytest.mark.parametrize("asked", ["in a workbook", "by an appeal"])
def test_a_request_waits_until_it_is_granted_or_moot(
    sqlite_store: Store, asked: str, action: str, on: date, at: datetime, answer: str
) -> None:
    """A move holds for every day asked about, from the instant it is recorded."""
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        (duty,) = ledger.duty("BCA", due=date(2025, 8, 15))
        if asked == "in a workbook":
            ledger.ask(duty, EXTENDED_TO, "Thiếu nhân lực", by="BCA", on=REQUESTED_ON)
        else:
            ledger.appeal(duty, "extension", "Thiếu nhân lực")
        decide(session, duty, action, on, until=EXTENDED_TO if action == "extend" else None, at=at)
    facts = august(sqlite_store)
    assert [each.answer for each in facts.extensions] == [answer]
    assert f"Có 1 đề nghị gia hạn của Bộ Công an, trong đó {int(not answer)} đề nghị chưa" in paragraphs(facts)
    assert len(review_of(sqlite_store, facts).extensions) == int(not answer)


def test_more_time_for_work_that_is_done_is_asked_no_more_but_a_dispute_is(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        ledger = Ledger(session)
        (duty,) = ledger.duty("BCA", due=date(2025, 8, 15))
        ledger.ask(duty, EXTENDED_TO, "Thiếu nhân lực", by="BCA", on=REQUESTED_ON)
        ledger.appeal(duty, "dispute", "Đã xong đúng hạn")
        ledger.report(duty, Said(done_on=date(2025, 8, 19)))
    facts = august(sqlite_store)
    assert [each.answer for each in (*facts.extensions, *facts.disputes)] == ["completed", ""]
