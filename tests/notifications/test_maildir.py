"""The embedded channel: what lies in the Maildir is a message any mail program reads."""

import mailbox
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notifications.channel import Channel
from notifications.message import Sender, compose
from notifications.notice import NoticeState
from tests.notifications.letters import LETTER, part, read_mail


def test_a_letter_is_a_whole_message(tmp_path: Path) -> None:
    assert Channel(f"maildir://{tmp_path}/thư đến").send(LETTER).state is NoticeState.ACCEPTED
    (message,) = read_mail(tmp_path / "thư đến")
    assert message["To"].addresses[0].addr_spec == LETTER.address
    assert message["To"].addresses[0].display_name == LETTER.recipient
    assert message["From"].addresses[0].addr_spec == "dondoc@localhost"
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<2025-09-05.BYT.agency_head@localhost>"
    assert message["Date"].datetime == datetime(2025, 9, 5, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert message["Date"].datetime.utcoffset() == timedelta(hours=7)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [body.get_content_type() for body in message.iter_parts()] == ["text/plain", "text/html"]
    assert (part(message, "plain"), part(message, "html").strip()) == (LETTER.text, LETTER.html)


def test_the_header_lines_are_ascii_and_short(tmp_path: Path) -> None:
    Channel(f"maildir://{tmp_path}").send(LETTER)
    (file,) = (tmp_path / "new").iterdir()
    head = file.read_bytes().partition(b"\n\n")[0]
    assert b"Subject: =?utf-8?" in head
    assert head.isascii()
    assert max(len(line) for line in head.splitlines()) <= 78


def test_the_folder_is_a_maildir_for_the_owner_alone(tmp_path: Path) -> None:
    Channel(f"maildir://{tmp_path}/a/mail").send(LETTER)
    box = mailbox.Maildir(tmp_path / "a" / "mail", create=False)
    assert len(box) == 1
    box.close()
    assert {folder.name for folder in (tmp_path / "a" / "mail").iterdir()} == {"tmp", "new", "cur"}
    assert (tmp_path / "a" / "mail" / "new").stat().st_mode & 0o777 == 0o700


def test_a_relative_folder_starts_where_the_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Channel("maildir://var/Mail").send(LETTER)
    assert [entry.name for entry in tmp_path.iterdir()] == ["var"]
    assert len(read_mail(tmp_path / "var" / "Mail")) == 1


def test_the_sender_can_be_set(tmp_path: Path) -> None:
    Channel(f"maildir://{tmp_path}?from=don-doc@vpcp.example").send(LETTER)
    (message,) = read_mail(tmp_path)
    assert message["From"].addresses[0].addr_spec == "don-doc@vpcp.example"
    assert message["Message-ID"] == "<2025-09-05.BYT.agency_head@vpcp.example>"


LONG_NAME = "Vụ trưởng (Cục trưởng) được giao chủ trì, Viện Hàn lâm Khoa học và Công nghệ Việt Nam"
LONG_SUBJECT = (
    "[Đôn đốc] 39 nhiệm vụ quá hạn, lâu nhất 109 ngày làm việc; 12 nhiệm vụ sắp đến hạn, gần nhất 3 ngày làm việc"
)


@pytest.mark.parametrize("length", range(40, len(LONG_SUBJECT) + 1))
def test_wherever_a_long_header_is_folded_no_space_is_lost(length: int) -> None:
    letter = replace(LETTER, recipient=LONG_NAME[:length].strip(), subject=LONG_SUBJECT[:length].strip())
    message = message_from_bytes(compose(letter, Sender("dondoc@localhost")))
    assert str(make_header(decode_header(message["Subject"]))) == letter.subject
    assert str(make_header(decode_header(message["To"]))) == f"{letter.recipient} <{letter.address}>"
