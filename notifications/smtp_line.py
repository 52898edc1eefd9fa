"""One SMTP connection, kept from letter to letter, and what the server's every answer means.

A refusal before the text was whole is a refusal, whatever broke: the server cannot have taken what it never had in
full. Once the text has been handed over, only an answer tells; without one the outcome is `unknown`.
"""

import smtplib
import socket
import ssl
from base64 import b64encode
from enum import StrEnum

from notifications.letter import Outcome
from notifications.notice import NoticeState
from notifications.plain_text import plain
from notifications.relay import Relay, Security

_LONGEST_ANSWER = 300
_SHORTEST_SECRET = 3
_CLOSING = 421
_GO_AHEAD = 354
_NOT_LET_IN = frozenset({530, 534, 535, 538})


class Step(StrEnum):
    """What was being asked of the server."""

    CONNECTION = "connection"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"
    ANSWER = "answer"


class _StoppedError(Exception):
    """The conversation ended at `step`: by a code and its words, or (code 0) because the connection broke."""

    def __init__(self, step: Step, code: int, words: str) -> None:
        super().__init__(step)
        self.step = step
        self.code = max(code, 0)
        self.words = words if code >= 0 else "garbled"


class Line:
    """A connection to `relay` that is opened for the first letter and kept for the next."""

    def __init__(self, relay: Relay) -> None:
        """Remember the relay; nothing is opened yet."""
        self.relay = relay
        self._smtp: smtplib.SMTP | None = None

    def hand_over(self, address: str, message: bytes, message_id: str) -> Outcome:
        """Hand `message` (lines ending in LF) over for one person and return what the server made of it."""
        try:
            code, words = self._converse(address, message)
        except _StoppedError as stopped:
            self._after(stopped)
            return self._outcome(stopped.step, stopped.code, stopped.words, message_id)
        return self._outcome(Step.ANSWER, code, words, message_id)

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()

    def _converse(self, address: str, message: bytes) -> tuple[int, str]:
        smtp = self._announced()
        self._ask(smtp, Step.RECIPIENT, f"RCPT TO:<{address}>")
        self._ask(smtp, Step.TEXT, "DATA", wanted=_GO_AHEAD)
        try:
            smtp.send(_on_the_wire(message))
        except (OSError, smtplib.SMTPException) as error:
            raise _StoppedError(Step.TEXT, 0, _broken(error)) from None
        return self._answered(smtp)

    def _answered(self, smtp: smtplib.SMTP) -> tuple[int, str]:
        assert smtp.sock is not None, "an open connection has a socket"
        smtp.sock.settimeout(self.relay.answer_seconds)
        try:
            code, words = smtp.getreply()
            smtp.sock.settimeout(self.relay.step_seconds)
        except (OSError, smtplib.SMTPException) as error:
            raise _StoppedError(Step.ANSWER, 0, _broken(error)) from None
        if not _says_yes(code):
            raise _StoppedError(Step.ANSWER, code, _text(words))
        return code, _text(words)

    def _announced(self) -> smtplib.SMTP:
        """Return a connection that has heard who writes; one that died of waiting is opened anew, once."""
        waited = self._smtp is not None
        try:
            return self._announce()
        except _StoppedError as stopped:
            if not waited or stopped.code not in {0, _CLOSING}:
                raise
        self._hang_up()
        return self._announce()

    def _announce(self) -> smtplib.SMTP:
        smtp = self._smtp = self._smtp or self._opened()
        self._ask(smtp, Step.SENDER, f"MAIL FROM:<{self.relay.bounces_to}>")
        return smtp

    def _opened(self) -> smtplib.SMTP:
        relay, step, smtp = self.relay, Step.CONNECTION, None
        try:
            secured = _trusting(relay) if relay.security is not Security.NO else None
            smtp = _dialled(relay, secured)
            smtp.ehlo_or_helo_if_needed()
            if relay.security is Security.STARTTLS:
                smtp.starttls(context=secured)
                smtp.ehlo_or_helo_if_needed()
            step = Step.LOGIN
            if relay.user:
                smtp.login(relay.user, relay.password.get_secret_value())
        except (OSError, smtplib.SMTPException, ValueError) as error:
            if smtp is not None:
                smtp.close()
            if isinstance(error, smtplib.SMTPResponseException):
                raise _StoppedError(step, error.smtp_code, _text(error.smtp_error)) from None
            raise _StoppedError(step, 0, _broken(error)) from None
        return smtp

    def _ask(self, smtp: smtplib.SMTP, step: Step, command: str, *, wanted: int = 0) -> None:
        try:
            code, words = smtp.docmd(command)
        except (OSError, smtplib.SMTPException) as error:
            raise _StoppedError(step, 0, _broken(error)) from None
        if code != wanted if wanted else not _says_yes(code):
            raise _StoppedError(step, code, _text(words))

    def _after(self, stopped: _StoppedError) -> None:
        """Make the connection fit for the next letter, or give it up."""
        if self._smtp is None:
            return
        if stopped.code in {0, _CLOSING}:
            self._hang_up()
            return
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _outcome(self, step: Step, code: int, words: str, message_id: str) -> Outcome:
        state = _state(step, code)
        out_of_reach = state is NoticeState.FAILED_TEMPORARY and (
            code == _CLOSING or code in _NOT_LET_IN or step in {Step.CONNECTION, Step.LOGIN} or not code
        )
        said = words if code else ""
        detail = "" if state is NoticeState.ACCEPTED else f"{step}: {code or words}"
        return Outcome(state, detail, code, self._without_secrets(said), message_id, out_of_reach)

    def _without_secrets(self, words: str) -> str:
        user, password = self.relay.user, self.relay.password.get_secret_value()
        said = [f"\0{user}\0{password}", password, user] if user else []
        for secret in (*(b64encode(each.encode()).decode("ascii") for each in said), password, user):
            words = words.replace(secret, "…") if len(secret) >= _SHORTEST_SECRET else words
        return plain(words, _LONGEST_ANSWER)


def _state(step: Step, code: int) -> NoticeState:
    """Return the state that an answer leads to; the whole table stands in docs/huong-dan/gui-thong-bao.md."""
    if step is Step.ANSWER and _says_yes(code):
        return NoticeState.ACCEPTED
    if step is Step.ANSWER and not 400 <= code < 600:  # noqa: PLR2004 - SMTP's refusals
        return NoticeState.UNKNOWN
    about_us = step in {Step.CONNECTION, Step.LOGIN} or code in _NOT_LET_IN
    if about_us or not 500 <= code < 600:  # noqa: PLR2004
        return NoticeState.FAILED_TEMPORARY
    return NoticeState.FAILED_PERMANENT


def _on_the_wire(message: bytes) -> bytes:
    """Return the message in SMTP's lines, with a dot before each that begins with one, and the end."""
    lines = message.replace(b"\n", b"\r\n").replace(b"\n.", b"\n..")
    return lines + b".\r\n"


def _says_yes(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004


def _dialled(relay: Relay, secured: ssl.SSLContext | None) -> smtplib.SMTP:
    name = socket.gethostname()  # smtplib would look its own name up, which can take seconds
    if relay.security is Security.TLS:
        return smtplib.SMTP_SSL(
            relay.host, relay.port, local_hostname=name, timeout=relay.step_seconds, context=secured
        )
    return smtplib.SMTP(relay.host, relay.port, local_hostname=name, timeout=relay.step_seconds)


def _trusting(relay: Relay) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(relay.authorities) if relay.authorities else None)


def _broken(error: BaseException) -> str:
    """Name how a connection broke, in one word that holds nothing of the setting."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ssl.SSLError):
        return "tls"
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "not supported"
    return "dropped"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
