"""What is other in one edition than in another: figures, work by name and the letterhead, before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from reports.facts import Facts
from reports.letterhead import Letterhead

Scalar = str | int | float | bool | None
# What follows from the rest, or says where to look: its changes would only repeat others.
_LEFT_OUT = frozenset({"known_at", "opens"})
_WHOLE = "*"


@dataclass(frozen=True)
class Change:
    """One difference: of which list or figure (`part`), of which entry of it (`key`, "" for none), in which field.

    An entry that came or went as a whole has no `field`; its words stand in `after` or in `before`.
    """

    part: str
    key: str
    field: str
    before: Scalar
    after: Scalar

    @property
    def is_figure(self) -> bool:
        """Whether it is a number that moved (an entry that came or went is none)."""
        return bool(self.field) and all(isinstance(value, int | float) for value in (self.before, self.after))


def changes_between(
    before: Facts, after: Facts, forms: tuple[Letterhead, Letterhead] | None = None
) -> tuple[Change, ...]:
    """Return everything that differs, in the order of the facts; the instants of knowing apart.

    `forms` are the two letterheads, where they are known.
    """
    old, new = _flat(before.to_json()), _flat(after.to_json())
    if forms is not None:
        old.update(_flat({"letterhead": asdict(forms[0])}))
        new.update(_flat({"letterhead": asdict(forms[1])}))
    return tuple(_compared(old, new))


def _compared(
    old: Mapping[tuple[str, str, str], Scalar], new: Mapping[tuple[str, str, str], Scalar]
) -> Iterator[Change]:
    entries = {(part, key) for part, key, _ in old}, {(part, key) for part, key, _ in new}
    for part, key, field in dict.fromkeys((*old, *new)):
        both = all((part, key) in known for known in entries)
        if (field == _WHOLE) == both:
            continue
        left, right = old.get((part, key, field)), new.get((part, key, field))
        if left != right:
            yield Change(part, key, "" if field == _WHOLE else field, left, right)


def _flat(facts: Mapping[str, Any]) -> dict[tuple[str, str, str], Scalar]:
    found: dict[tuple[str, str, str], Scalar] = {}
    for part, value in facts.items():
        if part in _LEFT_OUT:
            continue
        if isinstance(value, list):
            _add_entries(found, part, value)
        elif isinstance(value, Mapping):
            _add_fields(found, part, value)
        else:
            found[part, "", part] = value
    return found


def _add_fields(found: dict[tuple[str, str, str], Scalar], part: str, value: Mapping[str, Any]) -> None:
    """Add a figure of several fields; a list inside it becomes a part of its own."""
    for name, inner in value.items():
        if isinstance(inner, list):
            _add_entries(found, f"{part}.{name}", inner)
        elif isinstance(inner, Mapping):
            _add_fields(found, f"{part}.{name}", inner)
        else:
            found[part, "", name] = inner


def _add_entries(found: dict[tuple[str, str, str], Scalar], part: str, entries: Sequence[Any]) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        fields = dict(_fields(entry)) if isinstance(entry, Mapping) else {"value": entry}
        key = _key(fields)
        seen[key] = seen.get(key, 0) + 1
        key = key if seen[key] == 1 else f"{key} ({seen[key]})"
        found[part, key, _WHOLE] = _words(fields)
        for name, value in fields.items():
            found[part, key, name] = value


def _fields(entry: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Scalar]]:
    for name, value in entry.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield f"{before}{name}", " | ".join(map(_shown, value))
        else:
            yield f"{before}{name}", value


def _shown(value: object) -> str:
    return "; ".join(f"{name} {inner}" for name, inner in value.items()) if isinstance(value, Mapping) else str(value)


_KEYS = (
    ("measure", "agency"),
    ("code",),
    ("document", "number", "period"),
    ("document", "number"),
    ("before", "after"),
)


def _key(fields: Mapping[str, Scalar]) -> str:
    for names in _KEYS:
        if all(name in fields for name in names):
            return " ".join(str(fields[name] or "–") for name in names)
    return str(next(iter(fields.values()), ""))


def _words(fields: Mapping[str, Scalar]) -> str:
    for name in ("task", "name", "text", "title", "count", "value"):
        if fields.get(name):
            return str(fields[name])
    return ""
