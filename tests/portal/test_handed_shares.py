"""The page of an assignment shows what was handed down of it; hostile words stay words."""

from datetime import date

from decisions import HandDown, hand_down
from models import Store
from rules.access import Role
from tests.models.world import World
from tests.portal.conftest import NOW, SignIn

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 \u202e {{7*7}}"


def test_the_page_of_an_assignment_shows_its_shares(store: Store, sign_in: SignIn) -> None:
    with store.writing() as session:
        World(session).duty("BYT", "BTC", due=date(2025, 8, 31))
    action = HandDown(code="07-CT-TTg.1.BYT", unit=HOSTILE, text="Xây dựng dự thảo", due_on=date(2025, 8, 15))
    assert hand_down([action], agency="BYT", store=store, by="Chánh Văn phòng", now=NOW)[0].refusal is None
    own = sign_in(Role.FOCAL_POINT, "BYT").get("/assignments/07-CT-TTg.1.BYT")
    assert own.status_code == 200
    assert "0/1" in own.text
    assert "Xây dựng dự thảo" in own.text
    assert "<script>alert(1)" not in own.text
    assert "49" not in own.text.split("Xây dựng dự thảo")[0][-200:]
    assert sign_in(Role.FOCAL_POINT, "BTC").get("/assignments/07-CT-TTg.1.BYT").status_code == 404
