"""A plan, sent as a workbook, hands all its shares down or none; a check changes nothing."""

import pytest

from models import Store
from portal.acting import planning
from portal.desk import Desk
from rules.access import Role
from tests.imports.workbooks import saved
from tests.portal.acting_office import ELSEWHERE, LATE, OTHERS, open_office
from tests.portal.conftest import Browser, SignIn
from tests.portal.test_acting_handing import HOSTILE, stored

HERE = "/shares/plan"
HEADINGS = ("TT", "Mã nhiệm vụ", "Nội dung công việc", "Đơn vị thực hiện", "Sản phẩm", "Thời hạn")
FIRST = [1, ELSEWHERE, "Xây dựng dự thảo", "Vụ Pháp chế", "Dự thảo", "30/9/2025"]
SECOND = [2, ELSEWHERE, "Thẩm định", "Cục An toàn thực phẩm", "", "15/10/2025"]


@pytest.fixture
def office(desk: Desk) -> Store:
    """Open the office."""
    open_office(desk.store)
    return desk.store


def send(browser: Browser, *rows: list[object], name: str = "ke-hoach.xlsx", **form: str) -> tuple[int, str, str]:
    """Send a plan; return the status, the page and where it leads."""
    files = {"file": (name, saved(("Kế hoạch", (HEADINGS, *rows), [])))}
    answer = browser.send("/password", HERE, files=files, **form)
    return answer.status_code, answer.text, answer.headers.get("location", "")


def test_a_plan_is_handed_down_whole_and_once(sign_in: SignIn, office: Store) -> None:
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    assert f'href="{HERE}"' in browser.get("/agencies/BYT/shares").text
    for said in ("Đã ghi nhận 2 phần việc mới", "2 phần việc đã có từ trước"):
        status, _, leads_to = send(browser, FIRST, SECOND)
        assert (status, leads_to, stored(office)) == (303, "/agencies/BYT/shares", (2, 0))
        page = browser.get(leads_to).text
        assert said in page
        assert "Cục An toàn thực phẩm" in page


REFUSED = [
    ([FIRST, [2, OTHERS, "x", "Vụ Ngân sách", "", "30/9/2025"]], "hiện không do cơ quan BYT chịu trách nhiệm"),
    ([FIRST, [2, LATE, "x", "Vụ Pháp chế", "", "30/9/2025"]], "sau hạn hiệu lực của nhiệm vụ (29/08/2025)"),
    ([FIRST, [2, ELSEWHERE, "x", "Vụ Pháp chế", "", "khi có điều kiện"]], "không cho một ngày rõ ràng"),
]


@pytest.mark.parametrize(("rows", "said"), REFUSED)
def test_of_a_plan_with_one_row_that_cannot_be_nothing_is_recorded(
    sign_in: SignIn, office: Store, rows: list[list[object]], said: str
) -> None:
    status, page, _ = send(sign_in(Role.LEADER, "BYT"), *rows, reason="")
    assert (status, stored(office)) == (422, (0, 0))
    assert said in page
    assert "Không phần việc nào được ghi" in page


def test_with_a_reason_later_days_stand(sign_in: SignIn, office: Store) -> None:
    row: list[object] = [1, LATE, "x", "Vụ Pháp chế", "", "30/9/2025"]
    assert send(sign_in(Role.FOCAL_POINT, "BYT"), row, reason="chờ thẩm định")[0] == 303
    assert stored(office) == (1, 0)


def test_a_check_records_nothing_and_shows_what_was_read(sign_in: SignIn, office: Store) -> None:
    status, page, _ = send(sign_in(Role.FOCAL_POINT, "BYT"), FIRST, SECOND, check="yes")
    assert (status, stored(office)) == (200, (0, 0))
    for said in ("Đọc được 2 phần việc; chưa ghi gì", "Cục An toàn thực phẩm", "15/10/2025"):
        assert said in page


def test_no_file_one_too_large_and_a_plan_too_long_are_said(
    sign_in: SignIn, office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    empty = browser.send("/password", HERE, reason="chờ thẩm định")
    assert empty.status_code == 422
    assert "Chưa chọn bảng tính" in empty.text
    assert ">chờ thẩm định</textarea>" in empty.text
    monkeypatch.setattr(planning, "MOST_SHARES", 1)
    status, page, _ = send(browser, FIRST, SECOND, check="yes")
    assert (status, "có 2 phần việc; mỗi lần nhận nhiều nhất 1" in page) == (422, True)
    monkeypatch.setattr(planning, "MOST_BYTES", 100)
    status, page, _ = send(browser, FIRST)
    assert (status, "lớn hơn 100 kB" in page) == (422, True)
    assert stored(office) == (0, 0)


def test_hostile_words_of_a_plan_are_text(sign_in: SignIn, office: Store) -> None:
    row: list[object] = [1, ELSEWHERE, HOSTILE, HOSTILE.replace("=cmd", "cmd"), "", "30/9/2025"]
    browser = sign_in(Role.FOCAL_POINT, "BYT")
    for check in ({"check": "yes"}, {}):
        send(browser, row, name=f"{HOSTILE}.xlsx", **check)
    wrong = send(browser, [1, HOSTILE, "x", "y", "", HOSTILE], name=f"{HOSTILE}.xlsx")[1]
    for page in (send(browser, row, check="yes")[1], wrong, browser.get("/agencies/BYT/shares").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
    assert stored(office)[0] <= 1


@pytest.mark.parametrize(
    ("role", "agency", "status"),
    [(Role.SECRETARIAT, "", 403), (Role.LEADER, "", 403), (Role.AUDITOR, "", 403), (Role.OPS, "", 403)],
)
def test_nobody_else_sends_a_plan(sign_in: SignIn, office: Store, role: Role, agency: str, status: int) -> None:
    browser = sign_in(role, agency)
    assert (browser.get(HERE).status_code, send(browser, FIRST)[0], stored(office)) == (status, status, (0, 0))
