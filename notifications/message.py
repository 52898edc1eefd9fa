"""A letter as an e-mail message: plain text, HTML and files, under a Message-ID that its notice alone gives.

Written by hand: the standard library's classes lose a space where they fold a long Vietnamese header, break Vietnamese
file names for some readers, and take a millisecond for each message.
"""

import re
import unicodedata
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from notifications.attachment import Attachment
from notifications.letter import Letter
from notifications.plain_text import plain
from texts.wording import HANOI

OFFICE = "Đôn đốc"
_LONGEST_SUBJECT = 250
_LONGEST_NAME = 120
_WORD_BYTES = 39  # 52 letters of base64: the line stays below 78 beside the header's name
_PIECE = 60
_PIECES = re.compile(rf"(?:%..|[^%]){{1,{_PIECE // 3}}}")
_PLAIN_HEADER = re.compile(r"[ -~]*")
_MIME_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True)
class Sender:
    """Who writes: the address, its name, and where answers go if elsewhere."""

    address: str
    name: str = OFFICE
    reply_to: str = ""

    @property
    def domain(self) -> str:
        """Return what stands after the @."""
        return self.address.rpartition("@")[2]


def message_id(key: str, domain: str) -> str:
    """Return the Message-ID of the notice `key`, e.g. `<2025-09-05.BYT.agency_head@localhost>`.

    Keys that differ only in signs an id cannot hold are told apart by a digest.
    """
    name = re.sub(r"[^A-Za-z0-9_-]+", ".", key)
    told_apart = "" if name == key.replace("/", ".") and "." not in key else f".{_short(key)}"
    return f"<{name}{told_apart}@{domain}>"


def compose(letter: Letter, sender: Sender) -> bytes:
    """Write the message, its lines ending in LF; the same letter gives the same bytes."""
    boundary = f"=_{sha256(letter.key.encode()).hexdigest()[:32]}"  # neither base64 nor quoted-printable can hold "=_"
    body = _multipart("alternative", f"{boundary}a", _worded("plain", letter.text), _worded("html", letter.html))
    if letter.attachments:
        body = _multipart("mixed", f"{boundary}m", body, *map(_file, letter.attachments))
    return "\n".join([*_headers(letter, sender), body]).encode("ascii")


def _headers(letter: Letter, sender: Sender) -> Iterator[str]:
    sent_at = letter.sent_at.astimezone(HANOI)
    thread = f"{sent_at:%Y-%m}.{_short(letter.address.casefold())}"
    yield f"From: {_person(sender.name, sender.address)}"
    yield f"To: {_person(letter.recipient, letter.address)}"
    if sender.reply_to:
        yield f"Reply-To: <{sender.reply_to}>"
    yield f"Subject: {_words(plain(letter.subject, _LONGEST_SUBJECT))}"
    yield f"Date: {format_datetime(sent_at)}"
    yield f"Message-ID: {message_id(letter.key, sender.domain)}"
    yield f"References: <{thread}@{sender.domain}>"
    yield f"List-Id: {_words(OFFICE)}\n <don-doc.{sender.domain}>"
    yield f"X-Dondoc-Notice: {quote(letter.key, safe='/')}"
    yield "Auto-Submitted: auto-generated"
    yield "X-Auto-Response-Suppress: All"
    yield "MIME-Version: 1.0"


def _person(name: str, address: str) -> str:
    shown = plain(name, _LONGEST_NAME)
    return f"{_encoded(shown)}\n <{address}>" if shown else f"<{address}>"


def _words(text: str) -> str:
    """Return a header's text; what is not plain, or only looks encoded, is encoded."""
    return text if _PLAIN_HEADER.fullmatch(text) and "=?" not in text else _encoded(text)


@lru_cache
def _encoded(text: str) -> str:
    """Return encoded words of whole letters, each on a line of its own; the office's name stands in every message."""
    pieces, size = [""], 0
    for letter in text:
        width = len(letter.encode())
        if size + width > _WORD_BYTES:
            pieces.append("")
            size = 0
        pieces[-1] += letter
        size += width
    return "\n ".join(f"=?utf-8?b?{b64encode(piece.encode()).decode('ascii')}?=" for piece in pieces)


def _multipart(kind: str, boundary: str, *parts: str) -> str:
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind};\n boundary="{boundary}"\n\n{inside}--{boundary}--\n'


def _worded(kind: str, text: str) -> str:
    body = b2a_qp(_readable(text).encode(), istext=True).decode("ascii")
    return f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{body}"


def _readable(text: str) -> str:
    """Return text of whole lines without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.replace("\n", "").replace("\t", "").isprintable():
        return lines
    return "".join(c for c in lines if c in _KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs"})


def _file(attachment: Attachment) -> str:
    name = plain(attachment.name, _LONGEST_NAME).replace("/", "_").replace("\\", "_") or "file"
    kind = attachment.mime_type if _MIME_TYPE.fullmatch(attachment.mime_type) else "application/octet-stream"
    return (
        f"Content-Type: {kind};{_parameter('name', name)}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: attachment;{_parameter('filename', name)}\n\n"
        + encodebytes(attachment.content).decode("ascii")
    )


def _parameter(parameter: str, value: str) -> str:
    """Return a parameter by RFC 2231, in pieces where it is long: the only form every reader takes Vietnamese in."""
    pieces = _PIECES.findall(quote(value, safe=""))
    if len(pieces) == 1:
        return f"\n {parameter}*=utf-8''{pieces[0]}"
    first, *more = pieces
    lines = [f"\n {parameter}*0*=utf-8''{first}", *(f"\n {parameter}*{n}*={piece}" for n, piece in enumerate(more, 1))]
    return ";".join(lines)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
