"""However rows are moved, renumbered and reworded: every row is one task or new, and no task is two rows."""

from collections.abc import Sequence
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from imports.layout.written_row import NOTHING, Place
from imports.meaning.assignment_rows import AssignmentRow, TaskRow
from imports.meaning.documents import DocumentRef
from imports.storing.pairing import Pairs, pair
from imports.storing.stored import StoredAssignment, StoredTask
from rules.status import Nature

SIGNED_ON = date(2025, 3, 14)
DIRECTIVE = DocumentRef("07/CT-TTg", SIGNED_ON)
WORDS = (
    "xây", "dựng", "hoàn", "thiện", "đề", "án", "cơ", "sở", "dữ", "liệu", "quốc", "gia", "đất", "đai", "dân", "cư",
    "hộ", "tịch", "thuế", "hóa", "đơn", "2025", "2026", "13", "57",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
LEADS = st.sampled_from(("BYT", "BCA", "BTC"))
TASKS = st.lists(st.tuples(TEXTS, LEADS), min_size=1, max_size=12)


def stored(tasks: Sequence[tuple[str, str]]) -> list[StoredTask]:
    """Return the tasks as stored, numbered from 1."""
    found = []
    for at, (text, lead) in enumerate(tasks, start=1):
        task = StoredTask(at, DIRECTIVE.code, str(at), str(at), wording=at, digest=f"{text}|{lead}", text=text)
        code = f"07-CT-TTg.{at}.{lead}"
        held = StoredAssignment(at, code, lead, "", "undated", SIGNED_ON, None, collective=None, several_leads=False)
        task.standing = {(lead, ""): held}
        found.append(task)
    return found


def row(number: int, text: str, lead: str, digest: str) -> TaskRow:
    """Return a row of an annex."""
    assignment = AssignmentRow(lead, "", Nature.UNDATED, SIGNED_ON, None, None, several_leads=False)
    words = ("", text, "", lead, "", "")
    read = ("none", "", None, False, None)
    place = (Place("PL", {}), number, NOTHING)
    return TaskRow(DIRECTIVE, str(number), *words, *read, *place, digest, (assignment,))


def paired(rows: Sequence[TaskRow], tasks: Sequence[StoredTask]) -> Pairs:
    """Pair rows with tasks whose words and assignments are filled in."""
    return pair(rows, tasks, lambda _tasks: None)


@settings(max_examples=150, deadline=None)
@given(before=TASKS, after=TASKS)
def test_each_row_is_one_task_or_new_and_no_task_two_rows(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    rows = [row(number, text, lead, f"{text}|{lead}") for number, (text, lead) in enumerate(after, start=1)]
    pairs = paired(rows, stored(before))
    placed = [one for one, _ in (*pairs.same, *pairs.reworded)] + pairs.new
    assert sorted(map(id, placed)) == sorted(map(id, rows))
    tasks = [task.id for _, task in (*pairs.same, *pairs.reworded)]
    assert len(tasks) == len(set(tasks))
    new, missing = set(map(id, pairs.new)), {task.id for task in stored(before)} - set(tasks)
    for doubt in pairs.doubts:
        assert id(doubt.row) in new
        assert doubt.task.id in missing


@settings(max_examples=150, deadline=None)
@given(data=st.data(), tasks=st.lists(st.tuples(TEXTS, LEADS), min_size=1, max_size=12, unique_by=lambda task: task[0]))
def test_moved_rows_are_the_tasks_whose_words_they_have(data: st.DataObject, tasks: list[tuple[str, str]]) -> None:
    """Other deadlines, other numbers, another order: with words of its own and its lead each row is found."""
    order = data.draw(st.permutations(range(len(tasks))))
    rows = [row(number, *tasks[at], digest="other") for number, at in enumerate(order, start=1)]
    pairs = paired(rows, stored(tasks))
    assert (pairs.new, pairs.doubts, pairs.same) == ([], [], [])
    assert {int(one.number): task.id - 1 for one, task in pairs.reworded} == dict(enumerate(order, start=1))


@settings(max_examples=100, deadline=None)
@given(tasks=TASKS)
def test_the_same_rows_are_the_same_tasks(tasks: list[tuple[str, str]]) -> None:
    rows = [row(number, text, lead, f"{text}|{lead}") for number, (text, lead) in enumerate(tasks, start=1)]
    pairs = paired(rows, stored(tasks))
    assert [(one.number, task.number) for one, task in pairs.same] == [(one.number, one.number) for one in rows]
