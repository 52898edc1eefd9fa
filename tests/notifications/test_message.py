"""The message any mail program reads: one thread per person and month, Vietnamese file names, hostile text as text."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from models import Store
from notifications import deliver
from notifications.attachment import Attachment
from notifications.letter import Letter
from notifications.message import Sender, compose, message_id
from tests.notifications.letters import LETTER, part
from tests.notifications.relays import NOW, enqueue, smtp_server

SENDER = Sender("don-doc@vpcp.example", reply_to="van-thu@vpcp.example")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = [
    "<script>alert(1)</script> & <b>đậm</b>",
    "Chủ đề\r\nBcc: ke-gian@xau.example\r\n\r\nthân giả",
    "chữ\x00ẩn\x07\x1b[31m\x7f",
    "\u202eđảo chiều\u202c và \u200bvô hình",
    "=?utf-8?b?QmNjOiB4?= giả mã hóa",
    "Nhiệm vụ " * 400,
    "..\n.\n.\r\n.",
    '"; filename=x.exe\r\nX-A: b',
]


def read(letter: Letter) -> EmailMessage:
    """Parse a letter's message as a mail program would."""
    return message_from_bytes(compose(letter, SENDER), _class=EmailMessage, policy=policy.default)


def test_headers_say_who_what_and_that_nobody_need_answer() -> None:
    message = read(LETTER)
    assert message["From"].addresses[0].display_name == "Đôn đốc"
    assert message["To"].addresses[0].display_name == LETTER.recipient
    assert message["Reply-To"].addresses[0].addr_spec == "van-thu@vpcp.example"
    assert message["Message-ID"] == "<2025-09-05.BYT.agency_head@vpcp.example>"
    assert message["List-Id"].endswith("<don-doc.vpcp.example>")
    assert (message["Auto-Submitted"], message["X-Dondoc-Notice"]) == ("auto-generated", LETTER.key)
    assert message["Date"].datetime == LETTER.sent_at
    assert (part(message, "plain"), part(message, "html").strip()) == (LETTER.text, LETTER.html)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"sent_at": datetime(2025, 9, 30, 16, 59, tzinfo=UTC)}, True),
        ({"sent_at": datetime(2025, 9, 30, 17, 0, tzinfo=UTC)}, False),  # midnight in Hanoi: October
        ({"address": LETTER.address.upper()}, True),
        ({"address": "ai-khac@byt.example"}, False),
        ({"key": "2025-09-08/BYT/agency_head"}, True),
    ],
    ids=["month's end", "next month", "same mailbox", "somebody else", "another day"],
)
def test_one_thread_for_each_person_and_month(change: dict[str, object], same: bool) -> None:  # noqa: FBT001 - a case table
    other = read(replace(LETTER, **change))  # type: ignore[arg-type]
    assert (other["References"] == read(LETTER)["References"]) is same


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert compose(LETTER, SENDER) == compose(replace(LETTER), SENDER)


def test_keys_that_look_alike_in_an_id_stay_apart() -> None:
    keys = ["a/b", "a.b", "a b", "a//b", "a/b/", "á/b"]
    assert len({message_id(key, "x") for key in keys}) == len(keys)


@pytest.mark.parametrize(
    "name",
    ["Nhiệm vụ cần đôn đốc, Bộ Y tế (05-9-2025).xlsx", "plain.xlsx", "Phụ lục " * 14 + ".xlsx", "100% %41 ~'*.xlsx"],
)
def test_files_arrive_whole_under_their_vietnamese_names(name: str) -> None:
    content = bytes(range(256)) * 40
    message = read(replace(LETTER, attachments=(Attachment(name, content, XLSX), Attachment("b.pdf", b"2", "x y"))))
    first, second = message.iter_attachments()
    assert (first.get_filename(), first.get_content(), first.get_content_type()) == (name, content, XLSX)
    assert second.get_content_type() == "application/octet-stream"
    assert part(message, "plain") == LETTER.text


def test_lines_are_ascii_and_never_too_long() -> None:
    hostile = "".join(HOSTILE)
    file = Attachment(hostile, b"1" * 999, XLSX)
    letter = replace(LETTER, subject=hostile, text=hostile, recipient=hostile, attachments=(file,))
    raw = compose(letter, SENDER)
    assert raw.isascii()
    assert b"\r" not in raw
    assert max(map(len, raw.split(b"\n"))) <= 90  # 78 is advice, 998 the limit


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:12]))
def test_hostile_words_reach_the_reader_as_text(sqlite_store: Store, tmp_path: Path, words: str) -> None:
    """Over the wire: through the outbox, Apprise and a real server process."""
    told = {"subject": words, "text": words, "recipient": words, "html": f"<p>{len(words)}</p>"}
    enqueue(sqlite_store, ["van-thu@byt.example"], **told)
    with smtp_server(tmp_path) as server:
        assert deliver(sqlite_store, channel=server.url(), now=lambda: NOW).accepted == 1
        (taken,) = server.taken()
    message = message_from_bytes(taken["text"].encode(), _class=EmailMessage, policy=policy.default)
    assert taken["to"] == message["To"].addresses[0].addr_spec == "van-thu@byt.example"
    assert (message["Bcc"], message["X-A"], message.defects) == (None, None, [])
    shown = message["Subject"]
    assert shown.isprintable()
    assert len(shown) <= 250
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c == "\n" or (ord(c) >= 32 and c != "\x7f"))
    assert part(message, "plain").replace("\r\n", "\n").rstrip("\n") == kept.rstrip("\n")
