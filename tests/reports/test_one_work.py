"""Work that several codes stand for: given by several documents, merged with its agencies, or done in steps."""

from datetime import date

import pytest

from models import Store
from reports import Facts
from reports.annex import WORK_FIELDS
from reports.contents import paper_of
from reports.facts import Move
from reports.form import Form
from reports.heat import heat_of
from reports.paper import Paragraph
from reports.tables import works_by_task
from reports.wording import deadline_text
from rules.status import Status
from tests.reports.ledger import AUGUST, DECEMBER, Q2, Ledger, Said, august
from tests.reports.records import decide, freeze, in_steps, link

LATER_DOCUMENT = ("120/TB-VPCP", date(2025, 6, 10))
MAY, JULY = date(2025, 5, 30), date(2025, 7, 31)


def paragraphs(facts: Facts) -> str:
    return "\n".join(block.text for block in paper_of(facts, Form()).blocks if isinstance(block, Paragraph))


def test_a_shared_task_is_not_closed_while_a_member_bound_by_a_later_document_is_open(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        first, second, third = ledger.duty("T01", "T04", "T11", due=Q2, collective="provinces", text="Số hóa hộ tịch")
        for done in (first, second):
            ledger.report(done, Said(done_on=date(2025, 6, 20)))
        (later,) = Ledger(session, *LATER_DOCUMENT).duty("T11", due=DECEMBER)
        link(session, third, later)
    facts = august(store)
    assert [(each.document, each.task, each.done, each.overdue, each.members) for each in facts.collectives] == [
        ("07/CT-TTg", "Số hóa hộ tịch", 2, 0, 3)
    ]
    assert facts.totals.total == 3


def test_a_shared_task_whose_every_member_is_bound_elsewhere_is_still_listed(store: Store) -> None:
    with store.writing() as session:
        (given,) = Ledger(session).duty("T01", due=Q2, collective="provinces", text="Số hóa hộ tịch")
        (cancelled,) = Ledger(session, "57/NQ-TW").duty("T04", due=Q2, collective="provinces")
        ledger = Ledger(session, *LATER_DOCUMENT)
        link(session, given, *ledger.duty("T01", due=JULY))
        link(session, cancelled, *ledger.duty("T04", due=JULY))
        decide(session, cancelled, "cancel", date(2025, 8, 1))
    (shared,) = august(store).collectives
    assert (shared.document, shared.done, shared.overdue, shared.members) == ("07/CT-TTg", 0, 1, 1)
    assert shared.task == "Số hóa hộ tịch"


def test_a_late_step_is_printed_with_its_own_day(store: Store) -> None:
    with store.writing() as session:
        (duty,) = Ledger(session).duty("BYT", due=DECEMBER, deadline="30/6 trình; 31/12 ban hành")
        in_steps(session, duty, ("Trình dự thảo", Q2), ("Ban hành", DECEMBER))
    facts = august(store)
    (work,) = facts.late
    assert (work.step, work.step_until, work.due_on, work.days_late) == ("Trình dự thảo", Q2, DECEMBER, 40)
    assert deadline_text(work) == (
        "30/6 trình; 31/12 ban hành\n(31/12/2025)\n(bước đang làm: Trình dự thảo, tính đến hết 30/06/2025)"
    )
    assert heat_of(facts) == {"BYT": {"2025-06": 40}}
    in_annex = {field.title: field.value(work) for field in WORK_FIELDS}
    assert (in_annex["sheet_step"], in_annex["sheet_step_until"]) == ("Trình dự thảo", Q2)


def test_a_step_that_falls_due_is_listed_with_its_own_day_and_apart_from_another(store: Store) -> None:
    september = date(2025, 9, 19)
    with store.writing() as session:
        ledger = Ledger(session)
        first, second = ledger.duty("BYT", "BTC", due=date(2025, 9, 30))
        ledger.report(second, Said(done_on=date(2025, 8, 20), evidence=False))
        in_steps(session, first, ("Trình", september), ("Ban hành", date(2025, 9, 30)))
    facts = august(store)
    assert [(work.step, work.step_until) for work in facts.due_next] == [("Trình", september)] * 2
    assert len(works_by_task(facts.due_next).rows) == 1
    one, other = facts.due_next
    apart = works_by_task((one, type(other)(**{**vars(other), "step": "Ban hành", "step_until": None})))
    assert len(apart.rows) == 2


def test_work_without_steps_or_done_names_none(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        ledger.duty("BYT", due=Q2)
        (duty,) = ledger.duty("BTC", due=JULY)
        in_steps(session, duty, ("Trình", Q2), ("Ban hành", JULY))
        ledger.report(duty, Said(done_on=date(2025, 8, 20)))
    facts = august(store)
    assert [(work.step, work.step_until) for work in (*facts.late, *facts.done_late)] == [("", None)] * 2
    assert heat_of(facts)["BTC"] == {"2025-07": 14}


def test_late_work_that_a_merger_joined_is_not_said_to_be_late_no_more(store: Store) -> None:
    """Hậu Giang and Sóc Trăng passed to Cần Thơ on 1 July 2025; nothing was done."""
    with store.writing() as session:
        Ledger(session).duty("T92", "XHAUGIANG", "XSOCTRANG", due=MAY)
    june = august(store, month="2025-06", cutoff=date(2025, 6, 25), meeting=date(2025, 7, 2))
    assert (june.totals.overdue, june.movement.totals.overdue, june.movement.becomes_late) == (3, 1, ())
    freeze(store, june)
    july = august(store, month="2025-07", cutoff=date(2025, 7, 25), meeting=date(2025, 8, 1))
    assert july.previous is not None
    assert (july.previous.newly_late, july.previous.late_no_more, july.previous.joined) == ((), (), 2)
    said = paragraphs(july)
    assert "có 0 nhiệm vụ mới quá hạn; 0 nhiệm vụ quá hạn kỳ trước nay không còn quá hạn." in said
    assert "2 nhiệm vụ quá hạn kỳ trước nay gộp vào nhiệm vụ khác và vẫn quá hạn." in said


def test_of_merged_work_what_was_done_is_late_no_more(store: Store) -> None:
    with store.writing() as session:
        ledger = Ledger(session)
        duties = ledger.duty("T92", "XHAUGIANG", due=MAY)
        ledger.duty("BYT", due=Q2)
    freeze(store, august(store, month="2025-06", cutoff=date(2025, 6, 25), meeting=date(2025, 7, 1)))
    with store.writing() as session:
        for duty in duties:
            ledger.session = session
            ledger.report(duty, Said(on=date(2025, 7, 20), done_on=date(2025, 7, 18)))
    previous = august(store, month="2025-07", cutoff=date(2025, 7, 25), meeting=date(2025, 8, 1)).previous
    assert previous is not None
    assert previous.newly_late == ("07-CT-TTg.2.BYT",)
    assert (previous.late_no_more, previous.joined) == (("07-CT-TTg.1.T92", "07-CT-TTg.1.XHAUGIANG"), 0)


def test_what_was_reported_under_one_document_is_quoted_where_another_binds(store: Store) -> None:
    with store.writing() as session:
        ledger, later = Ledger(session), Ledger(session, *LATER_DOCUMENT)
        first, second = ledger.duty("BYT", "BTC", due=DECEMBER)
        link(session, first, *later.duty("BYT", "BTC", due=JULY))
        ledger.report(first, Said(done_on=date(2025, 8, 18), result="Đã ban hành"))
        ledger.report(second, Said(done_on=date(2025, 7, 30), evidence=False, result="Đã trình"))
        ledger.ask(second, DECEMBER, "Chờ ý kiến", by="BTC")
    facts = august(store)
    (done,), (unconfirmed,), (asked,) = facts.done_late, facts.unconfirmed, facts.extensions
    assert (done.code, done.also) == ("120-TB-VPCP.1.BYT", ("07-CT-TTg.1.BYT",))
    assert (done.result, done.evidence, done.reported_on) == ("Đã ban hành", "Văn bản số 12/BC", date(2025, 8, 20))
    assert (unconfirmed.document, unconfirmed.result, unconfirmed.reason) == ("120/TB-VPCP", "Đã trình", "Chờ ý kiến")
    assert (asked.agency, asked.code) == ("BTC", "07-CT-TTg.1.BTC")


def test_old_lateness_is_not_new_when_another_document_binds_at_the_meeting(store: Store) -> None:
    with store.writing() as session:
        (first,) = Ledger(session).duty("BYT", due=Q2)
        (second,) = Ledger(session, *LATER_DOCUMENT).duty("BYT", due=JULY)
        link(session, first, second)
        decide(session, second, "cancel", date(2025, 8, 28))
    movement = august(store).movement
    assert (movement.becomes_late, movement.totals.overdue) == ((), 1)
    assert movement.moves == (Move(Status.OVERDUE, Status.OVERDUE, 1),)


@pytest.mark.parametrize("linked", [1, 2], ids=["one of two", "both"])
def test_a_conclusion_counted_under_another_document_is_still_a_conclusion(store: Store, linked: int) -> None:
    with store.writing() as session:
        concluded = Ledger(session, "101/TB-VPCP", date(2025, 8, 5))
        given = [concluded.duty("BYT", due=AUGUST)[0], concluded.duty("BYT", due=DECEMBER)[0]]
        decided = Ledger(session, "200/QĐ-TTg", date(2025, 8, 10))
        for each in given[:linked]:
            link(session, each, *decided.duty("BYT", due=DECEMBER))
    facts = august(store)
    (conclusions,) = facts.conclusions
    assert (conclusions.document, conclusions.counts.total, len(conclusions.works)) == ("101/TB-VPCP", 2, 2)
    assert {source.code: source.assignments for source in facts.sources} == {
        "101/TB-VPCP": 2 - linked,
        "200/QĐ-TTg": linked,
    }
