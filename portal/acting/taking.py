"""`Taking`: how every form of a decision is answered: taken and led back, or shown again with what was typed."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from decisions import Outcome, decide
from decisions.outcome import REFUSED
from models.answer_tables import ObstacleAnswer
from models.handed import HandedRow
from portal.acting.matters import Matter, desktop
from portal.desk import Desk
from portal.forms import asks_for
from portal.pages import Pages
from portal.typed import Read, Typed, back_of, read_action, speaker, tell
from rules.access import Visitor

_NOT_TAKEN, _SEE_OTHER = 422, 303


@dataclass(frozen=True)
class Asked:
    """One form that was sent: what kind of action it is, where to, about what, and what it does not say itself.

    `seen` is the mark of the newest facts there are, `answer` the one that stands where an obstacle is answered,
    `share` the one of the assignment it is about. It leads back to `place` on the assignment's page.
    """

    kind: type[Any]
    path: str
    matter: Matter
    typed: Typed
    given: dict[str, object]
    seen: str
    answer: ObstacleAnswer | None = None
    share: HandedRow | None = None
    place: str = ""

    @property
    def back(self) -> str:
        """The page of ours the form leads back to."""
        return back_of(self.typed, f"/assignments/{self.matter.code}{self.place}")


class Taking:
    """Takes decisions at one desk; the clock is asked once per request."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        """Take them at `desk`, and answer with `pages`."""
        self.desk, self.pages = desk, pages

    def matter(self, code: str, visitor: Visitor) -> Matter:
        """Return one assignment; raises HTTPException 404 for what is not there or not the visitor's to see."""
        with self.desk.store.reading() as session:
            found = desktop(session, day=self.desk.today(), now=self.desk.now(), level=self.desk.level)
            return found.matter(code, visitor)

    def take(self, request: Request, visitor: Visitor, asked: Asked) -> Response:
        """Record what a form asks for and lead back; else show the form again, with what is wrong (422)."""

        def decided(action: Any) -> Outcome:
            return decide(
                action,
                store=self.desk.store,
                by=speaker(visitor),
                now=self.desk.now(),
                level=self.desk.level,
                policy=self.desk.extensions,
                seen=asked.typed.get("seen") or None,
            )

        return self.answer(request, asked, decided)

    def answer(self, request: Request, asked: Asked, decided: Callable[[Any], Outcome]) -> Response:
        """Let `decided` record the action a form holds and lead back; else show the form again (422)."""
        read: Read[Any] = read_action(asked.kind, self._dated(asked), **self._given(asked))
        if read.action is None:
            return self.form(request, asked, errors=[(each.name, f"acting.{each.entry}") for each in read.wrong])
        outcome = decided(read.action)
        if outcome.outcome == REFUSED:
            return self.form(request, asked, refusal=outcome.refusal)
        tell(request, outcome)
        return RedirectResponse(asked.back, status_code=_SEE_OTHER)

    def form(self, request: Request, asked: Asked, *, status_code: int = _NOT_TAKEN, **wrong: Any) -> Response:
        """Return the page of one form, with what was typed and what is wrong with it."""
        with self.desk.store.reading() as session:
            found = desktop(session, day=self.desk.today(), now=self.desk.now(), level=self.desk.level)
        agencies = [each for each in found.register.agencies if each.valid_on(self.desk.today())]
        return self.pages.page(
            request,
            "acting/decide.html",
            status_code=status_code,
            verb_name=asked.kind.name,
            path=asked.path,
            matter=asked.matter,
            typed=asked.typed,
            seen=asked.seen,
            answer=asked.answer,
            share=asked.share,
            back=asked.back,
            agencies=[(each.code, each.name_vi) for each in agencies],
            today=self.desk.today(),
            **{"errors": [], "refusal": None, **wrong},
        )

    def _given(self, asked: Asked) -> dict[str, object]:
        """Return what the form does not say: who answers does so today, whatever day was sent along."""
        dated = any(each.name == "on" for each in fields(asked.kind)) and not asks_for(asked.kind.name, "on")
        return {"on": self.desk.today(), **asked.given} if dated else asked.given

    def _dated(self, asked: Asked) -> Typed:
        """Return what was typed; a decision is of today unless the form says another day."""
        today = self.desk.today().isoformat()
        return Typed(asked.typed.at, {**asked.typed.values, "on": asked.typed.get("on") or today})
