"""The five clears and authority (Directive 07/CT-TTg, part III): each is missing for its own reason."""

from dataclasses import replace

import pytest

from rules.completeness import Clear, DutyWords, clears

CLEAR = DutyWords(
    leads=1,
    work="Số hóa dữ liệu hộ tịch",
    time_stated=True,
    product="Dữ liệu hộ tịch",
    posts=1,
    document="07/CT-TTg",
)


def test_an_assignment_that_says_everything_is_clear() -> None:
    assert clears(CLEAR) == dict.fromkeys(Clear, True)


@pytest.mark.parametrize(
    ("duty", "missing"),
    [
        (replace(CLEAR, leads=0), {Clear.PERSON, Clear.RESPONSIBILITY}),
        (replace(CLEAR, leads=2), {Clear.RESPONSIBILITY}),
        (replace(CLEAR, posts=0), {Clear.RESPONSIBILITY}),
        (replace(CLEAR, posts=2), {Clear.RESPONSIBILITY}),
        (replace(CLEAR, work="  "), {Clear.WORK}),
        (replace(CLEAR, time_stated=False), {Clear.TIME}),
        (replace(CLEAR, product=""), {Clear.PRODUCT}),
        (replace(CLEAR, document=""), {Clear.AUTHORITY}),
    ],
    ids=[
        "nobody in the lead",
        "two in the lead",
        "no post at the head",
        "two posts at the head",
        "no work",
        "no time",
        "no product",
        "no assigning act",
    ],
)
def test_what_is_missing_is_named(duty: DutyWords, missing: set[Clear]) -> None:
    assert {each for each, clear in clears(duty).items() if not clear} == missing
