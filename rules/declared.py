"""What an agency declares in its own words: done, or not; words nobody knows are asked about, never guessed."""

import re

from rules.folding import fold

_PARENTHESIS = re.compile(r"\([^()]*\)")
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?%")
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
# What takes "hoàn thành" back when a parenthesis begins with it.
_RESTRICTS = re.compile(r"(?:chua|dang|mot phan|co ban|du thao|du kien)\b")
_EDGES = " .;:!-()"
WHOLE = 100


def read_declared(text: str) -> bool | None:
    """Return whether the words say that the work is done; None when they are not known or contradict themselves.

    What stands in parentheses counts when it is a percentage: "Hoàn thành (50%)" is not done.
    """
    folded = fold(text)
    asides = [aside.strip(_EDGES) for aside in _PARENTHESIS.findall(folded)]
    words = " ".join(_PARENTHESIS.sub(" ", folded).split()).strip(_EDGES)
    said = _read_words(words)
    shares = {_number(share[1]) >= WHOLE for aside in asides if (share := _PERCENT.match(aside))}
    if False in shares:
        return False
    if said is None:
        return True if shares and not words else None
    contradicted = any(map(_restricts, asides)) if said else bool(shares)
    return None if contradicted else said


def _restricts(aside: str) -> bool:
    """Whether a parenthesis after "hoàn thành" may say that it is not: in words, or with a percentage among them."""
    return bool(_RESTRICTS.match(aside)) or any(_number(share) < WHOLE for share in _SHARE.findall(aside))


def _read_words(words: str) -> bool | None:
    percent = _PERCENT.match(words)
    if percent:
        return _number(percent[1]) >= WHOLE
    if words in _DONE:
        return True
    if words in _NOT_DONE or words.startswith(_NOT_DONE_BEGINNINGS):
        return False
    return None


def _number(written: str) -> float:
    return float(written.replace(",", "."))
