"""`dondoc webhooks`: subscribe, list by host, pause, send; a sender that is killed in between loses nothing."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from decisions.clients import issue_client
from models import Store
from models.assignment_tables import Batch
from notifications.webhooks import Sender, send_webhooks
from rules.access import Scope
from rules.webhook import secret_of
from tests.cli.test_contract import ask, run, url
from tests.notifications.receiver import INSIDE, Receiver, receiving

KEY = "k" * 40


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_WEBHOOK_KEY", KEY)
    monkeypatch.setenv("DONDOC_WEBHOOK_HOSTS", "localhost")


def subscribed(store: Store, address: str) -> dict[str, Any]:
    issue_client(store, name="Hệ thống theo dõi", scope=Scope.READ, by="t", now=datetime.now(UTC))
    return ask(store, "webhooks", "add", address, "--client", "1", "--kind", "workbook.recorded")


def recorded(store: Store, file: str = "tháng 9.xlsx") -> None:
    counts: dict[str, Any] = {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "gone": 0}
    with store.writing() as session:
        session.add(Batch(file=file, sha256="ab", recorded_at=datetime.now(UTC), kind="progress", **counts))


def test_a_subscription_from_its_beginning_to_its_end(store: Store) -> None:
    with receiving() as receiver:
        added = subscribed(store, receiver.address)
        assert added == {"webhook": 1, "secret": secret_of(KEY, 1)} == ask(store, "webhooks", "secret", "1")
        recorded(store)
        assert ask(store, "webhooks", "send")["accepted"] == 1
        assert receiver.kinds == ["workbook.recorded"]
    (listed,) = ask(store, "webhooks", "list")["webhooks"]
    assert (listed["host"], listed["state"], listed["waiting"], listed["last"]) == ("localhost", "on", 0, "accepted")
    assert "nghe" not in run("webhooks", "list", "--database", url(store)).output
    assert ask(store, "webhooks", "turn", "1", "off") == {"webhook": 1, "state": "off"}
    assert ask(store, "webhooks", "remove", "1")["state"] == "removed"
    assert ask(store, "webhooks", "secret", "1", exits=1)["error"]["code"] == "unknown"
    assert ask(store, "webhooks", "list")["webhooks"] == []


def test_without_a_key_nothing_is_sent_and_it_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DONDOC_WEBHOOK_KEY")
    assert ask(store, "webhooks", "send", exits=3)["error"]["code"] == "no_key"


def test_the_doctor_names_what_was_set_aside(store: Store) -> None:
    with receiving() as receiver:
        subscribed(store, receiver.address)
        receiver.answers = [410]
        recorded(store)
        assert ask(store, "webhooks", "send", exits=1)["set_aside"] == [1]
    checks = ask(store, "doctor", exits=1)["checks"]
    assert [(each["outcome"]) for each in checks if each["check"] == "webhooks"] == ["problem"]


def test_a_sender_killed_while_the_receiver_answers_loses_nothing(store: Store, tmp_path: Path) -> None:
    """The process gets SIGKILL once the message has arrived: what it would have recorded is sent again, same key."""
    with receiving() as receiver:
        subscribed(store, receiver.address)
        recorded(store, "một.xlsx")
        recorded(store, "hai.xlsx")
        assert _killed_by(receiver, store, tmp_path) == -9
        sender = Sender(SecretStr(KEY), "http://127.0.0.1:8077", INSIDE)
        assert send_webhooks(store, sender, now=lambda: datetime.now(UTC)).accepted == 0
        later = datetime.now(UTC) + timedelta(minutes=3)
        assert send_webhooks(store, sender, now=lambda: later).accepted == 2
    assert [each.told["what"]["file"] for each in receiver.heard] == ["một.xlsx", "một.xlsx", "hai.xlsx"]
    first, again, _ = receiver.heard
    assert (first.body, first.headers["Idempotency-Key"]) == (again.body, again.headers["Idempotency-Key"])


def _killed_by(receiver: Receiver, store: Store, folder: Path) -> int:
    words = [sys.executable, "-m", "cli.main", "webhooks", "send", "--database", url(store)]
    process = subprocess.Popen(words, cwd=Path(__file__).parents[2], env={**os.environ, "DONDOC_DATA": str(folder)})
    receiver.on_arrival = process.kill
    code = process.wait(timeout=60)
    receiver.on_arrival = None
    return code
