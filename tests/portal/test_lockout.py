"""Guessing is slowed down, and does not keep the holder of a name out."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from decisions import passwords
from models.account_tables import SignInAttempt
from portal.app import create_app
from portal.desk import Desk
from portal.signing.device import COOKIE, KNOWN_FOR
from rules.access import Role
from tests.portal.conftest import NOW, PASSWORD, Browser, open_account

WRONG, OFFICE, ELSEWHERE = "một mật khẩu khác hẳn", "10.1.1.1", "203.0.113.9"


class Portal:
    """A portal with the accounts "ops" and "boss", and a clock tests move."""

    def __init__(self, desk: Desk) -> None:
        """Open it on the tests' morning."""
        self.at = NOW
        self.app = create_app(replace(desk, now=self._now))
        for name in ("ops", "boss"):
            open_account(desk.store, name, Role.OPS)

    def _now(self) -> datetime:
        return self.at

    def browser(self, address: str = OFFICE) -> Browser:
        """Give a browser nobody signed in with yet."""
        return Browser(self.app, address)

    def known(self, name: str = "ops", address: str = OFFICE) -> Browser:
        """Give a browser in which the holder of a name signed in before, and out again."""
        browser = self.browser(address)
        assert tried(browser, PASSWORD, name) == 303
        browser.send("/password", "/sign-out")
        return browser


def tried(browser: Browser, password: str, name: str = "ops") -> int:
    return browser.request("POST", "/sign-in", data={"name": name, "password": password}).status_code


@pytest.fixture
def portal(desk: Desk) -> Portal:
    """Give the portal."""
    return Portal(desk)


def guess(portal: Portal, *, times: int, each_from: int = 5, name: str = "ops") -> None:
    """Fail at a name: so often, a few times from each address."""
    for number in range(times):
        assert tried(portal.browser(f"198.51.100.{number // each_from}"), WRONG, name) == 422


def test_five_failures_elsewhere_lock_that_place_alone(portal: Portal) -> None:
    elsewhere = portal.browser(ELSEWHERE)
    assert [tried(elsewhere, WRONG) for _ in range(5)] == [422] * 5
    assert tried(portal.browser(ELSEWHERE), PASSWORD) == 429
    assert tried(portal.browser(OFFICE), PASSWORD) == 303


@pytest.mark.parametrize(("failures", "then"), [(49, 303), (50, 429)])
def test_a_name_guessed_from_many_places_waits_where_it_is_not_known(portal: Portal, failures: int, then: int) -> None:
    known = portal.known()
    guess(portal, times=failures)
    assert tried(portal.browser(), PASSWORD) == then
    assert tried(portal.browser(), PASSWORD, "boss") == 303, "another name does not"
    assert tried(known, PASSWORD) == 303


def test_who_shares_an_address_with_one_who_guesses_may_try_in_a_known_browser(portal: Portal) -> None:
    known = portal.known()
    for number in range(30):
        tried(portal.browser(), WRONG, f"name-{number}")
    assert tried(portal.browser(), PASSWORD) == 429
    assert tried(known, PASSWORD) == 303


def test_a_known_browser_may_guess_no_more_often_than_others(portal: Portal) -> None:
    known = portal.known()
    assert [tried(known, WRONG) for _ in range(5)] == [422] * 5
    assert tried(known, PASSWORD) == 429
    portal.at += timedelta(minutes=15)
    assert tried(known, PASSWORD) == 303


def test_a_browser_is_known_to_one_name_for_ninety_days_by_a_cookie_of_ours(portal: Portal) -> None:
    known, of_boss, forged = portal.known(), portal.known("boss"), portal.browser()
    forged.cookies.set(COOKIE, known.cookies[COOKIE][:-2] + "xx")
    portal.at += KNOWN_FOR
    guess(portal, times=50)
    assert [tried(each, PASSWORD) for each in (of_boss, forged, known)] == [429, 429, 303]
    late = portal.known("boss")
    portal.at += KNOWN_FOR + timedelta(seconds=1)
    guess(portal, times=50, name="boss")
    assert tried(late, PASSWORD, "boss") == 429


@pytest.mark.parametrize(
    ("guessing", "asking", "then"),
    [("2001:db8:1:1::{}", "2001:db8:1:1:ffff::9", 429), ("2001:db8:1:1::{}", "2001:db8:1:2::9", 303),
     ("::ffff:198.51.100.{}", "198.51.100.9", 303), ("::ffff:198.51.100.1", "198.51.100.1", 429)],
)  # fmt: skip
def test_a_subscriber_is_one_place_whatever_address_they_take(
    portal: Portal, guessing: str, asking: str, then: int
) -> None:
    for number in range(5):
        tried(portal.browser(guessing.format(number)), WRONG)
    assert tried(portal.browser(asking), PASSWORD) == then


def test_nobody_outside_keeps_its_holder_from_changing_a_password(portal: Portal) -> None:
    inside, new = portal.browser(), "một câu dễ nhớ hơn"
    assert tried(inside, PASSWORD) == 303
    for _ in range(5):
        tried(portal.browser(), WRONG)
    guess(portal, times=45)
    assert inside.send("/password", "/password", old=PASSWORD, new=new, again=new).status_code == 303


def test_a_session_left_open_is_no_way_to_guess_a_password(portal: Portal) -> None:
    inside, new = portal.browser(), "một câu dễ nhớ hơn"
    assert tried(inside, PASSWORD) == 303
    for _ in range(5):
        inside.send("/password", "/password", old=WRONG, new=new, again=new)
    assert "15 phút" in inside.send("/password", "/password", old=PASSWORD, new=new, again=new).text


@contextmanager
def _everybody_signs_in() -> Iterator[None]:
    with ExitStack() as places:
        while passwords.IN_LINE.acquire(blocking=False):
            places.callback(passwords.IN_LINE.release)
        yield


def test_one_too_many_at_once_is_sent_away_and_not_counted(portal: Portal, desk: Desk) -> None:
    with _everybody_signs_in():
        assert [tried(portal.browser(), PASSWORD) for _ in range(6)] == [503] * 6
    with desk.store.reading() as session:
        assert not session.exec(select(SignInAttempt)).all()
    assert [tried(portal.browser(), PASSWORD) for _ in range(12)] == [303] * 12
