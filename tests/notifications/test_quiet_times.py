"""Quiet hours, days off and a trial bind what waits as well as what is planned; a night's wait is no fault."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from cli.main import dondoc
from config.calendar import load_calendar
from config.clock import now
from config.settings import Settings
from models import Store
from notifications import DeliverySummary, deliver, outbox
from notifications.accounting import accounts
from rules.digest_policy import DigestPolicy
from tests.notifications.duties import stored
from tests.notifications.relays import enqueue

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
EVENINGS = DigestPolicy(quiet_from=time(17), quiet_until=time(6))
NOONS = DigestPolicy(quiet_from=time(12), quiet_until=time(13))


def july(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of July 2025 in Hanoi; the 18th is a Friday."""
    return datetime(2025, 7, day, hour, minute, tzinfo=HANOI)


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


@pytest.mark.parametrize(
    ("policy", "asked", "opens"),
    [
        (EVENINGS, july(18, 16, 59), None),
        (EVENINGS, july(18, 17), july(21, 6)),
        (EVENINGS, july(17, 17), july(18, 6)),
        (EVENINGS, july(19, 12), july(21, 6)),
        (EVENINGS, july(20, 23), july(21, 6)),
        (EVENINGS, july(21, 5, 59), july(21, 6)),
        (EVENINGS, july(21, 6), None),
        (NOONS, july(18, 12), july(18, 13)),
        (NOONS, july(18, 13), None),
        (NOONS, july(19, 9), july(21, 0)),
        (DigestPolicy(), july(19, 23), None),
        (EVENINGS, datetime(2025, 8, 29, 18, tzinfo=HANOI), datetime(2025, 9, 3, 6, tzinfo=HANOI)),
    ],
)
def test_what_comes_at_a_quiet_time_waits_for_the_next_working_morning(
    policy: DigestPolicy, asked: datetime, opens: datetime | None
) -> None:
    assert policy.not_before(asked, load_calendar()) == opens


@pytest.mark.parametrize(
    ("when", "sent"),
    [(july(18, 16, 59), 1), (july(18, 17), 0), (july(19, 10), 0), (july(19, 23, 30), 0), (july(21, 6), 1)],
)
def test_a_letter_planned_in_office_hours_is_not_sent_at_a_quiet_time(
    store: Store, tmp_path: Path, when: datetime, sent: int
) -> None:
    enqueue(store, ["van-thu@byt.example"], planned_at=july(18, 9))
    found = deliver(store, channel=f"maildir://{tmp_path / 'mail'}", now=at(when), policy=EVENINGS)
    assert found == DeliverySummary(sent, 0, 0, 0, 1 - sent)


def test_a_round_that_runs_into_the_quiet_hours_stops(store: Store, tmp_path: Path) -> None:
    enqueue(store, [f"van-thu-{number}@byt.example" for number in range(9)])
    clock = iter(july(18, 16, 50) + timedelta(minutes=number) for number in range(99))
    found = deliver(store, channel=f"maildir://{tmp_path / 'mail'}", now=lambda: next(clock), policy=EVENINGS)
    assert 0 < found.accepted < 9
    assert found.pending == 9 - found.accepted


def test_a_letter_that_fails_on_friday_evening_is_tried_again_on_monday(store: Store, tmp_path: Path) -> None:
    enqueue(store, ["van-thu@byt.example"], planned_at=july(18, 16, 58))
    (blocked := tmp_path / "mail").touch()
    deliver(store, channel=f"maildir://{blocked}", now=at(july(18, 16, 58)), policy=EVENINGS)
    assert stored(store)[0].next_at == july(21, 6)


@pytest.mark.parametrize(
    ("planned", "asked", "balances"),
    [
        (july(18, 18), july(21, 7), True),
        (july(18, 18), july(21, 17, 59), True),
        (july(18, 18), july(21, 18), False),
        (july(17, 7), july(18, 6, 59), True),
        (july(17, 7), july(18, 7), False),
        (july(18, 7), july(19, 23), True),
        (july(17, 23), july(19, 1), False),
    ],
)
def test_what_waits_over_days_off_is_not_adrift(
    store: Store,
    planned: datetime,
    asked: datetime,
    balances: bool,  # noqa: FBT001
) -> None:
    enqueue(store, ["van-thu@byt.example"], planned_at=planned)
    assert accounts(store, now=asked)[0].balances == balances


def test_a_trial_begun_after_planning_writes_to_nobody_else(store: Store, tmp_path: Path) -> None:
    enqueue(store, ["van-thu@byt.example", "thu@vpcp.example", "van-thu@bca.example", "rieng@byt.example"])
    trial = DigestPolicy(trial=frozenset({"Thu@VPCP.example"}))
    found = deliver(store, channel=f"maildir://{tmp_path / 'mail'}", now=at(july(18, 9)), policy=trial)
    assert found == DeliverySummary(1, 0, 0, 0, 0)
    assert [(n.address, n.state, n.state_reason, n.attempts) for n in stored(store) if n.state != "accepted"] == [
        (address, "suppressed", "trial", 0)
        for address in ("van-thu@byt.example", "van-thu@bca.example", "rieng@byt.example")
    ]
    assert [notice.address for notice in stored(store) if notice.state == "accepted"] == ["thu@vpcp.example"]
    assert accounts(store, now=july(18, 9))[0].balances


def test_a_trial_begun_while_a_letter_waits_to_be_tried_again_holds_that_back_too(store: Store, tmp_path: Path) -> None:
    enqueue(store, ["van-thu@byt.example"])
    (blocked := tmp_path / "mail").touch()
    deliver(store, channel=f"maildir://{blocked}", now=at(july(18, 9)))
    later = july(18, 9) + outbox.gap("n0", 1)
    trial = DigestPolicy(trial=frozenset({"thu@vpcp.example"}))
    assert deliver(store, channel=f"maildir://{blocked}", now=at(later), policy=trial) == DeliverySummary(0, 0, 0, 0, 0)
    assert (stored(store)[0].state, stored(store)[0].attempts) == ("suppressed", 1)


@pytest.mark.parametrize(
    ("setting", "receive"),
    [
        ("", set()),
        ("a@x.vn", {"a@x.vn"}),
        ("a@x.vn,b@x.vn", {"a@x.vn", "b@x.vn"}),
        ("a@x.vn;b@x.vn", {"a@x.vn", "b@x.vn"}),
        (" a@x.vn  b@x.vn ", {"a@x.vn", "b@x.vn"}),
        (",", None),
        (" ", None),
        (";;", None),
        ("yes", None),
        ("a@x.vn, on", None),
    ],
)
def test_a_trial_names_addresses_or_is_refused(
    monkeypatch: pytest.MonkeyPatch, setting: str, receive: set[str] | None
) -> None:
    monkeypatch.setenv("DONDOC_TRIAL", setting)
    if receive is None:
        with pytest.raises(ValidationError, match="trial"):
            Settings()
    else:
        assert Settings().digest_policy.trial == receive


def test_whoever_sends_at_a_quiet_time_is_told_why_nothing_goes(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue(sqlite_store, ["van-thu@byt.example"], planned_at=now())
    first, last = (now().astimezone(HANOI) + timedelta(hours=hours) for hours in (-1, 1))
    monkeypatch.setenv("DONDOC_QUIET_HOURS", f"{first:%H:%M}-{last:%H:%M}")
    monkeypatch.setenv("DONDOC_CHANNEL", f"maildir://{tmp_path / 'mail'}")
    command = ["deliver", "--database", str(sqlite_store.url)]
    assert "DONDOC_QUIET_HOURS" in CliRunner().invoke(dondoc, command).output
    assert not (tmp_path / "mail").exists()
    monkeypatch.delenv("DONDOC_QUIET_HOURS")
    assert "DONDOC_QUIET_HOURS" not in CliRunner().invoke(dondoc, command).output
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
