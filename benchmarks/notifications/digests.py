"""Generated digests that wait in the outbox: a dozen assignments each, and the workbook beside them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sqlalchemy import insert, select

from models import Store
from models.columns import table_of
from models.outcome_tables import Notice, NoticeAttachment
from notifications.attachment import Attachment
from notifications.letter import Letter

DAY = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 0, 30, tzinfo=UTC)
_TASK = (
    "Chủ trì, phối hợp với các bộ, ngành, địa phương hoàn thành kết nối, chia sẻ dữ liệu và tái cấu trúc quy trình, "
    "bảo đảm cung cấp dịch vụ công trực tuyến toàn trình; báo cáo Thủ tướng Chính phủ kết quả thực hiện."
)
_ROWS = 12
WORKBOOK = bytes(range(256)) * 32  # 8 KB that do not compress


def letter(number: int, *, workbook: bool) -> Letter:
    """Return a digest for one of many readers."""
    rows = [
        f"{row}. Nhiệm vụ số {row + number}, Chỉ thị 07/CT-TTg\n   {_TASK}\n   Chậm {row} ngày làm việc."
        for row in range(1, _ROWS + 1)
    ]
    html = "".join(
        f"<tr><td>{row}</td><td style='padding:8px'>{_TASK}</td><td><b>Chậm {row}</b></td></tr>"
        for row in range(1, _ROWS + 1)
    )
    return Letter(
        key=f"2025-09-05/A{number}/agency_head",
        recipient="Chủ tịch Ủy ban nhân dân",
        address=f"chu-tich-{number}@dia-phuong.example",
        subject=f"[Đôn đốc] {_ROWS} nhiệm vụ quá hạn, lâu nhất {_ROWS} ngày làm việc",
        text="Kính gửi: Chủ tịch Ủy ban nhân dân\n\n" + "\n".join(rows) + "\n",
        html=f"<!doctype html><html lang='vi'><body><table>{html}</table></body></html>",
        sent_at=NOW,
        attachments=(_file(number),) if workbook else (),
    )


def _file(number: int) -> Attachment:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Attachment(f"Nhiệm vụ cần đôn đốc {number}.xlsx", WORKBOOK, kind)


def letters(count: int, *, workbook: bool) -> Iterator[Letter]:
    """Return `count` digests."""
    return (letter(number, workbook=workbook) for number in range(count))


def enqueue(store: Store, count: int, *, workbook: bool) -> None:
    """Let them wait in the outbox, as planning would have written them."""
    rows = [
        {
            "key": each.key,
            "as_of": DAY,
            "agency_code": "BYT",
            "role": "agency_head",
            "recipient": each.recipient,
            "address": each.address,
            "reason": "first",
            "subject": each.subject,
            "text": each.text,
            "html": each.html,
            "planned_at": NOW,
            "state": "planned",
        }
        for each in letters(count, workbook=workbook)
    ]
    with store.writing() as session:
        session.execute(insert(table_of(Notice)), rows)
        if workbook:
            ids = session.scalars(select(table_of(Notice).c.id).order_by(table_of(Notice).c.id)).all()
            files = [_file(number).row(notice) for number, notice in enumerate(ids)]
            session.execute(insert(table_of(NoticeAttachment)), files)
