"""The posts: who holds each on the day, and what each was told lately. Work contacts, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from models.people import holdings_of
from models.told import Told, told_since
from portal.access import Looking, NotAllowedError
from portal.desk import Desk
from portal.looking.pages import MOST_TO_CHOOSE, names
from portal.looking.question import Question
from portal.looking.tables import asked
from portal.pages import Pages
from rules.access import Role as Work
from rules.access import Visitor
from rules.ladder import Role
from rules.people import People, Reader
from rules.reference import Reference

_SEE_PEOPLE = frozenset({Work.SECRETARIAT, Work.AUDITOR, Work.LEADER})
_LATELY, _POSTS_SHOWN = timedelta(days=30), 200


@dataclass(frozen=True)
class Post:
    """A post of an agency on the day: who answers for it (None: vacant), and the notices it was sent lately."""

    agency: str
    role: Role
    post: str
    reader: Reader | None
    told: Sequence[Told]


def routes(desk: Desk, pages: Pages) -> APIRouter:
    """Return the routes of posts."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/people")
    def people(request: Request, visitor: Looking) -> HTMLResponse:
        """List the posts of an agency, or of all, with who holds them and what they were told lately."""
        _hold_to_those_who_may(visitor)
        question, reference = asked(desk, request, visitor)
        return pages.page(request, "looking/people.html", **_people(desk, question, reference))

    return router


def _hold_to_those_who_may(visitor: Visitor) -> None:
    if visitor.role not in _SEE_PEOPLE:
        raise NotAllowedError("portal.not_allowed", role=visitor.role)


def _people(desk: Desk, question: Question, reference: Reference) -> dict[str, Any]:
    since = question.as_of - _LATELY
    with desk.store.reading() as session:
        holdings = holdings_of(session, known_at=question.known_at)
        told = told_since(session, since, known_at=question.known_at, agency=question.agency)
    held = People(reference.contacts, holdings, question.as_of)
    known = {(each.agency, each.role): each.post_vi for each in holdings}
    known |= {(each.agency, each.role): each.post_vi for each in reference.contacts}
    roles, position = list(Role), {agency.code: at for at, agency in enumerate(reference.register.agencies)}
    posts = [
        Post(agency, role, post, held.accountable(agency, role), _of(told, agency, role, question))
        for (agency, role), post in known.items()
        if question.agency in {None, agency}
    ]
    posts.sort(key=lambda each: (position.get(each.agency, len(position)), roles.index(each.role)))
    existing = [agency for agency in reference.register.agencies if agency.valid_on(question.as_of)]
    return {
        "q": question,
        "named": names(reference),
        "agencies": existing if len(existing) <= MOST_TO_CHOOSE else (),
        "posts": posts[:_POSTS_SHOWN],
        "count": len(posts),
        "since": since,
    }


def _of(told: Sequence[Told], agency: str, role: Role, question: Question) -> Sequence[Told]:
    return [each for each in told if (each.agency, each.role) == (agency, role) and each.on <= question.as_of]
