"""Compose the paper: which headings, paragraphs, tables, charts and annexes stand where. Facts in, blocks out."""

from collections.abc import Callable, Mapping, Sequence

from reports import narrative
from reports.charts import agencies_charts, milestones_chart
from reports.facts import Facts
from reports.letterhead import Letterhead
from reports.paper import Annex, Block, Heading, Paper, Paragraph, Table
from reports.tables import (
    agencies_table,
    collectives_table,
    late_table,
    milestones_table,
    proposals_table,
    totals_table,
    unled_table,
    works_by_agency,
    works_by_task,
)
from reports.wording import roman, vi
from rules.scorecard import Measure
from texts import official_date

_COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"


def paper_of(facts: Facts, letterhead: Letterhead) -> Paper:
    """Return the whole paper."""
    numerals = _numerals(facts)
    year, month = facts.month.split("-")
    return Paper(
        governing=letterhead.governing.upper(),
        issuing=letterhead.issuing.upper(),
        number=f"Số:          /{letterhead.sign}",
        country=_COUNTRY,
        motto=_MOTTO,
        place_and_date=vi("place_and_date", place=letterhead.place, date=official_date(facts.cutoff)),
        kind=vi("kind"),
        subject=vi("subject", month=f"{int(month)}/{year}"),
        addressed=vi("addressed", addressee=letterhead.addressee),
        blocks=tuple(_body(facts, letterhead, numerals)),
        closing=narrative.closing(facts, letterhead) + "./.",
        signing=letterhead.signing,
        recipients_title=vi("recipients"),
        recipients=tuple(f"- {recipient}" for recipient in letterhead.recipients),
        annexes=_annexes(facts, letterhead, numerals),
        digest=facts.digest(),
    )


def _body(facts: Facts, letterhead: Letterhead, numerals: Mapping[str, str]) -> Sequence[Block]:
    sections = (
        ("heading_overall", _overall(facts, numerals)),
        ("heading_attention", _attention(facts, numerals)),
        ("heading_movement", _movement(facts, numerals)),
        ("heading_due_next", [Paragraph(narrative.due_next(facts, numerals))]),
        ("heading_proposals", _proposals(facts)),
    )
    blocks: list[Block] = [Paragraph(narrative.basis(facts, letterhead))]
    for order, (heading, content) in enumerate(sections, start=1):
        blocks += [Heading(1, f"{roman(order)}. {vi(heading).upper()}"), *content]
    return blocks


def _overall(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    if not facts.agencies:
        return _paragraphs(narrative.totals(facts))
    known = any(milestone.due for milestone in facts.milestones)
    return [
        *_sub(1, "totals", narrative.totals(facts)),
        totals_table(facts, 1),
        *_sub(2, "milestones", narrative.milestones(facts)),
        *(_milestones(facts) if known else []),
        *_sub(3, "agencies", narrative.agencies(facts, numerals)),
    ]


def _milestones(facts: Facts) -> Sequence[Block]:
    return [milestones_table(facts, 2), milestones_chart(facts, 1)]


def _attention(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    table = 3 if any(milestone.due for milestone in facts.milestones) else 2
    undated = [narrative.listed("undated", facts.undated, facts, numerals), narrative.unled(facts, numerals)]
    return [
        *_sub(1, "late", [narrative.late(facts, numerals, table)]),
        *([late_table(facts, table)] if facts.late else []),
        *_sub(2, "done_late", [narrative.listed("done_late", facts.done_late, facts, numerals)]),
        *_sub(3, "unconfirmed", [narrative.listed("unconfirmed", facts.unconfirmed, facts, numerals)]),
        *_sub(4, "undated", undated),
        *_sub(5, "collectives", [narrative.collectives(facts, numerals)]),
    ]


def _movement(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    return [
        *_sub(1, "since", [narrative.since(facts)]),
        *_sub(2, "between", narrative.between(facts, numerals)),
    ]


def _proposals(facts: Facts) -> Sequence[Block]:
    blocks: list[Block] = []
    for order, measure in enumerate(Measure, start=1):
        blocks += _sub(order, measure.value, [narrative.proposal(facts, measure)])
        if len(facts.proposed(measure)) > narrative.NAMED_IN_A_SENTENCE:
            blocks.append(proposals_table(facts, measure))
    return blocks


def _sub(order: int, heading: str, paragraphs: Sequence[str]) -> Sequence[Block]:
    return [Heading(2, f"{order}. {vi(f'heading_{heading}')}"), *_paragraphs(paragraphs)]


def _paragraphs(texts: Sequence[str]) -> Sequence[Block]:
    return [Paragraph(text) for text in texts]


def _agencies_annex(facts: Facts) -> Sequence[Block]:
    judged = any(milestone.due for milestone in facts.milestones)
    return [agencies_table(facts), *agencies_charts(facts, 1 + judged)]


# An annex is made when its list has something; the order here is the order of the numerals.
_ANNEXES: Mapping[str, tuple[Callable[[Facts], Sequence[object]], Callable[[Facts], Sequence[Block]]]] = {
    "agencies": (lambda facts: facts.agencies, _agencies_annex),
    "late": (lambda facts: facts.late, lambda facts: [works_by_agency(facts.late)]),
    "done_late": (lambda facts: facts.done_late, lambda facts: [works_by_agency(facts.done_late)]),
    "unconfirmed": (lambda facts: facts.unconfirmed, lambda facts: [works_by_agency(facts.unconfirmed)]),
    "becomes_late": (lambda facts: facts.movement.becomes_late, lambda facts: [_becomes_late(facts)]),
    "due_next": (lambda facts: facts.due_next, lambda facts: [works_by_task(facts.due_next)]),
    "undated": (lambda facts: facts.undated, lambda facts: [works_by_task(facts.undated)]),
    "unled": (lambda facts: facts.unled, lambda facts: [unled_table(facts)]),
    "collectives": (lambda facts: facts.collectives, lambda facts: [collectives_table(facts)]),
}


def _becomes_late(facts: Facts) -> Table:
    return works_by_task(facts.movement.becomes_late)


def _numerals(facts: Facts) -> Mapping[str, str]:
    made = [name for name, (listed, _) in _ANNEXES.items() if listed(facts)]
    return {name: roman(order) for order, name in enumerate(made, start=1)}


def _annexes(facts: Facts, letterhead: Letterhead, numerals: Mapping[str, str]) -> tuple[Annex, ...]:
    with_report = vi("annex_with", sign=letterhead.sign, date=official_date(facts.cutoff), body=letterhead.body)
    return tuple(
        Annex(
            label=vi("annex", annex=numeral) if len(numerals) > 1 else vi("annex_alone"),
            title=vi(f"annex_{name}").upper(),
            with_report=with_report,
            blocks=tuple(_ANNEXES[name][1](facts)),
        )
        for name, numeral in numerals.items()
    )
