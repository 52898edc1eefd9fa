"""Channels of a few words: the text is cut after a whole line, the link stays, signs of markup stay signs."""

from dataclasses import replace

import pytest

from notifications.fitting import fit
from tests.notifications.letters import LETTER

LONG = replace(LETTER, text="\n".join(f"{n}. Nhiệm vụ số {n}" for n in range(500)), link="https://don-doc.example/x")


def test_what_fits_is_left_alone() -> None:
    assert fit(LETTER, "json", body_longest=32768, title_longest=250) == (LETTER.subject, LETTER.text.strip())


@pytest.mark.parametrize(("body", "title"), [(4096, 0), (2000, 250), (1000, 250), (160, 0), (70, 0), (30, 0)])
@pytest.mark.parametrize("scheme", ["json", "tgram", "discord"])
def test_what_does_not_ends_after_a_whole_line_with_the_link(scheme: str, body: int, title: int) -> None:
    head, text = fit(LONG, scheme, body_longest=body, title_longest=title)
    assert len(text) + len(head) + 2 <= body
    assert text.endswith(LONG.link)
    *lines, sign = text.removesuffix(LONG.link).rstrip("\n").split("\n")
    assert sign == "…"
    assert scheme != "json" or lines == LONG.text.split("\n")[: len(lines)]


@pytest.mark.parametrize(
    ("scheme", "shown"),
    [
        ("json", "<b>x</b> *y* @all & [a](b)"),
        ("tgram", "&lt;b&gt;x&lt;/b&gt; *y* @all &amp; [a](b)"),
        ("slack", "&lt;b&gt;x&lt;/b&gt; *y* @all &amp; [a](b)"),
        ("discord", "\\<b\\>x\\</b\\> \\*y\\* @\u200ball & \\[a\\]\\(b\\)"),
        ("workflows", "\\<b\\>x\\</b\\> \\*y\\* @\u200ball & \\[a\\]\\(b\\)"),
    ],
)
def test_markup_is_escaped_as_each_service_reads_it(scheme: str, shown: str) -> None:
    letter = replace(LETTER, text="<b>x</b> *y* @all & [a](b)")
    assert fit(letter, scheme, body_longest=2000, title_longest=0)[1] == shown
