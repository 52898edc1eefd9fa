"""Who may do what: five kinds of people at work, an administrator of their accounts, and the rights of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the product; one account has one."""

    SECRETARIAT = "secretariat"
    LEADER = "leader"
    FOCAL_POINT = "focal_point"
    OPS = "ops"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a route asks of those who use it."""

    LOOK = "look"
    ANSWER = "answer"
    REPORT_PROGRESS = "report_progress"
    RECORD_WORKBOOKS = "record_workbooks"
    DECIDE = "decide"
    READ_EDITIONS = "read_editions"
    WRITE_EDITIONS = "write_editions"
    SEE_OPERATIONS = "see_operations"
    RUN_OPERATIONS = "run_operations"
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"


_LOOKING = {Right.LOOK, Right.READ_EDITIONS}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SECRETARIAT: frozenset(
        {
            *_LOOKING,
            Right.ANSWER,
            Right.REPORT_PROGRESS,
            Right.RECORD_WORKBOOKS,
            Right.DECIDE,
            Right.WRITE_EDITIONS,
        }
    ),
    Role.LEADER: frozenset({*_LOOKING, Right.ANSWER}),
    Role.FOCAL_POINT: frozenset({Right.LOOK, Right.ANSWER, Right.REPORT_PROGRESS}),
    Role.OPS: frozenset({*_LOOKING, Right.SEE_OPERATIONS, Right.RUN_OPERATIONS}),
    Role.AUDITOR: frozenset({*_LOOKING, Right.SEE_OPERATIONS, Right.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.SEE_OPERATIONS, Right.SEE_AUDIT, Right.MANAGE_ACCOUNTS}),
}

OF_ONE_AGENCY = frozenset({Role.LEADER, Role.FOCAL_POINT})
"""The roles an account may hold for one agency; a focal point always does, a leader without one sees all."""

OF_ALL_AGENCIES = frozenset({Right.DECIDE, Right.RECORD_WORKBOOKS, Right.READ_EDITIONS, Right.WRITE_EDITIONS})
"""Rights over figures of the whole country: those who see one agency alone have none of them."""


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in: the name of the account, the post it speaks for, and the one agency it is held to, if any."""

    account: int
    name: str
    post: str
    role: Role
    agency: str | None = None

    def may(self, right: Right) -> bool:
        """Say whether the visitor has the right."""
        return right in RIGHTS[self.role] and not (self.agency and right in OF_ALL_AGENCIES)

    def sees(self, agency: str | None) -> bool:
        """Say whether rows of this agency are the visitor's to see."""
        return self.agency is None or agency == self.agency
