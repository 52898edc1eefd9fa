"""The report's sentences: facts in, paragraphs out, as an official would write them."""

from collections.abc import Iterator, Mapping, Sequence

from reports.counts import DONE, AgencyFacts, MilestoneFacts, StatusCounts
from reports.facts import Facts
from reports.form import Form
from reports.letterhead import Letterhead
from reports.state import AT_THE_TABLE
from reports.wording import (
    agencies_text,
    milestone_text,
    names_text,
    number_text,
    share,
    source_text,
    status_text,
    within_sentence,
    worded,
)
from reports.work import Work
from rules.milestone import Verdict
from rules.scorecard import Measure, Proposal
from texts import date_text

_USUAL_VERDICTS = frozenset({Verdict.MET, Verdict.MET_LATE, Verdict.MISSED, Verdict.PENDING})

NAMED_IN_A_SENTENCE = 3
Annexes = Mapping[str, str]


def basis(facts: Facts, form: Form) -> str:
    """Return the opening: what is reported on, by whom, up to which day."""
    values = {
        "body": form.head.body,
        "cutoff": date_text(facts.cutoff),
        "meeting": date_text(facts.meeting),
    }
    if not facts.sources:
        return worded("basis_nothing", **values)
    entry = "basis_updated" if form.state in AT_THE_TABLE else "basis"
    sources = "; ".join(source_text(source) for source in facts.sources)
    corrected = " " + worded("basis_corrects", edition=form.corrects) if form.corrects else ""
    return worded(entry, sources=sources, **values) + corrected


def totals(facts: Facts) -> Sequence[str]:
    """Return how all work stands, every part with its share, and how it is counted."""
    cutoff = date_text(facts.cutoff)
    if not facts.totals.total:
        return [worded("totals_nothing", cutoff=cutoff)]
    parts = "; ".join(
        worded("part", status=within_sentence(status_text(status)), share=share(count, facts.totals.total))
        for status, count in facts.totals.parts()
        if count
    )
    values = {"cutoff": cutoff, "agencies": agencies_text([a.name for a in facts.agencies]), "parts": parts}
    entry = "totals_one" if facts.totals.total == 1 else "totals_many"
    total = number_text(facts.totals.total)
    return [worded(entry, total=total, **values), worded("counting", level=worded(f"level_{facts.level}"))]


def milestones(facts: Facts) -> Sequence[str]:
    """Return how the work of each milestone stands."""
    known = [milestone for milestone in facts.milestones if milestone.due]
    if not known:
        return [worded("milestones_nothing")]
    return [
        *(_milestone(milestone) for milestone in known),
        worded("milestones_reference") + _outside_milestones(facts),
    ]


def burndown(facts: Facts, figure: int) -> str:
    """Return how much dated work is left at the cut-off, and how much was to be left by plan."""
    point = next(point for point in reversed(facts.burndown) if point.left is not None)
    assert point.left is not None
    values = {"left": number_text(point.left), "planned": number_text(point.planned), "figure": figure}
    return worded("burndown_some", day=date_text(point.on), **values)


def _outside_milestones(facts: Facts) -> str:
    if not facts.beyond_milestones and not facts.without_due_day:
        return ""
    parts = "; ".join(_without_due_day(facts.without_due_day_counts)) if facts.without_due_day_counts else ""
    return worded(
        "milestones_outside",
        beyond=number_text(facts.beyond_milestones),
        without=number_text(facts.without_due_day),
        parts=worded("milestones_without_parts", parts=parts) if parts else "",
    )


def _without_due_day(counts: StatusCounts) -> Iterator[str]:
    """Yield what has no due day by how it stands; work that is done could be neither in time nor late."""
    if counts.completed:
        yield worded("milestones_without_done", count=number_text(counts.completed))
    for status, count in counts.parts():
        if count and status not in DONE:
            yield worded(
                "milestones_without_part", count=number_text(count), status=within_sentence(status_text(status))
            )


def _milestone(milestone: MilestoneFacts) -> str:
    values: dict[str, object] = {"name": within_sentence(milestone_text(milestone)), "on": date_text(milestone.on)}
    if milestone.pending == milestone.due:
        done = share(milestone.pending_done, milestone.due)
        return worded("milestone_pending", due=number_text(milestone.due), done=done, **values)
    values |= {
        verdict.value: share(milestone.of(verdict), milestone.due)
        for verdict in (Verdict.MET, Verdict.MET_LATE, Verdict.MISSED, Verdict.PENDING)
    }
    values["others"] = "".join(
        worded(
            "milestone_other",
            verdict=within_sentence(worded(f"verdict_{verdict.value}")),
            count=share(milestone.of(verdict), milestone.due),
        )
        for verdict in Verdict
        if verdict not in _USUAL_VERDICTS and milestone.of(verdict)
    )
    return worded("milestone_mixed" if milestone.pending else "milestone_passed", **values)


def agencies(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return how many agencies are late and which most of all."""
    if not facts.agencies:
        return []
    return [_lateness(facts), worded("agencies_reference", annex=annexes["agencies"])]


def _lateness(facts: Facts) -> str:
    late = [agency for agency in facts.agencies if agency.counts.overdue]
    if not late:
        return worded("agencies_none_late")
    if len(facts.agencies) == 1:
        only = late[0]
        return worded("agencies_single_late", name=only.name, share=share(only.counts.overdue, only.counts.total))
    values = {"late": number_text(len(late)), "most": _most(late)}
    if len(late) == len(facts.agencies):
        return worded("agencies_all_late", **values)
    return worded("agencies_best", count=number_text(len(facts.agencies) - len(late)), **values)


def _most(late: Sequence[AgencyFacts]) -> str:
    highest = max(agency.counts.overdue for agency in late)
    first = [agency for agency in late if agency.counts.overdue == highest]
    if len(first) == 1:
        return worded("agencies_most", name=first[0].name, share=share(highest, first[0].counts.total))
    return worded("agencies_most_equal", names=names_text([a.name for a in first]), count=number_text(highest))


def late(facts: Facts, annexes: Annexes, table: int) -> str:
    """Return how much is overdue and by how long."""
    if not facts.late:
        return worded("late_nothing")
    longest = max(work.days_late for work in facts.late)
    who = list(dict.fromkeys(work.agency_name for work in facts.late if work.days_late == longest))
    return worded(
        "late_some",
        share=share(len(facts.late), facts.totals.total),
        agencies=_whose(facts.late),
        longest=number_text(longest),
        who=names_text(who),
        table=table,
        annex=annexes["late"],
    )


def listed(entry: str, works: Sequence[Work], facts: Facts, annexes: Annexes) -> str:
    """Return how much work a list names and where the list stands."""
    if not works:
        return worded(f"{entry}_nothing")
    return worded(
        f"{entry}_some",
        share=share(len(works), facts.totals.total),
        agencies=_whose(works),
        tasks=number_text(len({(work.document, work.number) for work in works})),
        annex=annexes[entry],
    )


def unled(facts: Facts, annexes: Annexes) -> str:
    """Return how many tasks nobody registered answers for."""
    if not facts.unled:
        return worded("unled_nothing")
    return worded("unled_some", count=number_text(len(facts.unled)), annex=annexes["unled"])


def collectives(facts: Facts, annexes: Annexes) -> str:
    """Return how the tasks given to many agencies stand."""
    if not facts.collectives:
        return worded("collectives_nothing")
    return worded(
        "collectives_some",
        count=number_text(len(facts.collectives)),
        closed=number_text(sum(work.done == work.members for work in facts.collectives)),
        late=number_text(sum(work.overdue > 0 for work in facts.collectives)),
        annex=annexes["collectives"],
    )


def due_next(facts: Facts, annexes: Annexes) -> str:
    """Return what falls due through the end of the next month."""
    values = {"cutoff": date_text(facts.cutoff), "through": date_text(facts.due_through)}
    if not facts.due_next:
        return worded("due_next_nothing", **values)
    return worded(
        "due_next_some",
        share=share(len(facts.due_next), facts.totals.total),
        agencies=_whose(facts.due_next),
        annex=annexes["due_next"],
        **values,
    )


def proposal(facts: Facts, measure: Measure) -> str:
    """Return whom a measure is proposed for, with the figures, and by which criterion."""
    limits = facts.thresholds
    minimum, limit = {
        Measure.PRAISE: (limits.praise_minimum, limits.praise_on_time_percent),
        Measure.CRITICISM: (limits.criticism_minimum, limits.criticism_overdue_percent),
        Measure.REVIEW: (limits.review_minimum, limits.review_days_late),
    }[measure]
    criterion = worded(f"criterion_{measure.value}", minimum=f"{minimum:02d}", limit=limit)
    found = facts.proposed(measure)
    if not found:
        return worded(f"propose_nothing_{measure.value}", criterion=criterion)
    if len(found) > NAMED_IN_A_SENTENCE:
        count = number_text(len(found))
        return worded(f"propose_{measure.value}", agencies=worded("proposed_below", count=count), criterion=criterion)
    named = "; ".join(f"{facts.name_of(one.agency)} ({_figures(one)})" for one in found)
    return worded(f"propose_{measure.value}", agencies=named, criterion=criterion)


def _figures(found: Proposal) -> str:
    return worded(
        f"figures_{found.measure.value}",
        count=number_text(found.count),
        of=number_text(found.of),
        longest=number_text(found.longest),
    )


def _whose(works: Sequence[Work]) -> str:
    return agencies_text([work.agency_name for work in works])


def closing(facts: Facts, letterhead: Letterhead) -> str:
    """Return the last sentence, without its end mark."""
    return worded("closing", cutoff=date_text(facts.cutoff), body=letterhead.body, addressee=letterhead.addressee)
