"""The English beside a Vietnamese sentence: what is Vietnamese in it says so, and long texts are not said twice."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")
_EDGES = re.compile(r"([\W\d_]*)(.*?)([\W\d_]*)", re.DOTALL)
_LONGEST = 80
_LEFT_OUT = "…"


def english_beside(vi: str, en: str) -> Markup:
    """Return the English sentence as it stands beside the Vietnamese one.

    Names and words of a workbook stand in both as they are: in the English they are marked as Vietnamese, for those who
    are read to, and where they are long only the Vietnamese sentence has them.
    """
    return Markup('<span class="en" lang="en">{}</span>').format(_marked(vi, en) if _VIETNAMESE.search(en) else en)


def _marked(vi: str, en: str) -> Markup:
    words, marked, at = _TOKEN.findall(en), Markup(""), 0
    same = SequenceMatcher(None, _TOKEN.findall(vi), words, autojunk=False).get_matching_blocks()
    for block in same:
        text = "".join(words[block.b : block.b + block.size])
        if _VIETNAMESE.search(text):
            marked += "".join(words[at : block.b]) + _vietnamese(text)
            at = block.b + block.size
    return marked + "".join(words[at:])


def _vietnamese(text: str) -> Markup:
    edges = _EDGES.fullmatch(text)
    before, held, after = edges.groups() if edges else ("", text, "")
    if len(held) > _LONGEST:
        held = _LEFT_OUT
    return Markup('{}<span lang="vi">{}</span>{}').format(before, held, after)
