"""A store opened for the length of one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from cli.failure import Refused
from models.opening import open_store
from models.store import Store
from rules.reference import Reference

SUPPORTED = ("sqlite", "postgresql")


@contextmanager
def opened(database: str) -> Iterator[Store]:
    """Give the initialised store at the URL `database`, and close it."""
    check_url(database)
    store = open_store(database)
    try:
        yield store
    finally:
        store.close()


def check_url(database: str) -> None:
    """Refuse what is no database URL, without repeating it: it may hold a password."""
    try:
        known = make_url(database).get_backend_name() in SUPPORTED
    except (ArgumentError, NoSuchModuleError, ValueError):
        known = False
    if not known:
        raise Refused("cli.not_a_database")


def check_agency(reference: Reference, agency: str | None) -> None:
    """Refuse an agency code the register does not know, naming the nearest ones."""
    _check_code(agency, [known.code for known in reference.register.agencies], "cli.unknown_agency")


def check_milestone(reference: Reference, milestone: str | None) -> None:
    """Refuse a milestone code the programme does not know."""
    _check_code(milestone, [*(known.code for known in reference.milestones), "beyond"], "cli.unknown_milestone")


def _check_code(code: str | None, known: list[str], key: str) -> None:
    if code is None or code in known:
        return
    from difflib import get_close_matches

    nearest = get_close_matches(code.upper(), known, n=3, cutoff=0.3) or known[:3]
    raise Refused(key, found=code, nearest=", ".join(nearest))
