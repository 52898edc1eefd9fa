"""Workbook → rows and problems → changes → recorded. Knows no Prefect and no web; a bad workbook is a value."""

from imports.check import Check, WorkbookKind, check_workbook
from imports.problem import Problem, Severity
from imports.storing.recording import Outcome, Recorded, StaleCheckError, record
from imports.storing.undoing import Undone, undo
from imports.taking import take

__all__ = [
    "Check",
    "Outcome",
    "Problem",
    "Recorded",
    "Severity",
    "StaleCheckError",
    "Undone",
    "WorkbookKind",
    "check_workbook",
    "record",
    "take",
    "undo",
]
