"""Secrets Dondoc makes for itself and keeps in files."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_urlsafe

from pydantic import SecretStr

from cli.failure import SystemFailed

SHORTEST = 32


def kept_secret(place: Path, *, name: str = "") -> SecretStr:
    """Return the secret in a file; the first time it is made, for its owner's eyes alone.

    With a `name`, it is `name:secret`, as people sign in. Raises SystemFailed for a file that cannot be used.
    """
    made = f"{name}:{token_urlsafe(48)}" if name else token_urlsafe(48)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with (
            suppress(FileExistsError),
            os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as f,
        ):
            f.write(made)
        kept = place.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SystemFailed("signing.no_kept_secret", file=place, reason=reason) from error
    if len(kept) < SHORTEST:
        raise SystemFailed("signing.no_kept_secret", file=place, reason=f"< {SHORTEST}")
    return SecretStr(kept)
