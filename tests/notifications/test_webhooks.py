"""Other systems hear of every change in their scope, in order, signed, and of none twice under two keys."""

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise

import pytest
from pydantic import SecretStr
from sqlmodel import select

from decisions import Hold, Resume, decide
from decisions.clients import end_client, issue_client
from decisions.webhooks import subscribe, turn
from models import Store
from models.accounts import clients_of
from models.assignment_tables import Assignment, Batch, Undo
from models.edition_tables import Edition
from models.outcome_tables import AuditEntry
from models.webhook_tables import WebhookAttempt, WebhookMessage
from models.webhooks import HookAsIs, hooks_of, told_of
from notifications import webhooks
from notifications.webhooks import Sender, WebhookSummary, send_webhooks
from rules.access import Scope
from rules.webhook import ChangeKind, HookState, secret_of
from tests.models.world import World
from tests.notifications.receiver import INSIDE, Heard, Receiver

NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)
KEY = "một khóa chỉ để thử nghiệm, đủ dài"
SENDER = Sender(SecretStr(KEY), "https://dondoc.example.vn", INSIDE)
OF_ONE = set(ChangeKind) - {ChangeKind.EDITION_FINAL}


@pytest.fixture
def codes(store: Store) -> dict[str, str]:
    """Fill a register with one duty each of two ministries; give their codes."""
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 10, 31))
        return {each.agency_code: each.code for each in session.exec(select(Assignment))}


def listen(store: Store, receiver: Receiver, agency: str = "", narrowed: str = "", **more: object) -> int:
    """Let a program in, held to an agency or not, and subscribe it to all it may hear, or to what is `narrowed`."""
    issue_client(store, name="Hệ thống theo dõi", scope=Scope.READ, agency=agency, by="t", now=NOW)
    with store.reading() as session:
        client = clients_of(session)[0].caller.client
    kinds = OF_ONE if agency or narrowed else set(ChangeKind)
    given = {"client": client, "address": receiver.address, "kinds": kinds, "agency": narrowed, "inside": INSIDE}
    given |= {"by": "t", "now": NOW}
    return subscribe(store, **{**given, **more})  # type: ignore[arg-type]


def send(store: Store, at: datetime = NOW) -> WebhookSummary:
    return send_webhooks(store, SENDER, now=lambda: at)


def hold(store: Store, code: str, day: int = 5) -> None:
    action = Hold(code=code, document="12/VPCP", reason="chờ", from_on=date(2025, 9, day), until_on=date(2025, 9, 30))
    assert decide(action, store=store, by="Văn phòng Chính phủ", now=NOW).outcome == "recorded"


def batch(store: Store, agency: str | None, file: str = "tháng 9.xlsx") -> int:
    with store.writing() as session:
        row = Batch(
            file=file, sha256="ab", agency_code=agency, recorded_at=NOW, rows=3, new=2, changed=1, unchanged=0, gone=0,
            kind="progress",
        )  # fmt: skip
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def edition(store: Store, code: str, state: str) -> None:
    month = code.partition("/")[0]
    with store.writing() as session:
        session.add(
            Edition(
                code=code, month=month, cutoff=date(2025, 8, 25), meeting=date(2025, 9, 3), known_at=NOW,
                created_at=NOW, version="1", facts_sha256="ab", state=state,
            )
        )  # fmt: skip


def test_every_kind_of_change_is_told_once_in_the_order_it_was_recorded(
    store: Store, receiver: Receiver, codes: dict[str, str]
) -> None:
    listen(store, receiver)
    first = batch(store, "BYT")
    hold(store, codes["BYT"])
    edition(store, "2025-08/1", "draft")
    edition(store, "2025-08/2", "final")
    with store.writing() as session:
        session.add(Undo(batch_id=first, recorded_at=NOW + timedelta(seconds=1)))
    summary = send(store)
    assert (summary.made, summary.accepted, summary.waiting) == (4, 4, 0)
    assert sorted(receiver.kinds) == ["decision.taken", "edition.final", "workbook.recorded", "workbook.undone"]
    assert receiver.kinds[-1] == "workbook.undone"
    told = {each.told["kind"]: each.told for each in receiver.heard}
    assert told["workbook.recorded"]["what"]["new"] == 2
    assert told["workbook.recorded"]["link"] == f"https://dondoc.example.vn/api/v1/batches/{first}"
    assert told["edition.final"]["link"] == "https://dondoc.example.vn/api/v1/editions/2025-08/2"
    assert told["decision.taken"]["what"] == {"assignment": codes["BYT"], "action": "hold"}
    assert send(store, NOW + timedelta(minutes=5)).made == 0
    assert len(receiver.heard) == 4


def test_what_happened_before_somebody_listened_is_not_told(
    store: Store, receiver: Receiver, codes: dict[str, str]
) -> None:
    batch(store, "BYT")
    hold(store, codes["BYT"])
    listen(store, receiver, now=NOW + timedelta(seconds=1))
    assert send(store, NOW + timedelta(minutes=1)).made == 0


def test_the_signature_proves_body_and_time(store: Store, receiver: Receiver) -> None:
    number = listen(store, receiver)
    batch(store, "BYT")
    send(store)
    (heard,) = receiver.heard
    proof = dict(part.split("=") for part in heard.headers["Dondoc-Signature"].split(","))
    secret = secret_of(KEY, number)
    assert secret == SENDER.secret(number) != SENDER.secret(number + 1)
    meant = hmac.new(secret.encode(), f"{proof['t']}.".encode() + heard.body, sha256).hexdigest()
    assert (int(proof["t"]), proof["v1"]) == (int(NOW.timestamp()), meant)
    assert heard.headers["Idempotency-Key"] == heard.told["id"]


def test_no_secret_is_in_the_database(store: Store, receiver: Receiver) -> None:
    number = listen(store, receiver)
    batch(store, "BYT")
    send(store)
    with store.reading() as session:
        rows = [str(row) for table in (WebhookMessage, AuditEntry) for row in session.exec(select(table)).all()]
        shown = repr(hooks_of(session))
    everything = " ".join([*rows, shown, repr(SENDER)])
    assert SENDER.secret(number) not in everything
    assert KEY not in everything
    assert "/nghe" not in everything  # logs and lists say the host alone


@pytest.mark.parametrize("narrowed", ["program", "subscription"])
def test_who_is_held_to_an_agency_hears_of_it_alone(
    store: Store, receiver: Receiver, codes: dict[str, str], narrowed: str
) -> None:
    if narrowed == "program":
        listen(store, receiver, "BYT")
    else:
        listen(store, receiver, narrowed="BYT")
    for agency in ("BYT", "BTC", None):
        batch(store, agency)
    hold(store, codes["BTC"])
    hold(store, codes["BYT"])
    edition(store, "2025-08/1", "final")
    send(store)
    assert {each.told["agency"] for each in receiver.heard} == {"BYT"}
    assert sorted(receiver.kinds) == ["decision.taken", "workbook.recorded"]


def test_only_the_kinds_asked_for_are_told(store: Store, receiver: Receiver, codes: dict[str, str]) -> None:
    listen(store, receiver, kinds={ChangeKind.DECISION_TAKEN})
    batch(store, "BYT")
    hold(store, codes["BYT"])
    send(store)
    assert receiver.kinds == ["decision.taken"]


def test_what_fails_is_sent_again_under_the_same_key_and_holds_back_what_follows(
    store: Store, receiver: Receiver
) -> None:
    listen(store, receiver)
    receiver.answers = [500]
    batch(store, "BYT", "một.xlsx")
    batch(store, "BYT", "hai.xlsx")
    assert (send(store).failed, len(receiver.heard)) == (1, 1)
    assert send(store, NOW + timedelta(seconds=59)).accepted == 0
    assert send(store, NOW + timedelta(seconds=76)).accepted == 2
    first, again, second = receiver.heard
    assert first.told == again.told
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"] != second.headers["Idempotency-Key"]
    assert [each.told["what"]["file"] for each in receiver.heard] == ["một.xlsx", "một.xlsx", "hai.xlsx"]


def test_nothing_is_lost_when_the_sender_dies_between_sending_and_recording(
    store: Store, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(store, receiver)
    batch(store, "BYT")
    with monkeypatch.context() as killed:
        killed.setattr(webhooks, "_recorded", _die)
        with pytest.raises(KeyboardInterrupt):
            send(store)
    assert send(store, NOW + timedelta(seconds=119)).accepted == 0  # somebody may still be at it
    assert send(store, NOW + timedelta(seconds=120)).accepted == 1
    first, again = receiver.heard
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"]
    assert first.body == again.body
    with store.reading() as session:
        assert len(session.exec(select(WebhookAttempt)).all()) == 2


def _die(*_about: object) -> bool:
    raise KeyboardInterrupt


def test_after_a_day_of_failures_a_subscription_is_set_aside_and_goes_on_when_turned_on(
    store: Store, receiver: Receiver
) -> None:
    number = listen(store, receiver)
    receiver.answers = [503] * 60
    batch(store, "BYT")
    at, tried, step = NOW, [], timedelta(minutes=15)
    while hooks(store)[0].state is HookState.ON:
        before = len(receiver.heard)
        summary = send(store, at)
        if len(receiver.heard) > before:
            tried.append(at)
        at += step
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[0] == step
    assert max(gaps) <= timedelta(minutes=90)
    assert summary.set_aside == [number]
    assert timedelta(hours=24) <= tried[-1] - tried[0] <= timedelta(hours=25, minutes=30)
    assert 20 <= len(tried) <= 35
    batch(store, "BTC")
    assert send(store, at).made == 0
    receiver.answers = []
    turn(store, number, HookState.ON, by="t", now=at)
    assert send(store, at).accepted == 2
    with store.reading() as session:
        assert told_of(session, number).waiting == 0
        actions = [each.action for each in session.exec(select(AuditEntry)) if each.action.startswith("webhook")]
    assert actions == ["webhook.add", "webhook.set_aside", "webhook.on"]


def hooks(store: Store) -> list[HookAsIs]:
    with store.reading() as session:
        return list(hooks_of(session))


def test_who_asks_never_to_be_told_again_is_set_aside_at_once(store: Store, receiver: Receiver) -> None:
    number = listen(store, receiver)
    receiver.answers = [410]
    batch(store, "BYT")
    assert send(store).set_aside == [number]


def test_while_paused_nothing_is_sent_and_afterwards_everything(
    store: Store, receiver: Receiver, codes: dict[str, str]
) -> None:
    number = listen(store, receiver)
    turn(store, number, HookState.OFF, by="t", now=NOW)
    hold(store, codes["BYT"])
    action = Resume(code=codes["BYT"], document="13/VPCP", reason="đủ", on=date(2025, 9, 5))
    decide(action, store=store, by="Văn phòng Chính phủ", now=NOW)
    assert send(store).made == 0
    turn(store, number, HookState.ON, by="t", now=NOW)
    assert [each.told["what"]["action"] for each in _after(store, receiver)] == ["hold", "resume"]


def _after(store: Store, receiver: Receiver) -> list[Heard]:
    send(store)
    return list(receiver.heard)


def test_a_program_whose_token_was_taken_back_hears_nothing(store: Store, receiver: Receiver) -> None:
    listen(store, receiver)
    with store.reading() as session:
        client = clients_of(session)[0].caller.client
    end_client(store, client, by="t", now=NOW)
    batch(store, "BYT")
    assert (send(store).made, receiver.heard) == (0, [])


def test_hostile_names_are_words_in_the_json(store: Store, receiver: Receiver) -> None:
    listen(store, receiver)
    name = "\"}\r\nX-Admin: 1\r\n\r\n<script>=cmd|'/C calc'!A1\u202e.xlsx"
    batch(store, "BYT", name)
    send(store)
    (heard,) = receiver.heard
    assert heard.told["what"]["file"] == name
    assert not any("admin" in header.lower() for header in heard.headers)


def test_two_senders_at_once_send_each_change_once(store: Store, receiver: Receiver) -> None:
    listen(store, receiver)
    for number in range(6):
        batch(store, "BYT", f"{number}.xlsx")
    with ThreadPoolExecutor(3) as senders:
        summaries = list(senders.map(lambda _: send(store), range(3)))
    send(store)
    assert [each.told["what"]["file"] for each in receiver.heard] == [f"{number}.xlsx" for number in range(6)]
    assert sum(each.made for each in summaries) == 6
