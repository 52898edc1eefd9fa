"""Signing in at an identity provider: whom it vouches for is let in when an account waits for them, and nobody else."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import col, select

from decisions.accounts import AccountRefusedError, Holding, close_account, open_account, reset_password
from models.accounts import accounts_of
from models.outcome_tables import AuditEntry
from portal.app import create_app
from portal.desk import Desk
from portal.signing import IdentityProvider
from rules.access import Role
from tests.portal.conftest import NOW, PASSWORD, Browser
from tests.portal.conftest import open_account as opened
from tests.portal.identity_provider import CLIENT, SECRET, Provider, running

_OPS = Holding("Vận hành", Role.OPS)


@pytest.fixture(scope="module")
def at_work() -> Iterator[Provider]:
    """Give a provider that runs."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(at_work: Provider) -> Iterator[Provider]:
    """Give a provider that tells the truth, about one person."""
    person = dict(at_work.person)
    yield at_work
    at_work.person, at_work.lies, at_work.forged, at_work.instead = person, {}, False, None


@pytest.fixture
def browser(desk: Desk, provider: Provider) -> Browser:
    """Give somebody's browser; an account waits for their e-mail."""
    open_account(desk.store, name="ops", holding=_OPS, email="Thu.Ky@example.vn", by="t", now=NOW)
    return Browser(create_app(desk, identity=known(provider.discovery)))


def known(discovery: str) -> IdentityProvider:
    return IdentityProvider("VNeID", discovery, CLIENT, SecretStr(SECRET), "http://localhost")


def sign_in(browser: Browser, start: str = "/sign-in/identity", **changed: str) -> httpx.Response:
    """Go to the provider and back, as a browser does; `changed` alters what comes back."""
    to_provider = browser.get(start).headers["location"]
    back = urlsplit(httpx.get(to_provider).headers["location"])
    assert back.netloc == "localhost"
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    return browser.get(back.path, params={**query, **changed})


def last_entries(desk: Desk, count: int) -> list[tuple[str, str]]:
    with desk.store.reading() as session:
        newest = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(count)).all()
    return [(entry.action, entry.subject) for entry in reversed(newest)]


def test_the_expected_person_is_bound_at_the_first_sign_in_and_known_after(
    browser: Browser, desk: Desk, provider: Provider
) -> None:
    assert "VNeID" in browser.get("/sign-in").text
    answer = sign_in(browser, "/sign-in/identity?next=%2Foperations%2Fchains")
    assert (answer.status_code, answer.headers["location"]) == (303, "/operations/chains")
    assert browser.get("/operations").status_code == 200
    assert last_entries(desk, 2) == [("sign_in.bound", "ops"), ("sign_in.signed_in", "ops")]
    provider.person = {"sub": "42"}
    assert sign_in(Browser(browser.app)).status_code == 303
    provider.person = {"sub": "43", "email": "thu.ky@example.vn", "email_verified": True}
    assert sign_in(Browser(browser.app)).status_code == 403, "somebody else with the same address"


@pytest.mark.parametrize(
    "lies",
    [{"nonce": "of another"}, {"aud": "another"}, {"exp": int(time.time()) - 3600}, {"iss": "https://evil.example"}],
    ids=lambda lies: next(iter(lies)),
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    browser: Browser, provider: Provider, lies: dict[str, Any]
) -> None:
    provider.lies = lies
    assert sign_in(browser).status_code == 403
    assert browser.get("/operations").status_code == 303


def test_a_forged_signature_a_foreign_state_and_a_used_code_let_nobody_in(browser: Browser, provider: Provider) -> None:
    assert sign_in(browser, state="of another").status_code == 403
    assert sign_in(browser, code="used").status_code == 403
    assert browser.get("/sign-in/identity/back?error=access_denied&state=x").status_code == 403
    provider.forged = True
    assert sign_in(browser).status_code == 403
    assert browser.get("/operations").status_code == 303


@pytest.mark.parametrize(
    "person",
    [{"sub": "7", "email": "khac@example.vn", "email_verified": True}, {"sub": "7"},
     {"sub": "7", "email": "thu.ky@example.vn", "email_verified": False}, {"sub": "7", "email": "thu.ky@example.vn"},
     {"sub": "7", "email": "thu.ky@example.vn", "email_verified": "true"},
     {"sub": "7", "email": "", "email_verified": True}],
)  # fmt: skip
def test_somebody_no_account_waits_for_is_told_what_to_do(
    browser: Browser, desk: Desk, provider: Provider, person: dict[str, Any]
) -> None:
    provider.person = person
    answer = sign_in(browser)
    assert answer.status_code == 403
    assert "Hãy đề nghị người quản trị tài khoản" in answer.text
    assert last_entries(desk, 1) == [("sign_in.refused", "—")]


def test_a_closed_account_lets_nobody_in(browser: Browser, desk: Desk) -> None:
    with desk.store.reading() as session:
        number = accounts_of(session, name="ops")[0].visitor.account
    close_account(desk.store, number, by="t", now=NOW)
    assert sign_in(browser).status_code == 403
    assert last_entries(desk, 1) == [("sign_in.refused", "—")]


def number_of(desk: Desk, name: str) -> int:
    with desk.store.reading() as session:
        return accounts_of(session, name=name)[0].visitor.account


def test_who_was_bound_to_a_closed_account_comes_back_with_another(browser: Browser, desk: Desk) -> None:
    assert sign_in(browser).status_code == 303
    close_account(desk.store, number_of(desk, "ops"), by="t", now=NOW)
    assert sign_in(Browser(browser.app)).status_code == 403
    for again in ("ops2", "ops3"):
        open_account(desk.store, name=again, holding=_OPS, email="thu.ky@example.vn", by="t", now=NOW)
        assert sign_in(Browser(browser.app)).status_code == 303
        assert last_entries(desk, 2) == [("sign_in.bound", again), ("sign_in.signed_in", again)]
        close_account(desk.store, number_of(desk, again), by="t", now=NOW)
    assert browser.get("/operations").status_code == 303, "the first account's session is over"


def test_an_account_of_the_provider_gets_no_password_here(browser: Browser, desk: Desk) -> None:
    with pytest.raises(AccountRefusedError, match=r"Thu\.Ky@example\.vn"):
        reset_password(desk.store, number_of(desk, "ops"), by="t", now=NOW)
    admin = Browser(browser.app)
    opened(desk.store, "admin", Role.ADMINISTRATOR)
    admin.request("POST", "/sign-in", data={"name": "admin", "password": PASSWORD})
    page = f"/accounts/{number_of(desk, 'ops')}"
    assert "/password" not in admin.get(page).text.partition("<main")[2]
    assert admin.send(page, f"{page}/password").status_code == 422


@pytest.mark.parametrize("says", [{"issuer": "x"}, [], "x", {"authorization_endpoint": 7}], ids=str)
def test_a_provider_that_says_nothing_of_use_is_said_to_be_down(
    browser: Browser, provider: Provider, says: object
) -> None:
    provider.instead = says
    assert browser.get("/sign-in/identity").status_code == 503


def test_a_provider_that_is_down_is_said(desk: Desk) -> None:
    browser = Browser(create_app(desk, identity=known("http://127.0.0.1:9/nothing")))
    answer = browser.get("/sign-in/identity")
    assert answer.status_code == 503
    assert "Không liên lạc được với VNeID" in answer.text
    assert SECRET not in answer.text
