"""The five clears and authority: whether an assignment says who, what, by when, with which product and answerable post.

Directive 07/CT-TTg asks for "5 rõ" (people, work, time, product, responsibility); a later decision adds the sixth,
authority ("rõ thẩm quyền").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Clear(StrEnum):
    """What an assignment must make clear."""

    PERSON = "person"
    WORK = "work"
    TIME = "time"
    PRODUCT = "product"
    RESPONSIBILITY = "responsibility"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class DutyWords:
    """What is known of an assignment.

    `leads` counts the agencies named accountable for one result; a collective counts as one, since each member answers
    for its own. `time_stated` holds for a due day, a duty ongoing by nature and one that waits for a named event.
    `posts` counts the posts registered as head of the accountable agency; `document` numbers the assigning act.
    """

    leads: int
    work: str
    time_stated: bool
    product: str
    posts: int
    document: str


def clears(duty: DutyWords) -> Mapping[Clear, bool]:
    """Return, for each of the six, whether the assignment makes it clear.

    The person is clear with an agency in the lead; responsibility with exactly one, and one post at its head.
    """
    return {
        Clear.PERSON: duty.leads > 0,
        Clear.WORK: bool(duty.work.strip()),
        Clear.TIME: duty.time_stated,
        Clear.PRODUCT: bool(duty.product.strip()),
        Clear.RESPONSIBILITY: duty.leads == 1 and duty.posts == 1,
        Clear.AUTHORITY: bool(duty.document.strip()),
    }
