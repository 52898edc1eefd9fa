"""Past days under two ladders: what another ladder would have told to whom, before it is loaded. Writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from models import Store
from models.duties import Duty
from models.question import Question
from models.reference import read_reference
from notifications.history import HANDED_ON, RESOLVED, History, ToldStep
from notifications.notice import Reason
from notifications.planning import AS_SHIPPED, question_of, read_duties, sort_day
from notifications.sorting import TRANSFERRED, Entry, WrittenTo
from rules.calendar import days
from rules.digest_policy import DigestPolicy
from rules.ladder import Ladder
from rules.reference import Reference
from rules.status import CompletionLevel
from texts.wording import HANOI

_MORNING = time(7)
_NOBODY_YET = WrittenTo(frozenset(), frozenset())


@dataclass(frozen=True, order=True)
class Replayed:
    """One item told on a day in the past: to which post, about which assignment or share, on which rung and why."""

    day: date
    agency: str
    role: str
    code: str
    rung: int
    reason: str


@dataclass(frozen=True)
class Comparison:
    """What both ladders told from `first` through `last`; what they tell on the first working day stood before it."""

    first: date
    last: date
    present: Sequence[Replayed]
    proposed: Sequence[Replayed]

    def by_post(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """Return per post how many digests it had under the present ladder, and would have under the other."""
        counts = [
            Counter((agency, role) for _, agency, role in {(each.day, each.agency, each.role) for each in told})
            for told in (self.present, self.proposed)
        ]
        return {post: (counts[0][post], counts[1][post]) for post in sorted({*counts[0], *counts[1]})}

    def only_present(self) -> Sequence[Replayed]:
        """Return what the other ladder would not have told, or not on that day."""
        return sorted({*self.present} - {*self.proposed})

    def only_proposed(self) -> Sequence[Replayed]:
        """Return what the other ladder would have told beyond the present one, or on another day."""
        return sorted({*self.proposed} - {*self.present})


def compare_ladders(
    store: Store,
    proposed: Ladder,
    *,
    through: date,
    past_days: int = 90,
    level: CompletionLevel = CompletionLevel.EVIDENCED,
    policy: DigestPolicy = AS_SHIPPED,
) -> Comparison:
    """Replay the `past_days` calendar days up to `through`, each as it was known that morning, under both ladders.

    People, commitments and calendar are those of each day; nothing is written and nothing told in truth counts.
    """
    first = through - timedelta(days=past_days - 1)
    begun: date | None = None
    with store.reading() as session:
        reference = read_reference(session)
        ladders = [_Run(replace(reference, ladder=ladder)) for ladder in (reference.ladder, proposed)]
        both = replace(reference, ladder=[*reference.ladder, *proposed])
        for day in days(first, through):
            if reference.calendar.is_working(day):
                begun = begun or day
                known_at = datetime.combine(day, _MORNING, tzinfo=HANOI)
                question = question_of(session, day, known_at, both, level)
                duties = read_duties(session, question, both)
                for run in ladders:
                    run.tell(session, question, policy, duties)
    return Comparison(first, through, ladders[0].after(begun), ladders[1].after(begun))


class _Run:
    """One ladder, day after day, remembering what it told."""

    def __init__(self, reference: Reference) -> None:
        self._reference, self._history = reference, History()
        self._told: list[Replayed] = []

    def tell(self, session: Session, question: Question, policy: DigestPolicy, duties: Sequence[Duty]) -> None:
        """Tell a day's duties."""
        day = question.asked.day
        found = sort_day(session, question, self._reference, policy, self._history, duties, _NOBODY_YET)
        for entries in found.entries.values():
            for entry in entries:
                self._history.add(_step(entry, day), entry.reader.contact.address)
                post = entry.reader.contact
                self._told.append(Replayed(day, post.agency, post.role, _code(entry), entry.rung, entry.reason))

    def after(self, begun: date | None) -> list[Replayed]:
        """Return what was told after the first working day of the window."""
        return [each for each in self._told if each.day != begun]


def _code(entry: Entry) -> str:
    return entry.duty.share.code if entry.duty.share else entry.duty.code


def _step(entry: Entry, day: date) -> ToldStep:
    climb = entry.climb
    over = HANDED_ON if entry.ended == TRANSFERRED else RESOLVED
    step = over if entry.reason is Reason.RESOLVED or climb is None else climb.rung.step
    return ToldStep(
        entry.duty.assignment_id, entry.last_good_day, step, entry.rung, entry.role, entry.post_agency,
        climb.ladder if climb else "", entry.information, day, entry.duty.agency, *entry.duty.subject[1:],
    )  # fmt: skip
