"""Many large questions at once leave the portal to the others: some wait, the rest are asked to come again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from models.turns import BusyError, Turns
from portal.desk import Desk
from portal.looking.pages import WRITING
from portal.looking.question import LONGEST_WORDS
from portal.looking.tables import kept_of
from rules.access import Role
from tests.portal.conftest import SignIn


@contextmanager
def all_taken(turns: Turns) -> Iterator[None]:
    """Hold every turn there is and every place in its line."""
    with ExitStack() as places:
        while turns.in_line.acquire(blocking=False):
            places.callback(turns.in_line.release)
        yield


def test_a_day_nobody_asked_about_waits_its_turn_and_today_does_not(sign_in: SignIn, desk: Desk) -> None:
    browser = sign_in(Role.SECRETARIAT)
    assert browser.get("/assignments").status_code == 200
    with all_taken(kept_of(desk).turns):
        busy = browser.get("/assignments?as_of=2025-08-01")
        assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
        assert "thử lại sau ít giây" in busy.text
        assert browser.get("/assignments").status_code == 200
        assert browser.get("/healthz").status_code == 200
    assert browser.get("/assignments?as_of=2025-08-01").status_code == 200


def test_days_that_were_refused_leave_nothing_behind(desk: Desk) -> None:
    kept = kept_of(desk)
    with all_taken(kept.turns):
        for day in range(1, 31):
            with pytest.raises(BusyError):
                kept.at(desk.today().replace(day=day), desk.now())
    assert not kept._locks  # noqa: SLF001 - it is seen nowhere else


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_so_many_files_are_written_at_once(sign_in: SignIn, suffix: str) -> None:
    browser = sign_in(Role.SECRETARIAT)
    with all_taken(WRITING):
        assert browser.get(f"/assignments.{suffix}").status_code == 503
    assert browser.get(f"/assignments.{suffix}").status_code == 200


def test_a_search_is_no_longer_than_people_type(sign_in: SignIn) -> None:
    browser = sign_in(Role.SECRETARIAT)
    for path in ("/assignments", "/assignments.csv", "/agencies"):
        assert browser.get(path, params={"q": "a" * LONGEST_WORDS}).status_code == 200
        assert browser.get(path, params={"q": "a" * (LONGEST_WORDS + 1)}).status_code == 400
