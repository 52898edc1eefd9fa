"""The originals Dondoc's tests read: each a function that makes the bytes of one file, registered under its name.

They are committed as files, since an office's file is a file; `python -m tests.goldens.build` writes those missing.
"""

from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent / "workbooks"
Maker = Callable[[], bytes]
ORIGINALS: dict[str, Maker] = {}
# Too large to keep as files: made when a test reads them.
MADE_ANEW: dict[str, Maker] = {}
ABOUT: dict[str, str] = {}


def original(name: str, about: str, *, kept: bool = True) -> Callable[[Maker], Maker]:
    """Register the maker of the file `name`; `about` says in one line what its shape is."""

    def take(maker: Maker) -> Maker:
        assert name not in ABOUT, name
        ABOUT[name] = about
        (ORIGINALS if kept else MADE_ANEW)[name] = maker
        return maker

    return take
