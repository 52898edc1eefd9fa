"""Compose the paper: which headings, paragraphs, tables, charts and annexes stand where. Facts in, blocks out."""

from collections.abc import Mapping, Sequence

from reports import matters, moved, narrative
from reports.annexes import annexes_of, day_of, numerals_of
from reports.charts import milestones_chart
from reports.facts import Facts
from reports.form import Form
from reports.numbers import figure_numbers, has_burndown, has_milestones, table_numbers
from reports.paper import Block, Heading, Paper, Paragraph
from reports.plots import burndown_plot
from reports.state import EditionState
from reports.tables import late_table, milestones_table, proposals_table, totals_table
from reports.wording import day_in_words, roman, worded, written_in
from rules.scorecard import Measure


def paper_of(facts: Facts, form: Form) -> Paper:
    """Return the whole paper, its words in the language of the form."""
    with written_in(form.language):
        return _paper(facts, form)


def _paper(facts: Facts, form: Form) -> Paper:
    letterhead, numerals = form.head, numerals_of(facts, form)
    year, month = facts.month.split("-")
    return Paper(
        governing=letterhead.governing.upper(),
        issuing=letterhead.issuing.upper(),
        number=worded("number", sign=letterhead.sign),
        country=worded("country"),
        motto=worded("motto"),
        place_and_date=worded("place_and_date", place=letterhead.place, date=day_in_words(day_of(facts, form))),
        kind=worded("kind"),
        subject=worded("subject", month=f"{int(month)}/{year}"),
        addressed=worded("addressed", addressee=letterhead.addressee),
        blocks=tuple(_body(facts, form, numerals)),
        closing=narrative.closing(facts, letterhead) + "./.",
        signing=letterhead.signing,
        recipients_title=worded("recipients"),
        recipients=tuple(f"- {recipient}" for recipient in letterhead.recipients),
        annexes=annexes_of(facts, form, numerals),
        digest=facts.digest(),
        language=form.language.value,
        mark=worded("mark_draft") if form.state is EditionState.DRAFT else "",
    )


def _body(facts: Facts, form: Form, numerals: Mapping[str, str]) -> Sequence[Block]:
    sections = (
        *_concluded(facts, numerals),
        ("heading_overall", _overall(facts, numerals)),
        ("heading_attention", _attention(facts, numerals)),
        ("heading_movement", _movement(facts, numerals)),
        ("heading_due_next", [Paragraph(narrative.due_next(facts, numerals))]),
        ("heading_proposals", _proposals(facts)),
    )
    blocks: list[Block] = [Paragraph(narrative.basis(facts, form))]
    for order, (heading, content) in enumerate(sections, start=1):
        blocks += [Heading(1, f"{roman(order)}. {worded(heading).upper()}"), *content]
    return blocks


def _concluded(facts: Facts, numerals: Mapping[str, str]) -> Sequence[tuple[str, Sequence[Block]]]:
    """Open with how the last meeting's conclusions stand, where some were recorded."""
    if not facts.conclusions:
        return []
    return [("heading_conclusions", _paragraphs(matters.conclusions(facts, numerals)))]


def _overall(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    if not facts.agencies:
        return _paragraphs(narrative.totals(facts))
    return [
        *_sub(1, "totals", narrative.totals(facts)),
        totals_table(facts, 1),
        *_sub(2, "milestones", narrative.milestones(facts)),
        *(_milestones(facts) if has_milestones(facts) else []),
        *_sub(3, "agencies", narrative.agencies(facts, numerals)),
    ]


def _milestones(facts: Facts) -> Sequence[Block]:
    tables, figures = table_numbers(facts), figure_numbers(facts)
    blocks: list[Block] = [
        milestones_table(facts, tables["milestones"]),
        milestones_chart(facts, figures["milestones"]),
    ]
    if has_burndown(facts):
        number = figures["burndown"]
        blocks += [Paragraph(narrative.burndown(facts, number)), burndown_plot(facts, number)]
    return blocks


def _attention(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    table = table_numbers(facts).get("late", 0)
    undated = [narrative.listed("undated", facts.undated, facts, numerals), narrative.unled(facts, numerals)]
    recurring = matters.recurring(facts, numerals)
    parts: list[tuple[str, Sequence[str], Sequence[Block]]] = [
        ("late", [narrative.late(facts, numerals, table)], [late_table(facts, table)] if facts.late else []),
        ("done_late", [narrative.listed("done_late", facts.done_late, facts, numerals)], []),
        ("unconfirmed", [narrative.listed("unconfirmed", facts.unconfirmed, facts, numerals)], []),
        ("undated", undated, []),
        ("collectives", [narrative.collectives(facts, numerals)], []),
        *([("recurring", recurring, ())] if recurring else []),
        ("asked", matters.asked(facts, numerals), []),
        ("obstacles", [matters.obstacles(facts, numerals)], []),
        *([("indicators", [matters.indicators(facts, numerals)], ())] if facts.indicators else []),
    ]
    return [
        block
        for order, (name, told, shown) in enumerate(parts, start=1)
        for block in (*_sub(order, name, told), *shown)
    ]


def _movement(facts: Facts, numerals: Mapping[str, str]) -> Sequence[Block]:
    return [
        *_sub(1, "since", [moved.since(facts)]),
        *_sub(2, "between", moved.between(facts, numerals)),
    ]


def _proposals(facts: Facts) -> Sequence[Block]:
    blocks: list[Block] = []
    for order, measure in enumerate(Measure, start=1):
        blocks += _sub(order, measure.value, [narrative.proposal(facts, measure)])
        if len(facts.proposed(measure)) > narrative.NAMED_IN_A_SENTENCE:
            blocks.append(proposals_table(facts, measure))
    return blocks


def _sub(order: int, heading: str, paragraphs: Sequence[str]) -> Sequence[Block]:
    return [Heading(2, f"{order}. {worded(f'heading_{heading}')}"), *_paragraphs(paragraphs)]


def _paragraphs(texts: Sequence[str]) -> Sequence[Block]:
    return [Paragraph(text) for text in texts]
