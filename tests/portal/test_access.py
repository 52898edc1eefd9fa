"""Who may use which route: nobody without a session, nobody beyond their rights, no form from elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.accounts import accounts_of
from portal.access import Needs, OpenTo
from portal.api.access import Asks
from portal.app import create_app
from portal.desk import Desk
from rules.access import RIGHTS, Right, Role
from tests.portal.conftest import NOW, PASSWORD, Browser, SignIn, open_account
from tests.portal.every_route import asked_by, every_route


def test_every_route_declares_who_may_use_it(desk: Desk) -> None:
    routes = every_route(create_app(desk))
    assert len(routes) > 20, "the walk finds the routes"
    for route in routes:
        asked = [each for each in asked_by(route.dependant) if isinstance(each, Needs | OpenTo | Asks)]
        assert len(asked) == 1, f"{route.path} asks {asked}"


def test_every_role_has_rights_and_every_right_a_role() -> None:
    assert set(RIGHTS) == set(Role)
    assert set().union(*RIGHTS.values()) == set(Right)


def test_a_page_leads_to_the_sign_in_and_back(desk: Desk) -> None:
    answer = Browser(create_app(desk)).get("/assignments?status=overdue")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fassignments%3Fstatus%3Doverdue"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reads_the_first_page_if_it_may_look(sign_in: SignIn, role: Role) -> None:
    expected = 200 if Right.LOOK in RIGHTS[role] else 403
    assert sign_in(role).get("/").status_code == expected


@pytest.mark.parametrize("form", [{}, {"form_token": ""}, {"form_token": "of another session"}])
def test_a_form_without_the_token_of_its_session_changes_nothing(
    sign_in: SignIn, desk: Desk, form: dict[str, str]
) -> None:
    given = {**form, "name": "moi", "post": "Văn thư", "role": "secretariat"}
    answer = sign_in(Role.ADMINISTRATOR).request("POST", "/accounts", data=given)
    assert answer.status_code == 403
    with desk.store.reading() as session:
        assert not accounts_of(session, name="moi")


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303)])
def test_a_form_another_site_sent_is_refused_before_anybody_signs_in(desk: Desk, site: str, status: int) -> None:
    open_account(desk.store, "ops", Role.OPS)
    form = {"name": "ops", "password": PASSWORD}
    answer = Browser(create_app(desk)).request("POST", "/sign-in", data=form, headers={"sec-fetch-site": site})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("steps", "status"),
    [([29], 200), ([30], 303), ([29] * 16, 200), ([29] * 16 + [15], 200), ([29] * 16 + [16], 303)],
)
def test_a_session_ends_when_left_alone_and_after_eight_hours(desk: Desk, steps: list[int], status: int) -> None:
    """Minutes between pages: half an hour without one ends it, and so do eight hours of them."""
    at = [NOW]
    open_account(desk.store, "ops", Role.OPS)
    browser = Browser(create_app(replace(desk, now=lambda: at[0])))
    browser.request("POST", "/sign-in", data={"name": "ops", "password": PASSWORD})
    for minutes in steps:
        at[0] += timedelta(minutes=minutes)
        answer = browser.get("/password")
    assert answer.status_code == status


@pytest.mark.parametrize(("https", "secure"), [(False, False), (True, True)])
def test_the_cookie_is_for_this_site_alone(desk: Desk, *, https: bool, secure: bool) -> None:
    open_account(desk.store, "ops", Role.OPS)
    browser = Browser(create_app(desk, over_https=https))
    cookie = browser.request("POST", "/sign-in", data={"name": "ops", "password": PASSWORD}).headers["set-cookie"]
    assert "httponly; samesite=lax" in cookie
    assert ("secure" in cookie) is secure
