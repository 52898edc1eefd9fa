"""`dondoc scorecard`: how every agency stands, in which rank, and whom to propose for praise and for criticism."""

import sys
from datetime import date, datetime

import click

from cli.failure import SystemFailed
from cli.opened import opened
from cli.options import as_of_option, database_option, json_option, known_at_option, settings
from cli.output import print_json, print_table
from config.clock import now
from config.scorecard import load_criteria
from models.scorecard import Score, Scorecard, scorecard_of
from models.scorecard_answer import proposed, reason, scorecard_answer
from models.store import Store
from rules.scorecard import DoesNotAddUpError, Measure
from texts import Language, both, date_text, instant_text, number_text

_FIGURES = ("due", "on_time", "late", "overdue", "silent", "unconfirmed", "extended", "broken", "unclear")
_COLUMNS = ("rank", "due", "on_time", "late", "overdue", "moved", "mean", "worst", *_FIGURES[4:])
_UNRANKED = sys.maxsize


@click.command(help=both("cli.help_scorecard"))
@as_of_option
@known_at_option
@database_option
@json_option
def scorecard(*, as_of: date, known_at: datetime | None, database: str, as_json: bool) -> None:
    """Print the scorecard of the day asked about."""
    with opened(database) as store:
        card = _asked(store, as_of, known_at or now())
    if as_json:
        print_json(scorecard_answer(card))
    else:
        _print(card)


def _asked(store: Store, as_of: date, known_at: datetime) -> Scorecard:
    chosen = settings()
    try:
        return scorecard_of(
            store,
            as_of=as_of,
            known_at=known_at,
            level=chosen.completion_level,
            warning_working_days=chosen.warning_working_days,
            criteria=load_criteria(),
        )
    except DoesNotAddUpError as error:
        raise SystemFailed("scorecard.does_not_add_up", contradiction=error) from error


def _print(card: Scorecard) -> None:
    days = {"as_of": date_text(card.as_of), "since": date_text(card.since), "known_at": instant_text(card.known_at)}
    print_table(
        both("scorecard.title", **days),
        [both("cli.column_agency"), *(both(f"scorecard.column_{name}") for name in _COLUMNS)],
        [_line(score) for score in (*sorted(card.agencies, key=_place), card.together)],
        figures=range(1, len(_COLUMNS) + 1),
    )
    click.echo(both("scorecard.criteria", minimum=card.criteria.rank_minimum))
    for measure in Measure:
        _print_proposed(card, measure)
    if card.unled:
        click.echo(both("scorecard.unled", count=card.unled))
    click.echo(both("scorecard.open_rows"))


def _place(score: Score) -> int:
    """Return what the lines are sorted by: the rank, and last who has none."""
    return score.rank or _UNRANKED


def _line(score: Score) -> list[object]:
    count = {name: figure.count for name, figure in score.figures.items()}
    return [
        score.agency.name_vi if score.agency else both("scorecard.together"),
        score.rank or "–",
        *(count[name] for name in _FIGURES[:4]),
        f"{score.moved['overdue']:+d}",
        number_text(score.delays.mean, 1),
        score.delays.worst,
        *(count[name] for name in _FIGURES[4:]),
    ]


def _print_proposed(card: Scorecard, measure: Measure) -> None:
    names = {score.agency.code: score.agency.name_vi for score in card.agencies if score.agency}
    click.echo(f"\n{both(f'scorecard.{measure}')}:")
    found = proposed(card, measure)
    if not found:
        click.echo(f"  {both('scorecard.nobody')}")
    for one in found:
        click.echo(f"  {names[one.agency]}: {reason(card, one, Language.VI)} / {reason(card, one, Language.EN)}")
