"""The texts of a table's rows, field by field; each distinct text is normalised once."""

from collections.abc import Mapping, Sequence
from operator import itemgetter

from imports.layout.headings import Field
from imports.layout.written_row import WrittenRow
from imports.reading.cells import Value, cell_text

_LONGEST_REMEMBERED, _MOST_REMEMBERED = 60, 50_000
_MARKS = frozenset({"x", "v", "+", "✓", "✔", "√", "●", "•", "þ"})


class CellTexts:
    """Reads the texts of rows of one table."""

    def __init__(self, columns: Mapping[Field, int], periods: Mapping[int, str]) -> None:
        """Look at the `columns` of a table, and at those that only mark its `periods`."""
        self._fields, places = tuple(columns), tuple(columns.values())
        self._pick = itemgetter(*places) if len(places) > 1 else lambda line: (line[places[0]],)
        self._periods = periods
        self._remembered: dict[Value, str] = {"": ""}

    def of(self, line: Sequence[Value]) -> dict[Field, str]:
        """Return the text of each field, "" where the cell is empty."""
        known, text = self._remembered.get, self._text
        return {
            field: found if value.__class__ is str and (found := known(value)) is not None else text(value)
            for field, value in zip(self._fields, self._pick(line), strict=True)
        }

    def mark_period(self, row: WrittenRow) -> None:
        """Give the row the deadline its marked columns say: the periods, with what stands there but a mark."""
        if self._periods:
            marked = {column: text for column in self._periods if (text := cell_text(row.line[column]))}
            row.texts[Field.DEADLINE] = "; ".join(
                self._periods[column] if text.lower() in _MARKS else f"{self._periods[column]} ({text})"
                for column, text in marked.items()
            )
            row.given = {**row.given, Field.DEADLINE: row.texts[Field.DEADLINE]}
            if marked:
                row.moved = {**row.moved, Field.DEADLINE: (row.row - 1, max(marked))}

    def _text(self, value: Value) -> str:
        text = cell_text(value)
        if value.__class__ is str and len(text) <= _LONGEST_REMEMBERED and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered[value] = text
        return text
