"""A real browser before a real portal: Debian's Chromium, over the samples on 5 September 2025."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, sync_playwright
from pydantic import SecretStr

from decisions import HandDown, hand_down
from imports import check_workbook, record
from models.store import Store
from notifications import plan_notices
from notifications.links import Links
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role
from samples.directive import HERE as SAMPLES
from tests.portal.conftest import PASSWORD, open_account

TODAY, NOW = date(2025, 9, 5), datetime(2025, 9, 5, 1, tzinfo=UTC)
FOLDERS = ("assignments", "progress-2025-06", "progress-2025-08")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DESKTOP, PHONE = ViewportSize(width=1200, height=900), ViewportSize(width=390, height=844)
_READY_WITHIN = 20


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser; a machine without one skips loudly, CI has one."""
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must have Chromium: .ci/run installs it"
        pytest.skip("no Chromium on this machine: apt install chromium, then these tests run")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(frozen=True)
class Portal:
    """A portal that is being served: its address, its store and what it works with."""

    address: str
    desk: Desk

    @property
    def store(self) -> Store:
        """The store behind it."""
        return self.desk.store


@pytest.fixture(scope="session")
def sampled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with every sample recorded and the digests of 5 September planned; tests copy it."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("sampled") / "sampled.db"))
    store = Store(f"sqlite:///{path}")
    for folder in FOLDERS:
        for workbook in sorted((SAMPLES / folder).glob("*.xlsx")):
            check = check_workbook(workbook.read_bytes(), name=workbook.name, store=store, today=date(2025, 8, 29))
            assert record(check, store=store, now=datetime(2025, 8, 29, 2, tzinfo=UTC)).outcome == "recorded"
    store.close()
    return path


@pytest.fixture(scope="module")
def portal(sampled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Serve a portal over a copy of the samples on a port of its own; its links lead back to it."""
    folder = tmp_path_factory.mktemp("portal")
    store = Store(f"sqlite:///{shutil.copy(sampled, folder / 'dondoc.db')}")
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    links = Links(SecretStr("một khóa để thử các đường dẫn"), address)
    plan_notices(store, as_of=TODAY, now=NOW, links=links)
    _hand_down(store)
    desk = Desk(
        store, today=lambda: TODAY, now=lambda: NOW, links=links, data=folder / "var", reports=folder / "var/reports"
    )
    for role in Role:
        open_account(store, role, role, "BYT" if role is Role.FOCAL_POINT else "")
    with _served(desk, listener):
        yield Portal(address, desk)
    store.close()


def _hand_down(store: Store) -> None:
    """Let the ministry of health hand two shares of an assignment down, one of them late by now."""
    days = {"Cục Quản lý Khám, chữa bệnh": date(2025, 8, 15), "Vụ Kế hoạch - Tài chính": date(2025, 9, 30)}
    shares = [HandDown(code="07-CT-TTg.28.BYT", unit=unit, due_on=due) for unit, due in days.items()]
    outcomes = hand_down(shares, agency="BYT", store=store, by="Chánh Văn phòng", now=NOW)
    assert all(outcome.refusal is None for outcome in outcomes)


@contextmanager
def _served(desk: Desk, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="warning", server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    give_up = monotonic() + _READY_WITHIN
    while not server.started and monotonic() < give_up:
        sleep(0.02)
    assert server.started
    yield
    server.should_exit = True
    thread.join()


OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def signed_in() -> dict[Role, StorageState]:
    """Give what remembers the sessions of a module, so that each role signs in once."""
    return {}


@pytest.fixture
def open_page(chromium: Browser, portal: Portal, signed_in: dict[Role, StorageState]) -> Iterator[OpenPage]:
    """Give what opens a browser window: signed in as a role or as nobody, on a desk or a phone, with scripts or not.

    A page that asks for anything beyond the portal, or whose scripts fail, fails the test.
    """
    windows: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(role: Role | None = None, *, phone: bool = False, scripts: bool = True, language: str = "vi") -> Page:
        window = chromium.new_context(
            base_url=portal.address,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
            storage_state=signed_in.get(role) if role else None,
        )
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(portal.address) else wrong.append(asked.url))
        if role is not None and role not in signed_in:
            _sign_in(page, role)
            signed_in[role] = window.storage_state()
        if language != "vi":
            page.goto(f"/language/{language}")
        elif role is not None:
            page.goto("/password" if role is Role.ADMINISTRATOR else "/")
        return page

    yield opened
    for window in windows:
        window.close()
    assert not wrong


def _sign_in(page: Page, role: Role) -> None:
    page.goto("/sign-in")
    page.fill("[name=name]", role)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
