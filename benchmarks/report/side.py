"""Make one edition in all formats and say how long it took: `python -m benchmarks.report.side DATABASE FOLDER`."""

import json
import sys
import time
from pathlib import Path

from benchmarks.report.register import CUTOFF, KNOWN_AT, MEETING, MONTH
from models import Store
from reports import gather_facts, write_edition


def main() -> None:
    """Gather, freeze and write; the last line says the seconds, the counts and the sizes."""
    store, out = Store(f"sqlite:///{sys.argv[1]}"), Path(sys.argv[2])
    started = time.perf_counter()
    facts = gather_facts(store, month=MONTH, cutoff=CUTOFF, meeting=MEETING, known_at=KNOWN_AT)
    edition = write_edition(facts, store=store, out=out, now=KNOWN_AT)
    seconds = time.perf_counter() - started
    sizes = {file.path.suffix.removeprefix("."): file.size for file in edition.files}
    counts = {"assignments": facts.totals.total, "late": len(facts.late), "agencies": len(facts.agencies)}
    sys.stdout.write(json.dumps({"seconds": seconds, "new": edition.new, **counts, "sizes": sizes}) + "\n")


if __name__ == "__main__":
    main()
