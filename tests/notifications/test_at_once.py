"""Answers, letters and expiring leases at one moment: everybody gets a turn, nothing that happened is lost."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from decisions import Dispute, decide
from models import Store
from notifications import outbox
from notifications.letter import Outcome
from notifications.notice import NoticeState
from notifications.proof import chains
from tests.models.world import World
from tests.notifications.duties import stored
from tests.notifications.relays import NOW, enqueue

READERS = 24  # more than a database has pooled connections
LATE = NOW + 2 * outbox.LEASE


def test_two_dozen_readers_answer_at_once_and_every_answer_is_recorded(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("BYT", due=date(2025, 6, 30))
    together = threading.Barrier(READERS)

    def answer(number: int) -> str:
        together.wait()
        action = Dispute(code="07-CT-TTg.1.BYT", on=date(2025, 7, 2), reason=f"lý do {number}")
        return decide(action, store=store, by="Vụ trưởng", now=datetime(2025, 7, 2, 3, tzinfo=UTC)).outcome

    with ThreadPoolExecutor(READERS) as readers:
        outcomes = Counter(readers.map(answer, range(READERS)))
    assert outcomes == {"recorded": READERS}
    assert [(chain.sealed, chain.broken_at) for chain in chains(store) if chain.table == "audit_entry"] == [(24, None)]


@pytest.mark.parametrize("runs", range(3))
def test_an_answer_that_comes_as_its_lease_is_expired_is_not_lost(store: Store, runs: int) -> None:
    del runs
    enqueue(store, [f"van-thu-{number}@byt.example" for number in range(6)])
    claims = [outbox.claim(store, NOW, channel="mailto") for _ in range(6)]
    together = threading.Barrier(7)

    def accepted(claimed: outbox.Claim) -> None:
        together.wait()
        outbox.record(store, claimed, Outcome(NoticeState.ACCEPTED), channel="mailto", finished_at=LATE)

    def expired() -> None:
        together.wait()
        outbox.expire(store, LATE)

    with ThreadPoolExecutor(7) as workers:
        done = [workers.submit(expired), *(workers.submit(accepted, each) for each in claims if each)]
        assert [each.exception() for each in done] == [None] * 7
    assert {notice.state for notice in stored(store)} == {"accepted"}
