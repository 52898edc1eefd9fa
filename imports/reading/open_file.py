"""Open files (`models.open_forms`), as JSON or as CSV → their items, each with the row it stands in.

A JSON is read as the table its CSV would be: the headings in row 1, its first item in row 2. Whatever the bytes are,
the answer is a value; what breaks the schema is said by its JSON pointer, or by its cell.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

from pydantic import ValidationError

from imports.problem import Problem, Severity, shown, stops
from imports.reading.cells import Value, address, cell_text, column_letters
from models.open_forms import ITEMS, VERSION, OpenAssignment, OpenKind, OpenProgress, format_name
from rules.spreadsheet_text import as_meant

Item = OpenAssignment | OpenProgress
# More objects and lists than any honest file of the largest size has.
_MOST_PARTS = 1_000_000
_MOST_SAID = 500
_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")  # of a pair, and one alone is no text
_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*["}]')
_SEPARATORS = ",;\t"
_HEAD = 4096
_KINDS = {format_name(kind): kind for kind in OpenKind}
_ABOVE = {"format", "version", "as_of", "known_at"}
_NEEDS = {
    OpenKind.ASSIGNMENTS: {"document", "document_issued_on", "number", "task", "lead"},
    OpenKind.PROGRESS: {"assignment", "reported_on"},
}
_MISSING, _UNKNOWN = "missing", "extra_forbidden"
_BOOLEANS = {"true": True, "false": False}


@dataclass
class OpenFile:
    """What an open file says: its items by the number of their row, as Excel shows it, and the `columns` it has.

    `rows` is the same as a table, also when a problem stops the file: to be searched for marks of secrecy. `answered`
    are the fields it gives and nobody takes. `pointers` says that a place in it is named by a JSON pointer.
    """

    kind: OpenKind
    sheet: str
    columns: Mapping[str, int]
    rows: list[list[Value]]
    pointers: bool
    items: list[tuple[int, Item]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)

    def problem(self, code: str, row: int, name: str, found: object = "", **values: object) -> Problem:
        """Return what stops the file at the field `name` of the item in `row`."""
        column = self.columns.get(name)
        letters = None if column is None else column_letters(column)
        values = {"place": self.place(row, name), **values}
        return Problem(code, Severity.STOPS, self.sheet, row, letters, shown(str(found)), values)

    def place(self, row: int, name: str) -> str:
        """Return where a field stands."""
        column = self.columns.get(name)
        if self.pointers:
            return f"/{self.kind}/{row - 2}/{name.replace('~', '~0').replace('/', '~1')}"
        return f"{name} ({row})" if column is None else f"{name} ({address(row - 1, column)})"


def looks_like_json(content: bytes) -> bool:
    """Whether the bytes begin as a JSON object."""
    return _BEGINS.match(content[:_HEAD]) is not None


def read_open_json(content: bytes) -> OpenFile | Problem:
    """Read a JSON file; a problem when it is none, or none of the published forms."""
    if content.count(b"{") + content.count(b"[") > _MOST_PARTS:
        return stops("file_too_large", f"> {_MOST_PARTS} {{}} []")
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        if _HALVES.search(content):
            json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        return stops("open_not_json", str(error))
    kind = _KINDS.get(str(said.get("format")))
    version = said.get("version")
    if kind is None or version is True or version != VERSION:
        return stops("open_unknown_form", f"format: {said.get('format')}, version: {version}")
    items = said.get(kind)
    if not isinstance(items, list) or said.keys() - _ABOVE - {kind}:
        unknown = sorted(said.keys() - _ABOVE - {kind})
        code = "open_unknown_field" if unknown else "open_missing_field"
        return stops(code, place=f"/{unknown[0] if unknown else kind}")
    names = list(ITEMS[kind].model_fields)
    rows: list[list[Value]] = [[*names, ""], *(_line(item, names) for item in items)]
    file = OpenFile(kind, f"/{kind}", {name: at for at, name in enumerate(names)}, rows, pointers=True)
    return _filled(file, items)


def read_open_csv(content: bytes) -> OpenFile | None:
    """Read a CSV with the headings of an open file; None for any other."""
    found = open_headings(content)
    if found is None:
        return None
    try:
        return _of_csv(content.decode("utf-8-sig"), *found)
    except UnicodeDecodeError:
        return None


def open_headings(content: bytes) -> tuple[str, OpenKind, list[str]] | None:
    """Return what separates the columns of a CSV, what it holds and its headings, when they are an open file's."""
    line = content[:_HEAD].decode("utf-8-sig", "replace").partition("\n")[0].strip()
    for char in _SEPARATORS:
        names = [name.strip().strip('"') for name in line.split(char)]
        for kind, needs in _NEEDS.items():
            if needs <= set(names) <= set(ITEMS[kind].model_fields) and len(set(names)) == len(names):
                return char, kind, names
    return None


def _of_csv(text: str, char: str, kind: OpenKind, names: Sequence[str]) -> OpenFile:
    file = OpenFile(kind, "CSV", {name: at for at, name in enumerate(names)}, [], pointers=False)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=char, strict=True))
    except csv.Error as error:
        file.rows = [[line] for line in text.splitlines()]
        file.problems = [stops("open_not_csv", str(error))]
        return file
    widest = max(map(len, lines))
    file.rows = [[*line, *[""] * (widest - len(line))] for line in lines]
    for at, line in enumerate(lines[1:], start=2):
        if len(line) > len(names) and any(line[len(names) :]):
            values = {"cells": len(line), "columns": len(names)}
            place = (file.sheet, at, column_letters(len(names)), shown(line[len(names)]))
            file.problems.append(Problem("csv_row_too_wide", Severity.STOPS, *place, values))
    told = [dict(zip(names, line, strict=False)) if any(line) else None for line in lines[1:]]
    form = ITEMS[kind]
    return _filled(
        file, [each and {name: _typed(form, name, cell) for name, cell in each.items() if cell} for each in told]
    )


def _filled(file: OpenFile, items: Sequence[Any]) -> OpenFile:
    """Add the items that keep the schema, and say of the others where they do not."""
    form, unsaid = ITEMS[file.kind], 0
    answers = {name for name, each in form.model_fields.items() if (each.json_schema_extra or {}) == {"readOnly": True}}
    for row, item in enumerate(items, start=2):
        if item is None and not file.pointers:
            continue
        if isinstance(item, dict):
            file.answered |= {name for name in answers & item.keys() if item[name] is not None}
            item = {name: value for name, value in item.items() if name not in answers}  # noqa: PLW2901
        try:
            read = form.model_validate_json(json.dumps(item), strict=True)
        except ValidationError as error:
            if len(file.problems) < _MOST_SAID:
                file.problems += _broken(file, row, item, error)
            else:
                unsaid += error.error_count()
        else:
            file.items.append((row, _as_cells(read)))
    if unsaid:
        file.problems.append(stops("open_more_problems", count=unsaid))
    return file


def _broken(file: OpenFile, row: int, item: Any, error: ValidationError) -> Iterator[Problem]:
    for wrong in error.errors(include_url=False, include_context=False):
        name = str(wrong["loc"][0]) if wrong["loc"] else ""
        found = item.get(name, "") if isinstance(item, dict) else item
        how = _broken_how(wrong["type"])
        yield file.problem(how, row, name, found, expected=_expected(ITEMS[file.kind], name))


def _broken_how(kind: str) -> str:
    code = "open_unknown_field" if kind == _UNKNOWN else "open_wrong_value"
    if kind == _MISSING:
        code = "open_missing_field"
    return code


@cache
def _expected(form: type[Item], name: str) -> str:
    """Return in signs what a field may be: every language reads them."""
    described = form.model_json_schema()["properties"].get(name, {})
    kinds = described.get("anyOf", [described])
    signs = {"boolean": "true | false", "number": "0–100", "null": "null", "string": '"…"'}
    return " | ".join("YYYY-MM-DD" if "format" in kind else signs.get(kind.get("type", ""), "{…}") for kind in kinds)


def _as_cells(item: Item) -> Item:
    """Return the item with its texts as cells are read: NFC, no outer spaces."""
    texts = {name: cell_text(value) for name, value in item if isinstance(value, str)}
    return item.model_copy(update=texts)


def _typed(form: type[Item], name: str, cell: str) -> Any:
    """Return a cell as JSON has it; what does not fit stays text, and the schema refuses it."""
    annotation = str(form.model_fields[name].annotation)
    if "bool" in annotation:
        return _BOOLEANS.get(cell.strip().lower(), cell)
    if "float" in annotation:
        try:
            return float(cell.replace(",", "."))
        except ValueError:
            return cell
    return as_meant(cell) if annotation == "<class 'str'>" else cell.strip()


def _line(item: Any, names: Sequence[str]) -> list[Value]:
    """Return an item of a JSON as a row, whatever it is; what has no column stands in one more cell."""
    told = item if isinstance(item, dict) else {"": item}
    beyond = {name: value for name, value in told.items() if name not in names}
    return [*(_shown(told.get(name)) for name in names), _shown(beyond or None)]


def _shown(value: Any) -> Value:
    if value is None:
        return ""
    return value if isinstance(value, str | bool | int | float) else json.dumps(value, ensure_ascii=False)


def _no_number(sign: str) -> NoReturn:
    raise ValueError(sign)
