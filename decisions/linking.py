"""Tasks of several documents that are the same work: a person says so, and may take it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlmodel import Session, col, select

from decisions.outcome import RECORDED, REFUSED, UNCHANGED, Outcome, Refusal
from models.assignment_tables import Assignment
from models.outcome_tables import AuditEntry
from models.reference import register_of
from models.same_work import works_known
from models.store import Store
from models.story import Story, story_of
from models.succession import taken_over
from models.work_tables import SameWork
from models.writers import wait_for_writers_of
from texts.wording import HANOI


@dataclass(frozen=True, kw_only=True)
class Link:
    """The task of the assignment `code` is the same work as that of `same_as`, given by another document."""

    name: ClassVar[str] = "link"
    code: str
    same_as: str
    reason: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Unlink:
    """The task of the assignment `code` is a work of its own after all."""

    name: ClassVar[str] = "unlink"
    code: str
    reason: str
    document: str = ""


def decide_link(action: Link | Unlink, *, store: Store, by: str, now: datetime) -> Outcome:
    """Record which tasks are one work, decided by the post `by`; the same again is `unchanged`. `now` is aware."""
    if not by.strip():
        return _refused(action, "needs_decider")
    if not action.reason.strip():
        return _refused(action, "needs_reason")
    with store.writing() as session:
        wait_for_writers_of(session, SameWork)
        take = _link if isinstance(action, Link) else _unlink
        return take(session, action, by.strip(), now)  # type: ignore[arg-type]


def _link(session: Session, action: Link, by: str, now: datetime) -> Outcome:
    stories = [story_of(session, code, known_at=now) for code in (action.code, action.same_as)]
    for story, code in zip(stories, (action.code, action.same_as), strict=True):
        if story is None or not story.dates.standing:
            return _refused(action, "unknown_assignment" if story is None else "not_standing", code=code)
    one, other = (story for story in stories if story)
    if one.document.id == other.document.id:
        return _refused(action, "same_document", document=one.document.code)
    if not _share_an_agency(session, one, other, now):
        return _refused(action, "no_common_agency", code=action.code, other=action.same_as)
    known = works_known(session, now)
    mine, theirs = (known.get(_task(story), _task(story)) for story in (one, other))
    if mine == theirs:
        return Outcome(action.name, UNCHANGED, _last_audit(session, action))
    joined = [_task(one), _task(other), *(task for task, work in known.items() if work == mine)]
    return _recorded(session, action, by, now, dict.fromkeys(joined, theirs))


def _unlink(session: Session, action: Unlink, by: str, now: datetime) -> Outcome:
    story = story_of(session, action.code, known_at=now)
    if story is None:
        return _refused(action, "unknown_assignment", code=action.code)
    known, task = works_known(session, now), _task(story)
    others = sorted(each for each, work in known.items() if work == known.get(task) and each != task)
    if not others:
        return Outcome(action.name, UNCHANGED, _last_audit(session, action))
    return _recorded(session, action, by, now, {task: task, **dict.fromkeys(others, others[0])})


def _recorded(session: Session, action: Link | Unlink, by: str, now: datetime, works: dict[int, int]) -> Outcome:
    """Append which work each task is from now on, with one audit entry."""
    document, reason = action.document.strip(), action.reason.strip()
    session.add_all(
        SameWork(task_id=task, work_id=work, document=document, reason=reason, decided_by=by, recorded_at=now)
        for task, work in works.items()
    )
    detail: dict[str, object] = {"same_as": action.same_as} if isinstance(action, Link) else {}
    detail |= {"works": {str(task): work for task, work in works.items()}}
    detail |= {"document": document, "reason": reason}
    entry = AuditEntry(at=now, by=by, action=f"decide.{action.name}", subject=action.code, detail=detail)
    session.add(entry)
    session.flush()
    return Outcome(action.name, RECORDED, entry.id)


def _share_an_agency(session: Session, one: Story, other: Story, now: datetime) -> bool:
    """Whether some agency accountable today holds a part of both tasks."""
    today = now.astimezone(HANOI).date()
    successors = register_of(session).accountable(today)
    taken = {(each.task_id, each.period, each.former): each.to for each in taken_over(session, on=today, known_at=now)}
    holders = []
    for story in (one, other):
        given = session.exec(select(Assignment).where(Assignment.task_id == story.task.id))
        codes = [taken.get((each.task_id, each.period, each.agency_code), each.agency_code) for each in given]
        holders.append({successors.get(code, code) for code in codes})
    return not holders[0].isdisjoint(holders[1])


def _last_audit(session: Session, action: Link | Unlink) -> int | None:
    said = select(AuditEntry.id).where(AuditEntry.action == f"decide.{action.name}", AuditEntry.subject == action.code)
    return session.exec(said.order_by(col(AuditEntry.id).desc())).first()


def _task(story: Story) -> int:
    assert story.task.id is not None
    return story.task.id


def _refused(action: Link | Unlink, refused: str, /, **values: object) -> Outcome:
    return Outcome(action.name, REFUSED, refusal=Refusal(refused, values))
