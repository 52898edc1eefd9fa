"""An answer counts for the rung, the due day and the post its letter was about; appeals wait until somebody answers."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from decisions import (
    Acknowledge,
    Dispute,
    Extend,
    Outcome,
    Redirect,
    Reply,
    RequestExtension,
    Settle,
    decide,
    open_questions,
)
from models import Store
from models.commitment_tables import Commitment
from models.people import add_holdings
from notifications import plan_notices
from rules.ladder import Role
from rules.people import Holding, HoldingKind
from tests.models.world import World

CODE = "07-CT-TTg.1.BYT"
DUE = date(2025, 6, 30)


def july(day: int) -> date:
    return date(2025, 7, day)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


@pytest.fixture
def duty(store: Store) -> int:
    """Give an assignment due on 30 June 2025."""
    with store.writing() as session:
        (assignment,) = World(session).duty("BYT", due=DUE)
    return assignment


def told(store: Store, day: date, role: str) -> str:
    """Plan a day and return the key of the digest to a post."""
    plan_notices(store, as_of=day, now=morning(day))
    return f"{day}/BYT/{role}"


def answered(store: Store, action: Reply) -> tuple[str, str]:
    """Return what became of an answer, and why it was refused."""
    found: Outcome = decide(action, store=store, by="người đọc", now=morning(action.on))
    return found.outcome, found.refusal.code if found.refusal else ""


def commit(store: Store, on: date, until: date, notice: str = "") -> tuple[str, str]:
    return answered(store, Acknowledge(code=CODE, on=on, until_on=until, reason="đang trình ký", notice=notice))


def ask(on: date, until: date, notice: str = "", reason: str = "chờ ý kiến") -> RequestExtension:
    return RequestExtension(code=CODE, on=on, until_on=until, reason=reason, notice=notice)


def held(store: Store, *holdings: Holding) -> None:
    with store.writing() as session:
        add_holdings(session, holdings, source="danh-ba.xlsx", by="VPCP", now=datetime(2025, 6, 1, tzinfo=UTC))


def person(kind: HoldingKind, name: str, first: date | None, last: date | None) -> Holding:
    return Holding("BYT", Role.UNIT_HEAD, kind, "Vụ trưởng", name, f"{name}@byt.example", first, last)


def test_an_old_link_commits_to_the_due_day_it_was_about_and_no_other(store: Store, duty: int) -> None:
    before = told(store, date(2025, 6, 23), "focal_point")
    with store.writing() as session:
        world = World.__new__(World)
        world.session, world.signed_on = session, date(2025, 3, 14)
        world.revise(duty, at=datetime(2025, 6, 24, tzinfo=UTC), due=july(1))
    after = told(store, july(8), "deputy_head")
    assert commit(store, july(9), july(20), before) == ("refused", "told_of_another_day")
    assert commit(store, july(9), july(20), after) == ("recorded", "")
    with store.reading() as session:
        assert session.exec(select(Commitment.rung)).all() == [5]


def test_a_link_counts_for_the_rung_of_its_own_letter(store: Store, duty: int) -> None:
    del duty
    first = told(store, july(1), "unit_head")
    told(store, july(7), "deputy_head")
    assert commit(store, july(8), july(10), first) == ("recorded", "")
    with store.reading() as session:
        assert session.exec(select(Commitment.rung)).all() == [1]


@pytest.mark.parametrize(
    ("on", "until", "outcome"),
    [
        (july(9), july(10), ("refused", "committed_above")),
        (july(9), july(25), ("refused", "committed_above")),
        (july(24), july(25), ("refused", "committed_above")),
        (july(25), july(26), ("refused", "commitment_broken")),
    ],
)
def test_a_lower_post_does_not_withdraw_what_a_higher_one_committed_to(
    store: Store, duty: int, on: date, until: date, outcome: tuple[str, str]
) -> None:
    del duty
    unit_head, deputy = told(store, july(1), "unit_head"), told(store, july(7), "deputy_head")
    assert commit(store, july(8), july(24), deputy) == ("recorded", "")
    assert commit(store, on, until, unit_head) == outcome


@pytest.mark.parametrize(("on", "outcome"), [(july(8), "recorded"), (july(9), "refused"), (july(14), "refused")])
def test_only_todays_holder_of_the_post_answers_its_letters(store: Store, duty: int, on: date, outcome: str) -> None:
    del duty
    held(store, person(HoldingKind.HOLDER, "a", None, july(8)), person(HoldingKind.HOLDER, "b", july(9), None))
    letter = told(store, july(1), "unit_head")
    refused = "post_changed_hands" if outcome == "refused" else ""
    assert answered(store, Dispute(code=CODE, on=on, reason="x", notice=letter)) == (outcome, refused)
    assert commit(store, on, july(18), letter) == (outcome, refused)


@pytest.mark.parametrize(
    "meanwhile",
    [
        [],
        [person(HoldingKind.DELEGATE, "c", july(2), july(9))],
        [person(HoldingKind.HOLDER, "a", None, None), person(HoldingKind.AWAY, "a", july(2), july(9)),
         person(HoldingKind.DELEGATE, "c", july(2), july(9))],
    ],
    ids=["as configured", "with a stand-in", "away with a stand-in"],
)  # fmt: skip
def test_the_holder_answers_though_somebody_stands_in(store: Store, duty: int, meanwhile: list[Holding]) -> None:
    del duty
    held(store, *meanwhile)
    assert commit(store, july(3), july(18), told(store, july(1), "unit_head")) == ("recorded", "")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Acknowledge(code=CODE, on=july(2), until_on=july(9), reason="x"), "refused"),
        (ask(july(2), july(31)), "refused"),
        (Dispute(code=CODE, on=july(2), reason="x"), "recorded"),
        (Redirect(code=CODE, on=july(2), to="Cục A", reason="x"), "recorded"),
    ],
)
def test_who_reads_for_information_neither_commits_nor_asks_for_more_time(
    store: Store, duty: int, answer: Reply, outcome: str
) -> None:
    del duty
    held(store, person(HoldingKind.INFORMATION, "d", None, None))
    plan = plan_notices(store, as_of=july(1), now=morning(july(1)))
    (letter,) = [notice.key for notice in plan.notices if notice.address == "d@byt.example"]
    found, why = answered(store, type(answer)(**{**answer.__dict__, "notice": letter}))
    assert (found, why) == (outcome, "only_for_information" if outcome == "refused" else "")


@pytest.mark.parametrize(
    ("asked", "settled", "outcome"),
    [
        ([date(2025, 6, 20), july(3)], [], ("recorded", "")),
        ([july(3)], [], ("refused", "too_late")),
        ([date(2025, 6, 20), july(3)], [0], ("refused", "too_late")),
        ([], [], ("refused", "too_late")),
    ],
)
def test_a_timely_request_is_not_spoilt_by_a_later_one(
    store: Store, duty: int, asked: list[date], settled: list[int], outcome: tuple[str, str]
) -> None:
    del duty
    for number, day in enumerate(asked):
        assert answered(store, ask(day, july(31), reason=f"người đọc {number}"))[0] == "recorded"
    waiting = open_questions(store, as_of=july(3), known_at=morning(july(3)))
    for number in settled:
        no = Settle(appeal=waiting[number].number, on=july(3), accepted=False, reason="chưa đủ căn cứ")
        assert decide(no, store=store, by="VPCP", now=morning(july(3))).outcome == "recorded"
    grant = Extend(code=CODE, on=july(4), until_on=july(31), document="5/VPCP", reason="đồng ý")
    found = decide(grant, store=store, by="VPCP", now=morning(july(4)))
    assert (found.outcome, found.refusal.code if found.refusal else "") == outcome


@pytest.mark.parametrize("answer", [ask(july(2), july(31)), Dispute(code=CODE, on=july(2), reason="đã ban hành")])
def test_who_was_declined_may_ask_again_in_the_same_words(store: Store, duty: int, answer: Reply) -> None:
    del duty
    assert [answered(store, answer)[0] for _ in range(2)] == ["recorded", "unchanged"]
    (waiting,) = open_questions(store, as_of=july(2), known_at=morning(july(2)))
    no = Settle(appeal=waiting.number, on=july(2), accepted=False, reason="chưa có văn bản")
    assert decide(no, store=store, by="VPCP", now=morning(july(2))).outcome == "recorded"
    assert open_questions(store, as_of=july(2), known_at=morning(july(2))) == []
    assert answered(store, answer)[0] == "recorded"
    (again,) = open_questions(store, as_of=july(2), known_at=morning(july(2)))
    assert again.number > waiting.number
