"""What those who were told can answer, each a frozen value: from a link, a page or the command line, the same ones.

`on` is the day it is answered; `notice` the key of the digest it answers, empty when it is answered otherwise.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rules.ladder import Role


@dataclass(frozen=True, kw_only=True)
class Acknowledge:
    """The work of `code` will be done by `until_on`, for the reason given. It quiets a rung and moves no due day."""

    name: ClassVar[str] = "acknowledge"
    code: str
    on: date
    until_on: date
    reason: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestExtension:
    """`until_on` is asked for as the due day of `code`: the assigning authority decides, nothing moves by itself."""

    name: ClassVar[str] = "extension"
    code: str
    on: date
    until_on: date
    reason: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """The status of `code` is not as told; `reason` says what is right and by which evidence."""

    name: ClassVar[str] = "dispute"
    code: str
    on: date
    reason: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Another post should have been told of `code`: `to` names it."""

    name: ClassVar[str] = "redirect"
    code: str
    on: date
    to: str
    reason: str
    notice: str = ""


@dataclass(frozen=True, kw_only=True)
class Settle:
    """The appeal of the id `appeal` is answered: accepted or not, in the words of `reason`."""

    name: ClassVar[str] = "settle"
    appeal: int
    on: date
    accepted: bool
    reason: str
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class Delegate:
    """While away, the holder of a post is stood in for by `to` at `address`, from one day through another."""

    name: ClassVar[str] = "delegate"
    agency: str
    role: Role
    to: str
    address: str
    from_on: date
    until_on: date
    reason: str


Reply = Acknowledge | RequestExtension | Dispute | Redirect
