"""Text from outside as XML: data only, whatever it holds."""

import re

LONGEST_TEXT = 32_000
_NOT_PLAIN = re.compile("[^\t\n\x20-%'-;=?-^`-\ud7ff\ue000-\ufffd]")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Excel reads _x000D_ in a text as the character it numbers.
_READ_AS_CHARACTER = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_IN_ATTRIBUTE = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


def text_xml(text: str) -> str:
    """Return `text` as the content of an element a cell or a note shows: as written, cut to what a cell holds."""
    text = cut(text)
    if not _NOT_PLAIN.search(text):
        return text
    return _READ_AS_CHARACTER.sub("_x005F_", legal(text).replace("\r\n", "\n").replace("\r", "\n")).translate(_MARKUP)


def attribute_xml(text: str) -> str:
    """Return `text` as the value of an attribute in double quotes."""
    return legal(text).translate(_MARKUP).translate(_IN_ATTRIBUTE)


def legal(text: str) -> str:
    """Return `text` without the characters XML has no place for."""
    return _NOT_IN_XML.sub("", text)


def cut(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return `text`, shortened when it is longer than `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
