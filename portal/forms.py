"""What each form of a decision asks: its fields, of which kind, and whether they must be filled in.

A form changes nothing but what it shows: what else is sent along is not read.
"""

from collections.abc import Mapping

Field = tuple[str, str, bool]

_REASON, _BY_DOCUMENT, _PERHAPS_DOCUMENT = (
    ("reason", "area", True),
    ("document", "line", True),
    ("document", "line", False),
)
_PERHAPS_ON, _ON, _UNTIL = ("on", "day", False), ("on", "day", True), ("until_on", "day", True)
_FROM = ("from_on", "day", True)

FORMS: Mapping[str, tuple[Field, ...]] = {
    "confirm": (_REASON, _PERHAPS_DOCUMENT, _PERHAPS_ON),
    "return": (_REASON, _PERHAPS_DOCUMENT, _PERHAPS_ON),
    "extend": (_UNTIL, _BY_DOCUMENT, _REASON, ("asked_on", "day", False), ("exception", "tick", False), _PERHAPS_ON),
    "decline": (_REASON, _PERHAPS_DOCUMENT, _PERHAPS_ON),
    "hold": (_FROM, _UNTIL, _BY_DOCUMENT, _REASON, ("stops_clock", "tick", False)),
    "resume": (_ON, _BY_DOCUMENT, _REASON),
    "cancel": (_ON, _BY_DOCUMENT, _REASON),
    "reinstate": (_ON, _BY_DOCUMENT, _REASON),
    "succeed": (("to", "agency", True), _ON, _BY_DOCUMENT, _REASON),
    "date": (_UNTIL, _BY_DOCUMENT, _REASON, _PERHAPS_ON),
    "link": (("same_as", "line", True), _REASON, _PERHAPS_DOCUMENT),
    "unlink": (_REASON, _PERHAPS_DOCUMENT),
    "acknowledge": (_UNTIL, _REASON),
    "extension": (_UNTIL, _REASON),
    "dispute": (_REASON,),
    "redirect": (("to", "line", True), _REASON),
    "settle": (("accepted", "yes_no", True), _REASON, _PERHAPS_DOCUMENT, _PERHAPS_ON),
    "answer": (("answer", "area", True), _ON, _PERHAPS_DOCUMENT),
    "hand_down": (
        ("unit", "line", True), ("due_on", "day", True), ("text", "area", False), ("product", "line", False),
        ("reason", "area", False),
    ),
    "report_handed": (
        ("state", "state", True), _ON, ("completed_on", "day", False), ("evidence", "line", False),
        ("text", "area", False),
    ),
    "delegate": (
        ("agency", "agency", True), ("role", "role", True), ("to", "line", True), ("address", "line", True), _FROM,
        _UNTIL, _REASON,
    ),
}  # fmt: skip
"""By the name of the decision, in the order in which they are asked."""


def asks_for(form: str, name: str) -> bool:
    """Whether a form shows a field."""
    return any(field == name for field, _, _ in FORMS[form])
