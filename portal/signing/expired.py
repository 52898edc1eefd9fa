"""A form that came after its session had ended: nothing of it is recorded, and nothing of what was typed is lost."""

from urllib.parse import urlencode

from fastapi import Request

from portal.access import SIGN_IN
from portal.signing.pages import inside, path_of

_URLENCODED = "application/x-www-form-urlencoded"
# What a form carries beside what was typed into it, and what nobody should see again.
_UNTYPED = frozenset(
    {"form_token", "action", "at", "back", "seen", "preview", "month", "password", "old", "new", "again"}
)
_MOST = 40


async def typed_before(request: Request) -> list[str]:
    """Return what was typed into the form of a request, as words to copy; nothing of a file."""
    if not request.headers.get("content-type", "").startswith(_URLENCODED):
        return []
    form = await request.form()
    typed = [value for name, value in form.multi_items() if name not in _UNTYPED and isinstance(value, str)]
    return [value for value in typed if value.strip()][:_MOST]


def came_from(request: Request) -> str:
    """Return the page of ours the form stood on, "" when the browser does not say."""
    return inside(path_of(request.headers.get("referer", "")))


def sign_in_for(back: str) -> str:
    """Return where one signs in to come back to a page."""
    return f"{SIGN_IN}?{urlencode({'next': back})}" if back not in {"", "/"} else SIGN_IN
