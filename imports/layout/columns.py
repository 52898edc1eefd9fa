"""What each column of a header means: by its heading, by the columns beside it, and by what stands under it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from imports.layout.headings import Headings, Meaning, period_words
from rules.folding import fold
from rules.layout import Field, Layout

_READS_LIKE_A_DEADLINE = re.compile(
    r"\b(?:thang|quy|nam|ngay|truoc)\b.*\d|\bquy [iv]+\b|^t?\.?\d{1,2}[/.-]\d{4}$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"
    r"|^20\d\d$|thuong xuyen|hang (?:thang|quy|nam)"
)
_TELLS_WHAT_WAS_DONE = re.compile(r"(?:da|dang|chua)\b")
_YEAR = re.compile(r"\b20\d\d\b")
_FEWEST_PERIODS = 2
Sample = Callable[[int], Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """The columns by meaning, from left to right, and the periods whose columns are only marked ("x").

    When periods are marked, the deadline is read from those columns, whose names are `periods`.
    """

    by_field: Mapping[Field, int]
    periods: Mapping[int, str] = field(default_factory=dict)

    def layout(self, headings: Headings) -> Layout | None:
        """Return the first layout that fits, or None: then this is no table."""
        return next((layout for layout in headings.layouts if layout.fits(self.by_field.keys())), None)


def columns_of(
    tiers: Mapping[int, Sequence[str]], sample: Sample, headings: Headings, corrected: Mapping[int, Field | None]
) -> Columns:
    """Return what the columns under `tiers` mean; `sample` gives texts under a column, `corrected` what people said."""
    periods = _marked_periods(tiers, sample)
    meanings, exact = {}, set(corrected)
    for column, texts in tiers.items():
        if column not in corrected and column not in periods:
            meanings[column], is_exact = headings.meanings(texts)
            exact |= {column} if is_exact else set()
    fields = {column: meant for column, meant in corrected.items() if meant}
    fields |= _decided({column: found for column, found in meanings.items() if found}, sample, fields, headings)
    if Field.DEADLINE in fields.values():
        periods = {}
    elif periods:
        fields[min(periods)] = Field.DEADLINE
    chosen: dict[Field, int] = {}
    for column in sorted(fields, key=lambda column: (column not in corrected, column not in exact, column)):
        chosen.setdefault(fields[column], column)
    return Columns(dict(sorted(chosen.items(), key=lambda entry: entry[1])), periods)


def _marked_periods(tiers: Mapping[int, Sequence[str]], sample: Sample) -> dict[int, str]:
    """Return the columns headed by a period ("Quý I") under which no numbers stand, when there are several."""
    found = {}
    for column, texts in tiers.items():
        period = period_words(texts[-1]) if texts else None
        if period and not any(text[:1].isdecimal() for text in sample(column)):
            year = _YEAR.search(" ".join(texts))
            found[column] = f"{period}/{year[0]}" if year and "/" not in period else period
    return found if len(found) >= _FEWEST_PERIODS else {}


def _decided(
    meanings: Mapping[int, Sequence[Meaning]], sample: Sample, given: Mapping[int, Field], headings: Headings
) -> dict[int, Field]:
    """Return the one meaning of each column; whether the table reports hangs on the status, so that goes first."""
    fields = dict(given) | {column: found[0].field for column, found in meanings.items() if _is_certain(found)}
    states = [column for column, found in meanings.items() if any(each.field is Field.STATUS for each in found)]
    for column in states:
        others = {field for at, field in fields.items() if at != column}
        late = Field.DEADLINE not in others and _mostly_deadlines(sample(column))
        fields[column] = Field.DEADLINE if late else Field.STATUS
    for column, found in meanings.items():
        if column not in fields:
            fields[column] = _in_context(found, set(fields.values()), headings)
    return fields


def _is_certain(found: Sequence[Meaning]) -> bool:
    return len({meaning.field for meaning in found}) == 1


def _in_context(found: Sequence[Meaning], others: set[Field], headings: Headings) -> Field:
    """Return what a heading means beside columns of `others`: what the layout they mark says, then the unmarked one.

    A meaning another column has already goes to the next layout it would make fit.
    """
    marked = {layout.code for layout in headings.layouts if layout.marks & others}
    in_order = sorted(found, key=lambda each: (each.layout.code not in marked, bool(each.layout.marks)))
    free = [each for each in in_order if each.field not in others]
    for layout, field_ in free:
        if layout.code in marked or not layout.marks or layout.fits(others | {field_}):
            return field_
    return (free or in_order)[0].field


def _mostly_deadlines(sample: Sequence[str]) -> bool:
    return bool(sample) and sum(_reads_like_a_deadline(fold(text)) for text in sample) * 2 > len(sample)


def _reads_like_a_deadline(folded: str) -> bool:
    return bool(_READS_LIKE_A_DEADLINE.search(folded)) and not _TELLS_WHAT_WAS_DONE.match(folded)
