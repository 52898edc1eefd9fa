"""Write the originals that are missing: `python -m tests.goldens.build`. Those that are there stay as they are.

An original is a file some office made; these were made once, by the functions of this folder, and are kept as bytes.
Those LibreOffice wrote (.xls, .ods, with a password, with stored formulas) and the .xlsb are made nowhere here.
"""

import sys

from tests.goldens.files import SHAPES
from tests.goldens.originals import FOLDER, ORIGINALS


def main() -> None:
    """Write what is missing and name it."""
    assert SHAPES
    FOLDER.mkdir(exist_ok=True)
    for name, maker in ORIGINALS.items():
        path = FOLDER / name
        if not path.exists():
            path.write_bytes(maker())
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
