"""Signing in and out: locks that do not tell which names exist, sessions that end, accounts, tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from decisions import passwords
from decisions.accounts import AccountRefusedError, Holding, close_account, first_administrator, open_account
from models import Store
from models.account_tables import ApiClient, SignInAttempt
from models.accounts import accounts_of
from models.outcome_tables import AuditEntry
from portal.app import create_app
from portal.desk import Desk
from rules.access import Role, password_problem
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn
from tests.portal.conftest import open_account as opened

WRONG = "một mật khẩu khác hẳn"
ADMIN = Holding("Quản trị", Role.ADMINISTRATOR)


def attempt(browser: Browser, name: str, password: str, **form: str) -> int:
    return browser.request("POST", "/sign-in", data={"name": name, "password": password, **form}).status_code


def audited(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(entry.action, entry.subject) for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id))]  # type: ignore[arg-type]


class Clock:
    """A clock tests move."""

    def __init__(self) -> None:
        """Stand at the tests' morning."""
        self.at = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture
def browser(desk: Desk, clock: Clock) -> Browser:
    """Give somebody not signed in; there is an account "ops"."""
    opened(desk.store, "ops", Role.OPS)
    return Browser(create_app(replace(desk, now=clock)))


@pytest.mark.parametrize(("failures", "then"), [(4, 303), (5, 429)])
def test_the_fifth_failure_locks_a_name(browser: Browser, failures: int, then: int) -> None:
    assert [attempt(browser, "ops", WRONG) for _ in range(failures)] == [422] * failures
    assert attempt(browser, "ops", PASSWORD) == then


@pytest.mark.parametrize(("minutes", "then"), [(14, 429), (15, 303)])
def test_a_lock_ends_after_a_quarter_of_an_hour(browser: Browser, clock: Clock, minutes: int, then: int) -> None:
    for _ in range(5):
        attempt(browser, "ops", WRONG)
    clock.at += timedelta(minutes=minutes)
    assert attempt(browser, "ops", PASSWORD) == then


def test_a_name_nobody_has_is_answered_and_locked_the_same(browser: Browser) -> None:
    def answers(name: str) -> list[tuple[int, str]]:
        told = [browser.request("POST", "/sign-in", data={"name": name, "password": WRONG}) for _ in range(6)]
        return [(each.status_code, each.text.replace(name, "")) for each in told]

    assert answers("ops") == answers("nobody")


def test_a_closed_account_and_one_without_a_password_are_answered_the_same(browser: Browser, desk: Desk) -> None:
    open_account(desk.store, name="provider", holding=Holding("x", Role.OPS), email="a@b.vn", by="t", now=NOW)
    with desk.store.reading() as session:
        number = accounts_of(session, name="ops")[0].visitor.account
    close_account(desk.store, number, by="t", now=NOW)
    assert [attempt(browser, "ops", PASSWORD), attempt(browser, "provider", "")] == [422, 422]


@pytest.mark.parametrize(("failures", "then"), [(29, 303), (30, 429)])
def test_an_address_that_failed_too_often_waits(browser: Browser, failures: int, then: int) -> None:
    for number in range(failures):
        attempt(browser, f"name-{number}", WRONG)
    assert attempt(browser, "ops", PASSWORD) == then


def test_what_was_typed_as_a_name_is_kept_nowhere(browser: Browser, desk: Desk) -> None:
    attempt(browser, "mật khẩu gõ nhầm ô", WRONG)
    with desk.store.reading() as session:
        kept = session.exec(select(SignInAttempt)).one()
    assert "mật khẩu" not in repr(kept)
    assert audited(desk.store) == [("sign_in.refused", "—")]


def test_each_sign_in_and_out_is_in_the_audit_trail(browser: Browser, desk: Desk) -> None:
    attempt(browser, "ops", WRONG)
    attempt(browser, "ops", PASSWORD)
    browser.send("/password", "/sign-out")
    assert audited(desk.store) == [
        ("sign_in.refused", "ops"), ("sign_in.signed_in", "ops"), ("sign_in.signed_out", "ops"),
    ]  # fmt: skip


def test_a_copy_of_the_cookie_is_of_no_use_after_signing_out(browser: Browser) -> None:
    attempt(browser, "ops", PASSWORD)
    copy = Browser(browser.app)
    copy.cookies.update(browser.cookies)
    assert copy.get("/operations").status_code == 200
    browser.send("/password", "/sign-out")
    assert copy.get("/operations").status_code == 303


def test_a_session_has_another_cookie_than_before_the_sign_in(browser: Browser) -> None:
    browser.get("/language/en")
    before = browser.cookies["dondoc"]
    attempt(browser, "ops", PASSWORD)
    old = Browser(browser.app)
    old.cookies.set("dondoc", before)
    assert old.get("/operations").status_code == 303


@pytest.mark.parametrize(
    ("back", "leads"),
    [("/audit?day=2025-09-05", "/audit?day=2025-09-05"), ("https://evil.example/", "/"), ("//evil.example", "/"),
     ("/\\evil.example", "/"), ("/.//evil.example", "/"), ("/?a=//b", "/?a=//b"),
     ("/x\r\nSet-Cookie: a=b", "/"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_the_way_back_leads_inside(browser: Browser, back: str, leads: str) -> None:
    answer = browser.request("POST", "/sign-in", data={"name": "ops", "password": PASSWORD, "next": back})
    assert answer.headers["location"] == leads


def test_a_hash_of_old_parameters_is_renewed_and_sessions_go_on(
    browser: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt(browser, "ops", PASSWORD)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", stronger)
    assert attempt(Browser(browser.app), "ops", PASSWORD) == 303
    with desk.store.reading() as session:
        kept = accounts_of(session, name="ops")[0].password_hash
    assert not stronger.check_needs_rehash(kept)
    assert browser.get("/operations").status_code == 200
    assert attempt(Browser(browser.app), "ops", PASSWORD) == 303


def test_a_one_time_password_leads_to_a_new_one_and_nowhere_else(browser: Browser, desk: Desk) -> None:
    first = open_account(desk.store, name="moi", holding=Holding("Vận hành", Role.OPS), by="t", now=NOW)
    assert attempt(browser, "moi", first) == 303
    assert browser.get("/operations").headers["location"] == "/password"
    new = "một câu dễ nhớ hơn"
    typed = {"old": first, "new": new, "again": new}
    assert browser.send("/password", "/password", **{**typed, "again": "khác"}).status_code == 422
    assert browser.send("/password", "/password", **{**typed, "old": WRONG}).status_code == 422
    assert browser.send("/password", "/password", **{**typed, "new": "ngắn", "again": "ngắn"}).status_code == 422
    assert browser.send("/password", "/password", **typed).status_code == 303
    assert browser.get("/operations").status_code == 200
    assert [attempt(Browser(browser.app), "moi", each) for each in (first, new)] == [422, 303]


@pytest.mark.parametrize(
    ("password", "name", "problem"),
    [("elevenchars", "x1", "short"), ("twelve chars", "x1", None), ("aaaabbbbcccc", "x1", "plain"),
     ("my Van.Thu password", "van.thu", "named"), ("một mật khẩu để thử", "x1", None)],
)  # fmt: skip
def test_a_password_is_long_varied_and_not_the_name(password: str, name: str, problem: str | None) -> None:
    assert password_problem(password, name) == problem


def test_the_first_administrator_is_opened_once(store: Store) -> None:
    password = first_administrator(store, name="admin", now=NOW)
    assert password
    assert first_administrator(store, name="admin", now=NOW) is None
    with store.reading() as session:
        (found,) = accounts_of(session)
    assert (found.visitor.role, found.must_change) == (Role.ADMINISTRATOR, True)
    assert password not in repr(found)
    with pytest.raises(AccountRefusedError):
        close_account(store, found.visitor.account, by="t", now=NOW)


def test_an_administrator_opens_changes_resets_and_closes_an_account(sign_in: SignIn, desk: Desk) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    form = {"name": "byt", "post": "Đầu mối Bộ Y tế", "role": "focal_point", "agency": "BYT"}
    page = admin.send("/accounts", "/accounts", **form)
    assert page.status_code == 200
    with desk.store.reading() as session:
        account = accounts_of(session, name="byt")[0]
    assert account.visitor.agency == "BYT"
    place = f"/accounts/{account.visitor.account}"
    changed = {"post": "Lãnh đạo", "role": "leader", "agency": "all"}
    assert admin.send(place, place, **changed).status_code == 303
    assert "<code>" in admin.send(place, f"{place}/password").text
    assert admin.send(place, f"{place}/close").status_code == 303
    with desk.store.reading() as session:
        closed = accounts_of(session, name="byt")[0]
    assert (closed.closed, closed.visitor.agency, closed.visitor.post) == (True, None, "Lãnh đạo")
    told = [action for action, subject in audited(desk.store) if subject == "byt"]
    assert told == ["account.open", "account.change", "account.reset", "account.close"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"name": "Có Dấu"}, "không dùng làm tên"), ({"name": "administrator-all"}, "Đã có tài khoản"),
     ({"post": " "}, "chức danh"),
     ({"agency": "XXX"}, "XXX"), ({"role": "focal_point", "agency": ""}, "một cơ quan"),
     ({"email": "no"}, "thư điện tử")],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_with_what_was_typed(
    sign_in: SignIn, changed: dict[str, str], said: str
) -> None:
    form = {"name": "byt", "post": "<b>Đầu mối", "role": "focal_point", "agency": "BYT", **changed}
    answer = sign_in(Role.ADMINISTRATOR).send("/accounts", "/accounts", **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>Đầu mối" not in answer.text


@pytest.mark.parametrize("change", ["password", "close"])
def test_sessions_end_with_what_an_administrator_changes(sign_in: SignIn, desk: Desk, change: str) -> None:
    ops, admin = sign_in(Role.OPS), sign_in(Role.ADMINISTRATOR)
    with desk.store.reading() as session:
        place = f"/accounts/{accounts_of(session, name='ops-all')[0].visitor.account}"
    assert ops.get("/operations").status_code == 200
    admin.send(place, f"{place}/{change}")
    assert ops.get("/operations").status_code == 303


def test_a_token_is_shown_once_and_taken_back(sign_in: SignIn, desk: Desk, find_token: Callable[[str], str]) -> None:
    admin = sign_in(Role.ADMINISTRATOR)
    token = find_token(admin.send("/clients", "/clients", name="Hệ thống theo dõi", scope="read", agency="").text)
    ask = {"headers": {"authorization": f"Bearer {token}"}}
    assert admin.get("/api/v1/agencies", **ask).status_code == 200
    assert token not in admin.get("/clients").text
    with desk.store.reading() as session:
        client = session.exec(select(ApiClient)).one()
    assert token not in repr(client)
    assert admin.send("/clients", f"/clients/{client.id}/end").status_code == 303
    assert admin.get("/api/v1/agencies", **ask).status_code == 401


@pytest.fixture
def find_token() -> Callable[[str], str]:
    """Give what finds the secret on a page."""
    return lambda page: page.split("<code>")[1].split("</code>")[0]
