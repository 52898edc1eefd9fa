"""What every answer of a mail server leads to, against a real server process; the documents say the same."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Store
from models.outcome_tables import Delivery
from notifications import DeliverySummary, deliver, outbox
from tests.notifications.duties import stored
from tests.notifications.relays import NOW, ROOT, Server, enqueue, smtp_server

GUIDE = (ROOT / "docs/huong-dan/gui-thong-bao.md").read_text("utf-8")
LATER = NOW + timedelta(days=9)
TEMPORARY, PERMANENT, UNKNOWN, ACCEPTED = "failed_temporary", "failed_permanent", "unknown", "accepted"
FOR_NOW, FOR_GOOD = (421, 450, 451, 452), (550, 552, 554)

# The recipient says what the server does (see smtp_server.py) → the state it leads to, the detail, letters taken.
STEPS = {"rcpt": "recipient", "data": "text", "end": "answer"}
FAULTS = [
    *[(f"{step}-{code}", TEMPORARY, f"{name}: {code}", 0) for step, name in STEPS.items() for code in FOR_NOW],
    *[(f"{step}-{code}", PERMANENT, f"{name}: {code}", 0) for step, name in STEPS.items() for code in FOR_GOOD],
    ("drop-rcpt", TEMPORARY, "recipient: dropped", 0),
    ("hang-rcpt", TEMPORARY, "recipient: timeout", 0),
    ("drop-data", TEMPORARY, "text: dropped", 0),
    ("drop-end", UNKNOWN, "answer: dropped", 1),
    ("hang-end", UNKNOWN, "answer: timeout", 1),
    ("odd-end", UNKNOWN, "answer: garbled", 1),
    ("slow-end", ACCEPTED, "", 1),
    ("van-thu", ACCEPTED, "", 1),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with smtp_server(tmp_path_factory.mktemp("relay")) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_taken(server: Server) -> None:
    server.log.unlink(missing_ok=True)


def deliveries(store: Store) -> list[Delivery]:
    with store.reading() as session:
        rows = list(session.scalars(select(Delivery).order_by(col(Delivery.id))))
        session.expunge_all()
    return rows


@pytest.mark.parametrize(("local", "state", "detail", "taken"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_each_answer_leads_to_its_state(
    sqlite_store: Store, server: Server, local: str, state: str, detail: str, taken: int
) -> None:
    enqueue(sqlite_store, [f"{local}@byt.example"])
    deliver(sqlite_store, channel=server.url(), now=lambda: NOW)
    (notice,), (delivery,) = stored(sqlite_store), deliveries(sqlite_store)
    assert (notice.state, delivery.outcome, delivery.detail) == (state, state, detail)
    assert delivery.message_id == "<n0@dondoc.example>"
    assert len(server.taken()) == taken
    for _ in range(2):
        deliver(sqlite_store, channel=server.url(), now=lambda: LATER)
    assert len(deliveries(sqlite_store)) == (2 if state == TEMPORARY else 1), "only what failed for now is repeated"
    assert len(server.taken()) == taken, "the reader has it once"


def test_the_servers_words_are_kept(sqlite_store: Store, server: Server) -> None:
    enqueue(sqlite_store, ["rcpt-550@byt.example", "van-thu@byt.example"])
    deliver(sqlite_store, channel=server.url(), now=lambda: NOW)
    assert [(row.code, row.answer) for row in deliveries(sqlite_store)] == [(550, "5.1.1 nobody"), (250, "ok")]


@pytest.mark.parametrize("code", [421, 554])
def test_a_server_that_lets_nobody_in_costs_three_letters_one_attempt_each(
    sqlite_store: Store, tmp_path: Path, code: int
) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"] * 5)
    with smtp_server(tmp_path, greeting=code) as closed:
        found = deliver(sqlite_store, channel=closed.url(), now=lambda: NOW)
    assert found == DeliverySummary(0, 3, 0, 0, 5)
    assert {(row.detail, row.code) for row in deliveries(sqlite_store)} == {(f"connection: {code}", code)}
    assert [notice.attempts for notice in stored(sqlite_store)] == [1, 1, 1, 0, 0]


def test_a_refused_connection_is_for_now(sqlite_store: Store, tmp_path: Path) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"])
    with smtp_server(tmp_path) as gone:
        pass
    assert deliver(sqlite_store, channel=gone.url(), now=lambda: NOW) == DeliverySummary(0, 1, 0, 0, 1)
    assert deliveries(sqlite_store)[0].detail == "connection: refused"


@pytest.mark.parametrize(("code", "state"), [(452, TEMPORARY), (552, PERMANENT), (530, TEMPORARY)])
def test_an_answer_to_the_sender(sqlite_store: Store, server: Server, code: int, state: str) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"])
    deliver(sqlite_store, channel=server.url(sender=f"mail-{code}@dondoc.example"), now=lambda: NOW)
    assert (stored(sqlite_store)[0].state, deliveries(sqlite_store)[0].detail) == (state, f"sender: {code}")


def test_a_wrong_password_is_for_now_and_nobody_is_struck_off(sqlite_store: Store, server: Server) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"])
    deliver(sqlite_store, channel=server.url(login="ai:sai@"), now=lambda: NOW)
    assert (stored(sqlite_store)[0].state, deliveries(sqlite_store)[0].detail) == (TEMPORARY, "login: 535")


def test_a_server_without_starttls_gets_no_letter_unless_the_setting_says_so(
    sqlite_store: Store, server: Server
) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"])
    deliver(sqlite_store, channel=server.url().replace("&tls=no", ""), now=lambda: NOW)
    assert deliveries(sqlite_store)[0].detail == "connection: not supported"
    assert server.taken() == []


def test_half_of_the_recipients_are_bad_and_the_others_hear(store: Store, server: Server) -> None:
    good, bad = [f"van-thu-{n}@byt.example" for n in range(10)], ["rcpt-550@byt.example"] * 10
    enqueue(store, [address for pair in zip(good, bad, strict=True) for address in pair])
    assert deliver(store, channel=server.url(), now=lambda: NOW) == DeliverySummary(10, 0, 10, 0, 0)
    assert [letter["to"] for letter in server.taken()] == good
    assert Counter(notice.state for notice in stored(store)) == {ACCEPTED: 10, PERMANENT: 10}


def test_a_letter_that_must_be_delivered_is_repeated_under_its_own_name(sqlite_store: Store, server: Server) -> None:
    enqueue(sqlite_store, ["drop-end@byt.example"], must_deliver=True)
    moment = NOW
    for attempt in range(1, outbox.ATTEMPTS):
        deliver(sqlite_store, channel=server.url(), now=lambda: moment)  # noqa: B023 - called at once
        (notice,) = stored(sqlite_store)
        assert (notice.state, notice.next_at) == (TEMPORARY, moment + outbox.gap("n0", attempt))
        moment = notice.next_at or moment
    deliver(sqlite_store, channel=server.url(), now=lambda: moment)
    deliver(sqlite_store, channel=server.url(), now=lambda: LATER)
    assert stored(sqlite_store)[0].state == UNKNOWN
    assert [row.outcome for row in deliveries(sqlite_store)] == [UNKNOWN] * outbox.ATTEMPTS
    assert {letter["id"] for letter in server.taken()} == {"<n0@dondoc.example>"}


def test_an_upper_rung_goes_through_the_second_relay_at_once(
    sqlite_store: Store, server: Server, tmp_path: Path
) -> None:
    enqueue(sqlite_store, ["rcpt-550@byt.example"], must_deliver=True)
    second = f"maildir://{tmp_path / 'mail'}"
    assert deliver(sqlite_store, channel=server.url(), fallback=second, now=lambda: NOW).accepted == 1
    told = [(row.channel, row.outcome) for row in deliveries(sqlite_store)]
    assert told == [("thu", PERMANENT), ("maildir", ACCEPTED)]
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1


def test_the_better_of_two_failures_decides(sqlite_store: Store, server: Server) -> None:
    enqueue(sqlite_store, ["rcpt-450@byt.example", "rcpt-550@byt.example"], must_deliver=True)
    nowhere = "json://127.0.0.1:1"
    assert deliver(sqlite_store, channel=server.url(), fallback=nowhere, now=lambda: NOW).failed_temporary == 2
    assert [row.outcome for row in deliveries(sqlite_store)] == [TEMPORARY, TEMPORARY, PERMANENT, TEMPORARY]


def test_a_lower_rung_does_not(sqlite_store: Store, server: Server, tmp_path: Path) -> None:
    enqueue(sqlite_store, ["rcpt-550@byt.example"])
    second = f"maildir://{tmp_path / 'mail'}"
    assert deliver(sqlite_store, channel=server.url(), fallback=second, now=lambda: NOW).failed_permanent == 1
    assert not (tmp_path / "mail").exists()


def test_a_connection_that_died_between_two_letters_is_opened_anew(sqlite_store: Store, server: Server) -> None:
    """`end-421` closes the connection; the next letter neither fails nor waits."""
    enqueue(sqlite_store, ["van-thu@byt.example", "end-421@byt.example", "bo-truong@byt.example"])
    assert deliver(sqlite_store, channel=server.url(), now=lambda: NOW) == DeliverySummary(2, 1, 0, 0, 1)


def test_the_guide_has_a_row_for_each_fault() -> None:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in GUIDE.splitlines() if line.startswith("| ")]
    told = {(row[0], what.strip()): row[2] for row in cells if len(row) >= 3 for what in row[1].split(",")}
    for asked, state, _, _ in FAULTS[:-1]:
        place, what = asked.split("-") if asked[-1].isdigit() else reversed(asked.split("-"))
        assert f"`{state}`" in told[PLACES[place], WORDS.get(what, what)], asked


PLACES = {"rcpt": "người nhận (RCPT)", "data": "nội dung (DATA)", "end": "sau nội dung"}
WORDS = {"drop": "ngắt kết nối", "hang": "không trả lời", "odd": "câu không hiểu được", "slow": "trả lời chậm"}
