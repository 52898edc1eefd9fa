"""One letter through Apprise: the channel's URL plus the recipient, one answer back.

The URL is a secret. It lives in this object only; what leaves it is the scheme.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote

from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.manager_plugins import NotificationManager
from pydantic import SecretStr

from notifications import mail, maildir
from notifications.fitting import fit
from notifications.letter import Kept, Letter, Outcome, Sending, under_way
from notifications.notice import NoticeState
from notifications.relay import ONE_ADDRESS
from texts import SaidError

_MAILTO = frozenset({"mailto", "mailtos"})
_OURS = mail.SCHEMES | {maildir.SCHEME}
_MAIL = _MAILTO | _OURS
_WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
_NO_FOLDER = frozenset({f"{maildir.SCHEME}://", f"{maildir.SCHEME}:///"})
_PLACE = "{address}"
_NOBODY = "nobody@localhost.localdomain"
# What we say ourselves. `optional` would make Apprise call every failure a success, `overflow` send a text in pieces.
_SAID_BY_US = frozenset({"to", "format", "retry", "wait", "emojis", "optional", "overflow", "cto", "rto"})
REACHED_WITHIN, ANSWERED_WITHIN = 3, 15  # seconds
_quiet: ContextVar[bool] = ContextVar("dondoc_quiet", default=False)


class ChannelError(SaidError):
    """The channel's setting cannot be used; the message names the scheme only and says what to do."""

    exit_code = 3


def see_that_all_are_set_up(named: Iterable[str], known: Collection[str]) -> None:
    """Raise ChannelError for the first channel named that is not among those known, saying which setting it lacks."""
    for name in named:
        if name not in known:
            raise ChannelError("notice.channel_missing", name=name, setting=f"DONDOC_CHANNEL_{name.upper()}")


class Channel:
    """An Apprise URL that reaches one person at a time.

    Our own mail schemes are one Apprise object for all letters, over one connection; close it at the end. Every other
    scheme gets a fresh object for each letter (a reused one throttles): `mailto` the recipient as `?to=` (targets in
    its path are dropped: one person, one letter), any other may hold `{address}` where the recipient belongs; without
    it the URL itself says who reads.
    """

    def __init__(self, url: str) -> None:
        """Take the URL and see that Apprise can use it. Raises ChannelError."""
        mail.register()
        maildir.register()
        scheme = url.strip().partition("://")[0].lower()
        self.scheme = scheme if scheme in NotificationManager() else "?"  # type: ignore[no-untyped-call]
        self._url = SecretStr(url.strip())
        self._asset = AppriseAsset(app_id="Dondoc", app_desc="Dondoc", async_mode=False, secure_logging=True)
        self._kept: dict[str, Kept] = {}
        with _quietly():
            service = self._open(_NOBODY, "")
            if service is None or not self._names_a_place():
                raise ChannelError("notice.channel_unusable", scheme=self.scheme)
            self._one_for_all = self._apprise(service) if self.tells_exactly else None

    def __repr__(self) -> str:
        """Name the scheme, never the URL."""
        return f"Channel({self.scheme}://…)"

    def __enter__(self) -> Self:
        """Give the channel for the length of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @property
    def tells_exactly(self) -> bool:
        """Whether a failure here is one: other channels, having waited long, call letters failed that arrived."""
        return self.scheme in _OURS

    def close(self) -> None:
        """Let go of what is kept open between letters."""
        for kept in self._kept.values():
            kept.close()
        self._kept.clear()

    def send(self, letter: Letter) -> Outcome:
        """Send `letter` once, outside any transaction, and return what the channel answered."""
        if self.scheme in _MAIL and not ONE_ADDRESS.fullmatch(letter.address):
            return Outcome(NoticeState.FAILED_PERMANENT, "not_an_address")
        sending = Sending(letter, self._kept)
        token = under_way.set(sending)
        try:
            with _quietly():
                answer = self._notify(letter)
        finally:
            under_way.reset(token)
        if sending.outcome is not None:
            return sending.outcome
        if was_accepted(answer):
            return Outcome(NoticeState.ACCEPTED)
        return Outcome(NoticeState.FAILED_TEMPORARY, "not_accepted")

    def _notify(self, letter: Letter) -> Any:
        if self._one_for_all is not None:  # the plugin takes the letter itself
            return self._one_for_all.notify(body=letter.key, body_format=NotifyFormat.TEXT)
        service = self._open(letter.address, letter.key)
        if service is None:
            return None
        rich = self._format() == "html"
        title, body = letter.subject, letter.html
        if not rich:
            title, body = fit(letter, self.scheme, body_longest=service.body_maxlen, title_longest=service.title_maxlen)
        return self._apprise(service).notify(
            body=body,
            title=title,
            body_format=NotifyFormat.HTML if rich else NotifyFormat.TEXT,
            interpret_escapes=False,
        )

    def _apprise(self, service: Any) -> Apprise:
        apprise = Apprise(asset=self._asset)
        apprise.add(service)
        return apprise

    def _format(self) -> str:
        """Return the format the message is handed over in: HTML for e-mail or where the channel asks for it."""
        query = self._url.get_secret_value().partition("?")[2]
        asked = dict(parse_qsl(query)).get("format", "").lower()
        return "html" if self.scheme in _MAILTO or asked == "html" else "text"

    def _names_a_place(self) -> bool:
        url = self._url.get_secret_value()
        if self.scheme in mail.SCHEMES:
            try:
                mail.relay_named_by(url)
            except ValueError:
                return False
        return url.partition("?")[0] not in _NO_FOLDER

    def _open(self, address: str, key: str) -> Any:
        """Make an Apprise object for one person, or None when the URL is no good."""
        return Apprise.instantiate(self._personal_url(address, key), asset=self._asset)

    def _personal_url(self, address: str, key: str) -> str:
        base, _, query = self._url.get_secret_value().partition("?")
        person = quote(address, safe="")
        arguments = [*_kept(query), f"format={self._format()}", "retry=0", "emojis=no", f"rto={ANSWERED_WITHIN}"]
        # For mail Apprise waits for an answer no longer than for the connection.
        arguments.append(f"cto={ANSWERED_WITHIN if self.scheme in _MAILTO else REACHED_WITHIN}")
        if self.scheme in _MAILTO:
            base = _without_path(base)
            arguments += [f"to={person}", "+Auto-Submitted=auto-generated", f"+X-Dondoc-Notice={quote(key, safe='')}"]
        if self.scheme in _WEBHOOKS:
            arguments.append(f"+Idempotency-Key={quote(key, safe='')}")
        if self.scheme == maildir.SCHEME:
            base, folder = f"{maildir.SCHEME}://folder", unquote(base.partition("://")[2])
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
    return [pair for pair in query.split("&") if pair and unquote(pair.partition("=")[0]).lower() not in _SAID_BY_US]


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
