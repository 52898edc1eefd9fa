"""The outbox: each notice is sent by one worker, once; what is lost becomes unknown; what fails waits longer."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from models import Store
from models.outcome_tables import Delivery, Notice
from models.register_tables import AgencyRow
from notifications import ChannelError, DeliverySummary, deliver, outbox
from notifications.delivery import SLOW_ANSWER
from notifications.letter import Outcome
from notifications.notice import NoticeState
from tests.notifications.duties import HEAD_HEARS, morning, stored
from tests.notifications.relays import enqueue

NOW = morning(HEAD_HEARS)
AGENCIES = ("BYT", "BCA", "BNG", "BQP")
WORKER = Path(__file__).parent / "worker.py"


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


def planned(store: Store, *agencies: str) -> None:
    """Put one letter per agency into the outbox."""
    keys = [f"{HEAD_HEARS}/{agency}/agency_head" for agency in agencies]
    enqueue(store, [f"dau-moi@{agency}.example".lower() for agency in agencies], keys=keys)


def arrived(folder: Path) -> list[str]:
    """Return the Message-IDs in a Maildir."""
    return sorted(str(message_from_bytes(file.read_bytes())["Message-ID"]) for file in (folder / "new").glob("*"))


def attempts(store: Store) -> list[tuple[str, str, str]]:
    """Return every delivery: channel, outcome, detail."""
    with store.reading() as session:
        rows = session.scalars(select(Delivery).order_by(col(Delivery.id))).all()
        return [(row.channel, row.outcome, row.detail) for row in rows]


def database(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def worker(store: Store, folder: Path, what: str) -> subprocess.Popen[str]:
    """Start a delivering process of its own."""
    command = [sys.executable, str(WORKER), database(store), f"maildir://{folder}", NOW.isoformat(), what]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment)


def test_each_notice_arrives_once_and_a_second_run_sends_nothing(store: Store, tmp_path: Path) -> None:
    planned(store, *AGENCIES)
    channel = f"maildir://{tmp_path / 'mail'}"
    assert deliver(store, channel=channel, now=at(NOW)) == DeliverySummary(4, 0, 0, 0, 0)
    assert deliver(store, channel=channel, now=at(NOW)) == DeliverySummary(0, 0, 0, 0, 0)
    assert arrived(tmp_path / "mail") == [f"<2025-07-14.{a}.agency_head@localhost>" for a in sorted(AGENCIES)]
    assert attempts(store) == [("maildir", "accepted", "")] * 4
    assert {(notice.state, notice.attempts, notice.lease_until) for notice in stored(store)} == {("accepted", 1, None)}


def test_a_limit_leaves_the_rest_pending(store: Store, tmp_path: Path) -> None:
    planned(store, *AGENCIES)
    channel = f"maildir://{tmp_path / 'mail'}"
    assert deliver(store, channel=channel, now=at(NOW), limit=3) == DeliverySummary(3, 0, 0, 0, 1)
    assert deliver(store, channel=channel, now=at(NOW), limit=0) == DeliverySummary(0, 0, 0, 0, 1)


def test_a_failure_waits_longer_each_time_and_then_is_permanent(store: Store, tmp_path: Path) -> None:
    planned(store, "BYT")
    blocked = tmp_path / "a file, not a folder"
    blocked.touch()
    channel, moment = f"maildir://{blocked}", NOW
    for attempt in range(1, outbox.ATTEMPTS):
        gap = outbox.gap("2025-07-14/BYT/agency_head", attempt)
        assert deliver(store, channel=channel, now=at(moment)) == DeliverySummary(0, 1, 0, 0, 1)
        assert stored(store)[0].next_at == moment + gap
        just_before = moment + gap - timedelta(microseconds=1)
        assert deliver(store, channel=channel, now=at(just_before)) == DeliverySummary(0, 0, 0, 0, 1)
        moment += gap
    assert deliver(store, channel=channel, now=at(moment)) == DeliverySummary(0, 0, 1, 0, 0)
    assert deliver(store, channel=channel, now=at(moment + timedelta(days=9))) == DeliverySummary(0, 0, 0, 0, 0)
    outcomes = [outcome for _, outcome, _ in attempts(store)]
    assert outcomes == ["failed_temporary"] * len(outbox.GAPS) + ["failed_permanent"]
    assert all(str(tmp_path) not in detail and detail for _, _, detail in attempts(store))


def test_retries_go_on_for_at_least_four_hours_with_growing_gaps() -> None:
    assert sum(outbox.GAPS, timedelta()) >= timedelta(hours=4)
    for key in map(str, range(200)):
        gaps = [outbox.gap(key, attempt) for attempt in range(1, outbox.ATTEMPTS)]
        assert gaps == sorted(set(gaps))
        assert all(gap <= waited < gap * 1.2 for gap, waited in zip(outbox.GAPS, gaps, strict=True))


def test_those_who_failed_together_do_not_come_back_together() -> None:
    assert len({outbox.gap(str(number), 1) // timedelta(seconds=1) for number in range(200)}) > 50
    assert outbox.gap("n1", 1) == outbox.gap("n1", 1)


def test_after_the_folder_is_mended_the_same_notice_arrives(store: Store, tmp_path: Path) -> None:
    planned(store, "BYT")
    blocked = tmp_path / "mail"
    blocked.touch()
    deliver(store, channel=f"maildir://{blocked}", now=at(NOW))
    blocked.unlink()
    later = NOW + outbox.gap("2025-07-14/BYT/agency_head", 1)
    assert deliver(store, channel=f"maildir://{blocked}", now=at(later)) == DeliverySummary(1, 0, 0, 0, 0)
    assert arrived(blocked) == ["<2025-07-14.BYT.agency_head@localhost>"]


def test_a_lost_claim_becomes_unknown_when_its_lease_runs_out(store: Store, tmp_path: Path) -> None:
    planned(store, "BYT")
    channel = f"maildir://{tmp_path / 'mail'}"
    assert outbox.claim(store, NOW, channel="mailto")
    just_before = NOW + outbox.LEASE - timedelta(microseconds=1)
    assert deliver(store, channel=channel, now=at(just_before)) == DeliverySummary(0, 0, 0, 0, 1)
    assert deliver(store, channel=channel, now=at(NOW + outbox.LEASE)) == DeliverySummary(0, 0, 0, 1, 0)
    assert deliver(store, channel=channel, now=at(NOW + timedelta(days=9))) == DeliverySummary(0, 0, 0, 0, 0)
    assert attempts(store) == [("mailto", "unknown", "lease_expired")]
    assert not (tmp_path / "mail").exists()


def test_an_answer_after_the_lease_still_counts(store: Store) -> None:
    planned(store, "BYT")
    claimed = outbox.claim(store, NOW, channel="mailto")
    assert claimed
    late = NOW + 2 * outbox.LEASE
    outbox.expire(store, late)
    outbox.record(store, claimed, Outcome(NoticeState.ACCEPTED), channel="mailto", finished_at=late)
    assert stored(store)[0].state == "accepted"
    assert [outcome for _, outcome, _ in attempts(store)] == ["unknown", "accepted"]


def test_killed_between_filing_and_recording_the_letter_is_filed_again_in_its_place(
    store: Store, tmp_path: Path
) -> None:
    planned(store, "BYT", "BCA")
    folder = tmp_path / "mail"
    process = worker(store, folder, "stall")
    assert process.stdout
    with process:
        assert process.stdout.readline() == "sent\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert len(arrived(folder)) == 1
    soon, later = NOW + timedelta(minutes=1), NOW + outbox.LEASE
    assert deliver(store, channel=f"maildir://{folder}", now=at(soon)) == DeliverySummary(1, 0, 0, 0, 1)
    assert deliver(store, channel=f"maildir://{folder}", now=at(later)) == DeliverySummary(1, 0, 0, 0, 0)
    assert len(arrived(folder)) == len(set(arrived(folder))) == 2
    assert Counter(notice.state for notice in stored(store)) == {"accepted": 2}


def test_a_letter_read_meanwhile_is_not_filed_again(store: Store, tmp_path: Path) -> None:
    """A mail program moves what was read from new/ to cur/ and adds its marks."""
    planned(store, "BYT")
    folder = tmp_path / "mail"
    deliver(store, channel=f"maildir://{folder}", now=at(NOW))
    (letter,) = (folder / "new").iterdir()
    letter.rename(folder / "cur" / f"{letter.name}:2,S")
    with store.writing() as session:
        session.execute(update(Notice).values(state="planned"))
    assert deliver(store, channel=f"maildir://{folder}", now=at(NOW)).accepted == 1
    assert [path.name for path in (folder / "cur").iterdir()] == [f"{letter.name}:2,S"]
    assert not list((folder / "new").iterdir())


def test_a_failure_as_long_as_a_time_out_is_unknown(store: Store) -> None:
    """A server that takes a mail and answers late looks like a failure: sending again might double it."""
    planned(store, "BYT")
    clock = count()
    slow = deliver(store, channel="json://127.0.0.1:1", now=lambda: NOW + SLOW_ANSWER * next(clock))
    assert slow == DeliverySummary(0, 0, 0, 1, 0)
    assert attempts(store)[0][1:] == ("unknown", "slow_answer")


def test_a_channel_of_ours_knows_a_failure_from_a_lost_answer(store: Store, tmp_path: Path) -> None:
    planned(store, "BYT")
    (blocked := tmp_path / "mail").touch()
    clock = count()
    slow = deliver(store, channel=f"maildir://{blocked}", now=lambda: NOW + SLOW_ANSWER * next(clock))
    assert slow == DeliverySummary(0, 1, 0, 0, 1)


def test_threads_delivering_at_once_share_the_work(store: Store, tmp_path: Path) -> None:
    codes = provinces(store)
    planned(store, *codes)
    channel = f"maildir://{tmp_path / 'mail'}"
    with ThreadPoolExecutor(3) as pool:
        summaries = list(pool.map(lambda _: deliver(store, channel=channel, now=at(NOW)), range(3)))
    assert sum(summary.accepted for summary in summaries) == len(codes) == 34
    assert len(arrived(tmp_path / "mail")) == len(set(arrived(tmp_path / "mail"))) == 34
    assert len(attempts(store)) == 34


def test_processes_delivering_at_once_share_the_work(store: Store, tmp_path: Path) -> None:
    codes = provinces(store)
    planned(store, *codes)
    processes = [worker(store, tmp_path / "mail", "deliver") for _ in range(2)]
    sent = [int(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum(sent) == len(codes)
    assert len(arrived(tmp_path / "mail")) == len(set(arrived(tmp_path / "mail"))) == len(codes)


def test_an_unusable_channel_is_refused_before_the_outbox_is_touched(store: Store) -> None:
    planned(store, "BYT")
    for channel in ("", "nonsense", "nosuchscheme://a/b", "maildir://", "maildir:///", "mailto://", "://x"):
        with pytest.raises(ChannelError, match="DONDOC_CHANNEL"):
            deliver(store, channel=channel, now=at(NOW))
    assert (stored(store)[0].state, attempts(store)) == ("planned", [])


def provinces(store: Store) -> list[str]:
    """Return the codes of the 34 provinces that exist on the day."""
    with store.reading() as session:
        rows = session.scalars(select(AgencyRow).where(col(AgencyRow.kind) == "province")).all()
        return [row.code for row in rows if row.valid_to is None]
