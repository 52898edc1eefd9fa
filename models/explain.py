"""`explain`: why an assignment has its status, from the document's words to the row of the decision table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from models.assignment_tables import Decision, Progress
from models.explanation import (
    ExplainedStep,
    Explanation,
    Saying,
    UnknownAssignmentError,
    cell_of,
    record_of,
    saying,
    step,
)
from models.reference import read_reference
from models.status import WARNING_WORKING_DAYS, last_good_day, status_of
from models.status_table import StatusRow
from models.store import Store
from models.story import Story, story_of
from rules.deadline import read_deadline
from rules.reference import Reference
from rules.status import TABLE, CompletionLevel
from texts import Language, period_text, say
from texts.deadline import explain_deadline

__all__ = ["ExplainedStep", "Explanation", "UnknownAssignmentError", "explain"]

Telling = tuple[Saying, Saying, Saying]


@dataclass(frozen=True)
class _Case:
    """What the steps look at."""

    story: Story
    row: StatusRow | None
    reference: Reference
    as_of: date
    level: CompletionLevel
    window: int


def explain(
    store: Store,
    code: str,
    *,
    as_of: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    language: Language | None = None,
) -> Explanation:
    """Return the derivation of the status of `code` on `as_of`, by what had been recorded at `known_at` (aware).

    Sentences are Vietnamese with English beside, or in `language` alone. Raises UnknownAssignmentError when no
    assignment had the code then.
    """
    with store.reading() as session:
        story, reference = story_of(session, code, known_at=known_at), read_reference(session)
    if story is None:
        raise UnknownAssignmentError(code, known_at)
    holder = reference.register.accountable(as_of).get(story.assignment.agency_code, story.assignment.agency_code)
    table = status_of(
        store, as_of=as_of, known_at=known_at, agency=holder, level=level, warning_working_days=warning_working_days
    )
    row = next((row for row in table.rows if code in row.parts), None) if story.dates.standing else None
    case = _Case(story, row, reference, as_of, level, warning_working_days)
    steps = tuple(step(*told, language) for told in _tell(case))
    return Explanation(code, row.status.value if row else None, steps)


def _tell(case: _Case) -> Iterator[Telling]:
    yield from _assigned(case)
    yield from _deadline(case)
    yield from _decided(case, "extend")
    yield from _effective(case)
    yield from _decided(case, "hold", "cancel")
    yield from _reports(case)
    yield from _decided(case, "confirm", "return")
    yield from _holder(case)
    yield _verdict(case)


def _assigned(case: _Case) -> Iterator[Telling]:
    story, wording = case.story, case.story.wording
    document = story.document
    batch = story.batches[wording.batch_id]
    yield (
        saying("document_what", code=document.code, issued_on=document.issued_on),
        saying("document_why", title=document.title) if document.title else saying("document_untitled"),
        saying("source_file", file=batch.file, batch=batch.id),
    )
    yield (
        saying("task_what", number=story.task.number, text=wording.text),
        saying("task_why", lead=wording.lead_text, product=wording.product or "—"),
        cell_of(wording, "task", batch),
    )


def _deadline(case: _Case) -> Iterator[Telling]:
    story, wording = case.story, case.story.wording
    source = cell_of(wording, "deadline", story.batches[wording.batch_id])
    read = read_deadline(wording.deadline_text, document_on=story.document.issued_on, calendar=case.reference.calendar)
    period, stored = story.assignment.period, story.dates.original_due_on
    entry = "deadline_first_what" if period else "deadline_what"
    what = saying(entry if read.due_on else "deadline_none_what", text=wording.deadline_text, due_on=read.due_on)
    yield what, partial(explain_deadline, read), source
    if period:
        yield (
            saying("period_what", period=partial(period_text, period), due_on=stored or "—"),
            saying("period_why", counts_from=story.dates.counts_from),
            source,
        )
    elif stored != read.due_on:
        yield saying("reread_what", stored=stored or "—", read=read.due_on or "—"), saying("reread_why"), source


def _effective(case: _Case) -> Iterator[Telling]:
    due_on, calendar = case.story.due_on, case.reference.calendar
    if due_on is None:
        return
    effective_on = calendar.effective(due_on)
    name = calendar.holidays.get(due_on)
    why = saying("effective_moved_why", due_on=due_on, holiday=f" ({name})" if name else "")
    if effective_on is None:
        why = saying("effective_uncovered_why", due_on=due_on)
    elif effective_on == due_on:
        why = saying("effective_same_why", due_on=due_on)
    yield saying("effective_what", effective_on=effective_on or due_on), why, saying("civil_code")


def _decided(case: _Case, *actions: str) -> Iterator[Telling]:
    groups = (("extend",), ("hold",), ("cancel",), ("confirm", "return"))
    standing = {decision.id for group in groups if (decision := case.story.last_decision(*group))}
    for decision in case.story.decisions:
        if decision.action in actions:
            yield _decision(decision, replaced=decision.id not in standing)


def _decision(decision: Decision, *, replaced: bool) -> Telling:
    what = saying(f"{decision.action}_what", on=decision.effective_on, until_on=decision.until_on or "—")
    why = "decision_replaced_why" if replaced else "decision_why"
    return what, saying(why, by=decision.decided_by, reason=decision.reason), record_of(decision)


_DECLARED = {True: "declared_done", False: "declared_open", None: "declared_nothing"}


def _reports(case: _Case) -> Iterator[Telling]:
    story = case.story
    if not story.reports:
        yield saying("no_report_what"), saying("no_report_why"), saying(f"level_{case.level}")
    for report in story.reports:
        declared = saying(_DECLARED[report.declared_done])
        what = saying("report_what", on=report.reported_on, declared=declared, result=report.result_text)
        yield what, _weighed(case, report), cell_of(report, "status", story.batches[report.batch_id])


def _weighed(case: _Case, report: Progress) -> Saying:
    """Say whether a report makes the work done, and if not, what is wanting."""
    story, evidence = case.story, report.evidence_text or "—"
    completed_on = story.completed_on(case.level)
    if completed_on and report is story.claim:
        return saying("counted_why", completed_on=completed_on, evidence=evidence)
    if report.declared_done is None or (completed_on and report is story.last_report):
        return saying("unsaid_why" if report.declared_done is None else "restated_why")
    if report is not story.last_report:
        return saying("replaced_why")
    if not report.declared_done:
        return saying("open_why")
    if story.acceptance and story.acceptance.action == "return":
        return saying("returned_why")
    return saying(
        "unevidenced_why" if case.level is CompletionLevel.EVIDENCED else "unconfirmed_why", evidence=evidence
    )


def _holder(case: _Case) -> Iterator[Telling]:
    row, agencies = case.row, case.reference.register.by_code()
    if row is None:
        return
    assigned, holder = agencies[case.story.assignment.agency_code], agencies[row.agency]
    if assigned != holder:
        names = {"agency": assigned.name_vi, "successor": holder.name_vi}
        yield (
            saying("holder_what", **names),
            saying("holder_why", valid_to=assigned.valid_to, **names),
            saying("register"),
        )
    if len(row.parts) > 1:
        what = saying("parts_what", agency=holder.name_vi, count=len(row.parts), codes=", ".join(row.parts))
        yield what, saying("parts_why"), saying("register")


def _verdict(case: _Case) -> Telling:
    row = case.row
    if row is None:
        why = "not_counted_why" if case.story.dates.standing else "gone_why"
        batch = case.story.batches[case.story.dates.batch_id]
        return (
            saying("not_counted_what", as_of=case.as_of),
            saying(why, counts_from=case.story.dates.counts_from),
            saying("source_file", file=batch.file, batch=batch.id),
        )
    facts = {
        "completed_on": row.completed_on or "—",
        "effective_on": last_good_day(case.reference.calendar, row.due_on),
        "days_late": row.days_late,
        "window": case.window,
    }
    names: Saying = lambda language: say(f"status.{row.status}", language)  # noqa: E731 - a sentence, per language
    return saying("status_what", as_of=case.as_of, status=names), saying(f"why_{row.status}", **facts), _table_row(row)


def _table_row(row: StatusRow) -> Saying:
    matching = [position for position, (status, _) in enumerate(TABLE, start=1) if status is row.status]
    rows = len(TABLE) + 1
    return saying("table_row", position=matching[0] if matching else rows, rows=rows)
