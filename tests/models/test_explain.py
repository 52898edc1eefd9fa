"""The explanation names every fact the status rests on, with its source, and ends in the status the register gives."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select, update

from models import Store, status_of
from models.assignment_tables import Assignment, Progress, TaskRevision
from models.explain import Explanation, UnknownAssignmentError, explain
from models.raised_tables import Obstacle
from rules.status import CompletionLevel
from tests.models.world import World
from texts import Language

CODE = "07-CT-TTg.1.BYT"
DUE = date(2025, 8, 31)
ON_5_SEPTEMBER = date(2025, 9, 5)
NOW = datetime(2025, 9, 5, 8, tzinfo=UTC)


def told(store: Store, code: str = CODE, as_of: date = ON_5_SEPTEMBER, **more: object) -> Explanation:
    return explain(store, code, as_of=as_of, known_at=NOW, **more)  # type: ignore[arg-type]


def world_with(session: Session, deadline: str = "Tháng 8/2025", due: date | None = DUE) -> tuple[World, int]:
    """Assign one duty to the Ministry of Health, worded as in an annex."""
    world = World(session)
    (duty,) = world.duty("BYT", due=due)
    cells = {"task": "B12", "deadline": "F12"}
    session.execute(update(TaskRevision).values(deadline_text=deadline, cells=cells, lead_text="Bộ Y tế"))
    return world, duty


def test_overdue_work_is_derived_from_the_document_to_the_decision_table(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 8, 28), done=False)
        session.execute(update(Progress).values(cells={"status": "G12"}, result_text="đang lấy ý kiến"))
    explanation = told(store, language=Language.VI)
    assert explanation.status == "overdue"
    assert [(step.what, step.source) for step in explanation.steps] == [
        ("Văn bản giao nhiệm vụ: 07/CT-TTg, 14/03/2025", "x.xlsx (lần nhập 1)"),
        ("Nhiệm vụ số 1: Nhiệm vụ 1", "x.xlsx, trang “PL”, ô B12 (lần nhập 1)"),
        ("Chủ trì ghi “Bộ Y tế” → Bộ Y tế", "x.xlsx, trang “PL”, dòng 9 (lần nhập 1)"),
        ("Không ghi sản phẩm yêu cầu", "x.xlsx, trang “PL”, dòng 9 (lần nhập 1)"),
        ("Thời hạn ghi “Tháng 8/2025” → hạn gốc 31/08/2025", "x.xlsx, trang “PL”, ô F12 (lần nhập 1)"),
        ("Hạn hiệu lực: 03/09/2025", "Bộ luật Dân sự 2015, Điều 148"),
        ("Báo cáo ngày 28/08/2025: khai chưa hoàn thành. đang lấy ý kiến", "x.xlsx, trang “PL”, ô G12 (lần nhập 1)"),
        ("Chưa rõ: sản phẩm", "5 rõ của Chỉ thị 07/CT-TTg và rõ thẩm quyền"),
        ("Trạng thái ngày 05/09/2025: Quá hạn", "bảng quyết định, dòng 7/9"),
    ]
    assert "Tháng 8/2025 → 31/08/2025 (Chủ nhật, ngày nghỉ) → 03/09/2025" in explanation.steps[4].why
    assert explanation.steps[-1].why == ("Chưa hoàn thành, và hạn hiệu lực 03/09/2025 đã qua: quá hạn 2 ngày làm việc.")


def test_sentences_stand_in_vietnamese_with_english_beside(store: Store) -> None:
    with store.writing() as session:
        world_with(session)
    last = told(store).steps[-1]
    assert last.what == "Trạng thái ngày 05/09/2025: Quá hạn / Status on 05/09/2025: Overdue"


@pytest.mark.parametrize(
    ("level", "evidence", "decided", "why"),
    [
        (CompletionLevel.EVIDENCED, date(2025, 9, 3), None, "Tính hoàn thành ngày 03/09/2025"),
        (CompletionLevel.EVIDENCED, None, None, "thiếu số hoặc ngày của văn bản minh chứng"),
        (CompletionLevel.DECLARED, None, None, "Tính hoàn thành ngày 05/09/2025"),
        (CompletionLevel.CONFIRMED, date(2025, 9, 3), None, "chưa được xác nhận"),
        (CompletionLevel.CONFIRMED, date(2025, 9, 3), "confirm", "Tính hoàn thành ngày 03/09/2025"),
        (CompletionLevel.EVIDENCED, date(2025, 9, 3), "return", "đã bị trả lại"),
    ],
)
def test_a_declared_completion_is_weighed(
    store: Store, level: CompletionLevel, evidence: date | None, decided: str | None, why: str
) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 9, 5), evidence=evidence)
        if decided:
            world.decide(duty, decided, date(2025, 9, 5))
    explanation = told(store, language=Language.VI, level=level)
    assert any(why in step.why for step in explanation.steps)
    (row,) = status_of(store, as_of=ON_5_SEPTEMBER, known_at=NOW, level=level).rows
    assert explanation.status == row.status
    assert (row.completed_on is not None) == ("Tính hoàn thành" in why), "the words and the query disagree"


ON_20_AUGUST = date(2025, 8, 20)


def weighed(store: Store, as_of: date, level: CompletionLevel = CompletionLevel.EVIDENCED) -> list[str]:
    """Return why each report counts or not, in the order of their days."""
    explanation = told(store, as_of=as_of, language=Language.VI, level=level)
    return [step.why for step in explanation.steps if step.what.startswith("Báo cáo ngày")]


AFTER, REPLACED = "Báo cáo sau ngày được hỏi.", "Không xét: đã có báo cáo sau."
OPEN = "Cơ quan chưa báo cáo hoàn thành."


@pytest.mark.parametrize(
    ("as_of", "expected"), [(date(2025, 8, 27), [OPEN, AFTER]), (date(2025, 8, 28), [REPLACED, OPEN])]
)
def test_a_report_of_a_later_day_pushes_nothing_aside(store: Store, as_of: date, expected: list[str]) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 6, 27), done=False)
        world.report(duty, date(2025, 8, 28), done=False)
    assert weighed(store, as_of) == expected


def test_work_proven_only_later_is_not_said_to_be_done_before(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 6, 27))
        world.report(duty, date(2025, 8, 28), evidence=date(2025, 8, 27))
    first, second = weighed(store, ON_20_AUGUST)
    assert ("thiếu số hoặc ngày" in first, second) == (True, AFTER)
    assert weighed(store, date(2025, 8, 28))[1].startswith("Tính hoàn thành ngày 27/08/2025")


def test_a_later_report_the_status_rests_on_is_told_as_counted(store: Store) -> None:
    """The proof of 15 August was reported on the 28th: known now, the work was done on the 20th."""
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 6, 27), done=False)
        world.report(duty, date(2025, 8, 28), evidence=date(2025, 8, 15))
    first, second = weighed(store, ON_20_AUGUST)
    assert (first, second.startswith("Tính hoàn thành ngày 15/08/2025")) == (REPLACED, True)
    assert told(store, as_of=ON_20_AUGUST).status == "completed_on_time"


def test_a_claim_a_later_report_takes_back_is_not_said_to_lack_proof(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 6, 27), evidence=date(2025, 6, 26))
        world.report(duty, date(2025, 8, 28), done=False)
    assert weighed(store, ON_20_AUGUST) == [REPLACED, AFTER]
    assert told(store, as_of=ON_20_AUGUST).status == "due_soon"


def test_a_return_is_told_though_more_was_reported_after_the_day(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.report(duty, date(2025, 8, 1), evidence=date(2025, 7, 31))
        world.decide(duty, "return", date(2025, 8, 4), at=datetime(2025, 8, 4, tzinfo=UTC))
        anew = world.new_batch(datetime(2025, 8, 28, tzinfo=UTC))
        world.report(duty, date(2025, 8, 28), evidence=date(2025, 8, 27), batch=anew)
    first, second = weighed(store, ON_20_AUGUST)
    assert ("đã bị trả lại" in first, second) == (True, AFTER)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2025, 9, 4), "has passed: 1 working day late."),
        (date(2025, 9, 5), "has passed: 2 working days late."),
    ],
)
def test_one_working_day_is_said_in_the_singular(store: Store, as_of: date, said: str) -> None:
    with store.writing() as session:
        world_with(session)
    assert told(store, as_of=as_of, language=Language.EN).steps[-1].why.endswith(said)


def test_an_obstacle_that_names_neither_agency_nor_day_says_so_in_one_sentence(store: Store) -> None:
    with store.writing() as session:
        _, duty = world_with(session)
        session.add(
            Obstacle(
                assignment_id=duty, batch_id=1, raised_by="BYT", raised_on=date(2025, 8, 15), text="Thiếu kinh phí",
                sheet="PL", row=9, digest="",
            )
        )  # fmt: skip
    whys = [step.why for step in told(store, language=Language.VI).steps]
    assert "Chưa nêu cơ quan phải trả lời và ngày cần trả lời." in whys


def test_decisions_are_named_and_replaced_ones_marked(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.decide(duty, "extend", date(2025, 8, 20), until=date(2025, 9, 30))
        world.decide(duty, "extend", date(2025, 9, 1), until=date(2025, 10, 31))
        world.decide(duty, "hold", date(2025, 9, 4), until=date(2025, 9, 12))
    explanation = told(store, language=Language.VI)
    first, second = (step for step in explanation.steps if step.what.startswith("Gia hạn"))
    assert "thay bằng quyết định sau" in first.why
    assert (second.what, "thay bằng" in second.why) == ("Gia hạn đến 31/10/2025", False)
    assert any(step.what == "Hạn hiệu lực: 31/10/2025" for step in explanation.steps)
    assert any(step.what == "Tạm dừng từ 04/09/2025 đến hết 12/09/2025" for step in explanation.steps)
    assert explanation.status == "suspended"


def test_an_inherited_duty_names_who_is_accountable_and_the_parts(store: Store) -> None:
    with store.writing() as session:
        World(session).duty("T89", "XKIENGIANG", due=date(2025, 9, 30))
    explanation = told(store, "07-CT-TTg.1.XKIENGIANG", language=Language.VI)
    said = " ".join(step.what for step in explanation.steps)
    assert "chịu trách nhiệm thay" in said
    assert "giữ 2 phần" in said
    before = told(store, "07-CT-TTg.1.XKIENGIANG", as_of=date(2025, 6, 30), language=Language.VI)
    assert "chịu trách nhiệm thay" not in " ".join(step.what for step in before.steps)


@pytest.mark.parametrize(
    ("as_of", "status"), [(date(2025, 3, 13), None), (date(2025, 3, 14), "in_progress")], ids=["day before", "its day"]
)
def test_before_its_document_an_assignment_is_not_counted(store: Store, as_of: date, status: str | None) -> None:
    with store.writing() as session:
        world_with(session)
    explanation = told(store, as_of=as_of, language=Language.VI)
    assert explanation.status == status
    assert ("14/03/2025" in explanation.steps[-1].why) == (status is None)


def test_work_gone_from_its_document_says_so(store: Store) -> None:
    with store.writing() as session:
        world, duty = world_with(session)
        world.revise(duty, at=datetime(2025, 4, 1, tzinfo=UTC), due=DUE, standing=False)
    explanation = told(store, language=Language.VI)
    assert (explanation.status, "không còn nhiệm vụ này" in explanation.steps[-1].why) == (None, True)


def test_undated_work_says_nobody_set_a_day(store: Store) -> None:
    with store.writing() as session:
        world_with(session, deadline="x", due=None)
    explanation = told(store, language=Language.VI)
    assert explanation.status == "undated"
    assert "chưa có ngày đến hạn" in explanation.steps[4].what


def test_a_reading_that_changed_since_is_said(store: Store) -> None:
    with store.writing() as session:
        world_with(session, deadline="Tháng 9/2025")
    assert any("31/08/2025; đọc lại hôm nay cho 30/09/2025" in s.what for s in told(store, language=Language.VI).steps)


def test_a_period_is_named_in_words_and_the_first_one_never_called_its_own(store: Store) -> None:
    """The annex states the first due day of a recurring duty; the July period has one of its own."""
    with store.writing() as session:
        world_with(session, deadline="Hằng tháng", due=date(2025, 7, 31))
        session.execute(update(Assignment).values(period="2025-07"))
    said = [step.what for step in told(store, language=Language.VI).steps]
    assert "Thời hạn ghi “Hằng tháng” → kỳ đầu đến hạn 31/03/2025" in said
    assert "Nhiệm vụ định kỳ, kỳ tháng 7/2025: hạn 31/07/2025" in said
    assert not [what for what in said if "hạn gốc" in what]
    english = [step.what for step in told(store, language=Language.EN).steps]
    assert "Recurring duty, month 7/2025: due 31/07/2025" in english


def test_an_unknown_code_says_where_codes_are_listed(store: Store) -> None:
    with pytest.raises(UnknownAssignmentError, match="dondoc status"):
        told(store, "nothing")


def test_text_from_a_workbook_is_never_a_format(store: Store) -> None:
    with store.writing() as session:
        world_with(session, deadline="{document} %s {0}")
        session.execute(update(TaskRevision).where(col(TaskRevision.id) == 1).values(text="{lead.__class__}"))
        assert session.exec(select(TaskRevision)).one().text == "{lead.__class__}"
    steps = told(store, language=Language.VI).steps
    assert steps[1].what == "Nhiệm vụ số 1: {lead.__class__}"
    assert "“{document} %s {0}”" in steps[4].what
