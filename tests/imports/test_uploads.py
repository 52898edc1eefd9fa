"""An upload is received, checked and recorded exactly as its preview said: repeated, broken off, overtaken."""

import pytest
from sqlmodel import select

from imports import record
from imports.uploads import (
    COPY,
    WORKBOOK,
    FileTooLargeError,
    Workplace,
    check_upload,
    kept_name,
    record_upload,
)
from models import Store
from models.assignment_tables import Batch
from models.outcome_tables import AuditEntry
from models.uploads import TO_RECORD, Stage, advance, uploads_of
from tests.imports.uploading import POST, as_is, sent
from tests.imports.workbooks import (
    LATER,
    NOW,
    REASON,
    annex,
    recorded,
    task,
)


def pressed(number: int, work: Workplace) -> bool:
    """Ask for the recording of what the page shows; return whether that was taken."""
    seen = as_is(number, work).state.preview
    return advance(work.store, number, Stage.RECORDING, after=TO_RECORD, at=LATER, by="Thư ký", seen=seen)


def batches(store: Store) -> list[str]:
    """Return the files of every batch recorded."""
    with store.reading() as session:
        return list(session.scalars(select(Batch.file)))


def test_nothing_is_stored_before_the_press_and_exactly_the_preview_after(work: Workplace) -> None:
    number = sent(annex(task(1), task(2)), work)
    assert as_is(number, work).stage is Stage.WAITING
    assert check_upload(number, work) is Stage.CHECKED
    answer = as_is(number, work).state.answer
    assert (answer["counts"]["new"], batches(work.store)) == (2, [])
    assert record_upload(number, work) is Stage.CHECKED, "nobody has pressed"
    assert pressed(number, work)
    assert record_upload(number, work) is Stage.RECORDED
    assert batches(work.store) == ["phu-luc.xlsx"]
    state = as_is(number, work).state
    assert (state.batch_id, state.by, state.answer) == (1, "Thư ký", answer)
    with work.store.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
    assert (entry.by, entry.action, entry.subject) == ("Thư ký", "record_workbook", "batch 1")


def test_the_same_file_checked_anew_has_the_same_preview(work: Workplace) -> None:
    recorded(annex(task(1), task(2)), work.store)
    content = annex(task(1, deadline="Tháng 7/2025", text="Nhiệm vụ số 1 sửa"), task(3), task(4))
    first, second = (sent(content, work) for _ in range(2))
    for number in (first, second):
        advance(work.store, number, Stage.WAITING, after=[Stage.WAITING], at=NOW, by=POST, reason=REASON)
        assert check_upload(number, work) is Stage.CHECKED
    assert as_is(first, work).state.preview == as_is(second, work).state.preview != ""


def test_a_press_counts_once_and_for_what_was_seen(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    assert pressed(number, work)
    assert not pressed(number, work)
    seen = {"after": TO_RECORD, "at": LATER, "by": POST, "seen": "another"}
    other = sent(annex(task(2)), work)
    check_upload(other, work)
    assert not advance(work.store, other, Stage.RECORDING, **seen)  # type: ignore[arg-type]


def test_recording_again_makes_no_second_batch(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    pressed(number, work)
    assert [record_upload(number, work) for _ in range(2)] == [Stage.RECORDED] * 2
    assert batches(work.store) == ["phu-luc.xlsx"]


def test_two_that_record_at_once_make_one_batch(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    pressed(number, work)
    stages = []

    def first_the_other(*args: object, **more: object) -> object:
        monkeypatch.undo()
        stages.append(record_upload(number, work))
        return record(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("imports.uploads.record", first_the_other)
    stages.append(record_upload(number, work))
    assert (stages, batches(work.store)) == ([Stage.RECORDED] * 2, ["phu-luc.xlsx"])


def test_what_somebody_recorded_meanwhile_gives_a_new_preview(work: Workplace) -> None:
    number = sent(annex(task(1), task(2)), work)
    check_upload(number, work)
    pressed(number, work)
    recorded(annex(task(1)), work.store, "khac.xlsx")
    assert record_upload(number, work) is Stage.OVERTAKEN
    answer = as_is(number, work).state.answer
    assert (answer["meanwhile"], answer["counts"]["new"], answer["counts"]["unchanged"]) == ([1], 1, 1)
    assert pressed(number, work)
    assert record_upload(number, work) is Stage.RECORDED
    assert batches(work.store) == ["khac.xlsx", "phu-luc.xlsx"]


def test_what_does_not_bear_on_it_stands_in_nobodys_way(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    pressed(number, work)
    other = [["PHỤ LỤC"], ["(Kèm theo Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022)"]]
    recorded(annex(task(1), title=other), work.store, "khac.xlsx")
    assert record_upload(number, work) is Stage.RECORDED


def test_of_a_secret_workbook_no_byte_and_no_text_is_kept(work: Workplace) -> None:
    number = sent(annex(task(6), task(7, text="MẬT - Bảo vệ mục tiêu quan trọng")), work)
    assert check_upload(number, work) is Stage.SECRET
    assert [path for path in work.folder.rglob("*") if path.is_file()] == []
    marks = as_is(number, work).state.answer["marks"]
    assert [(mark["sheet"], mark["row"]) for mark in marks] == [("Phụ lục", 5)]
    assert "mục tiêu" not in str(as_is(number, work))


def test_of_a_file_named_secret_not_even_the_name_is_kept(work: Workplace) -> None:
    number = sent(annex(task(1)), work, "Kế hoạch bảo vệ (Tuyệt mật).xlsx")
    found = as_is(number, work)
    assert (found.stage, found.upload.name, found.upload.sha256) == (Stage.SECRET, "", "")
    assert not work.folder.exists()


def test_a_mark_in_the_part_of_a_name_that_is_cut_off_is_one_too(work: Workplace) -> None:
    found = as_is(sent(annex(task(1)), work, f"{'a' * 90} (Tuyệt mật).xlsx"), work)
    assert (found.stage, found.upload.name) == (Stage.SECRET, "")


def test_six_characters_that_look_like_nul_are_text(work: Workplace) -> None:
    number = sent(annex(task(1, r"Không có\u0000\\u0000", "31/2/2025")), work)
    assert check_upload(number, work) is Stage.REFUSED
    (row,) = as_is(number, work).state.answer["bad"]
    assert r"Không có\u0000\\u0000" in [cell["text"] for cell in row["cells"]]


def test_a_file_too_large_is_not_kept(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imports.uploads.LARGEST_FILE", 1000)
    with pytest.raises(FileTooLargeError):
        sent(b"x" * 1001, work)
    assert list(work.folder.iterdir()) == []
    with work.store.reading() as session:
        assert uploads_of(session) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\Báo cáo.xlsx", "Báo cáo.xlsx"),
        ("a\u202excod.xlsx", "axcod.xlsx"),
        ('<b onclick="x">.xlsx', "_b onclick=_x__.xlsx"),
        ("=cmd|' /C calc'!A0.csv", "C calc'!A0.csv"),
        ("", "_"),
        ("..", "_"),
        ("\x00\r\nname.xlsx", "name.xlsx"),
        ("d" * 300 + ".xlsx", "d" * 80 + ".xlsx"),
    ],
)
def test_a_name_is_text_and_leads_nowhere(given: str, kept: str) -> None:
    assert kept_name(given) == kept


def test_bytes_that_are_gone_are_said_to_be(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    place = work.folder / as_is(number, work).upload.place / WORKBOOK
    place.unlink()
    assert check_upload(number, work) is Stage.FAILED
    assert as_is(number, work).state.answer == {"lost": True}


def test_bytes_changed_on_the_disk_are_not_recorded(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    pressed(number, work)
    (work.folder / as_is(number, work).upload.place / WORKBOOK).write_bytes(annex(task(2)))
    assert record_upload(number, work) is Stage.FAILED
    assert batches(work.store) == []


def test_a_check_that_broke_off_is_done_again(work: Workplace) -> None:
    number = sent(annex(task(1)), work)
    advance(work.store, number, Stage.CHECKING, after=[Stage.WAITING], at=NOW, by=POST)
    assert check_upload(number, work) is Stage.CHECKED
    assert check_upload(number, work) is Stage.CHECKED, "once checked it is left alone"


def test_a_recording_killed_between_goes_on(work: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a recording is none: the batch and the state that names it come together."""
    number = sent(annex(task(1)), work)
    check_upload(number, work)
    pressed(number, work)
    monkeypatch.delattr("imports.uploads.AuditEntry")  # the last thing a recording writes
    with pytest.raises(NameError):
        record_upload(number, work)
    monkeypatch.undo()
    assert (as_is(number, work).stage, batches(work.store)) == (Stage.RECORDING, [])
    assert record_upload(number, work) is Stage.RECORDED


def test_a_changed_deadline_asks_for_a_reason_and_counts_with_it(work: Workplace) -> None:
    recorded(annex(task(1)), work.store)
    number = sent(annex(task(1, deadline="Tháng 7/2025")), work)
    assert check_upload(number, work) is Stage.REFUSED
    assert as_is(number, work).state.answer["asks_for_reason"]
    assert advance(work.store, number, Stage.WAITING, after=[Stage.REFUSED], at=LATER, by=POST, reason=REASON)
    assert check_upload(number, work) is Stage.CHECKED
    changed = as_is(number, work).state.answer["changes"]["changed"]
    fields = {each["field"]: (each["old"], each["new"]) for each in changed[0]["fields"]}
    assert fields["due_on"] == ("30/06/2025", "31/07/2025")
    pressed(number, work)
    assert record_upload(number, work) is Stage.RECORDED
    with work.store.reading() as session:
        assert session.get_one(Batch, 2).reason == REASON


def test_bad_rows_come_with_their_cells_as_excel_numbers_them(work: Workplace) -> None:
    number = sent(annex(task(1), task(2, deadline="31/02/2025"), task(3)), work)
    assert check_upload(number, work) is Stage.REFUSED
    answer = as_is(number, work).state.answer
    assert [(row["sheet"], row["row"]) for row in answer["bad"]] == [("Phụ lục", 5)]
    assert [cell["column"] for cell in answer["bad"][0]["cells"] if cell["bad"]] == ["F"]
    assert [cell["text"] for cell in answer["bad"][0]["cells"]] == [
        "2", "Nhiệm vụ số 2", "Bộ Y tế", "Báo cáo", "31/02/2025",
    ]  # fmt: skip
    assert [(kind["code"], kind["count"]) for kind in answer["kinds"]] == [("impossible_date", 1)]
    assert answer["copy_name"].endswith(".xlsx")
    assert (work.folder / as_is(number, work).upload.place / COPY).read_bytes()[:2] == b"PK"
    for account in answer["accounting"]:
        assert account["read"] + sum(account["aside"].values()) == account["filled"] == 6
