"""Workbooks damaged at random: a copy that opens wherever the upload did, a plain one, or none; never an error."""

import os
import random
import re
from collections import Counter
from time import monotonic

import pytest

from imports.returning.annotated.copying import annotated_copy
from tests.imports.originals import changed, opened, original, parts, question, remark, stop

DEEP = os.environ.get("DONDOC_DEEP") == "1"
BLOCKS, IN_A_BLOCK = (40, 100) if DEEP else (4, 60)
PROBLEMS = (stop("E", 8), question("C", 6), remark("F", 4), stop("A", 20), remark(None, 10), question("B", 6))
CENTRAL = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/comments/comment1.xml")
PUT_IN = (
    b"<!--x-->",
    b"<![CDATA[",
    b'"',
    b"<",
    b">",
    b"&x;",
    b"\x00",
    b'<row r="3"/>',
    b"9",
    b"-1",
    b' r="A1"',
    b"<c/>",
)
PUT_INSTEAD = (b'""', b'"-5"', b'"99999999999"', b'"x"', b'"A1:F9"')


def damaged(dice: random.Random) -> bytes:
    """Return the original with bytes flipped, its end cut off, or a part rewritten, left out or swapped."""
    whole = bytearray(original())
    kind = dice.random()
    if kind < 0.1:
        for _ in range(dice.randint(1, 6)):
            whole[dice.randrange(len(whole))] = dice.randrange(256)
        return bytes(whole)
    if kind < 0.15:
        return bytes(whole[: dice.randrange(len(whole))])
    package = parts(original())
    name = dice.choice([*package, *CENTRAL * 4])
    if kind < 0.2:
        return changed(original(), {name: None})
    if kind < 0.25:
        return changed(original(), {name: package[dice.choice(list(package))]})
    part = package[name]
    for _ in range(dice.randint(1, 3)):
        part = rewritten(part, dice)
    return changed(original(), {name: part})


def rewritten(part: bytes, dice: random.Random) -> bytes:
    """Change one thing in a part: a letter, a stretch, a value, a tag."""
    at = dice.randrange(len(part) + 1)
    values, tags = re.findall(rb'"[^"]*"', part), re.findall(rb"<[^<>]*>", part)
    changes = [
        part[:at] + bytes([dice.randrange(32, 127)]) + part[at + 1 :],
        part[:at] + part[at + dice.randint(1, 30) :],
        part[:at] + dice.choice(PUT_IN) + part[at:],
        part[:at] + part[at : at + dice.randint(1, 60)] * 2 + part[at + 60 :],
    ]
    if values:
        changes.append(part.replace(dice.choice(values), dice.choice((*PUT_INSTEAD, dice.choice(values))), 1))
    if tags:
        changes.append(part.replace(dice.choice(tags), dice.choice((b"", dice.choice(tags))), 1))
    return dice.choice(changes)


@pytest.mark.filterwarnings("ignore")  # what openpyxl says of damaged workbooks
@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_damaged_workbook_gives_a_copy_that_opens_or_none(block: int) -> None:
    seen: Counter[str] = Counter()
    for number in range(block * IN_A_BLOCK, (block + 1) * IN_A_BLOCK):
        content = damaged(random.Random(number))  # noqa: S311 - the same damage every time
        copy = annotated_copy(content, name="x.xlsx", problems=PROBLEMS)
        if copy is None:
            seen["none"] += 1
            continue
        plain = "xl/theme/theme1.xml" not in parts(copy.content)
        if plain or opens(content):
            assert opens(copy.content), f"damage {number}"
        seen["plain" if plain else "patched"] += 1
    assert min(seen["none"], seen["plain"], seen["patched"]) > 0, seen


def opens(content: bytes) -> bool:
    """Whether another program opens a workbook."""
    try:
        opened(content)
    except Exception:  # noqa: BLE001 - openpyxl raises anything
        return False
    return True


def test_cells_merged_over_each_other_and_over_the_whole_grid_take_no_time() -> None:
    """The copy is plain and looked at as a package: openpyxl would lay out every merged cell."""
    sheet = parts(original())["xl/worksheets/sheet1.xml"]
    merges = b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % number for number in range(1, 3000))
    hostile = re.sub(rb"<mergeCells.*</mergeCells>", b"<mergeCells>" + merges + b"</mergeCells>", sheet)
    many = [question("D", row) for row in range(5, 3000)]
    started = monotonic()
    copy = annotated_copy(changed(original(), {"xl/worksheets/sheet1.xml": hostile}), name="x.xlsx", problems=many)
    assert monotonic() - started < 20
    assert copy is not None
    assert b"mergeCell" not in parts(copy.content)["xl/worksheets/sheet1.xml"]
