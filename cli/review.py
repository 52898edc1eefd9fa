"""`dondoc report --review`: what a person looks at before the report goes."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.editions import print_changes
from cli.output import print_json
from models.store import Store
from texts import both

if TYPE_CHECKING:
    from reports import Facts
    from reports.review import Review

_ROWS_SHOWN = 50


def show_review(store: Store, facts: "Facts", *, moved_percent: int, as_json: bool) -> None:
    """Print what changed since the draft, what is disputed, what is not proven, and what moved much."""
    from reports.review import review_of

    review = review_of(store, facts, moved_percent=moved_percent)
    if as_json:
        print_json({"month": facts.month, **asdict(review)})
        return
    click.echo(_since(review, facts.month))
    _print_part("moved", len(review.moved), percent=review.moved_percent)
    print_changes(review.moved)
    for name, asked in (("disputes", review.disputes), ("extensions", review.extensions)):
        _print_part(name, len(asked))
        _print_rows([both("edition.review_asked", code=a.code, agency=a.agency_name, text=a.text) for a in asked])
    _print_part("without_evidence", len(review.without_evidence))
    works = review.without_evidence
    _print_rows([both("edition.review_work", code=w.code, agency=w.agency_name, task=w.task) for w in works])
    others = [change for change in review.changes if change not in review.moved]
    _print_part("changes", len(others))
    print_changes(others)


def _since(review: "Review", month: str) -> str:
    if not review.since:
        return both("edition.review_first", month=month)
    return both("edition.review_since", since=review.since, count=len(review.changes))


def _print_part(name: str, count: int, **values: object) -> None:
    click.echo(f"\n{both(f'edition.review_{name}', count=count, **values)}")


def _print_rows(lines: list[str]) -> None:
    for line in lines[:_ROWS_SHOWN]:
        click.echo(f"  {' '.join(line.partition(' / ')[0].split())}")
