"""What setting a due day appends beside the decision: the assignment's dates, in a batch of their own."""

from sqlmodel import Session

from models.assignment_tables import AssignmentRevision, Batch, Decision
from models.story import Story
from rules.status import Nature

BY_DECISION = "decision"


def give_due_day(session: Session, story: Story, decision: Decision) -> None:
    """Append that the assignment of a story is dated, due on the day that `decision` gives.

    Dates come in batches: this one names the deciding document. No undo takes it back, since somebody decided it; a
    dating after it replaces it. A workbook that says the same of the task changes nothing; one that words it anew dates
    it anew.
    """
    batch = Batch(
        file=decision.document, sha256="", recorded_at=decision.recorded_at, rows=1, new=0, changed=1, unchanged=0,
        gone=0, kind=BY_DECISION, reason=decision.reason,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    assert batch.id is not None
    dates = story.dates
    session.add(
        AssignmentRevision(
            assignment_id=dates.assignment_id, task_revision_id=dates.task_revision_id, batch_id=batch.id,
            nature=Nature.DATED, counts_from=dates.counts_from, original_due_on=decision.until_on,
            collective_code=dates.collective_code, several_leads=dates.several_leads, standing=True,
        )
    )  # fmt: skip


def is_dated_by_decision(story: Story) -> bool:
    """Whether the due day that stands was set by a decision: another decision may set it otherwise."""
    return story.batches[story.dates.batch_id].kind == BY_DECISION
