"""The pulse beats with every commit, of whoever, and rests otherwise; other databases of a server may make it beat."""

import subprocess
import sys
from datetime import UTC, datetime

from models import Store
from models.outcome_tables import AuditEntry
from models.pulse import Pulse


def write(store: Store) -> None:
    with store.writing() as session:
        at = datetime(2025, 9, 5, tzinfo=UTC)
        session.add(AuditEntry(at=at, by="Thư ký", action="confirm", subject="1", detail={}))


def rests(pulse: Pulse, store: Store) -> bool:
    """Whether it rests while somebody reads, at least once of a few times."""
    for _ in range(20):
        first = pulse.beat()
        with store.reading() as session:
            session.connection().exec_driver_sql("SELECT count(*) FROM audit_entry")
        if pulse.beat() == first:
            return True
    return False


def test_it_beats_with_a_commit_and_not_with_reading(store: Store) -> None:
    pulse = Pulse(store)
    assert rests(pulse, store)
    first = pulse.beat()
    write(store)
    assert pulse.beat() != first
    assert rests(pulse, store)


def test_it_beats_when_the_commit_is_there_and_not_before(store: Store) -> None:
    pulse = Pulse(store)
    with store.writing() as session:
        session.add(AuditEntry(at=datetime(2025, 9, 5, tzinfo=UTC), by="x", action="x", subject="1", detail={}))
        session.flush()
        during = pulse.beat()
    assert pulse.beat() != during


def test_it_beats_with_the_commit_of_another_process(store: Store) -> None:
    pulse = Pulse(store)
    first = pulse.beat()
    program = (
        "from models import Store; from tests.models.test_pulse import write;"
        f"write(Store({store.url.render_as_string(hide_password=False)!r}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert pulse.beat() != first


def test_it_goes_with_the_store_and_comes_again(store: Store) -> None:
    pulse = Pulse(store)
    first = pulse.beat()
    store.close()
    write(store)
    assert pulse.beat() != first
    assert rests(pulse, store)
