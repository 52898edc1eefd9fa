"""What an agency declares in its own words: done, or not; words nobody knows are asked about, never guessed."""

import re

from rules.folding import fold

_PARENTHESIS = re.compile(r"\([^()]*\)")
_PERCENT = re.compile(r"^(?:da |dat |khoang |hoan thanh )*(\d{1,3}(?:[.,]\d+)?) ?%$")
_DONE = frozenset(
    {
        "hoan thanh",
        "da hoan thanh",
        "hoan thanh dung han",
        "hoan thanh truoc han",
        "hoan thanh qua han",
        "hoan thanh cham",
        "hoan thanh dung tien do",
        "da hoan thanh dung han",
        "da hoan thanh dung tien do",
        "da hoan thanh truoc han",
        "da hoan thanh qua han",
        "hoan thanh 100%",
        "da hoan thanh 100%",
        "da xong",
        "xong",
        "done",
        "completed",
    }
)
_NOT_DONE = frozenset(
    {
        "dang thuc hien",
        "dang trien khai",
        "dang xu ly",
        "dang xay dung",
        "dang trinh",
        "dang du thao",
        "dang lay y kien",
        "dang hoan thien",
        "dang thuc hien, trong han",
        "dang thuc hien, qua han",
        "chua thuc hien",
        "chua trien khai",
        "chua hoan thanh",
        "khong hoan thanh",
        "trong han",
        "qua han",
        "cham tien do",
        "dung tien do",
        "thuong xuyen",
        "in progress",
        "not started",
        "not done",
    }
)
_NOT_DONE_BEGINNINGS = ("chua ", "dang ")
WHOLE = 100


def read_declared(text: str) -> bool | None:
    """Return whether the words say that the work is done; None when they are not known."""
    words = " ".join(_PARENTHESIS.sub(" ", fold(text)).split()).strip(" .;:!-")
    percent = _PERCENT.match(words)
    if percent:
        return float(percent[1].replace(",", ".")) >= WHOLE
    if words in _DONE:
        return True
    if words in _NOT_DONE or words.startswith(_NOT_DONE_BEGINNINGS):
        return False
    return None
