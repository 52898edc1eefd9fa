"""Whom an edition reached: claimed before it is sent, answered after; a claim without an answer is never sent again."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from sqlmodel import col, select

from models import Store
from models.edition_tables import Edition, EditionSending
from reports.edition import kept_files
from reports.editions import FileState, kept_file
from reports.facts import Facts
from reports.wording import number_text, worded
from texts import SaidError, date_text

CLAIMED = "sending"
# After these an edition may be sent to the address again.
_MAY_RETRY = frozenset({"failed_temporary"})


class EditionAlteredError(SaidError):
    """A file of an edition is gone or is not what was made: nothing is sent."""


@dataclass(frozen=True)
class Covering:
    """The letter an edition goes with."""

    subject: str
    text: str


def covering_letter(edition: Edition) -> Covering:
    """Return the subject and the few lines an edition is sent with: its figures, and what is attached."""
    facts = Facts.from_json(edition.facts)
    year, month = facts.month.split("-")
    values = {
        "month": f"{int(month)}/{year}",
        "edition": edition.code,
        "cutoff": date_text(facts.cutoff),
        "meeting": date_text(facts.meeting),
        "total": number_text(facts.totals.total),
        "done": number_text(facts.totals.completed),
        "overdue": number_text(facts.totals.overdue),
    }
    return Covering(worded("letter_subject", **values), worded("letter_text", **values))


def to_be_sent(store: Store, edition: Edition, addresses: Iterable[str]) -> Sequence[str]:
    """Return the addresses the edition neither reached nor may have reached, each once, in their order."""
    rows = select(EditionSending).where(EditionSending.edition_id == edition.id).order_by(col(EditionSending.id))
    with store.reading() as session:
        last = {row.address: row.outcome for row in session.exec(rows)}
    return [address for address in dict.fromkeys(addresses) if last.get(address) in {None, *_MAY_RETRY}]


def files_of(store: Store, edition: Edition, folder: Path, *, kinds: Container[str]) -> Mapping[str, bytes]:
    """Return the edition's files of the `kinds` (".pdf"), as they were made. Raises EditionAlteredError."""
    with store.reading() as session:
        names = [name for name in kept_files(session, edition) if PurePath(name).suffix in kinds]
    found = {}
    for name in names:
        state, found[name] = kept_file(store, edition, name, folder)
        if state is not FileState.KEPT:
            raise EditionAlteredError("editions.not_sent_altered", found=name)
    return found


def outcomes_of(store: Store, edition: Edition) -> Mapping[str, int]:
    """Count the addresses an edition was sent to by what came of it last ("sending": claimed, and never answered)."""
    rows = select(EditionSending).where(EditionSending.edition_id == edition.id).order_by(col(EditionSending.id))
    with store.reading() as session:
        return Counter({row.address: row.outcome for row in session.exec(rows)}.values())


def record_sending(
    store: Store,
    edition: Edition,
    address: str,
    *,
    now: datetime,
    channel: str,
    outcome: str = CLAIMED,
    detail: str = "",
) -> None:
    """Write that the edition is about to be sent to an address, or what came of it."""
    assert edition.id is not None
    with store.writing() as session:
        row = EditionSending(
            edition_id=edition.id, address=address, sent_at=now, channel=channel, outcome=outcome, detail=detail
        )
        session.add(row)
