"""Load the kinds of table from `layouts/*.toml`: each file is one layout, named after the file."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from rules.layout import Field, Layout, TableKind

HERE = Path(__file__).parent


def load_layouts(folder: Path = HERE / "layouts") -> list[Layout]:
    """Return the layouts by their names.

    Raises ValueError, naming the file, for a kind or a field there is none of, and for a heading of two fields.
    """
    return [_layout(path) for path in sorted(folder.glob("*.toml"))]


def _layout(path: Path) -> Layout:
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        layout = Layout(
            code=path.stem,
            kind=TableKind(stated["kind"]),
            headings={Field(field): tuple(variants) for field, variants in stated["headings"].items()},
            needs=tuple(_fields(any_of) for any_of in stated["needs"]),
            never=_fields(stated.get("never", ())),
            marks=_fields(stated.get("marks", ())),
        )
        layout.by_words()
    except (ValueError, KeyError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return layout


def _fields(names: Iterable[str]) -> frozenset[Field]:
    return frozenset(Field(name) for name in names)
