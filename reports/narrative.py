"""The report's sentences: facts in, paragraphs out, as an official would write them."""

from collections.abc import Iterator, Mapping, Sequence

from reports.counts import DONE, AgencyFacts, MilestoneFacts, StatusCounts
from reports.facts import Facts, Work
from reports.letterhead import Letterhead
from reports.wording import (
    agencies_text,
    names_text,
    share,
    source_text,
    status_text,
    vi,
    within_sentence,
)
from rules.milestone import Verdict
from rules.scorecard import Measure, Proposal
from texts import date_text, number_text

_USUAL_VERDICTS = frozenset({Verdict.MET, Verdict.MET_LATE, Verdict.MISSED, Verdict.PENDING})

NAMED_IN_A_SENTENCE = 3
Annexes = Mapping[str, str]


def basis(facts: Facts, letterhead: Letterhead) -> str:
    """Return the opening: what is reported on, by whom, up to which day."""
    values = {
        "body": letterhead.body,
        "cutoff": date_text(facts.cutoff),
        "meeting": date_text(facts.meeting),
    }
    if not facts.sources:
        return vi("basis_nothing", **values)
    return vi("basis", sources="; ".join(source_text(source) for source in facts.sources), **values)


def totals(facts: Facts) -> Sequence[str]:
    """Return how all work stands, every part with its share, and how it is counted."""
    cutoff = date_text(facts.cutoff)
    if not facts.totals.total:
        return [vi("totals_nothing", cutoff=cutoff)]
    parts = "; ".join(
        vi("part", status=within_sentence(status_text(status)), share=share(count, facts.totals.total))
        for status, count in facts.totals.parts()
        if count
    )
    values = {"cutoff": cutoff, "agencies": agencies_text([a.name for a in facts.agencies]), "parts": parts}
    entry = "totals_one" if facts.totals.total == 1 else "totals_many"
    total = number_text(facts.totals.total)
    return [vi(entry, total=total, **values), vi("counting", level=vi(f"level_{facts.level}"))]


def milestones(facts: Facts) -> Sequence[str]:
    """Return how the work of each milestone stands."""
    known = [milestone for milestone in facts.milestones if milestone.due]
    if not known:
        return [vi("milestones_nothing")]
    return [*(_milestone(milestone) for milestone in known), vi("milestones_reference") + _outside_milestones(facts)]


def _outside_milestones(facts: Facts) -> str:
    if not facts.beyond_milestones and not facts.without_due_day:
        return ""
    parts = "; ".join(_without_due_day(facts.without_due_day_counts)) if facts.without_due_day_counts else ""
    return vi(
        "milestones_outside",
        beyond=number_text(facts.beyond_milestones),
        without=number_text(facts.without_due_day),
        parts=vi("milestones_without_parts", parts=parts) if parts else "",
    )


def _without_due_day(counts: StatusCounts) -> Iterator[str]:
    """Yield what has no due day by how it stands; work that is done could be neither in time nor late."""
    if counts.completed:
        yield vi("milestones_without_done", count=number_text(counts.completed))
    for status, count in counts.parts():
        if count and status not in DONE:
            yield vi("milestones_without_part", count=number_text(count), status=within_sentence(status_text(status)))


def _milestone(milestone: MilestoneFacts) -> str:
    values: dict[str, object] = {"name": within_sentence(milestone.name), "on": date_text(milestone.on)}
    if milestone.pending == milestone.due:
        done = share(milestone.pending_done, milestone.due)
        return vi("milestone_pending", due=number_text(milestone.due), done=done, **values)
    values |= {
        verdict.value: share(milestone.of(verdict), milestone.due)
        for verdict in (Verdict.MET, Verdict.MET_LATE, Verdict.MISSED, Verdict.PENDING)
    }
    values["others"] = "".join(
        vi(
            "milestone_other",
            verdict=within_sentence(vi(f"verdict_{verdict.value}")),
            count=share(milestone.of(verdict), milestone.due),
        )
        for verdict in Verdict
        if verdict not in _USUAL_VERDICTS and milestone.of(verdict)
    )
    return vi("milestone_mixed" if milestone.pending else "milestone_passed", **values)


def agencies(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return how many agencies are late and which most of all."""
    if not facts.agencies:
        return []
    return [_lateness(facts), vi("agencies_reference", annex=annexes["agencies"])]


def _lateness(facts: Facts) -> str:
    late = [agency for agency in facts.agencies if agency.counts.overdue]
    if not late:
        return vi("agencies_none_late")
    if len(facts.agencies) == 1:
        only = late[0]
        return vi("agencies_single_late", name=only.name, share=share(only.counts.overdue, only.counts.total))
    values = {"late": number_text(len(late)), "most": _most(late)}
    if len(late) == len(facts.agencies):
        return vi("agencies_all_late", **values)
    return vi("agencies_best", count=number_text(len(facts.agencies) - len(late)), **values)


def _most(late: Sequence[AgencyFacts]) -> str:
    highest = max(agency.counts.overdue for agency in late)
    first = [agency for agency in late if agency.counts.overdue == highest]
    if len(first) == 1:
        return vi("agencies_most", name=first[0].name, share=share(highest, first[0].counts.total))
    return vi("agencies_most_equal", names=names_text([a.name for a in first]), count=number_text(highest))


def late(facts: Facts, annexes: Annexes, table: int) -> str:
    """Return how much is overdue and by how long."""
    if not facts.late:
        return vi("late_nothing")
    longest = max(work.days_late for work in facts.late)
    who = list(dict.fromkeys(work.agency_name for work in facts.late if work.days_late == longest))
    return vi(
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
        return vi(f"{entry}_nothing")
    return vi(
        f"{entry}_some",
        share=share(len(works), facts.totals.total),
        agencies=_whose(works),
        tasks=number_text(len({(work.document, work.number) for work in works})),
        annex=annexes[entry],
    )


def unled(facts: Facts, annexes: Annexes) -> str:
    """Return how many tasks nobody registered answers for."""
    if not facts.unled:
        return vi("unled_nothing")
    return vi("unled_some", count=number_text(len(facts.unled)), annex=annexes["unled"])


def collectives(facts: Facts, annexes: Annexes) -> str:
    """Return how the tasks given to many agencies stand."""
    if not facts.collectives:
        return vi("collectives_nothing")
    return vi(
        "collectives_some",
        count=number_text(len(facts.collectives)),
        closed=number_text(sum(work.done == work.members for work in facts.collectives)),
        late=number_text(sum(work.overdue > 0 for work in facts.collectives)),
        annex=annexes["collectives"],
    )


def since(facts: Facts) -> str:
    """Return what moved since the last stored figures."""
    previous = facts.previous
    if previous is None:
        return vi("since_nothing")
    before, after = previous.totals, facts.totals
    values = {
        "total": _change(before.total, after.total),
        "on_time": _change(before.completed_on_time, after.completed_on_time),
        "late_done": _change(before.completed_late, after.completed_late),
        "overdue": _change(before.overdue, after.overdue),
        "day": date_text(previous.as_of),
    }
    return vi("since_edition", edition=previous.edition, **values) if previous.edition else vi("since_day", **values)


def _change(before: int, after: int) -> str:
    entry = "change_more" if after > before else "change_less" if after < before else "change_none"
    count = number_text(abs(after - before))
    return vi(entry, count=count, before=number_text(before), after=number_text(after))


def between(facts: Facts, annexes: Annexes) -> Sequence[str]:
    """Return what becomes late or done between the cut-off and the meeting, and what the day after makes late."""
    movement = facts.movement
    values = {"cutoff": date_text(facts.cutoff), "meeting": date_text(facts.meeting)}
    last_day = [vi("between_last_day", count=number_text(movement.last_day))] if movement.last_day else []
    if facts.cutoff == facts.meeting:
        return [vi("between_same_day"), *last_day]
    if not movement.becomes_late and not movement.becomes_done:
        return [vi("between_nothing", **values), *last_day, *_entered(movement.totals, facts)]
    sentence = vi(
        "between_some",
        late=_or_none("between_late", len(movement.becomes_late)),
        done=_or_none("between_done", len(movement.becomes_done)),
        overdue=share(movement.totals.overdue, movement.totals.total),
        **values,
    )
    reference = [vi("between_annex", annex=annexes["becomes_late"])] if movement.becomes_late else []
    return [" ".join([sentence, *reference]), *last_day, *_entered(movement.totals, facts)]


def _or_none(entry: str, count: int) -> str:
    return vi(entry, count=number_text(count)) if count else vi(f"{entry}_none")


def _entered(at_table: StatusCounts, facts: Facts) -> Sequence[str]:
    entered = sum(move.count for move in facts.movement.moves if move.before is None)
    left = sum(move.count for move in facts.movement.moves if move.after is None)
    if not entered and not left:
        return []
    parts = [vi("between_in", count=number_text(entered))] if entered else []
    parts += [vi("between_out", count=number_text(left))] if left else []
    return [vi("between_entered", parts="; ".join(parts), total=number_text(at_table.total))]


def due_next(facts: Facts, annexes: Annexes) -> str:
    """Return what falls due through the end of the next month."""
    values = {"cutoff": date_text(facts.cutoff), "through": date_text(facts.due_through)}
    if not facts.due_next:
        return vi("due_next_nothing", **values)
    return vi(
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
    criterion = vi(f"criterion_{measure.value}", minimum=f"{minimum:02d}", limit=limit)
    found = facts.proposed(measure)
    if not found:
        return vi(f"propose_nothing_{measure.value}", criterion=criterion)
    if len(found) > NAMED_IN_A_SENTENCE:
        count = number_text(len(found))
        return vi(f"propose_{measure.value}", agencies=vi("proposed_below", count=count), criterion=criterion)
    named = "; ".join(f"{facts.name_of(one.agency)} ({_figures(one)})" for one in found)
    return vi(f"propose_{measure.value}", agencies=named, criterion=criterion)


def _figures(found: Proposal) -> str:
    return vi(
        f"figures_{found.measure.value}",
        count=number_text(found.count),
        of=number_text(found.of),
        longest=number_text(found.longest),
    )


def _whose(works: Sequence[Work]) -> str:
    return agencies_text([work.agency_name for work in works])


def closing(facts: Facts, letterhead: Letterhead) -> str:
    """Return the last sentence, without its end mark."""
    return vi("closing", cutoff=date_text(facts.cutoff), body=letterhead.body, addressee=letterhead.addressee)
