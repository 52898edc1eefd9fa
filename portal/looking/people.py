"""The posts: who holds each on the day, and what each was told lately. Work contacts, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from models.people import holdings_of
from models.told import Told, told_since
from portal.access import SeeingPeople
from portal.desk import Desk
from portal.looking.pages import MOST_TO_CHOOSE, names
from portal.looking.question import Question
from portal.looking.tables import asked
from portal.pages import Pages
from rules.ladder import Role
from rules.people import People, Reader
from rules.reference import Reference

_LATELY, _PER_PAGE = timedelta(days=30), 50


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
    def people(request: Request, visitor: SeeingPeople) -> HTMLResponse:
        """List the posts of an agency, or of all, with who holds them and what they were told lately."""
        question, reference = asked(desk, request, visitor)
        return pages.page(request, "looking/people.html", **_people(desk, question, reference))

    return router


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
    last = max(1, ceil(len(posts) / _PER_PAGE))
    page = min(question.page, last)
    existing = [agency for agency in reference.register.agencies if agency.valid_on(question.as_of)]
    return {
        "q": question,
        "named": names(reference),
        "agencies": existing if len(existing) <= MOST_TO_CHOOSE else (),
        "posts": posts[(page - 1) * _PER_PAGE : page * _PER_PAGE],
        "page": page,
        "last": last,
        "page_link": lambda number: question.same("/people", page=number),
        "count": len(posts),
        "since": since,
    }


def _of(told: Sequence[Told], agency: str, role: Role, question: Question) -> Sequence[Told]:
    return [each for each in told if (each.agency, each.role) == (agency, role) and each.on <= question.as_of]
