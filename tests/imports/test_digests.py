"""A digest says what it said when the first workbook was recorded, however its texts are put together."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.meaning.digests import digest_of

PLAIN = st.one_of(st.text(), st.none(), st.booleans(), st.integers())


@given(st.lists(PLAIN))
def test_it_is_that_of_the_list_of_parts(parts: list[object]) -> None:
    plain = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    assert digest_of(*parts) == hashlib.sha256(repr(plain).encode(errors="surrogatepass")).hexdigest()[:32]


@pytest.mark.parametrize("text", ["Rà soát\nthủ tục", " Rà soát  thủ tục ", "Rà\xa0soát thủ\ttục", "Rà soát thủ tục"])
def test_spaces_and_line_breaks_do_not_count(text: str) -> None:
    assert digest_of(text, 1) == digest_of("Rà soát thủ tục", 1)


@pytest.mark.parametrize("text", ["it's", 'nó "là"', "a\\b", "a\x00b", "a\u200bb"])
def test_what_looks_like_a_quote_is_told_apart(text: str) -> None:
    assert digest_of(text) == hashlib.sha256(repr([text]).encode()).hexdigest()[:32]
