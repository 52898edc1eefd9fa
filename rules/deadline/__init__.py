"""A deadline as written in an annex, read into days (Civil Code 2015 art. 144-148; usage of Government annexes)."""

from rules.deadline.answer import Deadline, DeadlineKind, Occurrence, Problem, Stage, Step
from rules.deadline.reader import occurrences, read_deadline

__all__ = ["Deadline", "DeadlineKind", "Occurrence", "Problem", "Stage", "Step", "occurrences", "read_deadline"]
