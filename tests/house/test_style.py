"""The stylesheet is what its sources say."""

from hashlib import sha256
from pathlib import Path

PORTAL = Path(__file__).parents[2] / "portal"
SOURCES = ("package.json", "portal.scss", "_own.scss")


def test_the_stylesheet_was_compiled_from_its_sources() -> None:
    digest = sha256(b"".join((PORTAL / "style" / name).read_bytes() for name in SOURCES)).hexdigest()
    first = (PORTAL / "static" / "portal.css").read_text(encoding="utf-8").partition("\n")[0]
    assert digest in first, "portal/style changed: run make style and commit what it writes"
