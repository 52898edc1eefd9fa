"""An office at work in a process of its own, while backups are taken: it imports, plans digests and sends them.

Started with the database's URL and the days to work on; DONDOC_DATA and DONDOC_INBOX name its folders.
"""

import sys
from pathlib import Path

from cli.main import dondoc

SAMPLES = Path(__file__).parents[2] / "samples"
WORKBOOKS = ("nhiem-vu-chung", "bo-y-te", "bo-noi-vu")

HELD = ("--by", "Văn phòng Chính phủ", "--reason", "chờ hướng dẫn", "--document", "12/VPCP")


def do(*words: str) -> None:
    """Run one command and go on whatever it found in the workbook."""
    try:
        dondoc.main(list(words))
    except SystemExit as ended:
        if ended.code not in (0, 1):
            raise


def work(database: str, days: list[str]) -> None:
    """Import a workbook and send the digests of a day, one after the other."""
    for workbook, day in zip(WORKBOOKS, days, strict=False):
        do("import", str(SAMPLES / "assignments" / f"{workbook}.xlsx"), "--database", database)
        do("decide", "hold", "07-CT-TTg.1.BYT", *HELD, "--from", day, "--until", day, "--database", database)
        do("escalate", "--as-of", day, "--database", database)
        do("deliver", "--as-of", day, "--database", database)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2:])
