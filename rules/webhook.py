"""What other systems may hear of, where they may be reached, how a delivery is signed, and when it is tried again."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit


class ChangeKind(StrEnum):
    """The kinds of change a program may subscribe to; a code never changes its meaning."""

    WORKBOOK_RECORDED = "workbook.recorded"
    WORKBOOK_UNDONE = "workbook.undone"
    DECISION_TAKEN = "decision.taken"
    REPLY_GIVEN = "reply.given"
    EDITION_FINAL = "edition.final"


class HookState(StrEnum):
    """What a subscription is: told, paused, given up on after a day of failures, or removed for good."""

    ON = "on"
    OFF = "off"
    SET_ASIDE = "set_aside"
    REMOVED = "removed"


OF_ALL_AGENCIES = frozenset({ChangeKind.EDITION_FINAL})
"""Kinds about the whole country: a subscription to one agency hears of none of them."""

GIVEN_UP_AFTER = timedelta(hours=24)
"""How long a delivery is tried before its subscription is set aside."""

_LONGEST = 500
_PORTS = {"https": 443, "http": 80}
_FIRST_GAP, _LONGEST_GAP = timedelta(minutes=1), timedelta(hours=1)
_DOUBLINGS = 6
_TRANSLATED = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Place:
    """Where a subscriber is reached; `host` alone is said in logs and on pages."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as a request names it: with the port where that is not the scheme's own."""
        named = f"[{self.host}]" if ":" in self.host else self.host
        return named if self.port == _PORTS[self.scheme] else f"{named}:{self.port}"


def place_of(address: str, *, inside: Collection[str]) -> Place | str:
    """Return the place an address names, or what is wrong with it: "form", "userinfo", "query", "not_https".

    Plain HTTP is for hosts that are `inside` the network (names or IP addresses) alone.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "form"
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    if not (plain and host and len(address) <= _LONGEST and parts.scheme in ("https", "http")):
        return "form"
    if "@" in parts.netloc:
        return "userinfo"
    if "?" in address or "#" in address:
        return "query"
    if parts.scheme == "http" and host not in inside:
        return "not_https"
    return Place(parts.scheme, host, port or _PORTS[parts.scheme], parts.path or "/")


def is_public(ip: str) -> bool:
    """Whether an IP address belongs to the open internet: none of this machine, this network, or a way around it."""
    found = ip_address(ip.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner: IPv4Address | None = found.ipv4_mapped or found.sixtofour
        if found.teredo or found in _TRANSLATED or (inner and not inner.is_global):
            return False
        if found.ipv4_mapped:
            return not found.ipv4_mapped.is_multicast
    return found.is_global and not found.is_multicast


def secret_of(key: str, webhook: int) -> str:
    """Return what signs the deliveries of one subscription: derived from the installation's `key`, kept nowhere."""
    return "whsec_" + hmac.new(key.encode(), f"dondoc.webhook.{webhook}".encode(), sha256).hexdigest()


def signature(secret: str, at: int, body: bytes) -> str:
    """Return the header that proves who sent `body`: HMAC-SHA256 over "<at>.<body>", `at` in seconds since 1970."""
    proof = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={proof}"


def gap_after(failures: int, key: str) -> timedelta:
    """Return how long to wait after so many failures: from a minute, doubled up to an hour, up to a quarter more.

    The quarter differs from delivery to delivery, so that a receiver that comes back is not met by all at once.
    """
    doubled: timedelta = min(_FIRST_GAP * 2 ** min(max(failures, 1) - 1, _DOUBLINGS), _LONGEST_GAP)
    share = int.from_bytes(sha256(f"{key}.{failures}".encode()).digest()[:2]) / 0xFFFF
    return doubled * (1 + share / 4)
