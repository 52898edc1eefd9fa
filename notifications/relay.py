"""A mail relay as a URL's parts name it: where it is, how it is spoken to, and who writes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pydantic import SecretStr

from notifications.message import OFFICE, Sender

PLAIN_SCHEME, TLS_SCHEME = "thu", "thus"
ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PORTS = {PLAIN_SCHEME: 587, TLS_SCHEME: 465}
_STEP_SECONDS, _ANSWER_SECONDS, _LONGEST_SECONDS = 20.0, 120.0, 300.0


class Security(StrEnum):
    """How the connection is kept from others' eyes."""

    TLS = "tls"
    STARTTLS = "starttls"
    NO = "no"


@dataclass(frozen=True)
class Relay:
    """A mail relay. `step_seconds` is the longest wait for each answer, `answer_seconds` for the one after the text.

    `bounces_to` is the envelope's sender. `authorities` is a file with the certificates to trust, if not the system's.
    """

    host: str
    port: int
    security: Security
    user: str
    password: SecretStr
    sender: Sender
    bounces_to: str
    step_seconds: float
    answer_seconds: float
    authorities: Path | None = field(default=None)


def relay_of(parts: Mapping[str, Any]) -> Relay:
    """Return the relay that the parts of a URL name, as Apprise splits it; ValueError where they name none."""
    scheme, asked = str(parts["schema"]), parts.get("qsd") or {}
    security = Security.TLS if scheme == TLS_SCHEME else Security(asked.get("tls") or Security.STARTTLS)
    sender = Sender(_address(asked.get("from")), asked.get("name") or OFFICE, _address(asked.get("reply_to"), "-"))
    if not parts.get("host"):
        raise ValueError("no host")
    if security is Security.TLS and scheme != TLS_SCHEME:
        raise ValueError("tls")
    return Relay(
        host=str(parts["host"]),
        port=int(parts.get("port") or _PORTS[scheme]),
        security=security,
        user=unquote(parts.get("user") or ""),
        password=SecretStr(unquote(parts.get("password") or "")),
        sender=sender,
        bounces_to=_address(asked.get("bounce"), sender.address),
        step_seconds=_seconds(asked.get("timeout"), _STEP_SECONDS),
        answer_seconds=_seconds(asked.get("answer"), _ANSWER_SECONDS),
        authorities=Path(asked["ca"]) if asked.get("ca") else None,
    )


def _address(found: str | None, otherwise: str = "") -> str:
    address = found or otherwise
    if address == "-":
        return ""
    if not ONE_ADDRESS.fullmatch(address):
        raise ValueError("not an address")
    return address


def _seconds(found: str | None, otherwise: float) -> float:
    seconds = float(found) if found else otherwise
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise ValueError("seconds")
    return seconds
