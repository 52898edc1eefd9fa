"""The scorecard of a day: every agency's figures, each with its denominator and its rows, ranks and proposals.

Gathered in one place from the status table; parts that do not add up to their total are refused before anyone reads
them.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from models.clear_duties import heads_of
from models.reference import read_reference
from models.selection import Selection
from models.status import WARNING_WORKING_DAYS, status_of
from models.status_table import StatusRow, StatusTable
from models.store import Store
from rules.completeness import Clear
from rules.register import Agency, AgencyKind, Register
from rules.scorecard import Criteria, Proposal, Record, add_up, moves_add_up, propose, ranks
from rules.status import CompletionLevel, Flag, Status

ON_TIME, LATE, OVERDUE = (Status.COMPLETED_ON_TIME,), (Status.COMPLETED_LATE,), (Status.OVERDUE,)
IN_TIME = (Status.IN_PROGRESS, Status.DUE_SOON)
WITHOUT_DAY = (Status.ONGOING, Status.UNDATED)
RESTING = (Status.SUSPENDED, Status.CANCELLED)
DUE = (*ON_TIME, *LATE, *OVERDUE)
NOT_DONE = (*OVERDUE, *IN_TIME, *WITHOUT_DAY, Status.SUSPENDED)

# What each figure counts, and the figure it is a part of.
FIGURES: Mapping[str, tuple[Selection, str]] = {
    "total": (Selection(), "total"),
    "due": (Selection(statuses=DUE), "total"),
    "on_time": (Selection(statuses=ON_TIME), "due"),
    "late": (Selection(statuses=LATE), "due"),
    "overdue": (Selection(statuses=OVERDUE), "due"),
    "in_time": (Selection(statuses=IN_TIME), "total"),
    "without_due_day": (Selection(statuses=WITHOUT_DAY), "total"),
    "resting": (Selection(statuses=RESTING), "total"),
    "not_done": (Selection(statuses=NOT_DONE), "total"),
    "silent": (Selection(statuses=NOT_DONE, flag=Flag.SILENT), "not_done"),
    "unconfirmed": (Selection(statuses=NOT_DONE, flag=Flag.AWAITING_CONFIRMATION), "not_done"),
    "extended": (Selection(flag=Flag.EXTENDED), "total"),
    "committed": (Selection(flag=Flag.COMMITTED), "total"),
    "broken": (Selection(flag=Flag.BROKEN_COMMITMENT), "committed"),
    "unclear": (Selection(unclear=tuple(Clear)), "total"),
    **{f"unclear_{clear}": (Selection(unclear=(clear,)), "unclear") for clear in Clear},
}
PARTS = {"total": ("due", "in_time", "without_due_day", "resting"), "due": ("on_time", "late", "overdue")}
MOVING = ("due", "on_time", "late", "overdue", "silent", "unconfirmed")


@dataclass(frozen=True)
class Figure:
    """`count` of `of` assignments, those of the figure named `of_what`; `selection` gives the rows counted."""

    count: int
    of: int
    of_what: str
    selection: Selection


@dataclass(frozen=True)
class Delays:
    """The working days by which `of` assignments were completed late or are overdue; the worst, and all together."""

    of: int
    together: int
    worst: int
    selection: Selection

    @property
    def mean(self) -> float:
        """The mean delay in working days; 0 when nothing is late."""
        return self.together / self.of if self.of else 0.0


@dataclass(frozen=True)
class Score:
    """How an agency (None: all together) stands. `rank` is None below the minimum sample and for who is not ranked.

    `moved` says by how many each figure rose since the day the scorecard compares with: what other agencies held then
    and this one holds now was its own then as well.
    """

    agency: Agency | None
    figures: Mapping[str, Figure]
    delays: Delays
    moved: Mapping[str, int]
    rank: int | None = None

    def __post_init__(self) -> None:
        """Refuse figures that do not add up."""
        whose = self.agency.code if self.agency else "all agencies"
        for whole, parts in PARTS.items():
            add_up(f"{whole} of {whose}", {part: self.figures[part].count for part in parts}, self.figures[whole].count)
        late = {part: self.figures[part].count for part in ("late", "overdue")}
        add_up(f"delays of {whose}", late, self.delays.of)


@dataclass(frozen=True)
class Scorecard:
    """The scores of a day, in the order of the register; `since` is the same day of the month before.

    Both days are judged by what was known at `known_at`, so that movement is what happened and not what was recorded.
    """

    as_of: date
    known_at: datetime
    since: date
    level: CompletionLevel
    criteria: Criteria
    together: Score
    agencies: Sequence[Score]
    proposals: Sequence[Proposal]
    unled: int

    def __post_init__(self) -> None:
        """Refuse agencies that do not add up to all of them together."""
        for name, figure in self.together.figures.items():
            add_up(name, {s.agency.code: s.figures[name].count for s in self.agencies if s.agency}, figure.count)
        for name, moved in self.together.moved.items():
            moves_add_up(
                f"movement of {name}", {s.agency.code: s.moved[name] for s in self.agencies if s.agency}, moved
            )


def scorecard_of(
    store: Store,
    *,
    as_of: date,
    known_at: datetime,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    warning_working_days: int = WARNING_WORKING_DAYS,
    criteria: Criteria | None = None,
) -> Scorecard:
    """Return the scorecard of `as_of`, by what had been recorded at `known_at` (aware).

    The steering committee is shown and neither ranked nor proposed for anything: the scorecard is its own. Raises
    DoesNotAddUpError rather than answer with figures whose parts contradict their total.
    """
    chosen, since = criteria or Criteria(), month_before(as_of)
    asked = partial(status_of, store, known_at=known_at, level=level, warning_working_days=warning_working_days)
    table, before = asked(as_of=as_of), asked(as_of=since)
    with store.reading() as session:
        reference = read_reference(session)
    now, then = _by_agency(table.rows), _by_agency(_held_as_now(before.rows, table, reference.register))
    counting = Counting(heads_of(reference.contacts))
    known = [agency for agency in reference.register.agencies if agency.code in now]
    records = [_record(agency.code, now[agency.code]) for agency in known if agency.kind is not AgencyKind.STEERING]
    placed = ranks(records, chosen)
    return Scorecard(
        as_of=as_of,
        known_at=known_at,
        since=since,
        level=level,
        criteria=chosen,
        together=counting.score(None, table.rows, before.rows),
        agencies=[counting.score(a, now[a.code], then.get(a.code, ()), placed.get(a.code)) for a in known],
        proposals=propose(records, chosen.thresholds),
        unled=len(table.queue),
    )


def month_before(day: date) -> date:
    """Return the same day of the month before, or its last day: 31 March → 28 February."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Counting:
    """Counts the rows of an agency, figure by figure."""

    def __init__(self, heads: Mapping[str, int]) -> None:
        """Take how many posts are registered as head of each agency."""
        self.heads = heads

    def score(
        self, agency: Agency | None, rows: Sequence[StatusRow], before: Sequence[StatusRow], rank: int | None = None
    ) -> Score:
        """Return the score of an agency's rows (None: of all), beside its rows of an earlier day."""
        code = agency.code if agency else None
        counts, was = self._counts(rows, FIGURES), self._counts(before, MOVING)
        figures = {
            name: Figure(counts[name], counts[of_what], of_what, _of(code, selection))
            for name, (selection, of_what) in FIGURES.items()
        }
        days = [row.days_late for row in rows if row.status in (*LATE, *OVERDUE)]
        delays = Delays(len(days), sum(days), max(days, default=0), Selection(code, (*LATE, *OVERDUE)))
        return Score(agency, figures, delays, {name: counts[name] - was[name] for name in MOVING}, rank)

    def _counts(self, rows: Iterable[StatusRow], names: Iterable[str]) -> Mapping[str, int]:
        known = list(rows)
        return {name: sum(FIGURES[name][0].holds(row, self.heads) for row in known) for name in names}


def _of(agency: str | None, selection: Selection) -> Selection:
    return Selection(agency, selection.statuses, selection.flag, selection.unclear, selection.late_from)


def _by_agency(rows: Iterable[StatusRow]) -> Mapping[str, Sequence[StatusRow]]:
    grouped: dict[str, list[StatusRow]] = defaultdict(list)
    for row in rows:
        grouped[row.agency].append(row)
    return grouped


def _held_as_now(before: Iterable[StatusRow], table: StatusTable, register: Register) -> Sequence[StatusRow]:
    """Return the rows of an earlier day under whoever is accountable for them on the day of `table`."""
    holders = {
        code: row.agency
        for row in table.rows
        for parts in (row.parts, *(other.parts for other in row.same_work))
        for code in parts
    }
    successors = register.accountable(table.as_of)
    return [replace(row, agency=holders.get(row.parts[0], successors.get(row.agency, row.agency))) for row in before]


def _record(agency: str, rows: Iterable[StatusRow]) -> Record:
    known = list(rows)
    overdue = tuple(row.days_late for row in known if row.status is Status.OVERDUE)
    on_time, late = (sum(row.status is each for row in known) for each in (*ON_TIME, *LATE))
    return Record(agency, on_time, late, overdue)
