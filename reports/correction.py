"""What a corrected edition says of itself: what is other than in the edition it corrects, in words."""

from collections.abc import Sequence

from reports.changes import Change, Scalar
from reports.paper import Align, Block, Column, Paragraph, Table, TableRow
from reports.wording import known_or, number_text, status_text, worded
from rules.status import Status

# A paper of the Government names what changed; a list longer than this is counted, and whole in `dondoc editions`.
SHOWN_AT_MOST = 200


def corrections_table(changes: Sequence[Change]) -> Sequence[Block]:
    """Return what changed, one line each, figures first; a very long list is cut and says so."""
    figures_first = sorted(changes, key=lambda change: not change.is_figure)
    columns = (
        Column(worded("column_order"), 5, Align.CENTRE),
        Column(worded("column_changed"), 45),
        Column(worded("column_before"), 25),
        Column(worded("column_after"), 25),
    )
    rows = [
        TableRow((str(order), changed_text(change), value_text(change.before), value_text(change.after)), breaks=True)
        for order, change in enumerate(figures_first[:SHOWN_AT_MOST], start=1)
    ]
    blocks: list[Block] = [Table(columns, tuple(rows))]
    if len(changes) > SHOWN_AT_MOST:
        blocks.append(Paragraph(worded("changed_more", count=number_text(len(changes) - SHOWN_AT_MOST))))
    return blocks


def changed_text(change: Change) -> str:
    """Return what changed: the list or figure, its entry and its field, each by the word people know."""
    named = [_known("part", change.part), change.key, _field(change.field)]
    if not change.field:
        named.append(worded("changed_new" if change.before is None else "changed_gone"))
    return " – ".join(filter(None, named))


def value_text(value: Scalar) -> str:
    """Return a value as people read it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return worded("yes" if value else "no")
    if isinstance(value, int | float):
        return number_text(value, 0 if isinstance(value, int) else 1)
    return value


def _field(name: str) -> str:
    last = name.rpartition(".")[2]
    return status_text(Status(last)) if last in set(Status) else _known("field", last)


def _known(kind: str, name: str) -> str:
    """Return the words for a part or a field; its own name where there are none: nothing that changed is left out."""
    return known_or(f"{kind}_{name.replace('.', '_')}", name) if name else ""
