"""Write what is read in originals beside them: `python -m tests.goldens.expect NAME… [--agency CODE] [--after NAME…]`.

Without names, every original without its expected file. What is written proves nothing: hold it against the workbook,
line by line, before it is committed; where it is wrong, mend the reader.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.reference import load_reference_data
from imports import Outcome, record
from models.reference import load_reference
from models.schema import migrate
from models.store import Store
from tests.goldens.files import content_of, expected_of, originals
from tests.goldens.originals import ABOUT
from tests.goldens.reading import Sent, check_original, reading_of

NOW = datetime(2025, 9, 5, 1, tzinfo=UTC)


def prepare(store: Store, after: tuple[str, ...]) -> None:
    """Record the originals an original comes after, each as its own expected file has it sent."""
    for name in after:
        path = expected_of(name)
        sent = Sent.from_json(json.loads(path.read_text(encoding="utf-8"))["sent"]) if path.exists() else Sent()
        check = check_original(content_of(name), name, sent, store)
        if record(check, store=store, now=NOW).outcome is not Outcome.RECORDED:
            raise ValueError(f"{name} was not recorded: {[problem.code for problem in check.problems]}")


def main() -> None:
    """Write the expected readings asked for."""
    asked = _arguments()
    for name in asked.names or [name for name in originals() if not expected_of(name).exists()]:
        path = expected_of(name)
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        sent = asked.sent if asked.sent != Sent() else Sent.from_json(before.get("sent", {}))
        with _fresh_store() as store:
            prepare(store, sent.after)
            reading = reading_of(check_original(content_of(name), name, sent, store))
        _write(path, {"about": ABOUT.get(name) or before.get("about", ""), "sent": sent.as_json(), "reading": reading})


def _write(path: Path, expected: dict[str, Any]) -> None:
    path.write_text(as_read_by_people(expected), encoding="utf-8")
    sys.stdout.write(f"{path.name}\n")


def as_read_by_people(expected: dict[str, Any]) -> str:
    """Return an expected file's text: JSON with every row of the workbook, and every problem, on a line of its own."""
    about, sent = _line(expected["about"]), _line(expected["sent"])
    parts = expected["reading"].items()
    reading = ",\n".join(
        f'  "{name}": {_rows(part) if isinstance(part, list) else _line(part)}' for name, part in parts
    )
    return f'{{\n "about": {about},\n "sent": {sent},\n "reading": {{\n{reading}\n }}\n}}\n'


def _rows(rows: list[Any]) -> str:
    return "[\n" + ",\n".join(f"   {_line(row)}" for row in rows) + "\n  ]" if rows else "[]"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.goldens.expect", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--agency")
    parser.add_argument("--document")
    parser.add_argument("--document-date", type=date.fromisoformat)
    parser.add_argument("--after", nargs="*", default=())
    asked = parser.parse_args()
    asked.sent = Sent(asked.agency, asked.document, asked.document_date, tuple(asked.after))
    return asked


@contextmanager
def _fresh_store() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'golden.db'}")
        migrate(store)
        with store.writing() as session:
            load_reference(session, load_reference_data())
        yield store
        store.close()


if __name__ == "__main__":
    main()
