"""The .csv of the facts read back, by its own words alone: place, kind, value."""

import csv
import io
from typing import Any

from reports.facts import Facts


def facts_of_csv(content: bytes) -> Facts:
    """Return the facts a .csv holds."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert next(rows) == ["place", "kind", "value"]
    root: dict[str, Any] = {}
    for place, kind, value in rows:
        _put(root, place.split("/"), _value(kind, value))
    return Facts.from_json(_with_lists(root))


def _value(kind: str, value: str) -> Any:
    if kind == "number":
        return float(value) if set(value) & set(".en") else int(value)
    if kind == "text":
        return value.removeprefix("'")
    return {"empty": [], "none": None, "yes_no": value == "yes"}[kind]


def _put(root: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        root = root.setdefault(name, {})
    root[path[-1]] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(each) for name, each in value.items()}
    return list(inner.values()) if all(name.isdecimal() for name in inner) else inner
