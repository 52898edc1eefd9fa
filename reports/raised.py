"""What agencies raise and measure beside their work, as a report lists it: requests, obstacles, indicators."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Asked:
    """A request about an assignment: more time (until `until_on`) or another status; open while `answer` is ""."""

    code: str
    agency: str
    agency_name: str
    task: str
    kind: str
    asked_on: date
    until_on: date | None
    text: str
    answer: str = ""


@dataclass(frozen=True)
class OpenObstacle:
    """An obstacle nobody answered: raised by whom, waiting for whom (the words as written where nobody is registered).

    `days_late` counts working days since the day by which an answer was asked for; 0 when in time or without a day.
    """

    code: str
    raised_by: str
    raised_on: date
    addressed_to: str
    addressed_name: str
    needed_by: date | None
    days_late: int
    text: str
    proposal: str


@dataclass(frozen=True)
class Observed:
    """A value of an indicator on a day."""

    on: date
    value: float


@dataclass(frozen=True)
class IndicatorFacts:
    """An indicator against its straight way from the baseline to the target; numbers are in `unit`.

    `start` is where that way begins (None where it has no beginning); `expected`, `on_track`, `forecast` and `reaches`
    as `rules.indicator.Standing` says.
    """

    code: str
    name: str
    unit: str
    agency_name: str
    start: Observed | None
    target: float | None
    target_text: str
    target_on: date | None
    observed: tuple[Observed, ...]
    expected: float | None
    on_track: bool | None
    forecast: float | None
    reaches: bool | None


@dataclass(frozen=True)
class BurnPoint:
    """How many dated assignments were to be left at the end of a day by plan, and were; None after the cut-off."""

    on: date
    planned: int
    left: int | None


@dataclass(frozen=True)
class Opens:
    """The query that opens the rows of a figure: `count` rows on `as_of`; `words` select them."""

    figure: str
    as_of: date
    count: int
    words: str

    def command(self, known_at: str) -> str:
        """Return the command that lists the rows as they were known at an instant (ISO 8601)."""
        return " ".join(filter(None, ("dondoc status", f"--as-of {self.as_of}", f"--known-at {known_at}", self.words)))
