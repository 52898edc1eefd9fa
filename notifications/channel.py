"""One letter through Apprise: the channel's URL plus the recipient, a fresh object each time, one answer back.

The URL is a secret. It lives in this object only; what leaves it is the scheme.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.manager_plugins import NotificationManager
from pydantic import SecretStr

from notifications.letter import Letter, Outcome, Sending, under_way
from notifications.maildir import SCHEME as MAILDIR
from notifications.maildir import register
from notifications.notice import NoticeState
from texts import SaidError

_MAILTO = frozenset({"mailto", "mailtos"})
_MAIL = _MAILTO | {MAILDIR}
_NO_FOLDER = frozenset({f"{MAILDIR}://", f"{MAILDIR}:///"})
_PLACE = "{address}"
_ONE_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_NOBODY = "nobody@localhost.localdomain"
_OURS = frozenset({"to", "format", "retry", "wait", "emojis"})
_quiet: ContextVar[bool] = ContextVar("dondoc_quiet", default=False)


class ChannelError(SaidError):
    """The channel's setting cannot be used; the message names the scheme only and says what to do."""

    exit_code = 3


class Channel:
    """An Apprise URL that reaches one person at a time.

    Mail schemes get the recipient as `?to=` (targets in the URL's path are dropped: one person, one letter). Any
    other scheme may hold `{address}` where the recipient belongs; without it the URL itself says who reads.
    """

    def __init__(self, url: str) -> None:
        """Take the URL and see that Apprise can use it. Raises ChannelError."""
        register()
        scheme = url.strip().partition("://")[0].lower()
        self.scheme = scheme if scheme in NotificationManager() else "?"  # type: ignore[no-untyped-call]
        self._url = SecretStr(url.strip())
        self._asset = AppriseAsset(app_id="Dondoc", app_desc="Dondoc", async_mode=False, secure_logging=True)
        with _quietly():
            if self._open(_NOBODY, "") is None or url.strip().partition("?")[0] in _NO_FOLDER:
                raise ChannelError("notice.channel_unusable", scheme=self.scheme)

    def __repr__(self) -> str:
        """Name the scheme, never the URL."""
        return f"Channel({self.scheme}://…)"

    def send(self, letter: Letter) -> Outcome:
        """Send `letter` once, outside any transaction, and return what the channel answered."""
        if self.scheme in _MAIL and not _ONE_ADDRESS.fullmatch(letter.address):
            return Outcome(NoticeState.FAILED_PERMANENT, "not_an_address")
        sending = Sending(letter)
        token = under_way.set(sending)
        try:
            with _quietly():
                answer = self._notify(letter)
        finally:
            under_way.reset(token)
        if was_accepted(answer):
            return Outcome(NoticeState.ACCEPTED)
        return Outcome(NoticeState.FAILED_TEMPORARY, sending.detail or "not_accepted")

    def _notify(self, letter: Letter) -> Any:
        service = self._open(letter.address, letter.key)
        if service is None:
            return None
        rich = self._format() == "html"
        apprise = Apprise(asset=self._asset)
        apprise.add(service)
        return apprise.notify(
            body=letter.html if rich else letter.text,
            title=letter.subject,
            body_format=NotifyFormat.HTML if rich else NotifyFormat.TEXT,
            interpret_escapes=False,
        )

    def _format(self) -> str:
        """Return the format the message is handed over in: HTML for e-mail or where the channel asks for it."""
        query = self._url.get_secret_value().partition("?")[2]
        asked = dict(parse_qsl(query)).get("format", "").lower()
        return "html" if self.scheme in _MAILTO or asked == "html" else "text"

    def _open(self, address: str, key: str) -> Any:
        """Make a fresh Apprise object for one person (a reused one throttles), or None when the URL is no good."""
        return Apprise.instantiate(self._personal_url(address, key), asset=self._asset)

    def _personal_url(self, address: str, key: str) -> str:
        base, _, query = self._url.get_secret_value().partition("?")
        person = quote(address, safe="")
        arguments = [*_kept(query), f"format={self._format()}", "retry=0", "emojis=no"]
        if self.scheme in _MAIL:
            arguments.append(f"to={person}")
        if self.scheme in _MAILTO:
            base = _without_path(base)
            arguments += ["+Auto-Submitted=auto-generated", f"+X-Dondoc-Notice={quote(key, safe='')}"]
        if self.scheme == MAILDIR:
            base, folder = f"{MAILDIR}://folder", unquote(base.partition("://")[2])
            arguments.append(f"folder={quote(folder, safe='')}")
        return f"{base}?{'&'.join(arguments)}".replace(_PLACE, person)


def was_accepted(answer: object) -> bool:
    """Return whether `notify()` says yes: True in Apprise 1.x, a true `AppriseResult` in 2.x; None sent nothing."""
    return answer is not None and bool(answer)


def _without_path(base: str) -> str:
    """Cut a mail URL's path, where Apprise would find more recipients."""
    return "/".join(base.split("/", 3)[:3])


def _kept(query: str) -> list[str]:
    """Return the channel's own arguments, as written, without those we set per person."""
    return [pair for pair in query.split("&") if pair and unquote(pair.partition("=")[0]).lower() not in _OURS]


@contextmanager
def _quietly() -> Iterator[None]:
    """Drop this thread's log lines of Apprise and its HTTP client meanwhile: some of them hold the URL."""
    for name in ("apprise", "requests", "urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).addFilter(_unless_quiet)
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def _unless_quiet(_: logging.LogRecord) -> bool:
    return not _quiet.get()
