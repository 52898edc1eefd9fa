"""A letter for the tests of the channels, and a reader for what arrived."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from notifications.letter import Letter

LETTER = Letter(
    key="2025-09-05/BYT/agency_head",
    recipient="Bộ trưởng, Bộ Y tế",
    address="nguoi-dung-dau.byt@dondoc.example",
    subject="[Đôn đốc] 3 nhiệm vụ quá hạn, lâu nhất 47 ngày làm việc",
    text="Kính gửi: Bộ trưởng, Bộ Y tế\nHoàn thành Bệnh án điện tử\n",
    html="<p>Kính gửi: Bộ trưởng, <b>Bộ Y tế</b></p><p>Hoàn thành Bệnh án điện tử</p>",
    sent_at=datetime(2025, 9, 5, 0, 30, tzinfo=UTC),
)


def read_mail(folder: Path) -> list[EmailMessage]:
    """Parse the messages of a Maildir as any mail program would."""
    return [
        message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
        for file in sorted((folder / "new").glob("*"))
    ]


def part(message: EmailMessage, kind: str) -> str:
    """Return the decoded text of the part `plain` or `html`."""
    body = message.get_body((kind,))
    assert body is not None, f"no text/{kind}"
    return str(body.get_content())
