"""What a status is asked about: the values of a question, and what of it makes another statement.

A statement is made once for each shape and run with the values, since making it takes longer than running it for the
duties of one agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Date, Integer, String, bindparam
from sqlmodel import Session

from models.columns import Instant
from rules.register import Register
from rules.status import AskedAbout, CompletionLevel

DAY, WARNING_UNTIL = bindparam("day", type_=Date()), bindparam("warning_until", type_=Date())
KNOWN_AT = bindparam("known_at", type_=Instant())
AGENCY, CODES = bindparam("agency", type_=String()), bindparam("codes", type_=String(), expanding=True)
CHOSEN = bindparam("chosen", type_=Integer(), expanding=True)


@dataclass(frozen=True)
class Kinds:
    """Which of the rarer kinds of facts the store has: a statement that need not look for one is quicker without it.

    `steps`: tasks done in steps. `linked`: tasks of several documents that are the same work. `taken_over`: the
    agencies that were split, each with one that took over something it held. `promised`: work committed to by a day.
    """

    steps: bool = False
    linked: bool = False
    taken_over: tuple[tuple[str, str], ...] = ()
    promised: bool = False


@dataclass(frozen=True)
class Shape:
    """What makes another statement.

    `passed_on` is the mapping of `Question.passed_on`, empty where the agency asked for (`one`) is known to hold all.
    `gathers` says that somebody holds what was assigned to others. `at_once` says that the database finds the newest
    rows of all assignments together more quickly than one assignment after the other, as PostgreSQL does. `few` says
    that only the assignments chosen by their ids are looked at.
    """

    level: CompletionLevel
    one: bool
    gathers: bool
    passed_on: tuple[tuple[str, str], ...]
    at_once: bool
    kinds: Kinds
    few: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked: the day, what had been recorded by then, the warning window and what counts as completion.

    `register` needs to know the agencies that ended and their successors. `agency` narrows to the duties of one
    accountable agency. `kinds` are those the store has (`models.kinds`). `chosen` are ids of assignments that narrow it
    instead: whoever gives them gives all parts of a row, and all rows of a work.
    """

    asked: AskedAbout
    known_at: datetime
    level: CompletionLevel
    register: Register
    agency: str | None = None
    kinds: Kinds = Kinds()
    chosen: tuple[int, ...] | None = None

    @cached_property
    def passed_on(self) -> Mapping[str, str]:
        """Each agency that no longer exists on the day, and the successor accountable then."""
        return self.register.accountable(self.asked.day)

    @cached_property
    def taken_over(self) -> set[tuple[str, str]]:
        """Each agency that was split, and who is accountable on the day for something it held."""
        return {(former, self.passed_on.get(to, to)) for former, to in self.kinds.taken_over}

    @cached_property
    def touched(self) -> tuple[str, ...]:
        """The agencies whose duties passed on, and those who took them."""
        by_decision = {code for pair in self.taken_over for code in pair}
        return tuple(sorted({*self.passed_on, *self.passed_on.values(), *by_decision}))

    def shape(self, session: Session) -> Shape:
        """Return which statement answers the question on the session's database."""
        one, at_once = self.agency is not None, session.get_bind().dialect.name == "postgresql"
        gathers = self.agency in self.touched if one else bool(self.touched)
        passed_on = tuple(self.passed_on.items()) if self.kinds.taken_over or not one else ()
        return Shape(self.level, one, gathers, passed_on, at_once, self.kinds, few=self.chosen is not None)

    def values(self) -> Mapping[str, Any]:
        """Return what to run the statement with."""
        codes: tuple[str, ...] = self.touched
        if self.agency is not None:
            taken = {former for former, to in self.taken_over if to == self.agency}
            held = [code for code in self.touched if self.passed_on.get(code, code) == self.agency or code in taken]
            codes = tuple(held) if self.agency in self.touched else (self.agency,)
        return {
            "day": self.asked.day,
            "warning_until": self.asked.warning_until,
            "known_at": self.known_at,
            "agency": self.agency,
            "codes": codes,
            "chosen": self.chosen or (),
        }
