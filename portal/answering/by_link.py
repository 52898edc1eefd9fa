"""The pages a signed link leads to: reading them changes nothing, sending a form records one answer.

They need no login: the link proves that its bearer was sent the digest, and lets them answer for its items alone.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from decisions import Acknowledge, Dispute, Redirect, Reply, RequestExtension, decide
from decisions.outcome import REFUSED
from models.answerable import AnswerableItem, AnswerableNotice, answerable
from notifications.links import PATH, BadLinkError, Links
from notifications.plain_text import plain
from portal.access import OpenTo
from portal.desk import Desk
from portal.pages import Pages, Sayable, worded

_GONE, _BAD_ANSWER, _DONE = 410, 422, 200
_LONGEST = 2000
Token = Annotated[str, Path(max_length=500)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Words = Annotated[str, Form(max_length=_LONGEST)]


class _Answers:
    """What the routes work with; the clock is asked once per request."""

    def __init__(self, desk: Desk, links: Links, pages: Pages) -> None:
        self.desk, self.links, self.pages = desk, links, pages

    def notice(self, token: str, only: int | None = None) -> AnswerableNotice:
        """Return the digest a link is for, with one item or all.

        Raises BadLinkError, or HTTPException 404 when it is no more.
        """
        key = self.links.notice_of(token, today=self.desk.today())
        with self.desk.store.reading() as session:
            found = answerable(session, key, known_at=self.desk.now(), only=only)
        if found is None:
            raise HTTPException(404)
        return found

    def item(self, token: str, number: int) -> tuple[AnswerableNotice, AnswerableItem]:
        """Return one item of the digest. Raises as `notice`, and HTTPException 404 for what it did not tell."""
        notice = self.notice(token, only=number)
        if number not in notice.items:
            raise HTTPException(404)
        return notice, notice.items[number]

    def wrong_link(self, request: Request, error: BadLinkError) -> HTMLResponse:
        """Say that a link is of no use any more."""
        return self.pages.page(request, "answering/wrong.html", status_code=_GONE, message=error)

    def one(
        self,
        request: Request,
        token: str,
        number: int,
        *,
        status_code: int = _DONE,
        message: Sayable | str = "",
        **typed: str,
    ) -> HTMLResponse:
        """Return the page of one item, with what became of an answer; a refused one keeps what was `typed`."""
        notice, item = self.item(token, number)
        values = {"notice": notice, "item": item, "link": f"{PATH}/{token}", "today": self.desk.today()}
        kept = {"action": "", **typed} if status_code == _BAD_ANSWER else {"action": ""}
        said = {"message": message, "typed": kept, "refused": status_code == _BAD_ANSWER}
        return self.pages.page(request, "answering/one.html", status_code=status_code, **said, **values)


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of the pages people answer on; none without a key that signs links."""
    holder = [Depends(OpenTo("whoever holds the signed link of a digest"))]
    router = APIRouter(prefix=PATH, default_response_class=HTMLResponse, dependencies=holder)
    if desk.links is None:
        return router
    answers = _Answers(desk, desk.links, pages)

    @router.get("/{token}")
    def digest(request: Request, token: Token) -> HTMLResponse:
        """List what the digest told, each item with a way to its page. Changes nothing."""
        try:
            notice = answers.notice(token)
        except BadLinkError as error:
            return answers.wrong_link(request, error)
        return pages.page(request, "answering/all.html", notice=notice, link=f"{PATH}/{token}")

    @router.get("/{token}/{number}")
    def one(request: Request, token: Token, number: Number) -> HTMLResponse:
        """Show one item with the answers that can be given. Changes nothing."""
        try:
            return answers.one(request, token, number)
        except BadLinkError as error:
            return answers.wrong_link(request, error)

    @router.post("/{token}/{number}")
    def answer(
        request: Request,
        token: Token,
        number: Number,
        action: Words = "",
        until: Words = "",
        reason: Words = "",
        to: Words = "",
    ) -> HTMLResponse:
        """Record one answer of the digest's reader and say what became of it."""
        try:
            notice, item = answers.item(token, number)
        except BadLinkError as error:
            return answers.wrong_link(request, error)
        said = plain(reason, _LONGEST)
        reply = _reply(action, item.code, desk.today(), until, said, plain(to), notice.key)
        typed = {"action": action, "until": until, "reason": reason, "to": to}
        if reply is None:
            incomplete = worded("answer.incomplete")
            return answers.one(request, token, number, status_code=_BAD_ANSWER, message=incomplete, **typed)
        outcome = decide(reply, store=desk.store, by=notice.recipient, now=desk.now(), level=desk.level)
        status_code = _BAD_ANSWER if outcome.outcome == REFUSED else _DONE
        return answers.one(request, token, number, status_code=status_code, message=outcome, **typed)

    return router


def _reply(action: str, code: str, on: date, until: str, reason: str, to: str, notice: str) -> Reply | None:
    """Return the answer a form holds, or None when it holds none."""
    try:
        until_on = date.fromisoformat(until) if until else None
    except ValueError:
        return None
    if action == Acknowledge.name and until_on:
        return Acknowledge(code=code, on=on, until_on=until_on, reason=reason, notice=notice)
    if action == RequestExtension.name and until_on:
        return RequestExtension(code=code, on=on, until_on=until_on, reason=reason, notice=notice)
    if action == Dispute.name:
        return Dispute(code=code, on=on, reason=reason, notice=notice)
    return Redirect(code=code, on=on, to=to, reason=reason, notice=notice) if action == Redirect.name else None
