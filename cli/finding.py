"""What the doctor says about one thing: how it came out, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a check came out; only `problem` makes the command exit 1."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One check, how it came out, and a sentence that says what to do where something is wrong."""

    check: str
    outcome: Outcome
    message: str


Findings = Iterator[Finding]
