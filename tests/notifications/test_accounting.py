"""The day adds up or says why not; a heartbeat is given only then; dead letters are listed, put back or called off."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from models import Store
from models.outcome_tables import AuditEntry, Delivery, Notice
from notifications import NoticeState, deliver, outbox
from notifications.accounting import accounts
from notifications.dead_letters import StaleLetterError, cancel, dead_letters, requeue
from notifications.heartbeat import pulse
from notifications.letter import Outcome
from tests.models.world import World
from tests.notifications.duties import DUE_30_JUNE, HEAD_HEARS, assign, morning, plan, stored
from tests.notifications.relays import NOW, Server, enqueue, smtp_server

LATER = NOW + timedelta(hours=1)
MIXED = ["van-thu@byt.example", "rcpt-550@byt.example", "end-450@byt.example", "drop-end@byt.example"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with smtp_server(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture
def sent(store: Store, server: Server) -> Store:
    """Give a store whose four letters came to four states, and a fifth that was suppressed."""
    enqueue(store, MIXED)
    enqueue(store, ["thu@byt.example"], keys=["trial"], state="suppressed", state_reason="trial")
    deliver(store, channel=server.url(), now=lambda: NOW)
    return store


def test_every_notice_stands_in_exactly_one_state(sent: Store) -> None:
    (day,) = accounts(sent, now=NOW)
    assert (day.day, day.planned, day.adrift, day.balances) == (HEAD_HEARS, 5, (), True)
    assert day.states == {"accepted": 1, "failed_permanent": 1, "failed_temporary": 1, "unknown": 1, "suppressed": 1}


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ("an accepted letter without its delivery", "n0"),
        ("accepted twice", "n0"),
        ("refused without a delivery", "n1"),
        ("a state nobody knows", None),
        ("waiting for more than a day", "n2"),
        ("held long after its lease", "n2"),
    ],
)
def test_what_does_not_add_up_is_named(sent: Store, tmp_path: Path, what: str, key: str | None) -> None:
    now, file = NOW, tmp_path / "heartbeat"
    with sent.writing() as session:
        first, second, third, _, _ = session.scalars(select(Notice).order_by(col(Notice.id))).all()
        if "without" in what:
            session.execute(delete(Delivery).where(col(Delivery.notice_id) == (first if key == "n0" else second).id))
        elif "twice" in what:
            of_third = update(Delivery).where(col(Delivery.notice_id) == third.id)
            session.execute(of_third.values(notice_id=first.id, outcome="accepted"))
        elif "nobody" in what:
            first.state = "on its way"
        elif "waiting" in what:
            now = (third.next_at or now) + timedelta(hours=24)
        else:
            third.state, third.lease_until = "sending", NOW - outbox.LEASE
    (day,) = accounts(sent, now=now)
    assert (day.adrift, day.balances) == ((key,) if key else (), False)
    found = pulse(sent, str(file), today=HEAD_HEARS, now=now)
    assert (found.given, file.exists(), found.adrift) == (False, False, (day,))


def test_what_waits_for_the_end_of_quiet_days_is_not_adrift(store: Store) -> None:
    enqueue(store, MIXED[:1], next_at=NOW + timedelta(days=3))
    assert accounts(store, now=NOW + timedelta(days=4, microseconds=-1))[0].balances
    assert not accounts(store, now=NOW + timedelta(days=4))[0].balances


def test_the_heartbeat_goes_to_a_file_or_an_apprise_url(sent: Store, tmp_path: Path) -> None:
    assert pulse(sent, "", today=HEAD_HEARS, now=NOW).given is None
    assert pulse(sent, str(tmp_path / "here" / "heartbeat"), today=HEAD_HEARS, now=NOW).given is True
    assert (tmp_path / "here" / "heartbeat").read_text("utf-8") == f"{NOW.isoformat()} 5\n"
    assert pulse(sent, f"maildir://{tmp_path / 'mail'}", today=HEAD_HEARS, now=NOW).given is True
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
    for nowhere in ("json://127.0.0.1:1", "nosuch://x", str(tmp_path / "here" / "heartbeat" / "below a file")):
        assert pulse(sent, nowhere, today=HEAD_HEARS, now=NOW).given is False


def test_dead_letters_say_why(sent: Store) -> None:
    told = [(letter.key, letter.state, letter.reason, letter.attempts) for letter in dead_letters(sent)]
    assert told == [("n1", "failed_permanent", "recipient: 550", 1), ("n3", "unknown", "answer: dropped", 1)]


def test_a_letter_put_back_is_sent_again_with_all_its_attempts(sent: Store, server: Server) -> None:
    with sent.writing() as session:
        session.execute(update(Notice).where(col(Notice.key) == "n3").values(attempts=outbox.ATTEMPTS))
        session.execute(update(Notice).where(col(Notice.key) == "n3").values(address="end-450@byt.example"))
    assert requeue(sent, "n3", by="Chánh Văn phòng", reason="đã gọi điện, chưa nhận", now=LATER) == "unknown"
    deliver(sent, channel=server.url(), now=lambda: LATER)
    notice = stored(sent)[3]
    assert (notice.state, notice.next_at) == ("failed_temporary", LATER + outbox.gap("n3", 1))
    with sent.reading() as session:
        (entry,) = session.scalars(select(AuditEntry)).all()
    assert (entry.by, entry.action, entry.subject) == ("Chánh Văn phòng", "requeue_notice", "n3")


def test_only_what_failed_or_is_unknown_can_be_put_back(sent: Store) -> None:
    for key in ("n0", "nobody", "trial"):
        assert requeue(sent, key, by="x", reason="y", now=LATER) is None
    assert cancel(sent, "n0", by="x", reason="y", now=LATER) is None
    assert cancel(sent, "n1", by="x", reason="người nhận đã nghỉ hưu", now=LATER) == "failed_permanent"
    assert [letter.key for letter in dead_letters(sent)] == ["n3"]
    assert stored(sent)[1].state == NoticeState.CANCELLED
    assert accounts(sent, now=LATER)[0].balances


FIRST, SECOND = date(2025, 7, 1), date(2025, 7, 2)
LATE_WORK = "07-CT-TTg.1.BYT"


def lost(store: Store, day: date) -> str:
    """Plan a day whose only letter is refused by the server; return its key."""
    plan(store, day)
    claimed = outbox.claim(store, morning(day), channel="mailto")
    assert claimed is not None
    outbox.record(store, claimed, Outcome(NoticeState.FAILED_PERMANENT), channel="mailto", finished_at=morning(day))
    return claimed.letter.key


def put_back(store: Store, key: str, day: date) -> str | None:
    return requeue(store, key, by="Chánh Văn phòng", reason="đã sửa địa chỉ", now=morning(day))


def test_a_letter_that_still_tells_the_truth_is_put_back_and_is_not_adrift_meanwhile(store: Store) -> None:
    assign(store, "BYT")
    key = lost(store, FIRST)
    assert put_back(store, key, date(2025, 7, 3)) == "failed_permanent"
    assert accounts(store, now=morning(date(2025, 7, 3)))[0].balances
    assert outbox.claim(store, morning(date(2025, 7, 3)), channel="mailto") is not None


def test_a_letter_is_not_put_back_once_its_items_were_told_later(store: Store) -> None:
    assign(store, "BYT", tasks=2)
    key = lost(store, FIRST)
    plan(store, SECOND)
    with pytest.raises(StaleLetterError, match=LATE_WORK):
        put_back(store, key, SECOND)
    assert stored(store)[0].state == "failed_permanent"


def test_a_letter_is_put_back_when_the_later_one_was_lost_as_well(store: Store) -> None:
    assign(store, "BYT")
    key = lost(store, FIRST)
    lost(store, SECOND)
    assert put_back(store, key, SECOND) == "failed_permanent"


@pytest.mark.parametrize("what", ["done", "extend", "cancel", "hold"])
def test_a_letter_is_not_put_back_once_its_work_is_not_late_any_more(store: Store, what: str) -> None:
    with store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=DUE_30_JUNE)
    key = lost(store, FIRST)
    with store.writing() as session:
        world = World.__new__(World)
        world.session = session
        if what == "done":
            world.report(duty, SECOND, evidence=SECOND, batch=1)
        else:
            world.decide(duty, what, SECOND, until=None if what == "cancel" else date(2025, 8, 29))
    with pytest.raises(StaleLetterError, match=LATE_WORK):
        put_back(store, key, SECOND)


def test_a_letter_is_put_back_while_others_are_being_sent(store: Store) -> None:
    """Sending holds a turn and then a letter; whoever puts one back takes both in the same order."""
    enqueue(store, [f"van-thu-{number}@byt.example" for number in range(8)])
    claims = [outbox.claim(store, NOW, channel="mailto") for _ in range(8)]
    for each in claims[:4]:
        assert each
        outbox.record(store, each, Outcome(NoticeState.FAILED_PERMANENT), channel="mailto", finished_at=NOW)
    accepted = Outcome(NoticeState.ACCEPTED)
    with ThreadPoolExecutor(8) as workers:
        turned = [workers.submit(requeue, store, f"n{n}", by="x", reason="y", now=LATER) for n in range(4)]
        answered = [
            workers.submit(outbox.record, store, each, accepted, channel="mailto", finished_at=LATER)
            for each in claims[4:]
            if each
        ]
        assert [each.exception() for each in turned] == [None] * 4
        assert [each.exception() for each in answered] == [None] * 4
    assert [notice.state for notice in stored(store)] == ["planned"] * 4 + ["accepted"] * 4
