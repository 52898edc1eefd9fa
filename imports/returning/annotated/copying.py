"""`annotated_copy`: the uploaded workbook given back with its problems marked and listed."""

import re
import struct
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from imports.problem import Problem
from imports.reading.package import UNREADABLE, HostileError
from imports.returning.annotated.patching import patched
from imports.returning.annotated.plain_workbook import plain_workbook
from texts import say

# Of what is secret nothing is given back, and there is nothing to show in what could not be read.
NOT_GIVEN_BACK = frozenset(
    {
        "beyond_the_grid",
        "damaged_workbook",
        "document_type",
        "empty_workbook",
        "encrypted_workbook",
        "file_too_large",
        "packed_too_tightly",
        "reader_gave_up",
        "secret_mark",
        "secret_row",
        "sheet_too_large",
        "too_many_parts",
        "too_many_sheets",
        "truncated_workbook",
        "unpacks_too_large",
    }
)
_NOT_PATCHED = (*UNREADABLE, HostileError, struct.error, zlib.error, MemoryError)
_LONGEST_NAME, _LONGEST_NAME_BYTES = 80, 150
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True)
class AnnotatedCopy:
    """A workbook to give back: its bytes, and a file name safe anywhere, in two parts."""

    stem: str
    suffix: str
    content: bytes

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.stem}{self.suffix}"


def annotated_copy(content: bytes, *, name: str, problems: Sequence[Problem]) -> AnnotatedCopy | None:
    """Return the workbook with every cell that has a problem coloured and commented, and all of them listed first.

    An .xlsx or .xlsm stays as it is otherwise; any other format becomes an .xlsx with the same content. The same
    workbook with the same problems gives the same bytes. None for a workbook that is secret or cannot be read.
    """
    if any(problem.code in NOT_GIVEN_BACK for problem in problems):
        return None
    try:
        copy, suffix = _marked(content, safe_name(PurePath(name).name), problems)
    except _NOT_PATCHED:
        return None
    mark = f".{say('annotated.file')}"
    return AnnotatedCopy(safe_name(PurePath(name).stem.removesuffix(mark)), mark + suffix, copy)


def _marked(content: bytes, file: str, problems: Sequence[Problem]) -> tuple[bytes, str]:
    try:
        return patched(content, file=file, problems=problems)
    except _NOT_PATCHED:
        plain = plain_workbook(content)
        return patched(plain.content, file=file, problems=plain.placed(problems))


def safe_name(name: str) -> str:
    """Return a file's name without what some file system or screen would take for more than a name."""
    plain = "".join(char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C")
    kept = _NOT_IN_NAMES.sub("_", plain)[:_LONGEST_NAME].encode()[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    return kept.strip(". ") or "_"
