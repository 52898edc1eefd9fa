"""The outermost layer: what is refused before it is parsed, and what every answer carries, an error's too."""

import logging
from typing import Any

import httpx
import pytest
from fastapi import Depends, FastAPI

from portal.access import OpenTo
from portal.app import _WORKBOOKS, create_app
from portal.collecting.bounded import BoundedRoute
from portal.desk import Desk
from portal.edge import MOST_BYTES
from rules.access import Role
from tests.portal.conftest import PASSWORD, Browser, SignIn, open_account
from tests.portal.every_route import every_route
from tests.portal.programs import Program

MULTIPART = "multipart/form-data; boundary=xx"
PLAIN = "application/x-www-form-urlencoded"
TOLD = "lời báo lỗi giữ điều đã gõ"


def parts(**fields: bytes) -> bytes:
    each = [
        b'--xx\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in fields.items()
    ]
    return b"".join(each) + b"--xx--\r\n"


def sent(browser: Browser, path: str, content: Any, kind: str) -> httpx.Response:
    return browser.request("POST", path, content=content, headers={"content-type": kind})


@pytest.fixture
def browser(desk: Desk) -> Browser:
    """Give somebody not signed in, at a portal some of whose routes fail."""
    app = create_app(desk)
    _add_failing(app)
    return Browser(app)


def _add_failing(app: FastAPI) -> None:
    def failing() -> None:
        raise RuntimeError(TOLD) from ValueError(TOLD)

    for path in ("/failing", "/api/v1/failing"):
        app.add_api_route(path, failing, dependencies=[Depends(OpenTo("the tests"))])


CHARSETS = {
    "": 422, "; charset=utf-8": 422, '; charset="UTF-8"': 422, "; charset=punycode": 415, '; charset="idna"': 415,
    "; charset=unicode_escape": 415, "; charset=latin-1": 415, "; charset=utf-8; charset=punycode": 415,
    "; x=" + "y" * 300: 415,
}  # fmt: skip


def test_words_come_in_utf_8_or_not_at_all(browser: Browser) -> None:
    body = parts(name=b"a" * 100 + b"-" + b"b" * 100, password=b"x")
    answered = {charset: sent(browser, "/sign-in", body, MULTIPART + charset).status_code for charset in CHARSETS}
    assert answered == CHARSETS


def test_no_path_takes_another_encoding(browser: Browser) -> None:
    for path in ("/sign-in", "/uploads", "/api/v1/workbooks", "/no/such/page"):
        assert sent(browser, path, parts(name=b"a"), f"{MULTIPART}; charset=punycode").status_code == 415


@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 422), (MOST_BYTES + 1, 413)])
def test_a_form_is_no_larger_than_a_quarter_of_a_megabyte(browser: Browser, size: int, status: int) -> None:
    async def pieces() -> Any:
        for start in range(0, size, 65_536):
            yield body[start : start + 65_536]

    body = b"name=" + b"a" * (size - 5)
    assert sent(browser, "/sign-in", body, PLAIN).status_code == status
    assert sent(browser, "/sign-in", pieces(), PLAIN).status_code == status, "its length not announced"


def test_who_announces_too_much_is_not_listened_to(browser: Browser) -> None:
    async def never() -> Any:
        pytest.fail("the body was read")
        yield b""

    more = {"headers": {"content-type": PLAIN, "content-length": str(MOST_BYTES + 1)}}
    assert browser.request("POST", "/sign-in", content=never(), **more).status_code == 413


def test_the_routes_of_workbooks_alone_limit_themselves(desk: Desk) -> None:
    bounded = {
        route.path
        for route in every_route(create_app(desk))
        if isinstance(getattr(route, "original_route", route), BoundedRoute) and "POST" in route.methods
    }
    assert bounded == set(_WORKBOOKS)


NUL_FORMS = {
    "/accounts": {"name": "moi", "post": "P\0", "role": "leader", "agency": "", "email": ""},
    "/clients": {"name": "x\0", "scope": "read", "agency": ""},
}


def test_a_form_holds_no_nul(sign_in: SignIn) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    for path, form in NUL_FORMS.items():
        assert administrator.send(path, path, **form).status_code == 400


def test_neither_does_a_form_in_parts(browser: Browser) -> None:
    assert sent(browser, "/sign-in", parts(name=b"a\0b", password=b"x"), MULTIPART).status_code == 400


def test_an_address_holds_no_nul(sign_in: SignIn) -> None:
    secretariat = sign_in(Role.SECRETARIAT)
    places = ("assignments/%00", "assignments?document=%00", "obstacles?code=%00", "editions/compare?a=%00&b=%00")
    for place in (*places, "collecting/%00", "agencies/BYT%00", "audit?who=%00", "audit.csv?action=%00"):
        assert secretariat.get(f"/{place}").status_code == 400


def test_nor_does_one_of_a_program(desk: Desk) -> None:
    assert Program(desk).ask("/assignments/%00").status_code == 400


def test_the_name_of_a_document_beside_a_workbook_holds_no_nul_either(sign_in: SignIn) -> None:
    form = {"document": "07/CT\0-TTg", "agency": "", "document_on": "", "files": {"file": ("a\0b.xlsx", b"zzz")}}
    assert sign_in(Role.SECRETARIAT).send("/uploads/new", "/uploads", **form).status_code == 303


ANSWERS = {
    "/sign-in": 200, "/no/such/page": 404, "/failing": 500, "/api/v1/failing": 500, "/static/nothing": 404,
    "/assignments?q=%00": 400, "/": 303,
}  # fmt: skip


def test_every_answer_carries_the_headers(browser: Browser) -> None:
    for path, status in ANSWERS.items():
        _carries(browser.get(path), status)
    _carries(browser.get("/sign-in", headers={"host": "evil.example"}), 400)


def _carries(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_assets_are_kept_for_an_hour(browser: Browser) -> None:
    answer = browser.get("/static/favicon.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert 'href="/static/favicon.svg"' in browser.get("/sign-in").text


def test_a_failure_is_a_page_with_the_number_the_log_holds(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    vietnamese = browser.get("/failing").text
    assert "Hệ thống gặp lỗi" in vietnamese
    _logged(caplog, vietnamese)
    caplog.clear()
    browser.get("/language/en")
    english = browser.get("/failing").text
    assert "The system failed" in english
    assert "Hệ thống" not in english
    _logged(caplog, english)


def test_a_failure_tells_a_program_in_json(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    error = browser.get("/api/v1/failing").json()["error"]
    assert error["code"] == "failed"
    _logged(caplog, error["message"])


def _logged(caplog: pytest.LogCaptureFixture, told: str) -> None:
    (record,) = [each for each in caplog.records if each.name == "portal.edge"]
    assert record.levelno == logging.ERROR
    message = record.getMessage()
    reference = message.partition("reference=")[2].split()[0]
    assert reference in told
    assert "RuntimeError < ValueError" in message
    assert "in failing" in message, "the place in the code"
    assert "Traceback" not in told
    assert TOLD not in told + caplog.text


def test_the_figures_do_not_grow_by_what_callers_make_up(browser: Browser) -> None:
    for method in ("EVIL1", "EVIL2", "DELETE"):
        browser.request(method, "/sign-in")
    figures = browser.get("/metrics").text
    assert "EVIL" not in figures
    assert 'method="other"' in figures


def test_an_address_that_is_none_is_no_way_back(browser: Browser, desk: Desk) -> None:
    open_account(desk.store, "ops", Role.OPS)
    for address in ("//[", "http://[", "//[x", "http://a]b/"):
        assert browser.get("/sign-in", params={"next": address}).status_code == 200
        assert browser.get("/language/en", headers={"referer": address}).headers["location"] == "/"
        form = {"name": "ops", "password": PASSWORD, "next": address}
        assert browser.request("POST", "/sign-in", data=form).headers["location"] == "/"


def test_the_language_leads_back_to_the_page(browser: Browser) -> None:
    came = {"referer": "http://evil.example/assignments?status=overdue"}
    assert browser.get("/language/en", headers=came).headers["location"] == "/assignments?status=overdue"


def test_no_redirect_repeats_the_name_a_caller_used(browser: Browser) -> None:
    assert browser.get("/sign-in/").status_code == 404
