"""The workbook that travels with a digest: every row in it, text as text, the same bytes every time."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import update

from models import Store
from models.assignment_tables import TaskRevision
from models.outcome_tables import NoticeAttachment
from notifications import Plan, plan_notices
from rules.digest_policy import DigestPolicy
from tests.models.world import World
from tests.notifications.duties import HEAD_HEARS, assign, morning, plan

HOSTILE = "=cmd|' /C calc'!A0 <b>Đề án</b> {0}\r\n\x07\u202eBcc: x@y.vn " + "dài " * 10_000


def sheet_of(found: Plan) -> list[tuple[object, ...]]:
    """Return the rows of the first digest's workbook."""
    (attachment,) = found.notices[0].attachments
    workbook = load_workbook(BytesIO(attachment.content))
    return list(workbook.active.iter_rows(values_only=True))  # type: ignore[union-attr]


def test_it_holds_every_row_also_those_the_text_leaves_out(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT", tasks=4)
    found = plan_notices(
        sqlite_store, as_of=HEAD_HEARS, now=morning(HEAD_HEARS), policy=DigestPolicy(shown=1), dry_run=True
    )
    rows = sheet_of(found)
    assert (len(rows), rows[0][:2], rows[1][1], rows[1][9]) == (
        5, ("TT", "Cơ quan"), "Bộ Y tế", "Chậm 10 ngày làm việc",
    )  # fmt: skip
    assert rows[1][8].date() == date(2025, 6, 30)  # type: ignore[attr-defined]
    assert found.notices[0].text.count("Nhiệm vụ số") == 1
    assert "Còn 3 nhiệm vụ nữa trong tệp kèm theo." in found.notices[0].text


def test_what_was_told_before_and_is_still_open_stands_below(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    plan(sqlite_store, HEAD_HEARS)
    with sqlite_store.writing() as session:
        world = World.__new__(World)
        world.session, world.document, world.batch = session, 1, 1
        world.numbers = iter(range(2, 9))  # type: ignore[assignment]
        world.duty("BYT", due=date(2025, 7, 1))
    rows = sheet_of(plan(sqlite_store, date(2025, 7, 15)))
    assert [row[10] for row in rows[1:]] == ["Mới", "Đã báo trước, chưa xong"]


def test_the_same_plan_gives_the_same_bytes(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT", tasks=2)
    first, second = plan(sqlite_store, HEAD_HEARS, dry_run=True), plan(sqlite_store, HEAD_HEARS, dry_run=True)
    assert first.notices[0].attachments == second.notices[0].attachments


def test_hostile_words_stay_text_of_bounded_length(sqlite_store: Store) -> None:
    assign(sqlite_store, "BYT")
    with sqlite_store.writing() as session:
        session.execute(update(TaskRevision).values(text=HOSTILE, product=HOSTILE))
    found = plan(sqlite_store, HEAD_HEARS)
    (attachment,) = found.notices[0].attachments
    cell = load_workbook(BytesIO(attachment.content)).active["F2"]  # type: ignore[index]
    assert (cell.data_type, cell.value[:40], len(cell.value)) == ("s", "=cmd|' /C calc'!A0 <b>Đề án</b> {0} Bcc:", 1000)
    assert "\u202e" not in cell.value


def test_it_is_kept_with_its_notice(store: Store) -> None:
    assign(store, "BYT")
    found = plan(store, HEAD_HEARS)
    with store.reading() as session:
        kept = session.get_one(NoticeAttachment, 1)
    assert (kept.name, kept.content) == (
        "Nhiệm vụ cần đôn đốc 2025-07-14.xlsx",
        found.notices[0].attachments[0].content,
    )
