"""What a person looks at before the report goes: what changed, what is disputed, what is not proven, what jumped."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from models import Store
from models.edition_tables import Edition
from reports.changes import Change, changes_between
from reports.correction import changed_text
from reports.edition import editions_of_month
from reports.facts import Facts
from reports.raised import Asked
from reports.state import EditionState
from reports.work import Work

MOVED_PERCENT = 20
# Figures that a reader of the paper compares with the last paper.
_FIGURES = ("totals", "movement.totals", "agencies", "milestones", "proposals")


class Approval(BaseModel):
    """A person's answer to a report that waits to be sent."""

    approved: bool = Field(title="Đồng ý gửi / Approved")
    by: str = Field(title="Chức vụ người duyệt / Approved by (post)", min_length=1)
    reason: str = Field(default="", title="Ý kiến / Remark")


@dataclass(frozen=True)
class Review:
    """What to look at before the report goes; `since` is the edition compared with ("" when there is none).

    `moved` are the figures that changed by `moved_percent` or more of what they were; one that was nothing moved by
    all of itself.
    """

    since: str
    changes: tuple[Change, ...]
    disputes: tuple[Asked, ...]
    extensions: tuple[Asked, ...]
    without_evidence: tuple[Work, ...]
    moved: tuple[Change, ...]
    moved_percent: int


def review_of(store: Store, facts: Facts, *, moved_percent: int = MOVED_PERCENT) -> Review:
    """Return the review of `facts` against the month's last draft, or its last edition of any state without one."""
    with store.reading() as session:
        before = _compared_with(editions_of_month(session, facts.month))
    changes = changes_between(Facts.from_json(before.facts), facts) if before else ()
    return Review(
        since=before.code if before else "",
        changes=changes,
        disputes=tuple(each for each in facts.disputes if not each.answer),
        extensions=tuple(each for each in facts.extensions if not each.answer),
        without_evidence=facts.unconfirmed,
        moved=tuple(change for change in changes if _moved(change, moved_percent)),
        moved_percent=moved_percent,
    )


def review_rows(review: Review) -> list[dict[str, object]]:
    """Return the review as rows for a table of operations: what, which and from what to what."""
    rows: list[dict[str, object]] = [
        {"what": "moved", "which": changed_text(each), "before": each.before, "after": each.after}
        for each in review.moved
    ]
    for what, asked in (("dispute", review.disputes), ("extension", review.extensions)):
        rows += [{"what": what, "which": f"{a.code} {a.agency_name}", "before": a.text, "after": ""} for a in asked]
    works = review.without_evidence
    rows += [{"what": "evidence", "which": f"{w.code} {w.agency_name}", "before": w.task, "after": ""} for w in works]
    others = [each for each in review.changes if each not in review.moved]
    return rows + [
        {"what": "changed", "which": changed_text(each), "before": each.before, "after": each.after} for each in others
    ]


def _compared_with(history: Sequence[Edition]) -> Edition | None:
    drafts = [edition for edition in history if edition.state == EditionState.DRAFT]
    return next(reversed(drafts or list(history)), None)


def _moved(change: Change, percent: int) -> bool:
    if change.part not in _FIGURES or not change.is_figure:
        return False
    before, after = change.before, change.after
    assert isinstance(before, int | float)
    assert isinstance(after, int | float)
    return abs(after - before) * 100 >= percent * abs(before)
