"""Words that say there is nothing to say: "Không", "Chưa có", "Không có khó khăn, vướng mắc", "-", "0"."""

import re
from functools import lru_cache

from rules.folding import fold

_WORD = re.compile(r"\w+")
_NONE = frozenset({"khong", "chua", "0", "none", "no", "nil", "na", "ko", "k"})
_OF_WHAT = _WORD.findall(
    "co phat sinh gap gi nao kho khan vuong mac ton tai han che de xuat kien nghi noi dung va hoac hien n a"
)
_NO_MORE_THAN_THAT = _NONE.union(_OF_WHAT)


@lru_cache(maxsize=1024)
def says_nothing(text: str) -> bool:
    """Whether a cell for difficulties, proposals or requests names none: empty, a dash, or words that there is none."""
    words = _WORD.findall(fold(text))
    return not words or words == ["n", "a"] or (not _NONE.isdisjoint(words) and _NO_MORE_THAN_THAT.issuperset(words))
