"""Passwords: made, hashed and held against their hash by argon2, a few at a time (each takes 64 MiB for a moment)."""

from functools import cache
from secrets import token_urlsafe
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = BoundedSemaphore(2)
IN_LINE = BoundedSemaphore(10)
"""Who signs in holds a place here, or is sent away at once: those who wait hold threads that pages need."""
_HASHER = PasswordHasher()


def one_time_password() -> str:
    """Return a random password somebody types once."""
    return token_urlsafe(12)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Say whether a password is the one; takes as long when there is none ("")."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _nobodys(), password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _HASHER.hash(token_urlsafe(32))
