"""What the columns of a workbook can hold, and the kinds of table offices make: values, read from `config/layouts`."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from rules.folding import fold

_WORD = re.compile(r"[a-z0-9%]+")


class Field(StrEnum):
    """What a column holds."""

    SEQ = "seq"
    TASK_CODE = "task_code"
    REFERENCE = "reference"
    GROUP = "group"
    TASK = "task"
    LEAD = "lead"
    COORDINATING = "coordinating"
    SUB_UNIT = "sub_unit"
    DEADLINE = "deadline"
    START = "start"
    PRODUCT = "product"
    SUBMIT_TO = "submit_to"
    ASSIGNING_DOC = "assigning_doc"
    ASSIGNED_DATE = "assigned_date"
    CLAUSE = "clause"
    LEADER = "leader"
    CONTACT = "contact"
    MONITOR = "monitor"
    STATUS = "status"
    PROGRESS_PCT = "progress_pct"
    RESULT_NOW = "result_now"
    EVIDENCE = "evidence"
    COMPLETED_DATE = "completed_date"
    DIFFICULTY = "difficulty"
    PROPOSAL = "proposal"
    ADDRESSED_TO = "addressed_to"
    NEEDED_BY = "needed_by"
    EXTENSION = "extension"
    EXTENSION_REASON = "extension_reason"
    INDICATOR = "indicator"
    UNIT = "unit"
    BASELINE = "baseline"
    TARGET = "target"
    DIRECTION = "direction"
    ACTUAL = "actual"
    OBSERVED_ON = "observed_on"
    BUDGET = "budget"
    PRIORITY = "priority"
    NOTE = "note"


class TableKind(StrEnum):
    """What a table does: give work, report on it, or state indicators."""

    ASSIGNMENTS = "assignments"
    PROGRESS = "progress"
    INDICATORS = "indicators"


@dataclass(frozen=True)
class Layout:
    """A kind of table: the headings its columns may have, and what its columns must be.

    A table fits when it has a field of each of `needs` and none of `never`. A heading that means different things in
    different layouts means what the first layout says of which the table has one of `marks`.
    """

    code: str
    kind: TableKind
    headings: Mapping[Field, tuple[str, ...]]
    needs: tuple[frozenset[Field], ...]
    never: frozenset[Field] = frozenset()
    marks: frozenset[Field] = frozenset()

    def fits(self, fields: AbstractSet[Field]) -> bool:
        """Whether a table with columns of these `fields` is of this kind."""
        return not self.never & fields and all(any_of & fields for any_of in self.needs)

    def by_words(self) -> dict[str, Field]:
        """Return the fields by the words of their headings.

        Raises ValueError for a heading of two fields, and for one without letters or digits.
        """
        fields: dict[str, Field] = {}
        for field, variants in self.headings.items():
            for variant in variants:
                words = heading_words(variant)
                if not words:
                    raise ValueError(f"“{variant}” has no letters")
                if fields.setdefault(words, field) is not field:
                    raise ValueError(f"“{variant}” stands for {fields[words]} and for {field}")
        return fields


def heading_words(text: str) -> str:
    """Return the words of a heading, folded, without punctuation and "và", so that variants compare equal."""
    return " ".join(word for word in _WORD.findall(fold(text)) if word != "va")
