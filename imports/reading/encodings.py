"""Bytes → text, for files that do not say how they were encoded. Vietnamese is recognised, or the file is refused."""

import re
import unicodedata
from dataclasses import dataclass

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b"))
_PER_CONTROL = 1000
_REPLACED = "\ufffd"
_GOOD_PER_REPLACED = 10
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = frozenset(unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES) | {"đ"}
_TYPED = frozenset("–—“”‘’…•°§«»₫×±½²³\xa0")
_ENOUGH_VIETNAMESE = 0.97
_NUL_SHARE = 0.1
_GARBLED = re.compile("[áÃÄÆÌ][\x80-\xbf»º‘’“”°±²³¡¢£¤¥¦§©ª«¬®¯´µ¶·¸¹¼½¾‚ƒ„…†‡ˆ‰Š‹Œ•–—˜™š›œžŸ€]")
_LOST = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|(?:^|(?<=[\s\"'(,;]))\?(?=[^\W\d_])", re.MULTILINE)
_BETWEEN_WORDS = re.compile(r"[\s;,|]+")
_FEWEST, _LETTERS_PER_LOST = 3, 100
# A conversion spoils a file from its first letter to its last: the beginning tells.
_JUDGED = 128 * 1024
_LATIN_1_END = 0x100
# Vietnamese letters of which no Western encoding has any: where one stands, none was lost.
_FIRST_TONED, _LAST_TONED = "\u1ea0", "\u1ef9"


@dataclass(frozen=True)
class Decoded:
    """A text and the name of its encoding; `guessed` when neither a mark nor UTF-8 itself proves it.

    `repaired` says that its letters had been garbled by an earlier conversion and were put right.
    """

    text: str
    encoding: str
    guessed: bool = False
    repaired: bool = False

    @property
    def letters_lost(self) -> bool:
        """Whether question marks stand where Vietnamese letters stood, or garbled letters could not be put right."""
        text = self.text[:_JUDGED]
        if _is_garbled(text):
            return True
        lost = len(_LOST.findall(text))
        if lost < _FEWEST or any(_FIRST_TONED <= char <= _LAST_TONED for char in set(text)):
            return False
        return lost * _LETTERS_PER_LOST > sum(map(str.isalpha, text))

    @property
    def word_lost(self) -> str:
        """Return the first word in which letters were lost: one word, since more might not be for everybody."""
        words = _BETWEEN_WORDS.split(self.text[:_JUDGED])
        return next((word for word in words if _LOST.search(word) or _GARBLED.search(word)), "")


def decoded(content: bytes) -> Decoded | None:
    """Return the bytes as text in composed letters, None when they are no text or of an encoding not known."""
    found = _decoded(content)
    if found is None:
        return None
    text = unicodedata.normalize("NFC", found.text)
    repaired = _put_right(text)
    return Decoded(repaired or text, found.encoding, found.guessed, repaired=repaired is not None)


def _decoded(content: bytes) -> Decoded | None:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(codec, "replace"), name)
    if b"\x00" in content:
        return _without_mark(content)
    if (len(content) - len(content.translate(None, _CONTROLS))) * _PER_CONTROL > len(content):
        return None
    text = content.decode("utf-8", "replace")
    if _REPLACED not in text:
        return Decoded(text, "UTF-8")
    beyond_ascii = sum(not char.isascii() for char in text)
    replaced = text.count(_REPLACED)
    if (beyond_ascii - replaced) >= replaced * _GOOD_PER_REPLACED:
        return Decoded(text, "UTF-8")
    return _windows_1258(content) or _western(content)


def _without_mark(content: bytes) -> Decoded | None:
    """Read UTF-16 without its mark: the high bytes of most letters are zero, and none of the low ones."""
    for codec, low, high in (("utf-16-le", 0, 1), ("utf-16-be", 1, 0)):
        if content[high::2].count(0) > len(content) * _NUL_SHARE and not content[low::2].count(0):
            return Decoded(content.decode(codec, "replace"), codec.upper(), guessed=True)
    return None


def _windows_1258(content: bytes) -> Decoded | None:
    text = unicodedata.normalize("NFC", content.decode("cp1258", "replace"))
    beyond_ascii = [char for char in text if not char.isascii()]
    known = sum(char.lower() in _LETTERS or char in _TYPED for char in beyond_ascii)
    if known < len(beyond_ascii) * _ENOUGH_VIETNAMESE:
        return None
    return Decoded(text, "Windows-1258", guessed=True)


def _western(content: bytes) -> Decoded | None:
    """Read Windows-1252 only to say that Vietnamese letters were lost in it."""
    found = Decoded(content.decode("cp1252", "replace"), "Windows-1252", guessed=True)
    return found if found.letters_lost else None


def _is_garbled(text: str) -> bool:
    """Whether most letters beyond ASCII are of the pairs that UTF-8 shows when it is read as Windows-1252."""
    pairs = len(_GARBLED.findall(text))
    return pairs >= _FEWEST and pairs * 3 > sum(not char.isascii() for char in text)


def _put_right(text: str) -> str | None:
    """Return garbled text as it was before UTF-8 was read as Windows-1252, None when it was not or cannot be."""
    if not _is_garbled(text[:_JUDGED]):
        return None
    try:
        before = b"".join(_byte(char) for char in text).decode("utf-8")
    except UnicodeError:
        return None
    return unicodedata.normalize("NFC", before)


def _byte(char: str) -> bytes:
    """Return the byte Windows-1252 shows as `char`, the five it does not define by their own number."""
    return char.encode("latin-1") if ord(char) < _LATIN_1_END else char.encode("cp1252")
