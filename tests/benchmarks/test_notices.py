"""The benchmark of notices compares like with like: both sides hand over the same bytes."""

from pathlib import Path

from benchmarks.notifications.digests import NOW, enqueue, letters
from models import Store
from notifications import deliver
from notifications.message import Sender, compose
from tests.notifications.relays import smtp_server


def test_the_outbox_sends_the_bytes_that_plain_smtplib_is_given(store: Store, tmp_path: Path) -> None:
    enqueue(store, 3, workbook=True)
    with smtp_server(tmp_path) as server:
        assert deliver(store, channel=server.url(), now=lambda: NOW).accepted == 3
        taken = [letter["text"].replace("\r\n", "\n").rstrip("\n").encode() for letter in server.taken()]
    sender = Sender("don-doc@dondoc.example")
    assert taken == [compose(letter, sender).rstrip(b"\n") for letter in letters(3, workbook=True)]
