"""`post`: one HTTP request to a subscriber, at an address that was looked at first, within limits of time and size.

What may not be reached (this machine, this network) is refused by its IP address, and the connection is made to the
very address that was looked at: a name that means another place a moment later leads nowhere else.
"""

import asyncio
import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import httpx

from rules.webhook import Place, is_public, place_of

IN_ALL_SECONDS, CONNECT_SECONDS = 20.0, 5.0
MOST_READ = 4096
_TAKEN = range(200, 300)
_REDIRECTS = range(300, 400)
_GONE = 410


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: `status` (0: nothing came), and in a word why it was not taken ("": it was)."""

    status: int
    problem: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it now."""
        return not self.problem

    @property
    def is_final(self) -> bool:
        """Whether the receiver asks never to be told again."""
        return self.status == _GONE


def post(address: str, body: bytes, headers: Mapping[str, str], *, inside: Collection[str]) -> Answer:
    """Send `body`; `inside` are the hosts of this network that may be reached. No redirect is followed, no proxy asked.

    Every failure is an answer with its problem: none says the address.
    """
    place = place_of(address, inside=inside)
    if isinstance(place, str):
        return Answer(0, "bad_address")
    found = _looked_up(place)
    if not found or (place.host not in inside and not all(map(is_public, found))):
        return Answer(0, "private_address" if found else "unknown_host")
    try:
        return asyncio.run(_within_time(place, found[0], body, headers))
    except (TimeoutError, httpx.TimeoutException):
        return Answer(0, "timeout")
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError):
        return Answer(0, "no_connection")


def _looked_up(place: Place) -> list[str]:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def _within_time(place: Place, ip: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    async with asyncio.timeout(IN_ALL_SECONDS):
        return await _posted(place, ip, body, headers)


async def _posted(place: Place, ip: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    reached = f"[{ip}]" if ":" in ip else ip
    sent = {**headers, "Host": place.authority, "Accept-Encoding": "identity", "Connection": "close"}
    timeout = httpx.Timeout(IN_ALL_SECONDS, connect=CONNECT_SECONDS)
    transport = httpx.AsyncHTTPTransport(verify=_trusted(), retries=0)
    async with (
        httpx.AsyncClient(transport=transport, trust_env=False, timeout=timeout, follow_redirects=False) as client,
        client.stream(
            "POST",
            f"{place.scheme}://{reached}:{place.port}{place.path}",
            content=body,
            headers=sent,
            extensions={"sni_hostname": place.host},
        ) as response,
    ):
        await _read_a_little(response)
        return Answer(response.status_code, _problem(response.status_code))


async def _read_a_little(response: httpx.Response) -> None:
    """Read so much of an answer that its sender was heard out, and no more: what it says is not needed."""
    read = 0
    async for chunk in response.aiter_raw():
        read += len(chunk)
        if read >= MOST_READ:
            return


def _problem(status: int) -> str:
    if status in _TAKEN:
        return ""
    return "redirect" if status in _REDIRECTS else "status"


def _trusted() -> ssl.SSLContext:
    """Return what certificates are checked with: the machine's own authorities, and the public ones."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
