"""Who may use which route: nobody without a session, nobody beyond their rights, no form from elsewhere."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from portal.access import Needs, OpenTo
from portal.app import create_app
from portal.desk import Desk
from rules.access import RIGHTS, Right, Role
from tests.portal.conftest import Browser, SignIn


def _asked_by(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _asked_by(each)


def _routes(desk: Desk) -> list[APIRoute]:
    return [route for route in create_app(desk).routes if isinstance(route, APIRoute)]


def test_every_route_declares_who_may_use_it(desk: Desk) -> None:
    for route in _routes(desk):
        asked = [each for each in _asked_by(route.dependant) if isinstance(each, Needs | OpenTo)]
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
