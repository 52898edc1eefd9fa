"""Readers of the portal: each opens a page, looks at it for a while and opens the next; every answer is timed."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

AS_OF = "2025-09-05"
# What readers open, and how often beside each other; {…} is filled in from the register.
PAGES: Mapping[str, tuple[int, str]] = {
    "first page": (20, "/?as_of={as_of}"),
    "overdue, page 1": (20, "/assignments?as_of={as_of}&status=overdue"),
    "all, page 5": (10, "/assignments?as_of={as_of}&page=5"),
    "search": (15, "/assignments?as_of={as_of}&q=so+hoa+nhiem+vu+so+{number}"),
    "agency": (15, "/agencies/{agency}?as_of={as_of}"),
    "list of an agency": (10, "/assignments?as_of={as_of}&agency={agency}"),
    "assignment": (10, "/assignments/{code}?as_of={as_of}"),
    "questions": (2, "/questions"),
    "tomorrow": (2, "/tomorrow"),
}


@dataclass(frozen=True)
class Read:
    """One page as read: when it was asked for, seconds until its last byte, and its bytes on the wire."""

    page: str
    at: float
    seconds: float
    size: int


@dataclass(frozen=True)
class Portal:
    """A portal being served: its address, a session's cookies, and assignments to ask about."""

    address: str
    cookies: Mapping[str, str]
    codes: Sequence[str]


def sign_in(address: str, name: str, password: str) -> Mapping[str, str]:
    """Sign in; return the cookies. Raises AssertionError when the portal does not let us in."""
    with httpx.Client(base_url=address) as client:
        answer = client.post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return dict(client.cookies)


def opened_once(portal: Portal) -> Mapping[str, float]:
    """Open each kind of page once, one after the other, as the morning's first reader does; return the seconds."""
    took: dict[str, float] = {}
    place = {"as_of": AS_OF, "number": 1, "code": portal.codes[0], "agency": portal.codes[0].rpartition(".")[2]}
    with httpx.Client(base_url=portal.address, cookies=dict(portal.cookies), timeout=120) as client:
        for page, (_, path) in PAGES.items():
            began = time.perf_counter()
            client.get(path.format(**place)).raise_for_status()
            took[page] = time.perf_counter() - began
    return took


def read(portal: Portal, *, readers: int, seconds: float, pause: float) -> list[Read]:
    """Let so many readers read for so long; each begins a page every `pause` seconds (0: as soon as answered)."""
    return asyncio.run(_read(portal, readers, seconds, pause))


async def _read(portal: Portal, readers: int, seconds: float, pause: float) -> list[Read]:
    limits = httpx.Limits(max_connections=readers, max_keepalive_connections=readers)
    found: list[Read] = []
    async with httpx.AsyncClient(
        base_url=portal.address, cookies=dict(portal.cookies), limits=limits, timeout=60
    ) as client:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(_reader(client, portal, at, readers, until, pause, found) for at in range(readers)))
    return found


async def _reader(
    client: httpx.AsyncClient,
    portal: Portal,
    number: int,
    readers: int,
    until: float,
    pause: float,
    found: list[Read],
) -> None:
    chance = random.Random(number)  # noqa: S311 - the same pages every time
    await asyncio.sleep(pause * number / readers)
    while (began := time.perf_counter()) < until:
        page = chance.choices(list(PAGES), [share for share, _ in PAGES.values()])[0]
        code = chance.choice(portal.codes)
        place = {"as_of": AS_OF, "number": chance.randrange(1000), "code": code, "agency": code.rpartition(".")[2]}
        at = time.perf_counter()
        async with client.stream("GET", PAGES[page][1].format(**place)) as answer:
            body = await answer.aread()
            assert answer.status_code == httpx.codes.OK, f"{answer.url}: {answer.status_code}"
            assert b"</html>" in body, f"{answer.url} is cut short"
            found.append(Read(page, at, time.perf_counter() - at, answer.num_bytes_downloaded))
        await asyncio.sleep(max(0.0, pause - (time.perf_counter() - began)))
