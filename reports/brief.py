"""A page for one leader: their agencies, what is late first, and what is asked of them. One page, whatever there is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from reports.counts import AgencyFacts
from reports.docx_paper import brief_docx_of
from reports.facts import Facts
from reports.paper import Align, Block, Brief, Column, Heading, Paragraph, RowKind, Table, TableRow
from reports.pdf import brief_pdf_of
from reports.wording import clipped, language, number_text, worded
from reports.work import Work
from rules.scorecard import Measure
from texts import SaidError, date_text

# What surely fits on the page beside the rest, with every text of the length allowed it.
_AGENCIES, _LATE = 5, 6
_NAME, _SHORT, _TASK, _TITLE = 60, 36, 90, 120
# How many codes a file name bears.
_CODES = 3


class NoSuchAgencyError(SaidError):
    """The facts have no agency of that code."""


def brief_of(facts: Facts, agencies: Sequence[str], *, post: str = "") -> Brief:
    """Return the page of whoever leads `agencies` (codes); without a `post` it is the head of the one, or of them all.

    Raises NoSuchAgencyError for a code without work this month.
    """
    agencies = tuple(dict.fromkeys(agencies))
    own = _own(facts, agencies)
    year, month = facts.month.split("-")
    late = sorted((work for work in facts.late if work.agency in agencies), key=lambda work: -work.days_late)
    blocks: list[Block] = [
        Heading(2, worded("brief_agencies")),
        _agencies_table(facts, own),
        Heading(2, worded("brief_late")),
        *_late_blocks(late),
        Heading(2, worded("brief_asks")),
        *(Paragraph(ask) for ask in _asks(facts, frozenset(agencies), late) or [worded("ask_nothing")]),
    ]
    return Brief(
        title=worded("brief_title", month=f"{int(month)}/{year}"),
        post=clipped(post or _usual_post(own), _TITLE),
        days=worded("brief_days", cutoff=date_text(facts.cutoff), meeting=date_text(facts.meeting)),
        blocks=tuple(blocks),
        digest=facts.digest(),
        language=language().value,
    )


def brief_files(facts: Facts, agencies: Sequence[str], *, post: str = "") -> Mapping[str, bytes]:
    """Return the page as .docx and .pdf by file name: the same facts give the same bytes."""
    brief = brief_of(facts, agencies, post=post)
    agencies = tuple(dict.fromkeys(agencies))
    stem = f"tom-tat-{facts.month}-{'-'.join(agencies[:_CODES])}" + ("-va-khac" if len(agencies) > _CODES else "")
    made_at = facts.known_at.astimezone(UTC)
    return {
        f"{stem}.docx": brief_docx_of(brief, made_at=made_at),
        f"{stem}.pdf": brief_pdf_of(brief, made_at=made_at),
    }


def _own(facts: Facts, agencies: Sequence[str]) -> Sequence[AgencyFacts]:
    known = {agency.code: agency for agency in facts.agencies}
    missing = [code for code in agencies if code not in known]
    if missing or not agencies:
        raise NoSuchAgencyError("edition.error_no_agency", found=", ".join(missing) or "–", known=", ".join(known))
    return sorted((known[code] for code in agencies), key=lambda agency: -agency.counts.overdue)


def _usual_post(own: Sequence[AgencyFacts]) -> str:
    if len(own) == 1:
        return worded("brief_head", agency=own[0].name)
    return worded("brief_heads", count=number_text(len(own)))


def _agencies_table(facts: Facts, own: Sequence[AgencyFacts]) -> Table:
    columns = (
        Column(worded("column_agency"), 40),
        *(
            Column(worded(name), 12, Align.CENTRE)
            for name in ("column_total", "column_done", "column_overdue", "column_longest", "column_due_next")
        ),
    )
    rows = [TableRow((clipped(a.name, _NAME), *_figures(facts, [a]))) for a in own[:_AGENCIES]]
    if len(own) > _AGENCIES:
        more = worded("brief_more_agencies", count=number_text(len(own) - _AGENCIES))
        rows.append(TableRow((more, *_figures(facts, own[_AGENCIES:]))))
    if len(own) > 1:
        rows.append(TableRow((worded("row_total"), *_figures(facts, own)), RowKind.TOTAL))
    return Table(columns, tuple(rows))


def _figures(facts: Facts, own: Sequence[AgencyFacts]) -> tuple[str, ...]:
    codes = {agency.code for agency in own}
    figures = (
        sum(agency.counts.total for agency in own),
        sum(agency.counts.completed for agency in own),
        sum(agency.counts.overdue for agency in own),
        max(agency.longest for agency in own),
        sum(work.agency in codes for work in facts.due_next),
    )
    return tuple(map(number_text, figures))


def _late_blocks(late: Sequence[Work]) -> Iterator[Block]:
    if not late:
        yield Paragraph(worded("brief_no_late"))
        return
    columns = (
        Column(worded("column_order"), 6, Align.CENTRE),
        Column(worded("sheet_task"), 48),
        Column(worded("column_agency"), 20),
        Column(worded("column_days"), 12, Align.CENTRE),
        Column(worded("column_promised"), 14, Align.CENTRE),
    )
    rows = tuple(
        TableRow(
            (
                str(order),
                clipped(work.task, _TASK),
                clipped(work.agency_name, _SHORT),
                number_text(work.days_late),
                date_text(work.committed_until) if work.committed_until else "–",
            )
        )
        for order, work in enumerate(late[:_LATE], start=1)
    )
    yield Table(columns, rows)
    if len(late) > _LATE:
        yield Paragraph(worded("brief_more_late", count=number_text(len(late) - _LATE)))


def _asks(facts: Facts, codes: frozenset[str], late: Sequence[Work]) -> list[str]:
    """Return what is asked of the leader, the most pressing first."""
    waiting = [each for each in facts.obstacles if each.addressed_to in codes]
    counts = {
        "ask_late": len(late),
        "ask_broken": sum(work.commitment == "broken" for work in late),
        "ask_obstacles": len(waiting),
        "ask_becomes": sum(work.agency in codes for work in facts.movement.becomes_late),
        "ask_evidence": sum(work.agency in codes for work in facts.unconfirmed),
        "ask_due": sum(work.agency in codes for work in facts.due_next),
    }
    values = {
        "longest": number_text(late[0].days_late if late else 0),
        "late": number_text(sum(each.days_late > 0 for each in waiting)),
        "through": date_text(facts.due_through),
    }
    asks = [worded(entry, count=number_text(count), **values) for entry, count in counts.items() if count]
    return [*asks, *_proposed(facts, codes)]


def _proposed(facts: Facts, codes: frozenset[str]) -> Iterator[str]:
    for measure in Measure:
        named = [facts.name_of(one.agency) for one in facts.proposed(measure) if one.agency in codes]
        if named:
            agencies = clipped("; ".join(named), _TASK)
            yield worded("ask_measure", measure=worded(f"heading_{measure}"), agencies=agencies)
