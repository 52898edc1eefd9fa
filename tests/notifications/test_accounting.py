"""The day adds up or says why not; a heartbeat is given only then; dead letters are listed, put back or called off."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from models import Store
from models.outcome_tables import AuditEntry, Delivery, Notice
from notifications import NoticeState, deliver, outbox
from notifications.accounting import accounts
from notifications.dead_letters import cancel, dead_letters, requeue
from notifications.heartbeat import pulse
from tests.notifications.duties import HEAD_HEARS, stored
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
