"""Which of the five clears and authority an assignment of the status table makes clear."""

from collections import Counter
from collections.abc import Iterable, Mapping

from models.status_table import StatusRow
from rules.completeness import Clear, DutyWords, clears
from rules.ladder import Contact, Role
from rules.status import Flag, Nature

SEVERAL = 2


def heads_of(contacts: Iterable[Contact]) -> Mapping[str, int]:
    """Count the posts registered as head of each agency."""
    return Counter(contact.agency for contact in contacts if contact.role is Role.AGENCY_HEAD)


def clears_of(row: StatusRow, heads: Mapping[str, int]) -> Mapping[Clear, bool]:
    """Return what an assignment makes clear; `heads` counts the posts registered as head of each agency."""
    return clears(
        DutyWords(
            leads=SEVERAL if Flag.SEVERAL_LEADS in row.flags else 1,
            work=row.task,
            time_stated=row.nature is not Nature.UNDATED or Flag.AWAITING_EVENT in row.flags,
            product=row.product,
            posts=heads.get(row.agency, 0),
            document=row.document,
        )
    )
