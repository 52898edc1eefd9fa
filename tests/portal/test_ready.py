"""While much that was just recorded is judged, pages tell of the instant before it and say so; its author waits."""

import gc
from datetime import date, timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import update

from models import Store
from models.assignment_tables import Batch
from models.columns import table_of
from portal.desk import Desk
from portal.looking.ahead import judge_ahead, keep_ahead
from portal.looking.tables import kept_of
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import NOW, ON_5_SEPTEMBER, Browser, SignIn
from tests.portal.office import fill

BATCH = table_of(Batch)
BEFORE, NOW_SAID = "14:58 05/09/2025", "15:00 05/09/2025"


@pytest.fixture
def world(store: Store) -> World:
    """Give the small register."""
    return fill(store)


def record_much(world: World, store: Store) -> None:
    """Record a workbook of a thousand rows a minute ago; one of them gives work."""
    with store.writing() as session:
        world.session, at = session, NOW - timedelta(minutes=1)
        world.batch = world.new_batch(at)
        session.execute(update(BATCH).where(BATCH.c.id == world.batch).values(rows=1_001))
        world.duty("BNV", due=date(2025, 8, 1))


def late_on(browser: Browser) -> str:
    return browser.get("/").text.partition("<strong>")[2].partition("</strong>")[0]


def test_a_page_tells_of_the_instant_before_and_then_of_now(store: Store, sign_in: SignIn, world: World) -> None:
    browser = sign_in(Role.SECRETARIAT)
    assert NOW_SAID in browser.get("/").text
    assert late_on(browser) == "2"
    record_much(world, store)
    page = browser.get("/assignments").text
    assert (BEFORE in page, "BNV</a>" in page) == (True, False)
    give_up = monotonic() + 20
    while NOW_SAID not in (page := browser.get("/assignments").text):
        assert BEFORE in page
        assert monotonic() < give_up
        sleep(0.01)
    assert "BNV</a>" in page
    assert late_on(browser) == "3"


def test_whoever_changed_something_waits_for_the_present(store: Store, sign_in: SignIn, world: World) -> None:
    browser = sign_in(Role.SECRETARIAT)
    browser.get("/")
    assert browser.send("/uploads/new", "/uploads").status_code == 422
    record_much(world, store)
    page = browser.get("/assignments").text
    assert (NOW_SAID in page, "BNV</a>" in page) == (True, True)


def test_an_assignment_just_recorded_has_its_page_at_once(store: Store, sign_in: SignIn, world: World) -> None:
    browser = sign_in(Role.SECRETARIAT)
    browser.get("/")
    record_much(world, store)
    assert browser.get("/assignments/07-CT-TTg.4.BNV").status_code == 200


def test_today_is_judged_ahead(desk: Desk, world: World, store: Store) -> None:
    judge_ahead(desk)
    table = kept_of(desk).at(ON_5_SEPTEMBER, NOW)
    assert len(table.rows) == 4
    record_much(world, store)
    stop, give_up = keep_ahead(desk), monotonic() + 20
    try:
        while kept_of(desk).ready_at(ON_5_SEPTEMBER, NOW) != NOW:
            assert monotonic() < give_up
            sleep(0.01)
    finally:
        stop.set()
        gc.unfreeze()
    assert len(kept_of(desk).at(ON_5_SEPTEMBER, NOW).rows) == 5
