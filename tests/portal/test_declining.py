"""A workbook's request for more time is declined where it waits; the due day stays, and nobody asks again."""

import re
from datetime import UTC, date, datetime

from sqlmodel import select

from models.assignment_tables import Decision
from models.raised_tables import ExtensionRequest
from portal.desk import Desk
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import SignIn

CODE = "07-CT-TTg.1.BYT"
PATH = f"/assignments/{CODE}/decisions"


def test_the_secretariat_declines_a_request_of_a_workbook(desk: Desk, sign_in: SignIn) -> None:
    with desk.store.writing() as session:
        world = World(session)
        (duty,) = world.duty("BYT", due=date(2025, 10, 31))
        batch = world.new_batch(datetime(2025, 9, 1, tzinfo=UTC))
        request = ExtensionRequest(
            assignment_id=duty, batch_id=batch, asked_by="BYT", asked_on=date(2025, 9, 1),
            new_due_on=date(2025, 12, 31), sheet="PL", row=9, digest="",
        )  # fmt: skip
        session.add(request)
    browser = sign_in(Role.SECRETARIAT)
    page = browser.get("/questions").text
    assert "Không đồng ý gia hạn" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    form = {"action": "decline", "at": "n", "n-reason": "đã gia hạn hai lần", "seen": seen[1] if seen else ""}
    assert browser.send("/questions", PATH, **{**form, "n-reason": ""}).status_code == 422
    assert browser.send("/questions", PATH, **form).status_code == 303
    assert "Không đồng ý gia hạn" not in browser.get("/questions").text
    with desk.store.reading() as session:
        assert [each.action for each in session.exec(select(Decision))] == ["decline"]
    assert sign_in(Role.LEADER).send("/obstacles", PATH, **form).status_code == 403
