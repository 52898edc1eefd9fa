"""What each column of a header means: by its heading, by the columns beside it, and by what stands under it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from imports.layout.headings import PROGRESS, Headings, Meaning, period_words
from rules.folding import fold
from rules.layout import Field, Layout

_READS_LIKE_A_DEADLINE = re.compile(
    r"\b(?:thang|quy|nam|ngay|truoc)\b.*\d|\bquy [iv]+\b|^t?\.?\d{1,2}[/.-]\d{4}$|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"
    r"|^20\d\d$|thuong xuyen|hang (?:thang|quy|nam)"
)
_TELLS_WHAT_WAS_DONE = re.compile(r"(?:da|dang|chua)\b")
_SURELY_DONE_OR_NOT = re.compile(r"(?:da|dang|chua) (?:hoan thanh|thuc hien|trien khai|trinh|xong|ban hanh)\b")
_MAY_BE_DONE = re.compile(r"(?:hoan thanh|xong)\b(?!.*\b(?:truoc|trong|cham nhat|han)\b)")
_NUMBER_ALONE = re.compile(r"[\d.,\s%]+$")
_YEAR = re.compile(r"\b20\d\d\b")
_FEWEST_PERIODS = 2
# What a second column must not take from the first without a word, and where the last of several under one heading
# is the one that counts: "Từ | Đến", "Tiến độ tháng 5 | Tiến độ tháng 6".
_WEIGHTY = frozenset({Field.LEAD, Field.DEADLINE, Field.STATUS, Field.TARGET})
_LAST_COUNTS = frozenset({Field.DEADLINE, Field.STATUS})
Sample = Callable[[int], Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """The columns by meaning, from left to right, and the periods whose columns are only marked ("x").

    When periods are marked, the deadline is read from those columns, whose names are `periods`. `rivals` are filled
    columns that lost a weighty field to another, with that other one; `unsure` may tell deadlines or what was done.
    """

    by_field: Mapping[Field, int]
    periods: Mapping[int, str] = field(default_factory=dict)
    rivals: Mapping[int, int] = field(default_factory=dict)
    unsure: int | None = None

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
    chosen, rivals = _chosen(fields, sample, corrected, exact)
    late = chosen.get(Field.DEADLINE)
    unsure = late if late in meanings and _may_be_status(meanings[late]) and _mostly_done(sample(late)) else None
    return Columns(dict(sorted(chosen.items(), key=lambda entry: entry[1])), periods, rivals, unsure)


def _chosen(
    fields: Mapping[int, Field], sample: Sample, corrected: Mapping[int, Field | None], exact: set[int]
) -> tuple[dict[Field, int], dict[int, int]]:
    """Return the column of each field, and the filled ones that lost a weighty field, unless a person gave it."""
    chosen: dict[Field, int] = {}
    rivals: dict[int, int] = {}

    def first(column: int) -> tuple[bool, bool, int]:
        last_counts = column not in exact and fields[column] in _LAST_COUNTS
        return column not in corrected, column not in exact, -column if last_counts else column

    for column in sorted(fields, key=first):
        kept = chosen.setdefault(fields[column], column)
        if kept != column and kept not in corrected and fields[column] in _WEIGHTY:
            texts = sample(column)
            rivals |= {column: kept} if texts and texts != sample(kept) else {}
    return chosen, rivals


def _marked_periods(tiers: Mapping[int, Sequence[str]], sample: Sample) -> dict[int, str]:
    """Return the columns headed by a period ("Quý I") under which no number stands alone, when there are several."""
    found = {}
    for column, texts in tiers.items():
        period = period_words(texts[-1]) if texts else None
        if period and not any(map(_NUMBER_ALONE.match, sample(column))):
            year = _YEAR.search(" ".join(texts))
            found[column] = f"{period}/{year[0]}" if year and "/" not in period else period
    return found if len(found) >= _FEWEST_PERIODS else {}


def _decided(
    meanings: Mapping[int, Sequence[Meaning]], sample: Sample, given: Mapping[int, Field], headings: Headings
) -> dict[int, Field]:
    """Return the one meaning of each column; whether the table reports hangs on the status, so that goes first."""
    fields = dict(given) | {column: found[0].field for column, found in meanings.items() if _is_certain(found)}
    states = [column for column, found in meanings.items() if _may_be_status(found)]
    for column in states:
        others = {field for at, field in fields.items() if at != column}
        may_be_late = Field.DEADLINE not in others and not _is_certain(meanings[column])
        late = may_be_late and _mostly_deadlines(sample(column), beside_progress=bool(PROGRESS & others))
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


def _may_be_status(found: Sequence[Meaning]) -> bool:
    return any(meaning.field is Field.STATUS for meaning in found)


def _mostly_deadlines(sample: Sequence[str], *, beside_progress: bool) -> bool:
    """Whether texts under "Tiến độ" are deadlines; beside other columns of progress "Hoàn thành ngày…" is none."""
    folded = [fold(text) for text in sample]
    if any(map(_SURELY_DONE_OR_NOT.match, folded)):
        return False
    late = [text for text in folded if _reads_like_a_deadline(text)]
    if beside_progress:
        late = [text for text in late if not _MAY_BE_DONE.match(text)]
    return len(late) * 2 > len(folded)


def _mostly_done(sample: Sequence[str]) -> bool:
    return sum(bool(_MAY_BE_DONE.match(fold(text))) for text in sample) * 2 > len(sample)


def _reads_like_a_deadline(folded: str) -> bool:
    return bool(_READS_LIKE_A_DEADLINE.search(folded)) and not _TELLS_WHAT_WAS_DONE.match(folded)
