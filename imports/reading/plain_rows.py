"""Most rows of a sheet hold values and nothing else to be seen: told by their bytes, long before their elements.

Bytes that look like something are merely looked at more closely; what these marks let pass must be plain. Names are
never written with character references, and a value written with one is marked by it.
"""

from collections.abc import Iterable, Iterator

_ROW = b'<row r="'
# A hidden row, a cell in error, a formula in either spelling of names, references, comments and CDATA, the rows' end.
_MARKS = (b"hidden", b'"e"', b"'e'", b"<f", b":f", b"&#", b"<!", b"sheetData")
_MOST_STYLES = 12


class PlainRows:
    """Knows the pieces of a sheet in which nothing but values can stand; `styles` are those that change a value."""

    def __init__(self, styles: Iterable[str]) -> None:
        """Take the styles (their index as text) whose cells must be seen."""
        quoted = [f"{quote}{style}{quote}".encode() for style in styles for quote in "\"'"]
        self._marks = (*_MARKS, *quoted) if len(quoted) <= 2 * _MOST_STYLES else (_ROW,)

    def __contains__(self, piece: bytes) -> bool:
        """Whether the piece is whole rows, without a mark of anything to be seen."""
        return piece.startswith(_ROW) and not any(mark in piece for mark in self._marks)


def cut_at_rows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that, wherever there is one, begin at a row."""
    rest = b""
    for piece in pieces:
        both = rest + piece
        cut = both.rfind(_ROW)
        if cut > 0:
            yield both[:cut]
            rest = both[cut:]
        else:
            yield both
            rest = b""
    yield rest
