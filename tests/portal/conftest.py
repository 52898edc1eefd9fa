"""People who use the portal: each test signs in whom it needs and reads pages without a socket."""

import asyncio
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from decisions import passwords
from models import Store
from models.account_tables import Account, AccountState
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role

ON_5_SEPTEMBER = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)
PASSWORD = "một mật khẩu để thử"  # noqa: S105 - of tests alone
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Browser:
    """Somebody's browser on this machine, without a socket: it keeps cookies and follows no redirect by itself."""

    def __init__(self, app: FastAPI, address: str = "127.0.0.1") -> None:
        """Open nothing yet; requests come from `address`."""
        self.app, self.address, self.cookies = app, address, httpx.Cookies()

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Read one page."""
        return self.request("GET", path, **more)

    def send(self, page: str, path: str, **form: Any) -> httpx.Response:
        """Send a form of `page` to `path`, with the token that page gives its forms; `files` are uploads."""
        files = form.pop("files", None)
        found = re.search(r'name="form_token" value="([^"]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        return self.request("POST", path, data={"form_token": found[1], **form}, files=files)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request and wait for its answer."""

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 50_000))
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost", cookies=self.cookies
            ) as client:
                response = await client.request(method, path, **more)
                self.cookies = client.cookies
                return response

        return asyncio.run(answer())


class SignIn(Protocol):
    """Opens the portal and signs in an account of a role, held to an agency or to none."""

    def __call__(self, role: Role, agency: str = "") -> Browser:
        """Return the browser, signed in."""
        ...


def open_account(store: Store, name: str, role: Role, agency: str = "") -> None:
    """Record an account whose post is its role, with `PASSWORD`."""
    with store.writing() as session:
        account = Account(name=name, created_at=NOW, created_by="the tests")
        session.add(account)
        session.flush()
        assert account.id is not None
        state = AccountState(
            account_id=account.id,
            post=f"Post of {name}",
            role=role,
            agency=agency,
            password_hash=_QUICK.hash(PASSWORD),
            recorded_at=NOW,
            recorded_by="the tests",
        )
        session.add(state)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let argon2 take a moment only: what it takes is not what these tests are about."""
    monkeypatch.setattr(passwords, "_HASHER", _QUICK)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """Give a desk on the morning of 5 September 2025 whose files lie in the test's own folder."""
    return Desk(
        store, today=lambda: ON_5_SEPTEMBER, now=lambda: NOW, data=tmp_path / "var", reports=tmp_path / "var/reports"
    )


@pytest.fixture
def sign_in(desk: Desk) -> SignIn:
    """Give what signs people in, each in a browser of their own."""
    app = create_app(desk)

    def signed_in(role: Role, agency: str = "") -> Browser:
        name = f"{role}-{agency or 'all'}"
        open_account(desk.store, name, role, agency)
        browser = Browser(app)
        answer = browser.request("POST", "/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303
        return browser

    return signed_in
