"""The facts as one .csv: a line per value, with the place it has in the .json, so that nothing is left out or added."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from reports.facts import Facts
from rules.spreadsheet_text import not_run

_HEADING = ("place", "kind", "value")


def csv_of(facts: Facts) -> bytes:
    """Return the facts as UTF-8 text with a byte order mark, a line per value: its place, its kind and itself.

    Kinds are text, number, yes_no, none and empty (an empty list).

    Text that a workbook program would run is given an apostrophe in front, as is text that begins with one.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADING)
    writer.writerows(_lines("", facts.to_json()))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _lines(place: str, value: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, Mapping | list) and value:
        inner = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, each in inner:
            yield from _lines(f"{place}/{name}" if place else str(name), each)
    else:
        yield place, *_cell(value)


def _cell(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping | list):
        return "empty", ""
    if value is None:
        return "none", ""
    if isinstance(value, bool):
        return "yes_no", "yes" if value else "no"
    if isinstance(value, int | float):
        return "number", repr(value)
    return "text", not_run(value)
