"""The steps of an explanation that tell the duty: who assigned what to whom, by when, and how the day moved."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from models.assignment_tables import Decision
from models.explanation import Case, Saying, Telling, cell_of, entry, listed, record_of, saying
from models.story import Story, moves_the_deadline
from rules.calendar import WorkingCalendar
from rules.deadline import read_deadline
from rules.product import ProductKind, leaves_open, read_products
from rules.steps import StepStanding
from texts import period_text
from texts.deadline import explain_deadline

_TEXTS = frozenset({ProductKind.PLAN, ProductKind.PROGRAMME, ProductKind.LEGAL_TEXT})

# Decisions of which the later one replaces the earlier.
_ANSWERING = (("confirm", "return"), ("cancel", "reinstate"))


def assigned(case: Case) -> Iterator[Telling]:
    """Tell the document, the work, who leads it and the product asked for, each from its cell."""
    story, wording = case.story, case.story.wording
    document, batch = story.document, story.batches[wording.batch_id]
    yield (
        saying("document_what", code=document.code, issued_on=document.issued_on),
        saying("document_why", title=document.title) if document.title else saying("document_untitled"),
        saying("source_file", file=batch.file, batch=batch.id),
    )
    yield (
        saying("task_what", number=wording.number or story.task.number, text=wording.text),
        saying("task_why", section=wording.section) if wording.section else saying("task_worded"),
        cell_of(wording, "task", batch),
    )
    lead = saying("lead_what", lead=wording.lead_text or "—", agency=_assignee(case))
    yield lead, _led(case), cell_of(wording, "lead", batch)
    product = saying("product_what", product=wording.product) if wording.product else saying("product_none_what")
    yield product, _proved_by(wording.product), cell_of(wording, "product", batch)


def _assignee(case: Case) -> str:
    code = case.story.assignment.agency_code
    return case.reference.register.by_code()[code].name_vi


def _led(case: Case) -> Saying:
    dates = case.story.dates
    if dates.several_leads:
        return saying("lead_several_why")
    names = {each.code: each.names[0] for each in case.reference.register.collectives if each.names}
    if dates.collective_code:
        return saying("lead_collective_why", collective=names.get(dates.collective_code, dates.collective_code))
    return saying("lead_one_why")


def _proved_by(product: str) -> Saying:
    if not product:
        return saying("product_none_why")
    if leaves_open(product):
        return saying("product_open_why")
    texts_alone = all(one.kind in _TEXTS for one in read_products(product))
    return saying("product_text_why" if texts_alone else "product_act_why")


def deadline(case: Case) -> Iterator[Telling]:
    """Tell how the words became a day, or the period's day."""
    story, wording = case.story, case.story.wording
    source = cell_of(wording, "deadline", story.batches[wording.batch_id])
    read = read_deadline(wording.deadline_text, document_on=story.document.issued_on, calendar=case.reference.calendar)
    period, stored = story.assignment.period, story.dates.original_due_on
    name = "deadline_first_what" if period else "deadline_what"
    what = saying(name if read.due_on else "deadline_none_what", text=wording.deadline_text, due_on=read.due_on)
    yield what, partial(explain_deadline, read), source
    if period:
        yield (
            saying("period_what", period=partial(period_text, period), due_on=stored or "—"),
            saying("period_why", counts_from=story.dates.counts_from),
            source,
        )
    elif stored != read.due_on and not story.last_decision("date"):
        yield saying("reread_what", stored=stored or "—", read=read.due_on or "—"), saying("reread_why"), source


def redated(case: Case) -> Iterator[Telling]:
    """Tell each time a workbook gave another original due day, and the reason given with it."""
    story = case.story
    standing = [revision for revision in story.revisions if revision.standing]
    for before, after in pairwise(standing):
        old, new = before.original_due_on, after.original_due_on
        if old and old != new:
            batch = story.batches[after.batch_id]
            why = saying("redated_why", reason=batch.reason) if batch.reason else saying("redated_unsaid_why")
            source = saying("source_file", file=batch.file, batch=batch.id)
            yield saying("redated_what", old=old, new=new or "—"), why, source


def effective(case: Case) -> Iterator[Telling]:
    """Tell through which day work is in time, naming every day off in between."""
    due_on, calendar = case.story.due_on, case.reference.calendar
    if due_on is None:
        return
    effective_on = calendar.effective(due_on)
    why = saying("effective_same_why", due_on=due_on)
    if effective_on is None:
        why = saying("effective_uncovered_why", due_on=due_on)
    elif effective_on != due_on:
        why = saying("effective_moved_why", days=listed(_days_off(due_on, effective_on, calendar)))
    yield saying("effective_what", effective_on=effective_on or due_on), why, saying("civil_code")


def _days_off(first: date, until: date, calendar: WorkingCalendar) -> Iterator[Saying]:
    for day in calendar.days_off(first, until - timedelta(days=1)):
        name = calendar.holidays.get(day)
        named: object = name or entry(f"deadline.weekday_{day.weekday()}")
        yield saying("day_off", day=day, name=named)


def steps(case: Case, found: Sequence[StepStanding]) -> Iterator[Telling]:
    """Tell each step of work done in several: its day, how it stands, and what does it."""
    wording = case.story.wording
    source = cell_of(wording, "deadline", case.story.batches[wording.batch_id])
    for step in found:
        named = {"position": step.position, "count": len(found), "name": step.name}
        what = saying("step_what", due_on=step.due_on, status=entry(f"status.{step.status}"), **named)
        if step.completed_on:
            why = saying("step_done_why", on=step.completed_on)
        else:
            why = saying("step_last_why" if step.position == len(found) else "step_open_why")
        yield what, why, source


def decided(case: Case, *actions: str) -> Iterator[Telling]:
    """Tell the decisions of these kinds, and which of them a later one replaced."""
    for decision in case.story.decisions:
        if decision.action in actions:
            yield _decision(decision, replaced=_replaced(decision, case.story))


def _replaced(decision: Decision, story: Story) -> bool:
    """Whether a later decision says otherwise; every hold keeps its days, but the due day it gave may be replaced."""
    if moves_the_deadline(decision):
        return decision is not story.last_move
    group = next((group for group in _ANSWERING if decision.action in group), (decision.action,))
    return decision.action not in ("hold", "resume") and decision is not story.last_decision(*group)


def _decision(decision: Decision, *, replaced: bool) -> Telling:
    days = {"on": decision.effective_on, "until_on": decision.until_on or "—", "due_on": decision.due_on or "—"}
    days["to"] = decision.to_agency or "—"
    stopped = "hold_clock_what" if decision.action == "hold" else "resume_clock_what"
    what = saying(stopped if decision.due_on else f"{decision.action}_what", **days)
    later = "due_day_replaced_why" if decision.due_on else "decision_replaced_why"
    why = saying(later if replaced else "decision_why", by=decision.decided_by, reason=decision.reason)
    return what, why, record_of(decision)
