"""A header: rows of known headings, how deep it reaches, and what stands over each column; tables side by side."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from imports.layout.columns import Columns, Sample, columns_of
from imports.layout.corrections import Correction, Corrections, Keys, fingerprint, heading_keys
from imports.layout.headings import Headings
from imports.reading.cells import Area, Value, cell_text
from imports.reading.reader import Sheet
from rules.layout import Field, TableKind

_DEEPEST = 4
_SAMPLE, _SAMPLED_ROWS = 30, 1000
_FEWEST_HEADINGS = 2
Tiers = dict[int, list[str]]
Merges = Mapping[int, Sequence[Area]]


@dataclass(frozen=True)
class Block:
    """The header of one table: what its columns mean and are called, and the person's correction it was read by."""

    kind: TableKind
    columns: Columns
    headings: Mapping[int, str]
    keys: Keys
    fingerprint: str
    correction: Correction | None


@dataclass(frozen=True)
class Header:
    """`depth` rows of headings over one table, or over several side by side."""

    depth: int
    blocks: tuple[Block, ...]


def merges_by_row(merges: Iterable[Area]) -> Merges:
    """Return the merged areas by their first row (0-based)."""
    by_row: dict[int, list[Area]] = defaultdict(list)
    for area in merges:
        by_row[area[0][0]].append(area)
    return by_row


def may_be_header(row: Sequence[Value], knows: Callable[[str], bool]) -> bool:
    """Whether a row has as many known headings as a header needs; made to be asked of every row."""
    found = 0
    for value in row:
        if value.__class__ is str and value and knows(value):
            found += 1
            if found == _FEWEST_HEADINGS:
                return True
    return False


@dataclass(frozen=True)
class HeaderReader:
    """Reads the headers of one sheet."""

    sheet: Sheet
    merges: Merges
    headings: Headings
    corrections: Corrections

    def at(self, row: int) -> Header | None:
        """Return the header that begins at `row` (0-based), or None when the headings make no table."""
        depth = self.depth(row)
        tiers, sample = self.tiers(row, depth), self._sampler(row + depth)
        parts = [self._block(part, sample) for part in self._side_by_side(tiers)]
        blocks = [block for block in parts if block]
        if len(blocks) < max(len(parts), 2):
            whole = self._block(tiers, sample)
            blocks = [whole] if whole else []
        return Header(depth, tuple(blocks)) if blocks else None

    def tiers(self, row: int, depth: int) -> Tiers:
        """Return the headings over each column, top tier first; a merged heading stands over all it covers."""
        width = len(self.sheet.rows[row])
        grid = [[cell_text(value) for value in line] for line in self.sheet.rows[row : row + depth]]
        for at, line in enumerate(grid):
            for (_, left), (bottom, right) in self.merges.get(row + at, ()):
                if bottom < row + depth and left < width:
                    line[left + 1 : right + 1] = [line[left]] * (min(right + 1, width) - left - 1)
        return {column: [line[column] for line in grid if line[column]] for column in range(width)}

    def depth(self, row: int) -> int:
        """Count the header's rows: as deep as merged known headings reach, and as rows of known headings follow."""
        merged = max((bottom - row + 1 for bottom in self._bottoms(row)), default=1)
        depth = min(merged, _DEEPEST, len(self.sheet.rows) - row)
        while depth < _DEEPEST and row + depth < len(self.sheet.rows) and self._is_lower_tier(row + depth):
            depth += 1
        return depth

    def _bottoms(self, row: int) -> Iterator[int]:
        """Yield the last row of each merged known heading; a label that runs along the table is none."""
        for (_, left), (bottom, _) in self.merges.get(row, ()):
            text = self.sheet.rows[row][left] if left < len(self.sheet.rows[row]) else ""
            if isinstance(text, str) and self.headings.knows(text):
                yield bottom

    def _is_lower_tier(self, row: int) -> bool:
        above, here = self.sheet.rows[row - 1], self.sheet.rows[row]
        texts = [value for value in here if value not in ("", None)]
        free = any(value in ("", None) for value, over in zip(here, above, strict=True) if over)
        return bool(texts) and free and all(isinstance(text, str) and self.headings.knows(text) for text in texts)

    def _side_by_side(self, tiers: Tiers) -> list[Tiers]:
        """Return the columns in groups that each begin with the same heading, as tables side by side do."""
        rough = {column: self._rough(texts) for column, texts in tiers.items() if texts}
        first = next((field for field in rough.values() if field), None)
        starts = [column for column, field in rough.items() if field is not None and field is first]
        ends = [*starts[1:], len(tiers)]
        starts[:1] = [0]
        return [
            {column: texts for column, texts in tiers.items() if start <= column < end}
            for start, end in zip(starts, ends, strict=False)
        ]

    def _rough(self, texts: Sequence[str]) -> Field | None:
        found, is_exact = self.headings.meanings(texts)
        return found[0].field if found and is_exact else None

    def _block(self, tiers: Tiers, sample: Sample) -> Block | None:
        keys = heading_keys(tiers)
        print_ = fingerprint(keys)
        correction = self.corrections.by_fingerprint.get(print_)
        fields = correction.fields if correction else {}
        correction = correction if fields else None  # taken back
        corrected = {column: fields[key] for column, key in keys.items() if key in fields}
        columns = columns_of(tiers, sample, self.headings, corrected)
        layout = columns.layout(self.headings)
        names = {column: texts[-1] for column, texts in tiers.items() if texts}
        return Block(layout.kind, columns, names, keys, print_, correction) if layout else None

    def _sampler(self, first: int) -> Sample:
        rows = self.sheet.rows[first : first + _SAMPLED_ROWS]

        @cache
        def sample(column: int) -> list[str]:
            texts: list[str] = []
            for row in rows:
                if row[column] != "":
                    texts.append(cell_text(row[column]))
                    if len(texts) == _SAMPLE:
                        break
            return texts

        return sample
