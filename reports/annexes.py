"""The annexes of the paper: which are made, in which order, and what stands in each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from reports.charts import agencies_charts
from reports.correction import corrections_table
from reports.facts import Facts
from reports.form import Form
from reports.heat import heat_table
from reports.numbers import figure_numbers, table_numbers
from reports.paper import Annex, Block, Paragraph
from reports.plots import indicator_plots
from reports.raised_tables import asked_table, indicators_table, obstacles_table, recurring_table
from reports.state import paper_day
from reports.tables import agencies_table, collectives_table, unled_table, works_by_agency, works_by_task
from reports.wording import day_in_words, roman, worded

Content = Callable[[Facts, Form], Sequence[Block]]


def day_of(facts: Facts, form: Form) -> date:
    """Return the day the paper bears."""
    return paper_day(form.state, cutoff=facts.cutoff, meeting=facts.meeting)


def numerals_of(facts: Facts, form: Form) -> Mapping[str, str]:
    """Return the numeral of each annex that is made: one whose list has something."""
    made = [name for name, (listed, _) in _ANNEXES.items() if listed(facts, form)]
    return {name: roman(order) for order, name in enumerate(made, start=1)}


def annexes_of(facts: Facts, form: Form, numerals: Mapping[str, str]) -> tuple[Annex, ...]:
    """Return the annexes, each with its title and the report it belongs to."""
    head = form.head
    date = day_in_words(day_of(facts, form))
    with_report = worded("annex_with", sign=head.sign, date=date, body=head.body)
    return tuple(
        Annex(
            label=worded("annex", annex=numeral) if len(numerals) > 1 else worded("annex_alone"),
            title=worded(f"annex_{name}").upper(),
            with_report=with_report,
            blocks=tuple(_ANNEXES[name][1](facts, form)),
        )
        for name, numeral in numerals.items()
    )


def _agencies(facts: Facts, _form: Form) -> Sequence[Block]:
    heat = table_numbers(facts).get("heat")
    blocks: list[Block] = [agencies_table(facts), *agencies_charts(facts, figure_numbers(facts))]
    if heat:
        blocks += [Paragraph(worded("heat_reads"), kept=True), heat_table(facts, heat)]
    return blocks


def _conclusions(facts: Facts, _form: Form) -> Sequence[Block]:
    return [works_by_task(work for each in facts.conclusions for work in each.works)]


def _indicators(facts: Facts, _form: Form) -> Sequence[Block]:
    return [indicators_table(facts), *indicator_plots(facts, figure_numbers(facts)["indicators"])]


# An annex is made when its list has something; the order here is the order of the numerals.
_ANNEXES: Mapping[str, tuple[Callable[[Facts, Form], Sequence[object]], Content]] = {
    "conclusions": (lambda facts, _: facts.conclusions, _conclusions),
    "agencies": (lambda facts, _: facts.agencies, _agencies),
    "late": (lambda facts, _: facts.late, lambda facts, _: [works_by_agency(facts.late)]),
    "done_late": (lambda facts, _: facts.done_late, lambda facts, _: [works_by_agency(facts.done_late)]),
    "unconfirmed": (lambda facts, _: facts.unconfirmed, lambda facts, _: [works_by_agency(facts.unconfirmed)]),
    "becomes_late": (
        lambda facts, _: facts.movement.becomes_late,
        lambda facts, _: [works_by_task(facts.movement.becomes_late)],
    ),
    "due_next": (lambda facts, _: facts.due_next, lambda facts, _: [works_by_task(facts.due_next)]),
    "undated": (lambda facts, _: facts.undated, lambda facts, _: [works_by_task(facts.undated)]),
    "unled": (lambda facts, _: facts.unled, lambda facts, _: [unled_table(facts)]),
    "collectives": (lambda facts, _: facts.collectives, lambda facts, _: [collectives_table(facts)]),
    "recurring": (lambda facts, _: facts.recurring, lambda facts, _: [recurring_table(facts)]),
    "ongoing": (lambda facts, _: facts.ongoing or (), lambda facts, _: [works_by_task(facts.ongoing or ())]),
    "asked": (lambda facts, _: (*facts.extensions, *facts.disputes), lambda facts, _: [asked_table(facts)]),
    "obstacles": (lambda facts, _: facts.obstacles, lambda facts, _: [obstacles_table(facts)]),
    "indicators": (lambda facts, _: facts.indicators, _indicators),
    "corrections": (lambda _, form: form.changes, lambda _, form: corrections_table(form.changes)),
}
