"""Set the paper with Typst: the whole as .pdf, one chart as .png. The same paper gives the same bytes."""

import shutil
import tempfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from pydantic import TypeAdapter

from reports.paper import Brief, Paper, Picture

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"
_TEMPLATES = _HERE / "typst"
_PICTURE_PPI = 220.0


def pdf_of(paper: Paper, *, made_at: datetime) -> bytes:
    """Return the paper as a tagged PDF that embeds its fonts; `made_at` is the instant its metadata states."""
    data = TypeAdapter(Paper).dump_json(paper)
    return _compile("report.typ", "paper.json", data, format="pdf", timestamp=made_at.replace(microsecond=0))


def brief_pdf_of(brief: Brief, *, made_at: datetime) -> bytes:
    """Return a leader's page as a tagged PDF; `made_at` is the instant its metadata states."""
    data = TypeAdapter(Brief).dump_json(brief)
    return _compile("brief.typ", "brief.json", data, format="pdf", timestamp=made_at.replace(microsecond=0))


# The next state of a report often draws what the last one drew.
@lru_cache(maxsize=16)
def picture_of(picture: Picture) -> bytes:
    """Return a chart or a plot as a PNG picture, as the .pdf draws it."""
    data = TypeAdapter(Picture).dump_json(picture)
    return _compile("picture.typ", "chart.json", data, format="png", ppi=_PICTURE_PPI)


def _compile(template: str, name: str, data: bytes, **options: Any) -> bytes:
    """Compile a template beside its data file: what the data says is read as JSON and never as markup."""
    with tempfile.TemporaryDirectory(prefix="dondoc-report-") as folder:
        root = Path(shutil.copytree(_TEMPLATES, Path(folder) / "paper"))
        (root / name).write_bytes(data)
        answer = typst.compile(
            str(root / template),
            root=str(root),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            **options,
        )
    assert isinstance(answer, bytes), f"{template} gave several files; a picture has one page"
    return answer
