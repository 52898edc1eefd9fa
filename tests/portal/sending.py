"""What the tests of the round share: send a workbook through the portal and wait for what comes of it."""

import re
from time import monotonic, sleep

import httpx

from models import Store
from models.uploads import AT_WORK, Stage, upload_as_is
from tests.portal.conftest import Browser

_PATIENCE = 30


def send(browser: Browser, content: bytes, name: str = "phu-luc.xlsx", **form: str) -> httpx.Response:
    """Send a workbook from the page that asks for one."""
    return browser.send("/uploads/new", "/uploads", files={"file": (name, content)}, **form)


def number_of(answer: httpx.Response) -> int:
    """Return the number of the upload an answer leads to."""
    found = re.fullmatch(r"/uploads/(\d+)", answer.headers.get("location", ""))
    assert found, (answer.status_code, answer.text[-2000:])
    return int(found[1])


def settled(browser: Browser, store: Store, number: int) -> tuple[Stage, str]:
    """Wait until an upload is no longer worked on; return its stage and its page."""
    give_up, stage = monotonic() + _PATIENCE, None
    while monotonic() < give_up:
        page = browser.get(f"/uploads/{number}")
        with store.reading() as session:
            found = upload_as_is(session, number)
        assert found
        stage = found.stage
        if stage not in AT_WORK:
            return stage, browser.get(f"/uploads/{number}").text if "hx-get" in page.text else page.text
        sleep(0.02)
    raise AssertionError(f"upload {number} is {stage} for {_PATIENCE} seconds")


def sent(
    browser: Browser, store: Store, content: bytes, name: str = "phu-luc.xlsx", **form: str
) -> tuple[int, Stage, str]:
    """Send a workbook and wait for its check; return its number, its stage and its page."""
    number = number_of(send(browser, content, name, **form))
    return number, *settled(browser, store, number)


def press(browser: Browser, number: int) -> httpx.Response:
    """Press the button of an upload's page that records."""
    page = browser.get(f"/uploads/{number}").text
    preview = re.search(r'name="preview" value="(\w+)"', page)
    assert preview, page[-3000:]
    return browser.send(f"/uploads/{number}", f"/uploads/{number}/record", preview=preview[1])


def recorded(
    browser: Browser, store: Store, content: bytes, name: str = "phu-luc.xlsx", **form: str
) -> tuple[int, str]:
    """Send a workbook and record it; return its number and its page then."""
    number, stage, page = sent(browser, store, content, name, **form)
    assert stage is Stage.CHECKED, page
    assert press(browser, number).status_code == 303
    stage, page = settled(browser, store, number)
    assert stage is Stage.RECORDED, page
    return number, page


def plain(page: str) -> str:
    """Return the words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
