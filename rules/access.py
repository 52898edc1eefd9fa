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
    SEE_PEOPLE = "see_people"
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
    OWN_PASSWORD = "own_password"  # noqa: S105 - a right


_OWN = Right.OWN_PASSWORD
_LOOKING = {_OWN, Right.LOOK, Right.READ_EDITIONS}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.SECRETARIAT: frozenset(
        {
            *_LOOKING,
            Right.SEE_PEOPLE,
            Right.ANSWER,
            Right.REPORT_PROGRESS,
            Right.RECORD_WORKBOOKS,
            Right.DECIDE,
            Right.WRITE_EDITIONS,
        }
    ),
    Role.LEADER: frozenset({*_LOOKING, Right.SEE_PEOPLE, Right.ANSWER}),
    Role.FOCAL_POINT: frozenset({_OWN, Right.LOOK, Right.ANSWER, Right.REPORT_PROGRESS}),
    Role.OPS: frozenset({*_LOOKING, Right.SEE_OPERATIONS, Right.RUN_OPERATIONS}),
    Role.AUDITOR: frozenset({*_LOOKING, Right.SEE_PEOPLE, Right.SEE_OPERATIONS, Right.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset({_OWN, Right.SEE_OPERATIONS, Right.SEE_AUDIT, Right.MANAGE_ACCOUNTS}),
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


class Scope(StrEnum):
    """What a program may do with its token: ask, or also send workbooks."""

    READ = "read"
    UPLOAD = "upload"


@dataclass(frozen=True)
class Caller:
    """A program that asks `/api/v1`, and the one agency it is held to, if any."""

    client: int
    name: str
    scope: Scope
    agency: str | None = None

    def may(self, scope: Scope) -> bool:
        """Say whether the program's token is good for this."""
        return scope in (Scope.READ, self.scope)

    def sees(self, agency: str | None) -> bool:
        """Say whether rows of this agency are the program's to see."""
        return self.agency is None or agency == self.agency


SHORTEST_PASSWORD = 12
_FEWEST_CHARACTERS = 5


def password_problem(password: str, name: str) -> str | None:
    """Say what is wrong with a new password of the account `name`: "short", "plain", "named"; None when it will do.

    At least 12 characters, 5 of them different, and nowhere in it the sign-in name.
    """
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(set(password.casefold())) < _FEWEST_CHARACTERS:
        return "plain"
    return "named" if name.casefold() in password.casefold() else None
