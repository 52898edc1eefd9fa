"""Text from a workbook as every file can hold it."""

import re
import unicodedata

# What XML 1.0 cannot hold at all; a workbook's text is kept, these are not text.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str) -> str:
    """Return `text` in NFC, without control characters, single line feeds and no space around it."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _NOT_TEXT.sub("", joined)).strip()
